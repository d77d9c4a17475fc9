/**
 * A segment: up to 4,096 events of one source, in the order they were read, as columns.
 *
 * hot    what timelines, facets and filters scan: kept in memory (19 bytes an event), shared between threads
 * cold   what single fields need: identifiers, latency, where the record lies
 * msg    messages, in blocks of 512 events, each packed alone so that one row costs one small block
 * rest   what remains of the records once the message is cut out, in one piece: it is needed less often
 * words  one word filter per block (pipeline/words.ts)
 *
 * Event id = segment * 4096 + offset; offset is the place in reading order, so neighbours in a file are neighbours here.
 * `order` lists offsets by time where the source was not in time order; null means offsets are already sorted.
 */
import { pack, unpack } from './compression.ts';

export const BLOCK_SIZE = 512;

/** Keyword fields whose values have case-wide ids; the order is the order of `codes` and `dicts`. */
export const HOT_FIELDS = ['service', 'host', 'level', 'template'] as const;
export const HOT = { service: 0, host: 1, level: 2, template: 3 } as const;
/** Keyword fields with a dictionary in each segment. */
export const COLD_FIELDS = ['user', 'ip', 'url', 'request_id', 'trace_id', 'span_id'] as const;

export interface HotColumns {
  n: number;
  /** microseconds UTC */
  time: Float64Array;
  /** per HOT_FIELDS: index into the dictionary of the segment, 0 = absent */
  codes: Uint16Array[];
  /** HTTP-like status, 0 = absent */
  status: Uint16Array;
  severity: Uint8Array;
  /** FLAG bits */
  flags: Uint8Array;
  order: Uint16Array | null;
}

/** What a parse worker makes of 4,096 events; everything the writer and the query workers need. */
export interface SegmentPayload {
  n: number;
  /** first and last time, and the same over believable times only (NaN when there are none) */
  t0: number;
  t1: number;
  b0: number;
  b1: number;
  hotBuffer: SharedArrayBuffer;
  sorted: boolean;
  /** per HOT_FIELDS: ids of the worker (the writer maps them to ids of the case); entry 0 stands for absent */
  dicts: Uint32Array[];
  /** packed for the disk */
  hot: Uint8Array;
  cold: Uint8Array;
  msg: Uint8Array;
  rest: Uint8Array;
  /** filters of all blocks, one after the other, and where each starts (blocks + 1 entries) */
  words: Uint32Array;
  wordStarts: Uint32Array;
  /** bytes of record text in the segment */
  textBytes: number;
}

/** Bytes of memory the hot columns of n events take. */
export function hotBytes(n: number, sorted: boolean): number {
  return n * (8 + 2 * HOT_FIELDS.length + 2 + 1 + 1) + (sorted ? 0 : n * 2);
}

/** Columns as views of one buffer; the widest first so that all are aligned. */
export function hotViews(buffer: ArrayBufferLike, n: number, sorted: boolean): HotColumns {
  let at = 0;
  const take = (bytes: number): number => {
    const from = at;
    at += bytes;
    return from;
  };
  const time = new Float64Array(buffer, take(n * 8), n);
  const codes = HOT_FIELDS.map(() => new Uint16Array(buffer, take(n * 2), n));
  const status = new Uint16Array(buffer, take(n * 2), n);
  const order = sorted ? null : new Uint16Array(buffer, take(n * 2), n);
  const severity = new Uint8Array(buffer, take(n), n);
  const flags = new Uint8Array(buffer, take(n), n);
  return { n, time, codes, status, order, severity, flags };
}

const TIME_DELTAS = 1;
const UNSORTED = 2;
const HEAD = 16;

