/**
 * A segment: up to 4,096 events of one source, in the order they were read, as columns.
 *
 * hot    what timelines, facets and filters scan: kept in memory (19 bytes an event), shared between threads
 * cold   what single fields need: identifiers, latency, where the record lies
 * msg    messages, in blocks of 512 events, each packed alone so that one row costs one small block (store/shaped-text.ts)
 * rest   what remains of the records once the message and what columns say already is cut out, in blocks too
 * words  two word filters per block (pipeline/words.ts): for messages, and for the rest of the records
 *
 * Event id = segment * 4096 + offset; offset is the place in reading order, so neighbours in a file are neighbours here.
 * `order` lists offsets by time where the source was not in time order; null means offsets are already sorted.
 */
import { pack, packedRaw, unpack } from './compression.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import type { Hit } from '../enrich/watch.ts';
import { ColumnReader, ColumnWriter } from './columns.ts';

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
  /** filters of all blocks, one after the other: words of messages, words elsewhere; and where each starts (one entry more) */
  words: Uint32Array;
  wordStarts: Uint32Array;
  /** bytes of record text in the segment */
  textBytes: number;
  /** how many of its events, the first ones, are in the case already: it takes the place of the segment they are in */
  carried: number;
  /** the newest list of indicators that its events were compared with (0 = none), and those that were met */
  generation: number;
  hits: Hit[];
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

/** Bits of the packed hot columns. */
const UNSORTED = 1;
const TIME_PLAIN = 2;
const TIME_MILLIS = 4;

const deltas = new Uint32Array(SEGMENT_SIZE);
const writer = new ColumnWriter(1 << 17);

/** Differences between times, in milliseconds or microseconds; 0 when they are not whole, negative or too large for 32 bits. */
function timeDeltas(time: Float64Array, n: number): 0 | 1 | 1000 {
  let millis = true;
  deltas[0] = 0;
  for (let i = 1; i < n; i++) {
    const d = time[i] - time[i - 1];
    if (!(d >= 0 && d <= 0xffffffff)) return 0;
    deltas[i] = d;
    if (deltas[i] !== d) return 0;
    if (d % 1000 !== 0) millis = false;
  }
  if (!millis) return 1;
  for (let i = 1; i < n; i++) deltas[i] /= 1000;
  return 1000;
}

/** Packs hot columns for the disk. */
export function packHot(hot: HotColumns): Uint8Array {
  const { n, time } = hot;
  const unit = hot.order === null ? timeDeltas(time, n) : 0;
  writer.u32(n);
  writer.u32((hot.order ? UNSORTED : 0) | (unit === 0 ? TIME_PLAIN : unit === 1000 ? TIME_MILLIS : 0));
  if (unit === 0) writer.bytes(bytesOf(time));
  else {
    writer.f64(time[0] ?? 0);
    writer.integers(deltas, n);
  }
  for (const column of [...hot.codes, hot.status, ...(hot.order ? [hot.order] : []), hot.severity, hot.flags]) writer.integers(column, n);
  return packedRaw(writer.take());
}

/** The reverse of packHot, into memory that threads can share. */
export function unpackHot(packed: Uint8Array): { buffer: SharedArrayBuffer; hot: HotColumns } {
  const reader = new ColumnReader(unpack(packed));
  const n = reader.u32();
  const bits = reader.u32();
  if (n > SEGMENT_SIZE) throw new Error('segment columns have the wrong length');
  const sorted = (bits & UNSORTED) === 0;
  const buffer = new SharedArrayBuffer(hotBytes(n, sorted));
  const hot = hotViews(buffer, n, sorted);
  if (bits & TIME_PLAIN) new Uint8Array(buffer, 0, n * 8).set(reader.bytes(n * 8));
  else {
    const unit = bits & TIME_MILLIS ? 1000 : 1;
    let t = reader.f64();
    const steps = reader.integers(new Uint32Array(n), n);
    for (let i = 0; i < n; i++) {
      t += steps[i] * unit;
      hot.time[i] = t;
    }
  }
  for (const column of [...hot.codes, hot.status, ...(hot.order ? [hot.order] : []), hot.severity, hot.flags]) reader.integers(column, n);
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
  /** per COLD_FIELDS; null when no event of the segment has the field */
  fields: ({ codes: Uint16Array; values: Values } | null)[];
}
/** Distinct values of a field by code, decoded when they are asked for; code 0 stands for absent. */
class Values {
  readonly length: number;
  readonly #starts: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #texts: string[] = [];

  /** `starts` has an entry for each code and one more. */
  constructor(starts: Uint32Array, bytes: Uint8Array) {
    this.length = starts.length - 1;
    this.#starts = starts;
    this.#bytes = bytes;
  }
  bytes(code: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[code], this.#starts[code + 1]);
  }
  text(code: number): string {
    return (this.#texts[code] ??= utf8.decode(this.bytes(code)));
  }
  /** Whether the values, one after the other, hold a text of lower-cased ASCII. False is certain for each value. */
  mayHold(needle: string): boolean {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength).toString('latin1').toLowerCase().includes(needle);
  }
}
/** Distinct values of a field as UTF-8: value k (from 1) is lengths[k] bytes; entry 0 stands for absent. */
export interface ValueList {
  count: number;
  lengths: Uint32Array;
  bytes: Uint8Array;
}
export interface ColdInput {
  n: number;
  latency: Float32Array | null;
  offset: Float64Array;
  length: Uint32Array;
  fields: ({ codes: Uint16Array; values: ValueList } | null)[];
}

