/**
 * The blobs of the rollup table. Both begin with a count of services and their ids (32 bits each, so that the writer can map a
 * worker's ids in place); what follows names services by their place in that list and is made of varints (LEB128).
 */
import { Distinct } from './distinct.ts';

export interface SecondEntry {
  /** 0..59 */
  second: number;
  service: number;
  severity: number;
  n: number;
}
export interface Latency {
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

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  #room(n: number): void {
    if (this.#used + n <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + n));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
  varint(value: number): void {
    this.#room(10);
    while (value >= 0x80) {
      this.#bytes[this.#used++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#bytes[this.#used++] = value;
  }
  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
  }
  f64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#used, value, true);
    this.#used += 8;
  }
  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }
}

class Reader {
  readonly view: DataView;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.view.getUint8(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }
  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }
  get more(): boolean {
    return this.at < this.view.byteLength;
  }
}

function services(writer: Writer, ids: Iterable<number>): Map<number, number> {
  const places = new Map<number, number>();
  for (const id of ids) if (!places.has(id)) places.set(id, places.size);
  writer.u32(places.size);
  for (const id of places.keys()) writer.u32(id);
  return places;
}

/** Replaces the service ids at the head of a blob. */
export function mapServices(data: Uint8Array, map: (id: number) => number): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = view.getUint32(0, true);
  for (let i = 0; i < count; i++) view.setUint32(4 + i * 4, map(view.getUint32(4 + i * 4, true)), true);
}

/** Counts by second, service and severity of one minute, as differences between sorted keys. */
export function encodeSeconds(entries: readonly SecondEntry[]): Uint8Array {
  const writer = new Writer();
  const places = services(writer, entries.map((entry) => entry.service));
  const keyed = entries.map(({ second, service, severity, n }) => ({ key: (second * places.size + (places.get(service) ?? 0)) * 5 + severity, n })).sort((a, b) => a.key - b.key);
  let last = 0;
  for (const { key, n } of keyed) {
    writer.varint(key - last);
    writer.varint(n);
    last = key;
  }
  return writer.done();
}

export function decodeSeconds(data: Uint8Array): SecondEntry[] {
  const reader = new Reader(data);
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

export function encodeCoarse(entries: readonly CoarseEntry[]): Uint8Array {
  const writer = new Writer();
  services(writer, entries.map((entry) => entry.service));
  for (const { counts, latency, users } of entries) {
    for (const n of counts) writer.varint(n);
    writer.varint(latency.count);
    if (latency.count > 0) {
      writer.f64(latency.sum);
      writer.f64(latency.min);
      writer.f64(latency.max);
      writer.varint(latency.buckets.length);
      let last = -1000;
      for (const { index, n } of latency.buckets) {
        writer.varint(index - last);
        writer.varint(n);
        last = index;
      }
    }
    writer.bytes(users.encode());
  }
  return writer.done();
}

export function decodeCoarse(data: Uint8Array): CoarseEntry[] {
  const reader = new Reader(data);
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
    const { distinct, end } = Distinct.decode(reader.view, reader.at);
    reader.at = end;
    return { service, counts, latency, users: distinct };
  });
}

/** Two rows of one minute's seconds as one. */
export function mergeSeconds(a: Uint8Array, b: Uint8Array): Uint8Array {
  const merged = new Map<string, SecondEntry>();
  for (const entry of [...decodeSeconds(a), ...decodeSeconds(b)]) {
    const key = `${entry.second} ${entry.service} ${entry.severity}`;
    const known = merged.get(key);
    if (known) known.n += entry.n;
    else merged.set(key, entry);
  }
  return encodeSeconds([...merged.values()]);
}

/** Two rows of one bucket as one. */
export function mergeCoarse(a: Uint8Array, b: Uint8Array): Uint8Array {
  const merged = new Map(decodeCoarse(a).map((entry) => [entry.service, entry]));
  for (const entry of decodeCoarse(b)) {
    const mine = merged.get(entry.service);
    if (!mine) {
      merged.set(entry.service, entry);
      continue;
    }
    mine.counts = mine.counts.map((n, s) => n + entry.counts[s]);
    mine.users.merge(entry.users);
    mine.latency = mergeLatency(mine.latency, entry.latency);
  }
  return encodeCoarse([...merged.values()]);
}

export function mergeLatency(a: Latency, b: Latency): Latency {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const buckets = new Map(a.buckets.map(({ index, n }) => [index, n]));
  for (const { index, n } of b.buckets) buckets.set(index, (buckets.get(index) ?? 0) + n);
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    buckets: [...buckets].map(([index, n]) => ({ index, n })).sort((x, y) => x.index - y.index),
  };
}
