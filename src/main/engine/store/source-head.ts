/** The first bytes of sources, which formats need to understand records again (the header of a CSV file). */
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { packedRaw, unpack } from './compression.ts';

export interface SourceHead {
  head: Uint8Array;
  /** definition of a declared format, null for a built-in one */
  declared: string | null;
}

/** Head of a source's stream, as its format saw it. Empty when it is not known, or damaged: records can be read without it but for some formats. */
export function sourceHead(db: Database, id: number): SourceHead {
  const row = db.prepare<[number], { head: Buffer; declared: string | null }>('SELECT head, declared FROM source WHERE id = ?').get(id);
  return { head: (row && unpacked(row.head)) ?? new Uint8Array(0), declared: row?.declared ?? null };
}

/** Empties heads that are not what was written, as far as their hashes tell; gives how many of how many there were. */
export function dropDamagedHeads(db: Database): { kept: number; lost: number } {
  const drop = db.prepare('UPDATE source SET head = ? WHERE id = ?');
  let kept = 0;
  let lost = 0;
  for (const { id, head, head_hash, head_length } of db.prepare<[], { id: number; head: Buffer; head_hash: string; head_length: number }>('SELECT id, head, head_hash, head_length FROM source').all()) {
    const bytes = unpacked(head);
    const sound = bytes !== null && (head_length < 0 || (bytes.length >= head_length && createHash('sha256').update(bytes.subarray(0, head_length)).digest('hex') === head_hash));
    if (sound) kept++;
    else {
      drop.run(packedRaw(new Uint8Array(0)), id);
      lost++;
    }
  }
  return { kept, lost };
}

function unpacked(head: Buffer): Uint8Array | null {
  try {
    return unpack(head);
  } catch {
    // The caller does without.
    return null;
  }
}
