/**
 * Rollups at 1 s, 1 m, 5 m, 1 h and 1 d, written in the transaction that stores the events. Seconds are packed into one row a minute
 * (most seconds of most cases are empty); the coarser ones are one row a bucket with, for each service: counts by severity, a
 * latency sketch and distinct users. Everything merges, so batches may come in any order.
 */
import type { Database, Statement } from 'better-sqlite3';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { Distinct } from './distinct.ts';
import { decodeCoarse, decodeSeconds, mapServices, mergeCoarse, mergeSeconds, type CoarseEntry, type RollupRows } from './rollup-rows.ts';
import { sketchQuantile } from './sketch.ts';
import { pendingRecount } from './recount-state.ts';

/** Resolutions in seconds. */
const RESOLUTIONS = { '1s': 1, '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 } as const;
type Resolution = keyof typeof RESOLUTIONS;

interface RollupRow extends CoarseEntry {
  /** start of the bucket, microseconds UTC */
  time: number;
}

export class RollupStore {
  readonly #read: Statement<[number, number], Buffer>;
  readonly #insert: Statement<[number, number, Uint8Array]>;
  readonly #update: Statement<[Uint8Array, number, number]>;

  /** `table`: where they are put, rollup_next while they are counted anew (store/recount.ts). */
  constructor(db: Database, table: 'rollup' | 'rollup_next' = 'rollup') {
    this.#read = db.prepare<[number, number], Buffer>(`SELECT data FROM ${table} WHERE resolution = ? AND bucket = ?`).pluck();
    this.#insert = db.prepare(`INSERT OR IGNORE INTO ${table} (resolution, bucket, data) VALUES (?, ?, ?)`);
    this.#update = db.prepare(`UPDATE ${table} SET data = ? WHERE resolution = ? AND bucket = ?`);
  }

  /** Puts rows away inside the caller's transaction; `services` maps ids of the worker to ids of the case, in `rows` itself. */
  write({ resolution, bucket, end, data }: RollupRows, services: readonly number[]): void {
    for (let i = 0, start = 0; i < end.length; start = end[i++]) {
      const row = data.subarray(start, end[i]);
      mapServices(row, services);
      if (this.#insert.run(resolution[i], bucket[i], row).changes > 0) continue;
      const held = this.#read.get(resolution[i], bucket[i]);
      if (held) this.#update.run(resolution[i] === 1 ? mergeSeconds(held, row) : mergeCoarse(held, row), resolution[i], bucket[i]);
    }
  }
}

/** Rollup rows of a resolution in [from, to) microseconds, in time order. */
function* readRollups(db: Database, resolution: Resolution, from: number | null, to: number | null): Generator<RollupRow, void, void> {
  if (pendingRecount(db)) throw new TidemarkError('busy', 'Rollups are being counted anew, because the clock of a source was set. Ask again in a moment; a case that is opened read-only has to be opened for writing once.');
  const seconds = RESOLUTIONS[resolution];
  const width = resolution === '1s' ? 60 : seconds;
  const low = from === null ? Number.MIN_SAFE_INTEGER : Math.floor(from / 1e6 / width);
  const high = to === null ? Number.MAX_SAFE_INTEGER : Math.ceil(to / 1e6 / width);
  const rows = db.prepare<[number, number, number], { bucket: number; data: Buffer }>('SELECT bucket, data FROM rollup WHERE resolution = ? AND bucket >= ? AND bucket < ? ORDER BY bucket');
  for (const { bucket, data } of rows.iterate(seconds, low, high)) {
    if (resolution !== '1s') {
      for (const entry of decodeCoarse(data)) yield { time: bucket * seconds * 1e6, ...entry };
      continue;
    }
    const bySecond = new Map<string, RollupRow>();
    for (const { second, service, severity, n } of decodeSeconds(data)) {
      const key = `${second} ${service}`;
      let row = bySecond.get(key);
      if (!row) bySecond.set(key, (row = { time: (bucket * 60 + second) * 1e6, service, counts: [0, 0, 0, 0, 0], latency: { count: 0, sum: 0, min: 0, max: 0, buckets: [] }, users: new Distinct() }));
      row.counts[severity] += n;
    }
    for (const row of bySecond.values()) if ((from === null || row.time >= from) && (to === null || row.time < to)) yield row;
  }
}

/** Share of a bucket's events weighted by severity, 0..1: critical 1, high 0.7, medium 0.3, low 0.1. */
function riskOf(counts: readonly number[]): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return total === 0 ? 0 : (counts[4] + counts[3] * 0.7 + counts[2] * 0.3 + counts[1] * 0.1) / total;
}

const COLUMNS = ['time', 'time_us', 'service', 'total', 'info', 'low', 'medium', 'high', 'critical', 'error_rate', 'per_second', 'latency_count', 'latency_mean', 'latency_min', 'latency_p50', 'latency_p95', 'latency_p99', 'latency_max', 'users', 'risk'];

/**
 * Makes rollup_1s .. rollup_1d readable as tables of `db`; hidden columns from_us and to_us push a range down. Rows are read through
 * `reader`, another connection to the case: `db` is busy while it runs the statement that asks.
 */
export function registerRollupTables(db: Database, reader: Database): void {
  const name = reader.prepare<[number], string>('SELECT name FROM dict WHERE field = 0 AND id = ?').pluck();
  for (const resolution of Object.keys(RESOLUTIONS) as Resolution[]) {
    db.table(`rollup_${resolution}`, {
      columns: COLUMNS,
      parameters: ['from_us', 'to_us'],
      rows: function* (from: unknown, to: unknown) {
        const bound = (value: unknown): number | null => (typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null);
        for (const { time, service, counts, latency, users } of readRollups(reader, resolution, bound(from), bound(to))) {
          const total = counts.reduce((sum, n) => sum + n, 0);
          const quantile = (q: number): number | null => (latency.count === 0 ? null : Math.min(latency.max, Math.max(latency.min, sketchQuantile(latency.buckets, q))));
          yield [
            new Date(time / 1000).toISOString(), time, service === 0 ? null : (name.get(service) ?? null), total, ...counts, total === 0 ? 0 : (counts[3] + counts[4]) / total, total / RESOLUTIONS[resolution],
            latency.count, latency.count === 0 ? null : latency.sum / latency.count, latency.count === 0 ? null : latency.min, quantile(0.5), quantile(0.95), quantile(0.99), latency.count === 0 ? null : latency.max,
            users.count, riskOf(counts),
          ];
        }
      },
    });
  }
}
