/**
 * Rollups at 1 s, 1 m, 5 m, 1 h and 1 d, written in the transaction that stores the events. Seconds are packed into one row a minute
 * (most seconds of most cases are empty); the coarser ones are one row a bucket with, for each service: counts by severity, a
 * latency sketch and distinct users. Everything merges, so batches may come in any order.
 */
import type { Database } from 'better-sqlite3';
import type { RollupDelta } from '../pipeline/rollup-delta.ts';
import { Distinct } from './distinct.ts';
import { sketchQuantile } from './sketch.ts';

/** Resolutions in seconds. */
export const RESOLUTIONS = { '1s': 1, '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 } as const;
export type Resolution = keyof typeof RESOLUTIONS;
const COARSE = [60, 300, 3600, 86_400];

/** What a bucket holds of one service. */
export interface ServiceStats {
  /** by severity, info first */
  counts: number[];
  latency: { count: number; sum: number; min: number; max: number; buckets: Map<number, number> };
  users: Distinct;
}
export interface RollupRow {
  /** start of the bucket, microseconds UTC */
  time: number;
  service: number;
  stats: ServiceStats;
}

function emptyStats(): ServiceStats {
  return { counts: [0, 0, 0, 0, 0], latency: { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, buckets: new Map() }, users: new Distinct() };
}

type Bucket = Map<number, ServiceStats>;

export class RollupStore {
  readonly #db: Database;
  // Per minute: counts by second, severity and service; and the statistics that coarser buckets are made of.
  #seconds = new Map<number, Map<number, number>>();
  #minutes = new Map<number, Bucket>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds a segment's part; `services` maps its codes to ids of the case. */
  add(delta: RollupDelta, services: Uint32Array): void {
    const { seconds, latency, latencyStats, users } = delta;
    for (let i = 0; i < seconds.second.length; i++) {
      const second = seconds.second[i];
      const minute = Math.floor(second / 60);
      const service = services[seconds.service[i]];
      let packed = this.#seconds.get(minute);
      if (!packed) this.#seconds.set(minute, (packed = new Map()));
      const key = (service * 60 + (second - minute * 60)) * 5 + seconds.severity[i];
      packed.set(key, (packed.get(key) ?? 0) + seconds.n[i]);
      this.#stats(minute, service).counts[seconds.severity[i]] += seconds.n[i];
    }
    for (let i = 0; i < latency.minute.length; i++) {
      const { buckets } = this.#stats(latency.minute[i], services[latency.service[i]]).latency;
      buckets.set(latency.index[i], (buckets.get(latency.index[i]) ?? 0) + latency.n[i]);
    }
    for (let i = 0; i < latencyStats.minute.length; i++) {
      const stats = this.#stats(latencyStats.minute[i], services[latencyStats.service[i]]).latency;
      stats.count += latencyStats.count[i];
      stats.sum += latencyStats.sum[i];
      stats.min = Math.min(stats.min, latencyStats.min[i]);
      stats.max = Math.max(stats.max, latencyStats.max[i]);
    }
    for (let i = 0; i < users.minute.length; i++) this.#stats(users.minute[i], services[users.service[i]]).users.add(users.hash[i]);
  }

  #stats(minute: number, service: number): ServiceStats {
    let bucket = this.#minutes.get(minute);
    if (!bucket) this.#minutes.set(minute, (bucket = new Map()));
    let stats = bucket.get(service);
    if (!stats) bucket.set(service, (stats = emptyStats()));
    return stats;
  }

  /** Writes what was added into the file; call it inside the transaction. */
  flush(): void {
    const read = this.#db.prepare<[number, number], Buffer>('SELECT data FROM rollup WHERE resolution = ? AND bucket = ?').pluck();
    const write = this.#db.prepare('INSERT INTO rollup (resolution, bucket, data) VALUES (?, ?, ?) ON CONFLICT (resolution, bucket) DO UPDATE SET data = excluded.data');
    for (const [minute, packed] of this.#seconds) {
      const held = read.get(1, minute);
      if (held) for (const [key, n] of decodeSeconds(held)) packed.set(key, (packed.get(key) ?? 0) + n);
      write.run(1, minute, encodeSeconds(packed));
    }
    for (const resolution of COARSE) {
      const buckets = new Map<number, Bucket>();
      for (const [minute, bucket] of this.#minutes) {
        const number = Math.floor((minute * 60) / resolution);
        const target = buckets.get(number);
        if (target) mergeBucket(target, bucket);
        else buckets.set(number, resolution === 60 ? bucket : copyBucket(bucket));
      }
      for (const [number, bucket] of buckets) {
        const held = read.get(resolution, number);
        const target = held ? decodeBucket(held) : new Map<number, ServiceStats>();
        mergeBucket(target, bucket);
        write.run(resolution, number, encodeBucket(target));
      }
    }
    this.discard();
  }

  /** Forgets what was added since the last flush (the transaction failed). */
  discard(): void {
    this.#seconds = new Map();
    this.#minutes = new Map();
  }
}

