/** The files that are being read, so that no other with the same content is read beside them. */
import { createHash } from 'node:crypto';
import type { MemberFound } from '../workers/parse-protocol.ts';
import type { FileEntry } from './job.ts';

/** How many bytes of its beginning tell a file from others. */
export const HEAD_IDENTITY = 4096;

/** What a stream is known by: its first bytes, all of a shorter one. */
export function headOf(message: MemberFound): { length: number; hash: string } {
  const head = message.head.subarray(0, HEAD_IDENTITY);
  return { length: head.length, hash: hashOf(head) };
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A file while it is being read. */
interface UnderWay {
  file: FileEntry;
  /** of a packed file */
  sha256: string;
  head: { length: number; hash: string };
  waiting: (() => void)[];
}

/**
 * The files that are being read, in all jobs. A file with the same content cannot be told to be known before the first is
 * through, so it waits: else both would be stored.
 */
export class FilesUnderWay {
  readonly #files = new Map<FileEntry, UnderWay>();

  /** Enters a file and returns true; or, when one that may be its twin is being read, calls `again` once that has ended, and returns false. */
  enter(file: FileEntry, message: MemberFound, again: () => void): boolean {
    const mine: UnderWay = { file, sha256: message.fileSha256, head: headOf(message), waiting: [] };
    for (const other of this.#files.values()) {
      if (!mayBeTwins(other, mine)) continue;
      other.waiting.push(again);
      return false;
    }
    this.#files.set(file, mine);
    return true;
  }

  /** A file has been read, or given up; files that are not under way are no trouble. */
  leave(file: FileEntry): void {
    const waiting = this.#files.get(file)?.waiting ?? [];
    this.#files.delete(file);
    for (const again of waiting) again();
  }
}

function mayBeTwins(first: UnderWay, second: UnderWay): boolean {
  if (first.sha256 !== second.sha256) return false;
  if (first.sha256 !== '' || first.file.path === second.file.path) return true;
  // A file that grew holds what was read of it before; one that is shorter is another file.
  return first.head.length > 0 && first.head.hash === second.head.hash && first.file.size <= second.file.size;
}