/** Packs hot columns for the disk: times as 32-bit differences where they fit. */
export function packHot(hot: HotColumns): Uint8Array {
  const { n, time } = hot;
  let deltas = hot.order === null;
  for (let i = 1; deltas && i < n; i++) {
    const d = time[i] - time[i - 1];
    deltas = d >= 0 && d <= 0xffffffff && Number.isInteger(d);
  }
  const timeBytes = deltas ? n * 4 : n * 8;
  const out = new Uint8Array(HEAD + timeBytes + hotBytes(n, hot.order === null) - n * 8);
  const head = new DataView(out.buffer);
  head.setUint32(0, n, true);
  head.setUint32(4, (deltas ? TIME_DELTAS : 0) | (hot.order ? UNSORTED : 0), true);
  head.setFloat64(8, time[0] ?? 0, true);
  if (deltas) {
    const d = new Uint32Array(out.buffer, HEAD, n);
    for (let i = 1; i < n; i++) d[i] = time[i] - time[i - 1];
  } else {
    out.set(bytesOf(time), HEAD);
  }
  // Behind the times the buffer holds the other columns in the layout of hotViews.
  let at = HEAD + timeBytes;
  for (const column of [...hot.codes, hot.status, ...(hot.order ? [hot.order] : []), hot.severity, hot.flags]) {
    const bytes = bytesOf(column);
    out.set(bytes, at);
    at += bytes.length;
  }
  return pack(out);
}

/** The reverse of packHot, into memory that threads can share. */
export function unpackHot(packed: Uint8Array): { buffer: SharedArrayBuffer; hot: HotColumns } {
  const bytes = unpack(packed);
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = head.getUint32(0, true);
  const flags = head.getUint32(4, true);
  const sorted = (flags & UNSORTED) === 0;
  const timeBytes = (flags & TIME_DELTAS ? 4 : 8) * n;
  if (bytes.length !== HEAD + timeBytes + hotBytes(n, sorted) - n * 8) throw new Error('segment columns have the wrong length');
  const buffer = new SharedArrayBuffer(hotBytes(n, sorted));
  const hot = hotViews(buffer, n, sorted);
  if (flags & TIME_DELTAS) {
    let t = head.getFloat64(8, true);
    for (let i = 0; i < n; i++) {
      t += head.getUint32(HEAD + i * 4, true);
      hot.time[i] = t;
    }
  } else {
    new Uint8Array(buffer).set(bytes.subarray(HEAD, HEAD + n * 8));
  }
  new Uint8Array(buffer, n * 8).set(bytes.subarray(HEAD + timeBytes));
  return { buffer, hot };
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

export interface ColdColumns {
  n: number;
  /** milliseconds, NaN = absent; null when no event of the segment has one */
  latency: Float32Array | null;
  /** first byte of the record in the stream */
  offset: Float64Array;
  length: Uint32Array;
  /** where the message stands in the record; -1 = it does not stand there verbatim and the rest is the whole record */
  messageAt: Int32Array;
  /** per COLD_FIELDS; null when no event of the segment has the field */
  fields: ({ codes: Uint16Array; values: string[] } | null)[];
}
export interface ColdInput {
  n: number;
  latency: Float32Array | null;
  offset: Float64Array;
  length: Uint32Array;
  messageAt: Int32Array;
  /** values as UTF-8, entry 0 unused */
  fields: ({ codes: Uint16Array; values: Uint8Array[] } | null)[];
}

export function packCold(cold: ColdInput): Uint8Array {
  const { n } = cold;
  let size = 32 + n * 12 + (cold.latency ? n * 4 : 0);
  for (const field of cold.fields) if (field) size += 8 + n * 2 + field.values.reduce((sum, value) => sum + 4 + value.length, 0);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    out.set(bytes, at);
    at += bytes.length;
  };
  view.setUint32(0, n, true);
  view.setUint32(4, (cold.latency ? 1 : 0) | cold.fields.reduce((bits, field, i) => bits | (field ? 2 << i : 0), 0), true);
  view.setFloat64(8, cold.offset[0] ?? 0, true);
  at = 16;
  // Records follow each other: the gap between two is nearly always the line ending.
  for (let i = 0; i < n; i++, at += 4) if (i > 0) view.setInt32(at, cold.offset[i] - cold.offset[i - 1] - cold.length[i - 1], true);
  put(bytesOf(cold.length.subarray(0, n)));
  put(bytesOf(cold.messageAt.subarray(0, n)));
  if (cold.latency) put(bytesOf(cold.latency.subarray(0, n)));
  for (const field of cold.fields) {
    if (!field) continue;
    view.setUint32(at, field.values.length, true);
    at += 4;
    for (let i = 1; i < field.values.length; i++) {
      view.setUint32(at, field.values[i].length, true);
      at += 4;
      put(field.values[i]);
    }
    put(bytesOf(field.codes.subarray(0, n)));
  }
  return pack(out.subarray(0, at));
}