function mergeBucket(target: Bucket, source: Bucket): void {
  for (const [service, stats] of source) {
    let mine = target.get(service);
    if (!mine) target.set(service, (mine = emptyStats()));
    for (let s = 0; s < 5; s++) mine.counts[s] += stats.counts[s];
    mine.latency.count += stats.latency.count;
    mine.latency.sum += stats.latency.sum;
    mine.latency.min = Math.min(mine.latency.min, stats.latency.min);
    mine.latency.max = Math.max(mine.latency.max, stats.latency.max);
    for (const [index, n] of stats.latency.buckets) mine.latency.buckets.set(index, (mine.latency.buckets.get(index) ?? 0) + n);
    mine.users.merge(stats.users);
  }
}
function copyBucket(bucket: Bucket): Bucket {
  const copy: Bucket = new Map();
  mergeBucket(copy, bucket);
  return copy;
}

/** Keys are (service * 60 + second) * 5 + severity. An entry is service (32 bits), second * 5 + severity (16) and count (32). */
const SECOND_ENTRY = 10;
function encodeSeconds(packed: Map<number, number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(packed.size * SECOND_ENTRY));
  let at = 0;
  for (const [key, n] of packed) {
    view.setUint32(at, Math.floor(key / 300), true);
    view.setUint16(at + 4, key % 300, true);
    view.setUint32(at + 6, n, true);
    at += SECOND_ENTRY;
  }
  return new Uint8Array(view.buffer);
}
function* decodeSeconds(blob: Uint8Array): Generator<[number, number], void, void> {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  for (let at = 0; at < blob.length; at += SECOND_ENTRY) {
    yield [view.getUint32(at, true) * 300 + view.getUint16(at + 4, true), view.getUint32(at + 6, true)];
  }
}

function encodeBucket(bucket: Bucket): Uint8Array {
  const users = [...bucket.values()].map((stats) => stats.users.encode());
  let size = 0;
  [...bucket.values()].forEach((stats, i) => (size += 4 + 20 + 4 + 24 + 2 + stats.latency.buckets.size * 6 + users[i].length));
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at = 0;
  let i = 0;
  for (const [service, { counts, latency }] of bucket) {
    view.setUint32(at, service, true);
    counts.forEach((n, s) => view.setUint32(at + 4 + s * 4, n, true));
    at += 24;
    view.setUint32(at, latency.count, true);
    view.setFloat64(at + 4, latency.sum, true);
    view.setFloat64(at + 12, latency.min, true);
    view.setFloat64(at + 20, latency.max, true);
    view.setUint16(at + 28, latency.buckets.size, true);
    at += 30;
    for (const [index, n] of latency.buckets) {
      view.setInt16(at, index, true);
      view.setUint32(at + 2, n, true);
      at += 6;
    }
    out.set(users[i], at);
    at += users[i++].length;
  }
  return out;
}
function decodeBucket(blob: Uint8Array): Bucket {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const bucket: Bucket = new Map();
  for (let at = 0; at < blob.length; ) {
    const stats = emptyStats();
    bucket.set(view.getUint32(at, true), stats);
    for (let s = 0; s < 5; s++) stats.counts[s] = view.getUint32(at + 4 + s * 4, true);
    at += 24;
    stats.latency.count = view.getUint32(at, true);
    stats.latency.sum = view.getFloat64(at + 4, true);
    stats.latency.min = view.getFloat64(at + 12, true);
    stats.latency.max = view.getFloat64(at + 20, true);
    const n = view.getUint16(at + 28, true);
    at += 30;
    for (let i = 0; i < n; i++, at += 6) stats.latency.buckets.set(view.getInt16(at, true), view.getUint32(at + 2, true));
    const { distinct, end } = Distinct.decode(view, at);
    stats.users = distinct;
    at = end;
  }
  return bucket;
}

