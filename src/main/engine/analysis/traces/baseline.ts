/** What an operation usually takes, and whether a span took longer. */

/** Fewer earlier spans than this say nothing about what is usual. */
export const LEAST_EARLIER = 8;
/** A modified z-score above this is an outlier (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const OUTLIER = 3.5;
/** The median absolute deviation of normal values, times this, is their standard deviation. */
const MAD_TO_SIGMA = 1.4826;
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
  const median = medianOf(durations);
  return { median, mad: medianOf(durations.map((each) => Math.abs(each - median))), n: durations.length };
}

/** How many times its usual duration a span took. */
export function factorOf(duration: number, { median }: Baseline): number {
  return median > 0 ? duration / median : duration > 0 ? Number.POSITIVE_INFINITY : 1;
}

/** Whether a span took much longer than is usual for its operation. */
export function isSlow(duration: number, baseline: Baseline): boolean {
  const spread = Math.max(MAD_TO_SIGMA * baseline.mad, LEAST_SPREAD * baseline.median);
  return duration - baseline.median > OUTLIER * spread && factorOf(duration, baseline) >= LEAST_FACTOR;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that a share (0..1) of the sorted values does not exceed (nearest rank); NaN of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
