/** What an operation usually takes, and whether a span took longer. */
import { MAD_TO_SIGMA, median, medianDeviation } from '../statistics/descriptive.ts';

/** Fewer earlier spans than this say nothing about what is usual. */
const LEAST_EARLIER = 8;
/** A modified z-score above this is an outlier (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const OUTLIER = 3.5;
/** Where all earlier spans took the same, this share of it counts as their spread. */
const LEAST_SPREAD = 0.05;
/** Nobody minds less than this, however unusual: half as long again. */
const LEAST_FACTOR = 1.5;

export interface Baseline {
  /** microseconds */
  median: number;
  /** median absolute deviation, microseconds */
  mad: number;
  /** spans it is made of */
  n: number;
}

/** Of durations in microseconds, in any order; null when there are too few. */
export function baselineOf(durations: readonly number[]): Baseline | null {
  if (durations.length < LEAST_EARLIER) return null;
  const usual = median(durations);
  return { median: usual, mad: medianDeviation(durations, usual), n: durations.length };
}

/** How many times its usual duration a span took. */
export function factorOf(duration: number, { median: usual }: Baseline): number {
  return usual > 0 ? duration / usual : duration > 0 ? Number.POSITIVE_INFINITY : 1;
}

/** Whether a span took much longer than is usual for its operation. */
export function isSlow(duration: number, baseline: Baseline): boolean {
  const spread = Math.max(MAD_TO_SIGMA * baseline.mad, LEAST_SPREAD * baseline.median);
  return duration - baseline.median > OUTLIER * spread && factorOf(duration, baseline) >= LEAST_FACTOR;
}

/** The value that a share (0..1) of the sorted values does not exceed (nearest rank); NaN of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
