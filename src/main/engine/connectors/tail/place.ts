/**
 * Where a followed file is known again: by its number in the file system and by its first bytes, because a number is used again and a
 * file may be copied and emptied under the same one.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const placeSchema = z.object({
  /** device and number of the file */
  inode: z.string(),
  /** bytes that are stored */
  offset: z.number().int().min(0),
  /** SHA-256 of the first `length` bytes */
  length: z.number().int().min(0),
  hash: z.string(),
});
export type Place = z.output<typeof placeSchema>;

/** So many first bytes tell a file from others. */
const FINGERPRINT = 1024;
/** With fewer than this, another file with the same first bytes may be another log with the same header. */
const TELLING = 64;
/** What rotation makes of shop.log: shop.log.1, shop.log-20261121, shop.log.2026-11-21. Packed ones were read before they were packed. */
const ROTATED = /^[.-](?:\d{1,4}|\d{4}[.-]?\d\d[.-]?\d\d\d*(?:[.T_-]\d+)*|old|prev)$/i;

export async function inodeOf(file: fs.FileHandle | string): Promise<{ inode: string; size: number; modified: number }> {
  const stat = await (typeof file === 'string' ? fs.stat(file, { bigint: true }) : file.stat({ bigint: true }));
  return { inode: `${stat.dev}:${stat.ino}`, size: Number(stat.size), modified: Number(stat.mtimeNs) / 1e6 };
}

/** The first bytes of a file, at most those that tell it from others. */
export async function firstBytes(file: fs.FileHandle, length = FINGERPRINT): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.min(length, FINGERPRINT));
  let got = 0;
  while (got < bytes.length) {
    const { bytesRead } = await file.read(bytes, got, bytes.length - got, got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}

/** The first bytes with what was read at `position`, as far as they tell and hang together. */
export function moreOf(first: Buffer, read: Buffer, position: number): Buffer {
  if (first.length >= FINGERPRINT || position > first.length || position + read.length <= first.length) return first;
  return Buffer.concat([first, read.subarray(first.length - position)]).subarray(0, FINGERPRINT);
}

export function fingerprint(first: Buffer): { length: number; hash: string } {
  return { length: first.length, hash: createHash('sha256').update(first).digest('base64') };
}

/** Whether the file begins as the place says and reaches as far. */
export async function isStill(file: fs.FileHandle, place: Place): Promise<boolean> {
  const { size } = await file.stat();
  if (size < place.offset) return false;
  const { length, hash } = fingerprint(await firstBytes(file, place.length));
  return length === place.length && hash === place.hash;
}

/**
 * The files that have to be read from the place on, oldest first: what the file at `target` was rotated to in the meantime, what came after
 * it, and the file itself (always the last, and not looked at when it is not there).
 */
export async function since(target: string, place: Place): Promise<{ path: string; offset: number }[]> {
  const current = { path: target, offset: 0 };
  const candidates = [target, ...(await rotated(target))];
  const known = await Promise.all(candidates.map(async (candidate) => await look(candidate, place)));
  const exact = known.findIndex((found) => found?.still && found.inode === place.inode);
  // A copy (copytruncate, a restored file) has another number.
  const at = exact >= 0 ? exact : known.findIndex((found) => found?.still && place.length >= TELLING);
  if (at === 0) return [{ path: target, offset: place.offset }];
  if (at < 0) return [current];
  const files = candidates.map((candidate, i) => ({ path: candidate, suffix: candidate.slice(target.length), modified: known[i]?.modified ?? 0 }));
  const found = files[at];
  const later = files.filter((file, i) => i > 0 && known[i] !== null && age(found, file) < 0).sort(age);
  return [{ path: found.path, offset: place.offset }, ...later.map((file) => ({ path: file.path, offset: 0 })), current];
}

interface Rotated {
  suffix: string;
  modified: number;
}
/** Ticks of file systems, ms: times closer than this say nothing. */
const TICK = 20;

/** Negative when `a` was rotated before `b`: by their times, and where these are too close by their names (.2 before .1, -20261120 before -20261121). */
function age(a: Rotated, b: Rotated): number {
  if (Math.abs(a.modified - b.modified) > TICK) return a.modified - b.modified;
  const numbers = [a, b].map(({ suffix }) => /^[.-](\d{1,4})$/.exec(suffix)?.[1]);
  if (numbers[0] !== undefined && numbers[1] !== undefined) return Number(numbers[1]) - Number(numbers[0]);
  return a.suffix === b.suffix ? 0 : a.suffix < b.suffix ? -1 : 1;
}

async function look(file: string, place: Place): Promise<{ inode: string; modified: number; still: boolean } | null> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file);
  } catch {
    // Gone in the meantime, or not ours to read: then it cannot be what was followed.
    return null;
  }
  try {
    const { inode, modified } = await inodeOf(handle);
    return { inode, modified, still: await isStill(handle, place) };
  } finally {
    await handle.close();
  }
}

/** Files beside it that have the names of rotated ones. */
async function rotated(target: string): Promise<string[]> {
  const name = path.basename(target);
  const folder = path.dirname(target);
  const names = await fs.readdir(folder).catch((): string[] => []);
  return names.filter((other) => other.startsWith(name) && ROTATED.test(other.slice(name.length))).map((other) => path.join(folder, other));
}
