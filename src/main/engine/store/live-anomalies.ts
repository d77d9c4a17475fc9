/**
 * Anomalies that were found as events and samples came in, and what the detectors know (analysis/anomalies/follow.ts). What they know and what they found
 * is written in one transaction, so that after a crash nothing is judged twice and nothing is missed.
 */
import type { AnomalyFinding, LiveAnomaly } from '../../../shared/contract/anomalies.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

/** Findings that are kept; the oldest make way. */
const MOST_FOUND = 2000;
const HEAD = '';

/** How far the case was judged. Minutes are counted since 1970. */
export interface FollowHead {
  /** grows with each step: a worker's memory is of one version */
  version: number;
  /** grows when everything is judged anew */
  generation: number;
  /** version of the clocks by which it was judged; null = nothing was */
  clocks: number | null;
  /** minutes of services in [from, judged) were judged; null = none */
  from: number | null;
  judged: number | null;
  /** events before `judged`, when it was judged */
  counted: number;
  /** events and samples that came for minutes that were judged already */
  late: number;
  /** services and metric series beyond those that are followed */
  passedOver: number;
}
/** What a step has to be kept with. */
export interface FollowStep {
  head: FollowHead;
  /** late ones that this step met */
  late: number;
  states: { what: string; state: unknown }[];
  values: { what: string; parts: { part: number; data: Float64Array }[]; drop: number }[];
  found: AnomalyFinding[];
  /** all that is closed was judged */
  through: boolean;
}

export function followHead(db: Database): FollowHead {
  const text = hasTable(db, 'anomaly_state') ? db.prepare<[string], string>('SELECT data FROM anomaly_state WHERE what = ?').pluck().get(HEAD) : undefined;
  return text === undefined ? { version: 0, generation: 1, clocks: null, from: null, judged: null, counted: 0, late: 0, passedOver: 0 } : (JSON.parse(text) as FollowHead);
}
/** All that begin with `kind`: what, and what is known of it. */
export function followStates<T>(db: Database, kind: string): Map<string, T> {
  const rows = db.prepare<[number, string], { what: string; data: string }>('SELECT what, data FROM anomaly_state WHERE substr(what, 1, ?) = ?').all(kind.length, kind);
  return new Map(rows.map(({ what, data }) => [what, JSON.parse(data) as T]));
}
/** Minutes and values in turn that are kept of one series. */
export function followedPairs(db: Database, what: string): Float64Array {
  const parts = db.prepare<[string], Buffer>('SELECT data FROM anomaly_value WHERE what = ? ORDER BY part').pluck().all(what);
  // A copy: numbers begin at multiples of eight bytes.
  return new Float64Array(Uint8Array.from(Buffer.concat(parts)).buffer);
}

export class LiveAnomalyStore {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  get head(): FollowHead {
    return followHead(this.#db);
  }

  /** Keeps a step. Returns what was found and is not known yet. */
  write({ head, states, values, found, through }: FollowStep, at: number): AnomalyFinding[] {
    const db = this.#db;
    return db.transaction(() => {
      const state = db.prepare('INSERT INTO anomaly_state (what, data) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET data = excluded.data');
      const value = db.prepare('INSERT INTO anomaly_value (what, part, data) VALUES (?, ?, ?) ON CONFLICT (what, part) DO UPDATE SET data = excluded.data');
      const dropped = db.prepare('DELETE FROM anomaly_value WHERE what = ? AND part < ?');
      const again = db.prepare('UPDATE anomaly_found SET body = ?, generation = ? WHERE key = ?');
      const insert = db.prepare('INSERT INTO anomaly_found (key, about, body, generation, found_at) VALUES (?, ?, ?, ?, ?)');
      state.run(HEAD, JSON.stringify(head));
      for (const { what, state: data } of states) state.run(what, JSON.stringify(data));
      for (const { what, parts, drop } of values) {
        for (const { part, data } of parts) value.run(what, part, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
        if (drop > 0) dropped.run(what, drop);
      }
      const fresh: AnomalyFinding[] = [];
      for (const finding of found) {
        const body = bodyOf(finding);
        if (again.run(body, head.generation, finding.key).changes > 0) continue;
        insert.run(finding.key, finding.like, body, head.generation, at);
        fresh.push(finding);
      }
      // What judging anew did not find again was made by events that came late.
      if (through) db.prepare('DELETE FROM anomaly_found WHERE generation < ?').run(head.generation);
      db.prepare('DELETE FROM anomaly_found WHERE id <= (SELECT max(id) FROM anomaly_found) - ?').run(MOST_FOUND);
      return fresh;
    })();
  }

  /** What detectors know is forgotten; findings stay until all is judged again. */
  forget(): void {
    const { version, generation } = this.head;
    this.#db.transaction(() => {
      this.#db.exec('DELETE FROM anomaly_state; DELETE FROM anomaly_value');
      const head: FollowHead = { version: version + 1, generation: generation + 1, clocks: null, from: null, judged: null, counted: 0, late: 0, passedOver: 0 };
      this.#db.prepare('INSERT INTO anomaly_state (what, data) VALUES (?, ?)').run(HEAD, JSON.stringify(head));
    })();
  }

  /** Latest first. */
  list(limit: number): LiveAnomaly[] {
    if (!hasTable(this.#db, 'anomaly_found')) return [];
    return this.#db.prepare<[number], { body: string; foundAt: number }>('SELECT body, found_at AS foundAt FROM anomaly_found ORDER BY id DESC LIMIT ?').all(limit).map(({ body, foundAt }) => ({ ...findingOf(body), foundAt }));
  }
  /** What each is like, for counting those that nobody called wrong. */
  likes(): string[] {
    return hasTable(this.#db, 'anomaly_found') ? this.#db.prepare<[], string>('SELECT about FROM anomaly_found').pluck().all() : [];
  }
}

/** JSON has no NaN. */
function bodyOf({ chart, ...finding }: AnomalyFinding): string {
  return JSON.stringify({ ...finding, chart: chart && { ...chart, values: Array.from(chart.values, (value) => (Number.isFinite(value) ? value : null)) } });
}
function findingOf(body: string): AnomalyFinding {
  const { chart, ...finding } = JSON.parse(body) as Omit<AnomalyFinding, 'chart'> & { chart: { start: number; step: number; values: (number | null)[]; first: number; last: number } | null };
  return { ...finding, chart: chart && { ...chart, values: Float64Array.from(chart.values, (value) => value ?? Number.NaN) } };
}
