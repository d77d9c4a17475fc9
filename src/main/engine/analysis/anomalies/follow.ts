/**
 * Judges the minutes of a case that were closed since it was last asked, a step at a time: events, errors and median latency of services out of the
 * rollups, and metrics. A minute is closed when there is an event LATENESS behind its end. What comes for a minute that was judged is late: it is
 * counted, and judged only when all is judged anew.
 */
import type { AnomalyFinding } from '../../../../shared/contract/anomalies.ts';
import { nowMicros } from '../../../../shared/time.ts';
import { rates } from '../../metrics/statistics.ts';
import { readClocks } from '../../store/clocks.ts';
import type { Database } from '../../store/database.ts';
import { followedPairs, followHead, followStates, type FollowHead, type FollowStep } from '../../store/live-anomalies.ts';
import { pendingRecount } from '../../store/recount-state.ts';
import { decodeCoarse, decodeSeconds, type CoarseEntry } from '../../store/rollup-rows.ts';
import { SeriesStore } from '../../store/series-store.ts';
import { sketchQuantile } from '../../store/sketch.ts';
import type { AnalysisContext } from '../analysis.ts';
import { metricFacts, serviceSeries, type SeriesFacts, type ServiceMeasure } from '../case-series.ts';
import { MINUTE, SeriesFollower, type FollowerState } from './series-follower.ts';

/** Microseconds that a source may be behind the others (one that is asked once a minute is), before its minutes are judged without it. */
const LATENESS = 120e6;
/** Values judged in a step: about a second of work, which is lost when it is cut short. */
const STEP = 20_000;
/** Minutes that are judged before the newest one when a case is first looked at: older ones are for questions about a range. */
const BACK = 3 * 24 * 60;
/** Minutes without an event after which nothing is known of a service: it may not be recorded any more. */
const REST = 24 * 60;
const MOST_SERVICES = 40;
const MOST_METRICS = 160;
/** Microseconds between two samples of a counter, from which on what it grew by is of no minute. */
const LONGEST_GAP = 600e6;
/** Rollups read at once. */
const ROWS = 240;

/** It needs none of the events in memory. */
type FollowContext = Pick<AnalysisContext, 'db' | 'turns' | 'progress'>;

interface ServiceState {
  /** minute of its newest event */
  last: number;
}
interface MetricState {
  /** minutes before it were judged */
  judged: number;
  /** samples before `judged`, and in all, when it was judged */
  before: number;
  n: number;
}
/** What is remembered between two steps, which holds when the case is what the last step made of it. */
interface Memory {
  of: string;
  followers: Map<string, SeriesFollower>;
}
const memories = new WeakMap<Database, Memory>();

/** null = nothing is to be done, or not now; 'anew' = the clocks are others, so nothing that is known holds. */
export async function followCase(_input: object, context: FollowContext): Promise<FollowStep | 'anew' | null> {
  const { db } = context;
  if (pendingRecount(db)) return null;
  const head = followHead(db);
  const clocks = readClocks(db).version;
  if (head.clocks !== null && head.clocks !== clocks) return 'anew';
  const memory = memories.get(db);
  const step = new Step(context, { ...head, clocks }, memory?.of === stateOf(head) ? memory.followers : new Map());
  // A step that is cut short leaves detectors that know more than the case.
  memories.delete(db);
  const through = (await step.services()) && (await step.metrics());
  const made = step.take(through);
  memories.set(db, { of: stateOf(made?.head ?? head), followers: step.followers });
  return made;
}
/** A step that was made but not kept is of the same version as the judging anew that came instead. */
const stateOf = ({ generation, version }: FollowHead): string => `${generation} ${version}`;

class Step {
  readonly followers: Map<string, SeriesFollower>;
  readonly #context: FollowContext;
  readonly #head: FollowHead;
  readonly #states: FollowStep['states'] = [];
  readonly #found: AnomalyFinding[] = [];
  readonly #touched = new Map<string, SeriesFollower>();
  readonly #now = Math.floor((nowMicros() - LATENESS) / MINUTE);
  #pushed = 0;
  #late = 0;
  #moved = false;

  constructor(context: FollowContext, head: FollowHead, followers: Map<string, SeriesFollower>) {
    this.#context = context;
    this.#head = head;
    this.followers = followers;
  }

