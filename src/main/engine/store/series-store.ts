/** Metrics of a case: series, and their samples in chunks. */
import type { Database } from 'better-sqlite3';
import type { Series } from '../../../shared/contract/metrics.ts';
import type { BuiltSamples } from '../pipeline/sample-builder.ts';
import { decodeSamples, type Samples } from '../metrics/series-codec.ts';
import type { Labels } from '../metrics/series.ts';
import type { Correction } from '../clocks/correction.ts';
import { readClocks, settleTimes } from './clocks.ts';
import { pack } from './compression.ts';

interface Raw extends Omit<Series, 'labels' | 'cumulative'> {
  labels: string;
  cumulative: number;
}
const COLUMNS = 'id, source, name, labels, kind, unit, cumulative, help, n, t0, t1';

export class SeriesStore {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores samples and rejects of a source, and counts them in its ledger, in one transaction. */
  commit(source: number, batch: BuiltSamples): void {
    this.#db.transaction(() => {
      const upsert = this.#db
        .prepare<unknown[], number>(
          `INSERT INTO series (source, name, labels, kind, unit, cumulative, help) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (source, name, labels) DO UPDATE SET kind = iif(excluded.kind = 'untyped', kind, excluded.kind), unit = iif(excluded.unit = '', unit, excluded.unit),
             cumulative = excluded.cumulative, help = iif(excluded.help = '', help, excluded.help) RETURNING id`,
        )
        .pluck();
      const insert = this.#db.prepare('INSERT INTO series_chunk (series, n, t0, t1, data) VALUES (?, ?, ?, ?, ?)');
      const count = this.#db.prepare('UPDATE series SET n = n + ?, t0 = min(coalesce(t0, ?), ?), t1 = max(coalesce(t1, ?), ?) WHERE id = ?');
      let first = Number.POSITIVE_INFINITY;
      let last = Number.NEGATIVE_INFINITY;
      for (const { head, help, chunks } of batch.series) {
        const id = upsert.get(source, head.name, JSON.stringify(head.labels), head.kind, head.unit, head.cumulative ? 1 : 0, help) ?? 0;
        for (const { n, t0, t1, data } of chunks) {
          insert.run(id, n, t0, t1, data);
          count.run(n, t0, t0, t1, t1, id);
          first = Math.min(first, t0);
          last = Math.max(last, t1);
        }
      }
      const reject = this.#db.prepare('INSERT INTO reject (source, offset, length, reason, at, attempts, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)');
      const now = Date.now() * 1000;
      for (const { offset, length, reason, attempts = 1, bytes } of batch.rejects) reject.run(source, offset, length, reason, now, attempts, pack(bytes));
      const times = batch.stored > 0 ? [first, first, last, last] : [null, null, null, null];
      this.#db
        .prepare('UPDATE source SET read = read + ?, stored = stored + ?, rejected = rejected + ?, t0 = min(coalesce(t0, ?), coalesce(?, t0)), t1 = max(coalesce(t1, ?), coalesce(?, t1)) WHERE id = ?')
        .run(batch.read, batch.stored, batch.rejects.length, ...times, source);
      if (readClocks(this.#db).corrections.has(source)) settleTimes(this.#db, source);
    })();
  }

