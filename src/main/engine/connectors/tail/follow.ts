/** Follows one file: whole lines in chunks, until it is another's turn. */
import type fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FatalError, MAX_CHUNK, type Chunk, type ReadContext } from '../connector.ts';
import { fingerprint, firstBytes, inodeOf, isStill, moreOf, type Place } from './place.ts';

/** What is read at once; a chunk goes out when so much waits. */
const READ = MAX_CHUNK / 2;
const POLL_MS = 250;
/** A trickle is collected for so long: every segment costs some hundred bytes. */
const COLLECT_MS = 1000;
/** A record of several lines is taken for complete when nothing came for so long. */
const SILENCE_MS = 2000;
/** A program may write to a file for a moment after it was renamed. */
const LINGER_MS = 1000;

export interface FollowOptions {
  file: fs.FileHandle;
  /** for a person */
  name: string;
  offset: number;
  /** the path it was asked for; '' for a file that was rotated away: it is read to its end */
  target: string;
  context: ReadContext;
}

/** Why it ended, and what is stored of the file. `emptied`: its bytes are not those any more; what was held of it is in `rest`. */
export interface Followed {
  why: 'end' | 'emptied' | 'stopped';
  place: Place;
  rest: Buffer;
}

const LF = 10;

/** UTF-16 with its mark: lines of it do not end where a byte is a line feed. */
export function isUtf16(start: Uint8Array): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}
export function utf16Error(name: string): FatalError {
  return new FatalError(`${name} is UTF-16, which is not followed. Add it as a file when it is complete.`);
}

export async function* follow({ file, name, offset, target, context }: FollowOptions): AsyncGenerator<Chunk, Followed, void> {
  const { signal } = context;
  const { inode } = await inodeOf(file);
  let first = await firstBytes(file);
  let place: Place = { inode, offset, ...fingerprint(first) };
  // From here on it is known again, even if nothing of it was stored before it was rotated.
  yield { lines: new Uint8Array(0), cursor: JSON.stringify(place) };
  let held: Buffer = Buffer.alloc(0);
  let firstAt = 0;
  let grownAt = performance.now();
  let replacedAt = NaN;
  while (!signal.aborted) {
    const got = await readAt(file, place.offset + held.length);
    // Looked at behind the read: what was read of a file that was emptied in between does not count.
    if (!(await isStill(file, { ...place, offset: place.offset + held.length }))) return { why: 'emptied', place, rest: held };
    const now = performance.now();
    if (place.offset + held.length === 0 && isUtf16(got)) throw utf16Error(name);
    if (got.length > 0) {
      const more = moreOf(first, got, place.offset + held.length);
      if (more !== first) {
        first = more;
        place = { ...place, ...fingerprint(first) };
      }
      if (held.length === 0) firstAt = now;
      grownAt = now;
      held = held.length === 0 ? got : Buffer.concat([held, got]);
    }
    if (held.length > 0 && (held.length >= READ || now - firstAt >= COLLECT_MS)) {
      const cut = whole(held, now - grownAt >= SILENCE_MS, context);
      if (cut > 0) {
        place = { ...place, offset: place.offset + cut };
        yield { lines: ended(held.subarray(0, cut)), cursor: JSON.stringify(place) };
        held = Buffer.from(held.subarray(cut));
        firstAt = performance.now();
      }
    }
    if (got.length > 0) continue;
    if (target !== '' && Number.isNaN(replacedAt) && (await isReplaced(target, inode))) replacedAt = now;
    if (target === '' || (now - replacedAt >= LINGER_MS && now - grownAt >= LINGER_MS)) {
      place = { ...place, offset: place.offset + held.length };
      // Nobody writes on in it: its last line is whole as it is.
      if (held.length > 0) yield { lines: ended(held), cursor: JSON.stringify(place) };
      return { why: 'end', place, rest: Buffer.alloc(0) };
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return { why: 'stopped', place, rest: held };
}

/** How much of the bytes can be sent: whole lines, and of those whole records unless nothing comes any more. */
function whole(held: Buffer, silent: boolean, context: ReadContext): number {
  const lines = held.lastIndexOf(LF) + 1;
  let cut = lines;
  if (!silent && lines > 0) {
    try {
      cut = context.complete(held.subarray(0, lines));
    } catch (error) {
      throw new FatalError(error instanceof Error ? error.message : String(error));
    }
  }
  // A record or a line that would not fit any more goes in pieces.
  if (cut === 0 && held.length > MAX_CHUNK - READ) return lines > 0 ? lines : held.length - 1;
  return cut;
}

function ended(bytes: Buffer): Uint8Array {
  return bytes[bytes.length - 1] === LF ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
}

async function readAt(file: fs.FileHandle, position: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(READ);
  const { bytesRead } = await file.read(bytes, 0, READ, position);
  // A few bytes must not keep a large buffer alive.
  return bytesRead === READ ? bytes : Buffer.from(bytes.subarray(0, bytesRead));
}

/** Whether another file is there under the path. While none is, the old one may still be written to. */
async function isReplaced(target: string, inode: string): Promise<boolean> {
  const there = await inodeOf(target).catch(() => null);
  return there !== null && there.inode !== inode;
}