  /** Returns whether all closed minutes were judged. */
  async services(): Promise<boolean> {
    const { db, turns, progress } = this.#context;
    const head = this.#head;
    const closed = Math.min(this.#now, closedMinute(db));
    const first = db.prepare<[], number | null>('SELECT min(bucket) FROM rollup WHERE resolution = 60').pluck().get() ?? null;
    if (first === null || !Number.isFinite(closed)) return true;
    if (head.judged === null) {
      if (closed <= first) return true;
      head.from = head.judged = Math.max(first, closed - BACK);
      head.counted = eventsBefore(db, head.judged);
      this.#moved = true;
    }
    const before = eventsBefore(db, head.judged);
    this.#late += Math.max(0, before - head.counted);
    head.counted = before;
    const from = head.judged;
    if (closed <= from) return true;
    const services = new Services(this, from, followStates<ServiceState>(db, 'service '));
    const read = db.prepare<[number, number, number], { bucket: number; data: Buffer }>('SELECT bucket, data FROM rollup WHERE resolution = 60 AND bucket >= ? AND bucket < ? ORDER BY bucket LIMIT ?');
    for (;;) {
      const rows = read.all(head.judged, closed, ROWS);
      for (const { bucket, data } of rows) {
        await turns.next();
        progress((bucket - from) / (closed - from), 'Judging minutes');
        head.counted += services.minute(bucket, decodeCoarse(data));
        head.judged = bucket + 1;
        if (this.#pushed >= STEP) break;
      }
      if (this.#pushed >= STEP || rows.length < ROWS) break;
    }
    if (this.#pushed < STEP) head.judged = closed;
    services.quiet(head.judged);
    this.#states.push(...services.states());
    this.#moved = true;
    return head.judged === closed;
  }

  async metrics(): Promise<boolean> {
    const { db, turns, progress } = this.#context;
    const states = followStates<MetricState>(db, 'metric ');
    const rows = db.prepare<[number], { id: number; n: number }>("SELECT id, n FROM series WHERE kind <> 'histogram' ORDER BY id LIMIT ?").all(MOST_METRICS);
    const others = (sql: string, followed: number): number => Math.max(0, (db.prepare<[], number>(sql).pluck().get() ?? 0) - followed);
    this.#head.passedOver = others('SELECT count(*) FROM dict WHERE field = 0', MOST_SERVICES) + others("SELECT count(*) FROM series WHERE kind <> 'histogram'", MOST_METRICS);
    for (const [i, { id, n }] of rows.entries()) {
      const state = states.get(`metric ${id}`) ?? null;
      if (state?.n === n) continue;
      if (this.#pushed >= STEP) return false;
      await turns.next();
      progress(i / rows.length, 'Judging metrics');
      this.#metric(id, state);
    }
    return true;
  }

  #metric(id: number, state: MetricState | null): void {
    const { db } = this.#context;
    const store = new SeriesStore(db);
    // One look at the file: its number of samples and the samples belong together.
    const seen = db.transaction(() => {
      const row = store.get(id);
      if (!row || row.t0 === null || row.t1 === null) return null;
      const closed = Math.min(this.#now, Math.floor((row.t1 - LATENESS) / MINUTE));
      const from = state?.judged ?? Math.max(Math.floor(row.t0 / MINUTE) + 1, closed - BACK);
      return { row, closed: Math.max(closed, from), from, samples: store.samples(id, from * MINUTE - LONGEST_GAP, null) };
    })();
    if (seen === null) return;
    const { row, closed, from, samples } = seen;
    const firstNew = samples.times.findIndex((time) => time >= from * MINUTE);
    const fresh = firstNew < 0 ? 0 : samples.times.length - firstNew;
    const late = state === null ? 0 : Math.max(0, row.n - fresh - state.before);
    if (late === 0 && closed === from) return;
    this.#late += late;
    const { times, values } = row.cumulative ? steadyRates(samples) : samples;
    const sums = new Map<number, { sum: number; n: number }>();
    for (const [i, time] of times.entries()) {
      const minute = Math.floor(time / MINUTE);
      if (minute < from || minute >= closed || !Number.isFinite(values[i])) continue;
      const known = sums.get(minute) ?? { sum: 0, n: 0 };
      sums.set(minute, { sum: known.sum + values[i], n: known.n + 1 });
    }
    for (const [minute, { sum, n }] of sums) this.push(`value ${id}`, () => metricFacts(row), minute, sum / n);
    const before = row.n - samples.times.filter((time) => time >= closed * MINUTE).length;
    this.#states.push({ what: `metric ${id}`, state: { judged: closed, before, n: row.n } satisfies MetricState });
    this.#moved = true;
  }

  push(what: string, facts: () => SeriesFacts, minute: number, value: number): void {
    const follower = this.#follower(what, facts);
    this.#touched.set(what, follower);
    this.#pushed++;
    const found = follower.push(minute, value);
    if (found !== null) this.#found.push(found);
  }
  #follower(what: string, facts: () => SeriesFacts): SeriesFollower {
    let follower = this.followers.get(what);
    if (!follower) {
      const saved = this.#context.db.prepare<[string], string>('SELECT data FROM anomaly_state WHERE what = ?').pluck().get(what);
      follower = new SeriesFollower(facts(), saved === undefined ? null : { state: JSON.parse(saved) as FollowerState, pairs: followedPairs(this.#context.db, what) });
      this.followers.set(what, follower);
    }
    return follower;
  }
  serviceName(id: number): string {
    return this.#context.db.prepare<[number], string>('SELECT name FROM dict WHERE field = 0 AND id = ?').pluck().get(id) ?? '';
  }

  /** null = there is nothing to be kept. */
  take(through: boolean): FollowStep | null {
    if (!this.#moved && this.#late === 0) return null;
    const values: FollowStep['values'] = [];
    for (const [what, follower] of this.#touched) {
      const saved = follower.take();
      if (saved === null) continue;
      this.#states.push({ what, state: saved.state });
      values.push({ what, parts: saved.parts, drop: saved.drop });
    }
    const head = { ...this.#head, version: this.#head.version + 1, late: this.#head.late + this.#late };
    return { head, late: this.#late, states: this.#states, values, found: this.#found.sort((a, b) => a.to - b.to), through };
  }
}

/** The services that are followed, minute by minute. */
class Services {
  readonly #step: Step;
  readonly #known: Map<number, ServiceState & { next: number; changed: boolean }>;

  constructor(step: Step, judged: number, states: ReadonlyMap<string, ServiceState>) {
    this.#step = step;
    this.#known = new Map([...states].map(([what, { last }]) => [Number(what.slice('service '.length)), { last, next: judged, changed: false }]));
  }

  /** Takes a minute in which there is something. Returns how many events it has. */
  minute(minute: number, entries: readonly CoarseEntry[]): number {
    this.quiet(minute);
    let all = 0;
    for (const { service, counts, latency } of entries) {
      const events = counts.reduce((sum, n) => sum + n, 0);
      all += events;
      if (service === 0 || events === 0) continue;
      const known = this.#known.get(service);
      if (!known && this.#known.size >= MOST_SERVICES) continue;
      // The minute in which it begins is seldom whole.
      const begins = !known || minute - known.last > REST;
      this.#known.set(service, { last: minute, next: minute + 1, changed: true });
      if (begins) continue;
      this.#push('events', service, minute, events);
      this.#push('errors', service, minute, counts[3] + counts[4]);
      if (latency.count > 0) this.#push('latency', service, minute, Math.min(latency.max, Math.max(latency.min, sketchQuantile(latency.buckets, 0.5))));
    }
    return all;
  }
  /** Nothing more came before this minute. */
  quiet(before: number): void {
    for (const [service, known] of this.#known) {
      for (; known.next < Math.min(before, known.last + REST + 1); known.next++) {
        this.#push('events', service, known.next, 0);
        this.#push('errors', service, known.next, 0);
      }
      known.next = Math.max(known.next, before);
    }
  }
  #push(measure: ServiceMeasure, service: number, minute: number, value: number): void {
    this.#step.push(`${measure} ${service}`, () => serviceSeries(measure, this.#step.serviceName(service), ''), minute, value);
  }
  states(): FollowStep['states'] {
    return [...this.#known].filter(([, { changed }]) => changed).map(([id, { last }]) => ({ what: `service ${id}`, state: { last } satisfies ServiceState }));
  }
}

/** Minutes before this one are closed; -Infinity when there is no event. */
function closedMinute(db: Database): number {
  const row = db.prepare<[], { bucket: number; data: Buffer }>('SELECT bucket, data FROM rollup WHERE resolution = 1 ORDER BY bucket DESC LIMIT 1').get();
  if (!row) return Number.NEGATIVE_INFINITY;
  const second = decodeSeconds(row.data).reduce((latest, entry) => Math.max(latest, entry.second), 0);
  return Math.floor(((row.bucket * 60 + second) * 1e6 - LATENESS) / MINUTE);
}

/** Events in the rollups before a minute, out of as few rows as there can be. */
function eventsBefore(db: Database, minute: number): number {
  const read = db.prepare<[number, number, number], Buffer>('SELECT data FROM rollup WHERE resolution = ? AND bucket >= ? AND bucket < ?').pluck();
  const count = (resolution: number, from: number, to: number): number => {
    let events = 0;
    for (const data of read.iterate(resolution, from, to)) for (const { counts } of decodeCoarse(data)) for (const n of counts) events += n;
    return events;
  };
  const day = Math.floor(minute / 1440);
  const hour = Math.floor(minute / 60);
  return count(86_400, Number.MIN_SAFE_INTEGER, day) + count(3600, day * 24, hour) + count(60, hour * 60, minute);
}

/** Rates of a counter without those over long gaps, which would depend on where reading began. */
function steadyRates(samples: { times: Float64Array; values: Float64Array }): { times: Float64Array; values: Float64Array } {
  const finite = samples.times.filter((_, i) => Number.isFinite(samples.values[i]));
  const line = rates(samples);
  let before = 0;
  const kept = line.times.map((time) => {
    while (before + 1 < finite.length && finite[before + 1] < time) before++;
    return time - finite[before] <= LONGEST_GAP ? 1 : 0;
  });
  return { times: line.times.filter((_, i) => kept[i] === 1), values: line.values.filter((_, i) => kept[i] === 1) };
}