const utf8 = new TextDecoder('utf-8');

export function unpackCold(packed: Uint8Array): ColdColumns {
  const bytes = unpack(packed);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = view.getUint32(0, true);
  const flags = view.getUint32(4, true);
  const copy = (from: number, length: number): ArrayBuffer => bytes.slice(from, from + length).buffer as ArrayBuffer;
  let at = 16 + n * 4;
  const length = new Uint32Array(copy(at, n * 4));
  at += n * 4;
  const messageAt = new Int32Array(copy(at, n * 4));
  at += n * 4;
  const offset = new Float64Array(n);
  offset[0] = view.getFloat64(8, true);
  for (let i = 1; i < n; i++) offset[i] = offset[i - 1] + length[i - 1] + view.getInt32(16 + i * 4, true);
  let latency: Float32Array | null = null;
  if (flags & 1) {
    latency = new Float32Array(copy(at, n * 4));
    at += n * 4;
  }
  const fields: ColdColumns['fields'] = [];
  for (let f = 0; f < COLD_FIELDS.length; f++) {
    if ((flags & (2 << f)) === 0) {
      fields.push(null);
      continue;
    }
    const count = view.getUint32(at, true);
    at += 4;
    const values = [''];
    for (let i = 1; i < count; i++) {
      const size = view.getUint32(at, true);
      at += 4;
      values.push(utf8.decode(bytes.subarray(at, at + size)));
      at += size;
    }
    fields.push({ codes: new Uint16Array(copy(at, n * 2)), values });
    at += n * 2;
  }
  return { n, latency, offset, length, messageAt, fields };
}

/** One packed block of texts: lengths as 32-bit numbers, then the texts joined with line feeds. */
export function packTextBlock(lengths: Uint32Array, text: Uint8Array): Uint8Array {
  const out = new Uint8Array(lengths.byteLength + text.length);
  out.set(bytesOf(lengths));
  out.set(text, lengths.byteLength);
  return pack(out);
}

/** A row of packed blocks in one blob: count, end of each, blocks. */
export function joinBlocks(blocks: Uint8Array[]): Uint8Array {
  const head = 4 + blocks.length * 4;
  const out = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, head));
  const view = new DataView(out.buffer);
  view.setUint32(0, blocks.length, true);
  let at = head;
  blocks.forEach((block, i) => {
    out.set(block, at);
    at += block.length;
    view.setUint32(4 + i * 4, at, true);
  });
  return out;
}

export interface TextBlock {
  /** start of text i is starts[i], its end starts[i + 1] - 1 (a line feed stands between) */
  starts: Uint32Array;
  bytes: Uint8Array;
}

/** Unpacks block `index` of a blob made by joinBlocks; `n` is how many texts the block holds. */
export function textBlock(blob: Uint8Array, index: number, n: number): TextBlock {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0, true);
  if (index >= count) throw new Error('text block is missing');
  const from = index === 0 ? 4 + count * 4 : view.getUint32(index * 4, true);
  const whole = unpack(blob.subarray(from, view.getUint32(4 + index * 4, true)));
  const lengths = new DataView(whole.buffer, whole.byteOffset, n * 4);
  const starts = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) starts[i + 1] = starts[i] + lengths.getUint32(i * 4, true) + 1;
  return { starts, bytes: whole.subarray(n * 4) };
}