/** Rollup rows of a resolution in [from, to) microseconds, in time order. */
export function* readRollups(db: Database, resolution: Resolution, from: number | null, to: number | null): Generator<RollupRow, void, void> {
  const seconds = RESOLUTIONS[resolution];
  const width = resolution === '1s' ? 60 : seconds;
  const low = from === null ? Number.MIN_SAFE_INTEGER : Math.floor(from / 1e6 / width);
  const high = to === null ? Number.MAX_SAFE_INTEGER : Math.ceil(to / 1e6 / width);
  const rows = db.prepare<[number, number, number], { bucket: number; data: Buffer }>('SELECT bucket, data FROM rollup WHERE resolution = ? AND bucket >= ? AND bucket < ? ORDER BY bucket');
  for (const { bucket, data } of rows.iterate(seconds, low, high)) {
    if (resolution !== '1s') {
      for (const [service, stats] of decodeBucket(data)) yield { time: bucket * seconds * 1e6, service, stats };
      continue;
    }
    const bySecond = new Map<number, ServiceStats>();
    for (const [key, n] of decodeSeconds(data)) {
      const slot = Math.floor(key / 5);
      let stats = bySecond.get(slot);
      if (!stats) bySecond.set(slot, (stats = emptyStats()));
      stats.counts[key % 5] += n;
    }
    for (const [slot, stats] of [...bySecond].sort((a, b) => (a[0] % 60) - (b[0] % 60))) {
      const time = (bucket * 60 + (slot % 60)) * 1e6;
      if ((from === null || time >= from) && (to === null || time < to)) yield { time, service: Math.floor(slot / 60), stats };
    }
  }
}

/** Share of a bucket's events weighted by severity, 0..1: critical 1, high 0.7, medium 0.3, low 0.1. */
export function riskOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return total === 0 ? 0 : (counts[4] + counts[3] * 0.7 + counts[2] * 0.3 + counts[1] * 0.1) / total;
}

const COLUMNS = ['time', 'time_us', 'service', 'total', 'info', 'low', 'medium', 'high', 'critical', 'error_rate', 'per_second', 'latency_count', 'latency_mean', 'latency_min', 'latency_p50', 'latency_p95', 'latency_p99', 'latency_max', 'users', 'risk'];

/** Makes rollup_1s .. rollup_1d readable as tables; hidden columns from_us and to_us push a range down. */
export function registerRollupTables(db: Database): void {
  const name = db.prepare<[number], string>('SELECT name FROM dict WHERE field = 0 AND id = ?').pluck();
  for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
    db.table(`rollup_${resolution}`, {
      columns: COLUMNS,
      parameters: ['from_us', 'to_us'],
      rows: function* (from: unknown, to: unknown) {
        const bound = (value: unknown): number | null => (typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null);
        for (const { time, service, stats } of readRollups(db, resolution, bound(from), bound(to))) {
          const { counts, latency } = stats;
          const total = counts.reduce((sum, n) => sum + n, 0);
          const buckets = [...latency.buckets].map(([index, n]) => ({ index, n })).sort((a, b) => a.index - b.index);
          const quantile = (q: number): number | null => (latency.count === 0 ? null : Math.min(latency.max, Math.max(latency.min, sketchQuantile(buckets, q))));
          yield [
            new Date(time / 1000).toISOString(), time, service === 0 ? null : (name.get(service) ?? null), total, ...counts, total === 0 ? 0 : (counts[3] + counts[4]) / total, total / RESOLUTIONS[resolution],
            latency.count, latency.count === 0 ? null : latency.sum / latency.count, latency.count === 0 ? null : latency.min, quantile(0.5), quantile(0.95), quantile(0.99), latency.count === 0 ? null : latency.max,
            stats.users.count, riskOf(counts),
          ];
        }
      },
    });
  }
}
