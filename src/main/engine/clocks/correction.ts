/**
 * From what a source wrote to what is shown of it: t' = t + offset + drift * (t - reference), in whole microseconds, and before it the
 * zone of times that name none. Without a zone this never changes the order of a source's events.
 */
import { FLAG } from '../../../shared/event.ts';
import type { Clock, ClockSetting } from '../../../shared/clock.ts';
import { zoneOffset } from '../../../shared/time.ts';
import { createClock } from '../formats/lib/clock.ts';
import type { HotColumns } from '../store/segment.ts';

/** What a correction must know of its source. */
export interface ClockedSource {
  /** IANA zone its times without one were read with */
  zone: string;
  /** microseconds UTC: when its file was last written, and when it was read */
  modified: number;
  ingestedAt: number;
}

/** Columns of a segment by the corrected clock, and their first and last times: all, and the believable ones (NaN when there are none). */
export interface CorrectedColumns {
  hot: HotColumns;
  t0: number;
  t1: number;
  b0: number;
  b1: number;
}

const BELIEVABLE_FROM = Date.UTC(1990, 0, 1) * 1000;
const YEAR = 366 * 86_400e6;

/** One correction; made anew when the clock is set again. */
export class Correction {
  readonly clock: Clock;
  readonly #offset: number;
  readonly #rate: number;
  readonly #reference: number;
  /** from a time as it was read to what it is in the zone that was declared since; null when none was */
  readonly #zoned: ((time: number) => number) | null;
  readonly #latest: number;

  constructor(clock: Clock, source: ClockedSource) {
    this.clock = clock;
    this.#offset = clock.offset;
    this.#rate = clock.drift / 1e6;
    this.#reference = clock.reference;
    this.#zoned = clock.zone === '' || clock.zone === source.zone ? null : rezoned(source.zone, clock.zone);
    this.#latest = Math.max(source.modified, source.ingestedAt, clock.setAt) + YEAR;
  }

  /** Whether the order of events may change: a zone has hours that happen twice. */
  get mayReorder(): boolean {
    return this.#zoned !== null;
  }

  /** The time in the zone that was declared, before offset and drift. `zoneless`: the record names no zone. */
  inZone(original: number, zoneless: boolean): number {
    return this.#zoned !== null && zoneless ? this.#zoned(original) : original;
  }

  /** The corrected time, microseconds UTC. */
  time(original: number, zoneless: boolean): number {
    const time = this.inZone(original, zoneless);
    return Math.round(time + this.#offset + this.#rate * (time - this.#reference));
  }

  /** What a source wrote at a corrected time, for times that name their zone; not rounded. */
  original(time: number): number {
    return this.#reference + (time - this.#offset - this.#reference) / (1 + this.#rate);
  }

  /** A time is believed when a log can be of then; one that was believed stays so within a year of it. */
  believed(corrected: number, original: number, wasBelieved: boolean): boolean {
    return corrected >= BELIEVABLE_FROM && corrected <= (wasBelieved ? Math.max(this.#latest, original + YEAR) : this.#latest);
  }

  /** The columns by the corrected clock; those that do not change are the same arrays. */
  columns(hot: HotColumns): CorrectedColumns {
    const { n } = hot;
    const time = new Float64Array(n);
    const flags = hot.flags.slice();
    for (let i = 0; i < n; i++) {
      const corrected = this.time(hot.time[i], (flags[i] & FLAG.ZONE_ASSUMED) !== 0);
      time[i] = corrected;
      const believed = this.believed(corrected, hot.time[i], (flags[i] & FLAG.TIME_SUSPECT) === 0);
      flags[i] = believed ? flags[i] & ~FLAG.TIME_SUSPECT : flags[i] | FLAG.TIME_SUSPECT;
    }
    const order = orderOf(time, hot.order);
    const at = (place: number): number => (order ? order[place] : place);
    let first = 0;
    let last = n - 1;
    while (first < n && (flags[at(first)] & FLAG.TIME_SUSPECT) !== 0) first++;
    while (last >= first && (flags[at(last)] & FLAG.TIME_SUSPECT) !== 0) last--;
    const none = first > last;
    return { hot: { ...hot, time, flags, order }, t0: time[at(0)], t1: time[at(n - 1)], b0: none ? Number.NaN : time[at(first)], b1: none ? Number.NaN : time[at(last)] };
  }
}

/** Offsets by time, equal times in the order of the file; `known` is tried first. null = the times ascend as they are. */
function orderOf(time: Float64Array, known: Uint16Array | null): Uint16Array | null {
  let inOrder = true;
  for (let place = 1; inOrder && place < time.length; place++) {
    const before = known ? known[place - 1] : place - 1;
    const here = known ? known[place] : place;
    // Rounding may make two times one.
    inOrder = time[before] < time[here] || (time[before] === time[here] && before < here);
  }
  if (inOrder) return known;
  return Uint16Array.from(time, (_, i) => i).sort((a, b) => time[a] - time[b] || a - b);
}

/** A time read in one zone, read in another: the same digits. The meaning of hours that happen twice or never is that of formats/lib/clock.ts. */
function rezoned(from: string, to: string): (time: number) => number {
  const reader = createClock({ zone: to, modified: 0 });
  return (time) => reader.utc(time + zoneOffset(time, from));
}

/** Whether two settings move times alike: then nothing has to be counted anew. */
export function sameTimes(a: ClockSetting | undefined, b: ClockSetting | undefined): boolean {
  const moves = (one: ClockSetting | undefined): string => (one === undefined ? '0 0 0 ' : `${one.offset} ${one.drift} ${one.drift === 0 ? 0 : one.reference} ${one.zone}`);
  return moves(a) === moves(b);
}