  /** Forgets what was stored of a source, which is to be read from its start again. */
  clear(source: number): void {
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM series_chunk WHERE series IN (SELECT id FROM series WHERE source = ?)').run(source);
      this.#db.prepare('DELETE FROM series WHERE source = ?').run(source);
      this.#db.prepare('DELETE FROM reject WHERE source = ?').run(source);
      this.#db.prepare('UPDATE source SET read = 0, stored = 0, duplicates = 0, rejected = 0, t0 = NULL, t1 = NULL WHERE id = ?').run(source);
    })();
  }

  /**
   * Series whose name or labels contain all of the words, by name.
   * @param text words, divided by blanks; '' = all
   */
  list(text: string, limit: number): { rows: Series[]; total: number } {
    const words = text.trim().split(/\s+/).filter((word) => word !== '').slice(0, 20);
    const where = words.map(() => `(instr(lower(name), ?) > 0 OR instr(lower(labels), ?) > 0)`).join(' AND ') || 'true';
    const args = words.flatMap((word) => [word.toLowerCase(), word.toLowerCase()]);
    const total = this.#db.prepare<unknown[], number>(`SELECT count(*) FROM series WHERE ${where}`).pluck().get(...args) ?? 0;
    const rows = this.#db.prepare<unknown[], Raw>(`SELECT ${COLUMNS} FROM series WHERE ${where} ORDER BY name, labels, id LIMIT ?`).all(...args, limit);
    const { corrections } = readClocks(this.#db);
    return { rows: rows.map((row) => toRow(row, corrections)), total };
  }

  get(id: number): Series | undefined {
    const row = this.#db.prepare<[number], Raw>(`SELECT ${COLUMNS} FROM series WHERE id = ?`).get(id);
    return row && toRow(row, readClocks(this.#db).corrections);
  }

  /** Samples of a series in time order (those of one time in the order of the source), by the clock of its source; from and to in microseconds UTC, null = open. */
  samples(id: number, from: number | null, to: number | null): Samples {
    return this.reader()(id, from, to);
  }

  /** `samples` for many series: statements are prepared and clocks read once, so it is to be used at once. */
  reader(): (id: number, from: number | null, to: number | null) => Samples {
    const { corrections } = readClocks(this.#db);
    const chunks = this.#db.prepare<[number, number, number], Buffer>('SELECT data FROM series_chunk WHERE series = ? AND t1 >= ? AND t0 < ? ORDER BY t0, id').pluck();
    const sourceOf = this.#db.prepare<[number], number>('SELECT source FROM series WHERE id = ?').pluck();
    const stored = (id: number, from: number | null, to: number | null): Samples =>
      joined(chunks.all(id, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER).map(decodeSamples), from, to);
    return (id, from, to) => {
      const correction = corrections.size === 0 ? undefined : corrections.get(sourceOf.get(id) ?? 0);
      if (!correction) return stored(id, from, to);
      // Whole microseconds: what is rounded into the range lies at most one outside.
      const { times, values } = stored(id, from === null ? null : Math.floor(correction.original(from)) - 1, to === null ? null : Math.ceil(correction.original(to)) + 1);
      const corrected = times.map((time) => correction.time(time, false));
      const first = from === null ? 0 : corrected.findIndex((time) => time >= from);
      const behind = to === null ? -1 : corrected.findIndex((time) => time >= to);
      if (first < 0) return { times: new Float64Array(0), values: new Float64Array(0) };
      const end = behind < 0 ? corrected.length : behind;
      return { times: corrected.subarray(first, end), values: values.subarray(first, end) };
    };
  }
}

/** Samples of chunks, within from and to, in time order. */
function joined(parts: readonly Samples[], from: number | null, to: number | null): Samples {
  const n = parts.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(n);
  const values = new Float64Array(n);
  let kept = 0;
  let sorted = true;
  for (const part of parts) {
    for (let i = 0; i < part.times.length; i++) {
      const time = part.times[i];
      if ((from !== null && time < from) || (to !== null && time >= to)) continue;
      if (kept > 0 && time < times[kept - 1]) sorted = false;
      times[kept] = time;
      values[kept++] = part.values[i];
    }
  }
  const all = { times: times.subarray(0, kept), values: values.subarray(0, kept) };
  if (sorted) return all;
  const order = Uint32Array.from({ length: kept }, (_, i) => i).sort((a, b) => all.times[a] - all.times[b] || a - b);
  return { times: Float64Array.from(order, (i) => all.times[i]), values: Float64Array.from(order, (i) => all.values[i]) };
}

function toRow(row: Raw, corrections: ReadonlyMap<number, Correction>): Series {
  const corrected = (time: number | null): number | null => (time === null ? null : (corrections.get(row.source)?.time(time, false) ?? time));
  return { ...row, t0: corrected(row.t0), t1: corrected(row.t1), labels: JSON.parse(row.labels) as Labels, cumulative: row.cumulative === 1 };
}
