/** What is counted of each service: sums by minute and a sketch of its latencies. */
import { countMark, ERROR, noRequests, REQUEST, type RequestCounts } from '../requests.ts';
import { DDSKETCH_MAX, DDSKETCH_MIN, sketchIndexOfBits, sketchQuantile } from '../../store/sketch.ts';

/** Latencies above which requests are counted by minute, in milliseconds. */
export interface Limits {
  degradedMs: number;
  unhealthyMs: number;
  objectiveMs: number;
}

/** Numbers of a minute, in this order. */
export const CELL = { events: 0, errors: 1, requests: 2, failed: 3, timed: 4, overDegraded: 5, overUnhealthy: 6, late: 7 } as const;
const WIDTH = 8;
const SLOWEST = 5;

/** A service over the range. Minutes are counted from the start of the range; only those with events take room. */
export class ServiceTally {
  readonly counts: RequestCounts = noRequests();
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  maxMs = Number.NEGATIVE_INFINITY;
  minMs = Number.POSITIVE_INFINITY;
  timed = 0;
  /** slowest first */
  readonly slowest: { event: number; time: number; ms: number }[] = [];
  readonly #limits: Limits;
  readonly #places = new Map<number, number>();
  #lastMinute = -1;
  #lastPlace = -1;
  #cells = new Uint32Array(64 * WIDTH);
  #times = new Float64Array(64 * 2);
  #sketch: Uint32Array | null = null;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `mark` of requestMarks; `ms` NaN and `bits` of that float where it tells no latency; `event` is its id. */
  add(minute: number, time: number, mark: number, ms: number, bits: number, event: number): void {
    countMark(this.counts, mark);
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    const place = minute === this.#lastMinute ? this.#lastPlace : this.#placeOf(minute);
    const cells = this.#cells;
    const at = place * WIDTH;
    if (time < this.#times[place * 2]) this.#times[place * 2] = time;
    if (time > this.#times[place * 2 + 1]) this.#times[place * 2 + 1] = time;
    cells[at]++;
    if ((mark & ERROR) !== 0) cells[at + CELL.errors]++;
    if ((mark & REQUEST) === 0) return;
    cells[at + CELL.requests]++;
    if ((mark & ERROR) !== 0) cells[at + CELL.failed]++;
    if (!(ms >= 0)) return;
    cells[at + CELL.timed]++;
    if (ms > this.#limits.degradedMs) cells[at + CELL.overDegraded]++;
    if (ms > this.#limits.unhealthyMs) cells[at + CELL.overUnhealthy]++;
    if (ms > this.#limits.objectiveMs) cells[at + CELL.late]++;
    this.timed++;
    if (ms > this.maxMs) this.maxMs = ms;
    if (ms < this.minMs) this.minMs = ms;
    this.#sketch ??= new Uint32Array(DDSKETCH_MAX - DDSKETCH_MIN + 1);
    this.#sketch[sketchIndexOfBits(bits) - DDSKETCH_MIN]++;
    if (this.slowest.length < SLOWEST || ms > this.slowest[SLOWEST - 1].ms) this.#slow({ event, time, ms });
  }

  #slow(request: { event: number; time: number; ms: number }): void {
    this.slowest.push(request);
    this.slowest.sort((a, b) => b.ms - a.ms || a.time - b.time);
    this.slowest.length = Math.min(SLOWEST, this.slowest.length);
  }

  #placeOf(minute: number): number {
    let place = this.#places.get(minute);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(minute, place);
      if ((place + 1) * WIDTH > this.#cells.length) {
        const cells = new Uint32Array(this.#cells.length * 2);
        cells.set(this.#cells);
        this.#cells = cells;
        const times = new Float64Array(this.#times.length * 2);
        times.set(this.#times);
        this.#times = times;
      }
      this.#times[place * 2] = Number.POSITIVE_INFINITY;
      this.#times[place * 2 + 1] = Number.NEGATIVE_INFINITY;
    }
    this.#lastMinute = minute;
    this.#lastPlace = place;
    return place;
  }

  /** The minutes with events, in order. */
  minutes(): Minute[] {
    return [...this.#places]
      .sort((a, b) => a[0] - b[0])
      .map(([minute, place]) => ({ minute, first: this.#times[place * 2], last: this.#times[place * 2 + 1], cell: this.#cells.subarray(place * WIDTH, (place + 1) * WIDTH) }));
  }

  /** Milliseconds at quantile q (0..1) of its requests, within 2 %; NaN when none tells a latency. */
  quantile(q: number): number {
    if (!this.#sketch) return Number.NaN;
    const buckets: { index: number; n: number }[] = [];
    this.#sketch.forEach((n, at) => {
      if (n > 0) buckets.push({ index: at + DDSKETCH_MIN, n });
    });
    return Math.min(this.maxMs, Math.max(this.minMs, sketchQuantile(buckets, q)));
  }
}

export interface Minute {
  /** number of the minute in the range */
  minute: number;
  /** first and last event in it */
  first: number;
  last: number;
  /** by CELL */
  cell: Uint32Array;
}

/** Calls `visit` with the sums of every window of `size` minutes that ends with a minute with events. */
export function sliding(minutes: readonly Minute[], size: number, visit: (end: number, cell: Uint32Array) => void): void {
  const sums = new Uint32Array(WIDTH);
  let first = 0;
  for (const { minute, cell } of minutes) {
    for (let field = 0; field < WIDTH; field++) sums[field] += cell[field];
    for (; minutes[first].minute <= minute - size; first++) for (let field = 0; field < WIDTH; field++) sums[field] -= minutes[first].cell[field];
    visit(minute, sums);
  }
}
