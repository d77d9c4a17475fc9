/** Tells whether a segment can be read back, by reading all of it the way a search would. */
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import type { Catalog } from '../search/catalog.ts';
import type { SegmentInfo } from './case-store.ts';
import { unpackDicts } from './dicts.ts';
import type { StoredSegment } from './checksums.ts';
import { BLOCK_SIZE, HOT_FIELDS, unpackHot } from './segment.ts';

/** What a catalog needs to know of a stored segment. Throws when the columns do not unpack to what the row says. */
export function infoOfStored(row: StoredSegment): SegmentInfo {
  const { buffer, hot } = unpackHot(row.hot);
  const dicts = unpackDicts(row.dict);
  const blocks = Math.ceil(row.n / BLOCK_SIZE);
  must(row.n > 0 && row.n <= SEGMENT_SIZE && hot.n === row.n && (hot.order === null) === (row.sorted !== 0));
  must(dicts.length === HOT_FIELDS.length && dicts.reduce((sum, dict) => sum + 4 + dict.length * 4, 0) === row.dict.length);
  hot.codes.forEach((codes, field) => must(codes.every((code) => code === 0 || code < dicts[field].length)));
  must(hot.severity.every((severity) => severity <= 4) && (hot.order?.every((offset) => offset < row.n) ?? true));
  const wordStarts = words32(row.starts);
  const words = words32(row.words);
  must(wordStarts.length === blocks * 2 + 1 && wordStarts.every((start, i) => start <= words.length && (i === 0 || start >= wordStarts[i - 1])));
  const { id, source, n, t0, t1, b0, b1 } = row;
  return { id, source, n, t0, t1, b0: b0 ?? Number.NaN, b1: b1 ?? Number.NaN, sorted: row.sorted !== 0, dicts, hotBuffer: buffer, words, wordStarts };
}

/** Reads every record of a segment back, as a search would. Throws when one cannot be. */
export function readBack(catalog: Catalog, id: number): void {
  const segment = catalog.segments.get(id);
  if (!segment) throw new Error(`segment ${id} is not there`);
  const cold = catalog.cold(segment);
  must(cold.n === segment.n && cold.length.length === segment.n);
  for (const field of cold.fields) if (field) must(field.codes.length === segment.n && field.codes.every((code) => code === 0 || code < field.values.length));
  for (let block = 0; block * BLOCK_SIZE < segment.n; block++) {
    const { starts, bytes } = catalog.messages(segment, block);
    must(starts[starts.length - 1] <= bytes.length + 1);
  }
  for (let i = 0; i < segment.n; i++) catalog.record(segment, i);
}

function must(holds: boolean): void {
  if (!holds) throw new Error('the segment does not fit together');
}

/** Blobs come at any address; 32-bit views need an aligned copy. */
function words32(blob: Uint8Array): Uint32Array {
  must(blob.length % 4 === 0);
  const copy = new Uint32Array(blob.length >> 2);
  new Uint8Array(copy.buffer).set(blob);
  return copy;
}