/** Bytes an event of the cold columns above which they are compressed: identifiers hardly shrink, long addresses do. */
const LEAN_COLD = 48;
const NO_LATENCY = new Float32Array(0);

export function packCold(cold: ColdInput): Uint8Array {
  const { n, offset, length } = cold;
  const latency = cold.latency?.subarray(0, n) ?? NO_LATENCY;
  writer.u32(n);
  const hex = cold.fields.map((field) => (field ? hexToBytes(field.values.bytes) : null));
  writer.u32((cold.latency ? 1 : 0) | cold.fields.reduce((bits, field, i) => bits | (field ? 2 << i : 0) | (hex[i] ? HEX << i : 0), 0));
  writer.f64(offset[0] ?? 0);
  // Records follow each other: the gap between two is nearly always the line ending.
  deltas[0] = 0;
  for (let i = 1; i < n; i++) deltas[i] = offset[i] - offset[i - 1] - length[i - 1];
  if (n > 1) deltas[0] = deltas[1];
  writer.integers(deltas, n);
  writer.integers(length, n);
  writer.bytes(bytesOf(latency));
  cold.fields.forEach((field, i) => {
    if (!field) return;
    const { count, lengths } = field.values;
    const bytes = hex[i] ?? field.values.bytes;
    writer.integers(field.codes, n);
    writer.u32(count);
    writer.u32(bytes.length);
    writer.integers(lengths.subarray(1), count - 1);
    writer.bytes(bytes);
  });
  const out = writer.take();
  return out.length > n * LEAN_COLD ? pack(out) : packedRaw(out);
}

/** Bit of the packed cold columns from which on bits say that the values of a field are hexadecimal digits, two a byte. */
const HEX = 0x100;
const DIGITS = new TextEncoder().encode('0123456789abcdef');
const DIGIT = new Uint8Array(256).fill(255);
DIGITS.forEach((c, value) => (DIGIT[c] = value));

/** Identifiers are mostly lower-case hexadecimal digits: half as long as bytes. Null when they are anything else, or odd in number. */
function hexToBytes(text: Uint8Array): Uint8Array | null {
  if (text.length === 0 || text.length % 2 !== 0) return null;
  const out = new Uint8Array(text.length >> 1);
  let bad = 0;
  for (let i = 0; i < out.length; i++) {
    const high = DIGIT[text[i * 2]];
    const low = DIGIT[text[i * 2 + 1]];
    bad |= high | low;
    if (bad > 15) return null;
    out[i] = (high << 4) | low;
  }
  return out;
}
function bytesToHex(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    out[i * 2] = DIGITS[bytes[i] >> 4];
    out[i * 2 + 1] = DIGITS[bytes[i] & 15];
  }
  return out;
}

const utf8 = new TextDecoder('utf-8');

export function unpackCold(packed: Uint8Array): ColdColumns {
  const reader = new ColumnReader(unpack(packed));
  const n = reader.u32();
  const bits = reader.u32();
  if (n > SEGMENT_SIZE) throw new Error('segment columns have the wrong length');
  const offset = new Float64Array(n);
  offset[0] = reader.f64();
  const gaps = reader.integers(new Int32Array(n), n);
  const length = reader.integers(new Uint32Array(n), n);
  for (let i = 1; i < n; i++) offset[i] = offset[i - 1] + length[i - 1] + gaps[i];
  let latency: Float32Array | null = null;
  if (bits & 1) {
    latency = new Float32Array(n);
    bytesOf(latency).set(reader.bytes(n * 4));
  }
  const fields: ColdColumns['fields'] = [];
  for (let f = 0; f < COLD_FIELDS.length; f++) {
    if ((bits & (2 << f)) === 0) {
      fields.push(null);
      continue;
    }
    const codes = reader.integers(new Uint16Array(n), n);
    const count = reader.u32();
    const size = reader.u32();
    if (count > SEGMENT_SIZE + 1) throw new Error('segment columns have the wrong length');
    const lengths = reader.integers(new Uint32Array(count - 1), count - 1);
    // A copy: the blob it lies in goes.
    const bytes = bits & (HEX << f) ? bytesToHex(reader.bytes(size)) : reader.bytes(size).slice();
    const starts = new Uint32Array(count + 1);
    for (let code = 1; code < count; code++) starts[code + 1] = starts[code] + lengths[code - 1];
    if (starts[count] > bytes.length) throw new Error('values of a segment are cut off');
    fields.push({ codes, values: new Values(starts, bytes) });
  }
  return { n, latency, offset, length, fields };
}
