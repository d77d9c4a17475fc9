/**
 * How far two clocks are apart, from moments that both have seen.
 *
 * The line offset + drift * (t - reference) through differences of clock readings is the one of Theil (1950) and Sen (1968, "Estimates of the
 * regression coefficient based on Kendall's tau"): the slope is the median of the slopes between all pairs of points, the height the median
 * of what remains; nearly a third of the points may be wrong. A drift is only told when Sen's 95 % interval of the slope leaves 0 out. For
 * spans of a call the moments have limits on both sides (the callee works within the time that its caller waits), and as in NTP's clock
 * filter (RFC 5905, section 10) those with the least room count: the middle of their limits is the difference, half the room its error.
 */
import { MAD_TO_SIGMA, median, quantile } from '../analysis/statistics/descriptive.ts';

/** One moment that both clocks have seen. All in microseconds. */
export interface Sighting {
  /** what the clock to be corrected said */
  time: number;
  /** what has to be added to it to get what the other clock said */
  difference: number;
  /** how far the difference can be wrong because of what the two events are (half the time that a caller waited beyond its callee's work); 0 = not known */
  room: number;
}

export interface Estimate {
  /** microseconds, at the reference */
  offset: number;
  /** microseconds a second; 0 when none can be told */
  drift: number;
  reference: number;
  /** half the width within which 95 % of the sightings lie that fit, and what the rounding of times adds */
  uncertainty: number;
  /** sightings that it is made of, and those among them that do not fit and were left out of the uncertainty */
  used: number;
  outliers: number;
  /** first and last of them, by the clock to be corrected */
  from: number;
  to: number;
}

/** Fewer say nothing. */
const LEAST_SIGHTINGS = 5;
/** Points of which all pairs are looked at: more are gathered into the medians of so many stretches of time. */
const MOST_POINTS = 400;
/** A drift is not looked for in fewer, nor in a shorter time. */
const LEAST_FOR_DRIFT = 12;
const LEAST_SPAN = 60e6;
/** No quartz is worse by much; a steeper slope is something else than a clock. */
const MOST_DRIFT = 1000;

/**
 * @param resolution what the times of both clocks are whole multiples of, together (two that write whole seconds: 2e6)
 * @returns null when there is too little to go on
 */
export function estimateClock(sightings: readonly Sighting[], resolution: number): Estimate | null {
  const kept = leastRoom(sightings);
  if (kept.length < LEAST_SIGHTINGS) return null;
  const points = kept.toSorted((a, b) => a.time - b.time);
  const from = points[0].time;
  const to = points[points.length - 1].time;
  const reference = Math.round((from + to) / 2);
  // As it is told: what rounding it adds at the ends of a long time is part of the uncertainty.
  const slope = Math.round(slopeOf(stretches(points), points.length, to - from) * 1e9) / 1e9;
  const height = median(points.map(({ time, difference }) => difference - slope * (time - reference)));
  const errors = points.map(({ time, difference }) => Math.abs(difference - slope * (time - reference) - height));
  // What is rounded can be off by all of it without being wrong.
  const fits = Math.max(6 * MAD_TO_SIGMA * median(errors), resolution, 1000);
  const fitting = errors.filter((error) => error <= fits).sort((a, b) => a - b);
  const spread = fitting[Math.max(0, Math.ceil(fitting.length * 0.95) - 1)];
  const room = median(points.map((point) => point.room));
  return {
    offset: Math.round(height), drift: Math.round(slope * 1e9) / 1e3, reference, uncertainty: Math.ceil(Math.max(spread, room) + resolution / 2),
    used: points.length, outliers: points.length - fitting.length, from, to,
  };
}

/** Those that leave the least room; all where nothing is known of it. */
function leastRoom(sightings: readonly Sighting[]): readonly Sighting[] {
  const bounded = sightings.filter(({ room }) => room > 0);
  if (bounded.length < LEAST_SIGHTINGS) return sightings;
  const limit = median(bounded.map(({ room }) => room));
  return bounded.filter(({ room }) => room <= limit);
}

/** The points, or where they are many the median of each stretch of time. */
function stretches(points: readonly Sighting[]): { time: number; difference: number }[] {
  if (points.length <= MOST_POINTS) return [...points];
  return Array.from({ length: MOST_POINTS }, (_, i) => {
    const part = points.slice(Math.floor((i * points.length) / MOST_POINTS), Math.floor(((i + 1) * points.length) / MOST_POINTS));
    return { time: median(part.map(({ time }) => time)), difference: median(part.map(({ difference }) => difference)) };
  });
}

/** The drift as a ratio; 0 when it cannot be told from none. */
function slopeOf(points: readonly { time: number; difference: number }[], seen: number, span: number): number {
  if (seen < LEAST_FOR_DRIFT || span < LEAST_SPAN) return 0;
  const slopes: number[] = [];
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const apart = points[j].time - points[i].time;
      if (apart > 0) slopes.push((points[j].difference - points[i].difference) / apart);
    }
  }
  if (slopes.length === 0) return 0;
  const sorted = Float64Array.from(slopes).sort();
  const n = points.length;
  const half = (1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const low = sorted[Math.max(0, Math.floor(sorted.length / 2 - half))];
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length / 2 + half))];
  const slope = quantile(sorted, 0.5);
  return (low <= 0 && high >= 0) || Math.abs(slope) * 1e6 > MOST_DRIFT ? 0 : slope;
}

const STEPS = [1e6, 1e3, 1] as const;
/** What times are whole multiples of: a second, a millisecond or a microsecond. */
export function resolutionOf(times: Iterable<number>): number {
  let step = 0;
  for (const time of times) {
    while (time % STEPS[step] !== 0 && step < STEPS.length - 1) step++;
    if (step === STEPS.length - 1) break;
  }
  return STEPS[step];
}

const QUARTER = 15 * 60e6;
/** Microseconds of the offset between two zones that this difference looks like; null when it looks like none. */
export function looksLikeZone(offset: number, uncertainty: number): number | null {
  const quarters = Math.round(offset / QUARTER);
  return quarters !== 0 && Math.abs(quarters) <= 56 && Math.abs(offset - quarters * QUARTER) <= Math.min(QUARTER / 4, Math.max(30e6, uncertainty * 2)) ? quarters * QUARTER : null;
}
