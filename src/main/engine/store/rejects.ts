/** The dead-letter queue of a case. */
import type { Database } from 'better-sqlite3';
import type { Reject } from '../../../shared/event.ts';
import { isWritten, originalOf } from '../formats/lib/undecodable.ts';
import { formats } from '../formats/registry.ts';
import { unpack } from './compression.ts';

interface Row {
  id: number;
  source: number;
  path: string;
  format: string;
  offset: number;
  length: number;
  reason: string;
  at: number;
  attempts: number;
  bytes: Buffer;
}
/** A dead letter with its bytes, for another try. */
export interface Letter {
  id: number;
  offset: number;
  length: number;
  reason: string;
  attempts: number;
  bytes: Uint8Array;
}
const SELECT = 'SELECT reject.id, source, path, source.format, offset, length, reason, at, attempts, bytes FROM reject JOIN source ON source.id = reject.source';
const PREVIEW = 4096;

export class RejectStore {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Rejects after an id, of one source or of all. */
  list(sourceId: number | undefined, after: number, limit: number): { rows: Reject[]; total: number; reasons: { reason: string; count: number }[] } {
    const where = sourceId === undefined ? '' : 'AND source = ?';
    const args = sourceId === undefined ? [] : [sourceId];
    const rows = this.#db.prepare<unknown[], Row>(`${SELECT} WHERE reject.id > ? ${where} ORDER BY reject.id LIMIT ?`).all(after, ...args, limit);
    const total = this.#db.prepare<unknown[], number>(`SELECT count(*) FROM reject WHERE true ${where}`).pluck().get(...args) ?? 0;
    // Reasons carry numbers (columns, lengths); without them like falls to like.
    const reasons = new Map<string, number>();
    for (const { reason, n } of this.#db.prepare<unknown[], { reason: string; n: number }>(`SELECT reason, count(*) AS n FROM reject WHERE true ${where} GROUP BY reason ORDER BY n DESC LIMIT 1000`).iterate(...args)) {
      const kind = reason.replace(/\d+/g, 'N');
      reasons.set(kind, (reasons.get(kind) ?? 0) + n);
    }
    return { rows: rows.map(toReject), total, reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count) };
  }

  get(id: number): { reject: Reject; bytes: Uint8Array } | undefined {
    const row = this.#db.prepare<[number], Row>(`${SELECT} WHERE reject.id = ?`).get(id);
    return row && { reject: toReject(row), bytes: asItStood(row).bytes };
  }

  /** Rejects to try again, by source, in the order of the file. */
  chosen(ids: readonly number[] | undefined, sourceId: number | undefined): Map<number, Letter[]> {
    const bySource = new Map<number, Letter[]>();
    const wanted = ids && new Set(ids);
    const rows = this.#db.prepare<unknown[], Row>(`${SELECT} ${sourceId === undefined ? '' : 'WHERE source = ?'} ORDER BY source, offset`);
    for (const row of rows.iterate(...(sourceId === undefined ? [] : [sourceId]))) {
      if (wanted && !wanted.has(row.id)) continue;
      const list = bySource.get(row.source) ?? [];
      list.push({ id: row.id, offset: row.offset, length: row.length, reason: row.reason, attempts: row.attempts, bytes: unpack(row.bytes) });
      bySource.set(row.source, list);
    }
    return bySource;
  }

  /** Letters that were looked at again and stay. */
  countAttempts(ids: readonly number[]): void {
    const update = this.#db.prepare('UPDATE reject SET attempts = attempts + 1 WHERE id = ?');
    this.#db.transaction(() => ids.forEach((id) => update.run(id)))();
  }

  /** Takes letters off the queue; their records are counted anew by the batch that follows in the same transaction. False when some are gone already. */
  take(source: number, ids: readonly number[]): boolean {
    const remove = this.#db.prepare('DELETE FROM reject WHERE id = ? AND source = ?');
    let removed = 0;
    for (const id of ids) removed += remove.run(id, source).changes;
    this.#db.prepare('UPDATE source SET read = read - ?, rejected = rejected - ? WHERE id = ?').run(removed, removed, source);
    return removed === ids.length;
  }
}

/** What was rejected as it stood in the original, also where a decoder or a connector wrote a line about it. */
function asItStood(row: Row): { bytes: Uint8Array; offset: number | null; length: number } {
  const bytes = unpack(row.bytes);
  const original = isWritten(formats.find(({ id }) => id === row.format)) ? originalOf(bytes, row.reason) : null;
  return original ?? { bytes, offset: row.offset, length: row.length };
}

function toReject(row: Row): Reject {
  const { bytes, offset, length } = asItStood(row);
  return {
    id: row.id,
    sourceId: row.source,
    path: row.path,
    offset,
    length,
    reason: row.reason,
    at: row.at,
    attempts: row.attempts,
    preview: new TextDecoder().decode(bytes.subarray(0, PREVIEW)),
  };
}
