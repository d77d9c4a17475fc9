/**
 * Checksums of segments, kept beside them (table seg_check): packed columns with one bit turned may well unpack to other values, and a
 * word filter with one bit turned hides events. Segments of cases from before schema 2 have none.
 */
import zlib from 'node:zlib';
import type { Database } from 'better-sqlite3';

/** The tables that hold a segment, a row each. */
export const PARTS = ['seg', 'seg_cold', 'seg_msg', 'seg_rest', 'seg_words'] as const;
export type Part = (typeof PARTS)[number];

/** A segment as its tables have it. */
export interface StoredSegment {
  id: number;
  source: number;
  n: number;
  t0: number;
  t1: number;
  b0: number | null;
  b1: number | null;
  sorted: number;
  text_bytes: number;
  dict: Uint8Array;
  hot: Uint8Array;
  cold: Uint8Array;
  msg: Uint8Array;
  rest: Uint8Array;
  starts: Uint8Array;
  words: Uint8Array;
}
/** CRC-32 of each part. */
export type Sums = Record<Part, number>;

function sumsOf(segment: StoredSegment): Sums {
  const { source, n, t0, t1, b0, b1, sorted, text_bytes } = segment;
  // Numbers of the row as text: the same whichever way SQLite keeps them.
  const row = zlib.crc32(JSON.stringify([source, n, t0, t1, b0, b1, sorted, text_bytes]));
  return {
    seg: zlib.crc32(segment.hot, zlib.crc32(segment.dict, row)),
    seg_cold: zlib.crc32(segment.cold),
    seg_msg: zlib.crc32(segment.msg),
    seg_rest: zlib.crc32(segment.rest),
    seg_words: zlib.crc32(segment.words, zlib.crc32(segment.starts)),
  };
}

/** Writes the checksums of a segment, in the caller's transaction. */
export function writeSums(db: Database, segment: StoredSegment): void {
  const sums = sumsOf(segment);
  db.prepare('INSERT OR REPLACE INTO seg_check (id, own, seg, seg_cold, seg_msg, seg_rest, seg_words) VALUES (?, ?, ?, ?, ?, ?, ?)').run(segment.id, ownSum(segment.id, sums), ...PARTS.map((part) => sums[part]));
}

/** The checksum of the checksums of a segment. */
export function ownSum(id: number, sums: Sums): number {
  return zlib.crc32([id, ...PARTS.map((part) => sums[part])].join(' '));
}

/** The first part that is not what its checksum says; null when all are. */
export function partUnlike(segment: StoredSegment, sums: Sums): Part | null {
  const found = sumsOf(segment);
  return PARTS.find((part) => found[part] !== sums[part]) ?? null;
}

/** The checksum of a name in the dictionary. */
export function nameSum(field: number, id: number, name: string): number {
  return zlib.crc32(`${field} ${id} ${name}`);
}
