/**
 * The blobs of the rollup table. Both kinds begin with a count of services and their ids (32 bits each, so that the writer can map a
 * worker's ids in place); what follows names services by their place in that list and is made of varints (LEB128).
 *
 * Seconds of a minute: pairs of a key's distance from the one before and n; key = (second * services + place) * 5 + severity.
 * Coarser buckets, for each service: n of each severity, n of latencies; if there are any their sum, min, max (doubles), the number of
 * sketch buckets and for each the distance from the one before (the first from -1000) and n; then the users (Distinct).
 */
import { ByteReader, ByteWriter } from './byte-stream.ts';
import { CoarseBucket } from './coarse-bucket.ts';
import { Distinct } from './distinct.ts';
import { SecondsBucket } from './seconds-bucket.ts';

/** Rows of the rollup table side by side. Service ids in `data` are the worker's until the writer maps them. */
export interface RollupRows {
  /** seconds: 1, 60, 300, 3600, 86400 */
  resolution: Uint32Array;
  /** the minute since 1970 at resolution 1, the bucket since 1970 at the others */
  bucket: Float64Array;
  /** where each row ends in `data` */
  end: Uint32Array;
  data: Uint8Array;
}

export interface SecondEntry {
  /** 0..59 */
  second: number;
  service: number;
  severity: number;
  n: number;
}
interface Latency {
  count: number;
  /** milliseconds; min and max mean nothing when count is 0 */
  sum: number;
  min: number;
  max: number;
  /** sketch buckets by ascending index */
  buckets: { index: number; n: number }[];
}
export interface CoarseEntry {
  service: number;
  /** by severity, info first */
  counts: number[];
  latency: Latency;
  users: Distinct;
}

/** Replaces the service ids at the head of a blob; 0 for one that is not mapped. */
export function mapServices(data: Uint8Array, ids: readonly number[]): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = 4 + view.getUint32(0, true) * 4;
  for (let at = 4; at < end; at += 4) view.setUint32(at, ids[view.getUint32(at, true)] ?? 0, true);
}

export function decodeSeconds(data: Uint8Array): SecondEntry[] {
  const reader = new ByteReader(data);
  const ids = Array.from({ length: reader.u32() }, () => reader.u32());
  const entries: SecondEntry[] = [];
  for (let key = 0; reader.more; ) {
    key += reader.varint();
    const n = reader.varint();
    const place = Math.floor(key / 5) % ids.length;
    entries.push({ second: Math.floor(key / 5 / ids.length), service: ids[place], severity: key % 5, n });
  }
  return entries;
}

export function decodeCoarse(data: Uint8Array): CoarseEntry[] {
  const reader = new ByteReader(data);
  const ids = Array.from({ length: reader.u32() }, () => reader.u32());
  return ids.map((service) => {
    const counts = Array.from({ length: 5 }, () => reader.varint());
    const latency: Latency = { count: reader.varint(), sum: 0, min: 0, max: 0, buckets: [] };
    if (latency.count > 0) {
      latency.sum = reader.f64();
      latency.min = reader.f64();
      latency.max = reader.f64();
      let index = -1000;
      for (let left = reader.varint(); left > 0; left--) {
        index += reader.varint();
        latency.buckets.push({ index, n: reader.varint() });
      }
    }
    const users = new Distinct();
    users.mergeEncoded(reader);
    return { service, counts, latency, users };
  });
}

/** Two rows of one minute's seconds as one. */
export function mergeSeconds(a: Uint8Array, b: Uint8Array): Uint8Array {
  const services: number[] = [];
  const rows = [new SecondsRow(a, services), new SecondsRow(b, services)];
  const merged = new SecondsBucket();
  for (let second = 0; second < 60; second++) {
    for (const row of rows) for (; row.second === second; row.next()) merged.add(row.slot, row.n);
    merged.close(second);
  }
  const writer = new ByteWriter();
  merged.encode(writer, services);
  return writer.take();
}

/** Two rows of one bucket as one. */
export function mergeCoarse(a: Uint8Array, b: Uint8Array): Uint8Array {
  const merged = new CoarseBucket();
  merged.absorbRow(new ByteReader(a));
  merged.absorbRow(new ByteReader(b));
  const writer = new ByteWriter();
  merged.encode(writer);
  return writer.take();
}

/** Walks through the entries of a row of seconds; services stand for their places in a list that it adds to. */
class SecondsRow {
  readonly #reader: ByteReader;
  readonly #places: number[];
  #key = 0;
  /** 60 behind the last entry */
  second = 0;
  slot = 0;
  n = 0;

  constructor(data: Uint8Array, services: number[]) {
    this.#reader = new ByteReader(data);
    const known = new Map(services.map((id, place) => [id, place]));
    this.#places = Array.from({ length: this.#reader.u32() }, () => {
      const id = this.#reader.u32();
      const place = known.get(id);
      return place ?? services.push(id) - 1;
    });
    this.next();
  }

  next(): void {
    if (!this.#reader.more) {
      this.second = 60;
      return;
    }
    this.#key += this.#reader.varint();
    this.n = this.#reader.varint();
    const pair = Math.floor(this.#key / 5);
    this.second = Math.floor(pair / this.#places.length);
    this.slot = this.#places[pair % this.#places.length] * 5 + (this.#key % 5);
  }
}
