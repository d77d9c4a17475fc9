/** What a list of numbers is like. All functions take finite numbers. */
import type { Described } from '../../../../shared/contract/statistics.ts';
import { studentCritical } from './distributions.ts';

/** Mean, corrected once by the mean of what remains: exact to the last digits for numbers far from zero. */
export function mean(values: ArrayLike<number>): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const rough = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += values[i] - rough;
  return rough + rest / n;
}

/** Sum of squared distances from the mean, by the corrected two-pass method (Chan, Golub and LeVeque, 1983). */
export function squaredDeviations(values: ArrayLike<number>, centre = mean(values)): number {
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i] - centre;
    squares += d * d;
    rest += d;
  }
  return Math.max(0, squares - (rest * rest) / values.length);
}

/** Variance of a sample (n - 1); NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : squaredDeviations(values) / (values.length - 1);
}

/** Quantile of type 7 of values in ascending order; NaN for none. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = Math.max(0, Math.min(1, p)) * (sorted.length - 1);
  const low = Math.floor(at);
  const next = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[next] - sorted[low]);
}

/** The same of values in any order. */
export function quantileOf(values: Iterable<number>, p: number): number {
  return quantile(Float64Array.from(values).sort(), p);
}
/** Of values in any order; NaN for none. */
export function median(values: Iterable<number>): number {
  return quantileOf(values, 0.5);
}

/** Median of the distances from a centre: how far values scatter, told so that a few wild ones do not move it. */
export function medianDeviation(values: ArrayLike<number>, centre: number): number {
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}
/**
 * 1 / the 75 % point of the normal distribution: the median absolute deviation of normal values, times this, is their standard deviation
 * (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993).
 */
export const MAD_TO_SIGMA = 1.4826;
/** sqrt(pi / 2): the same for the mean absolute deviation, which stands in where more than half of the values are one. */
export const MEAN_AD_TO_SIGMA = 1.2533;

/** null for no values. */
export function describe(values: ArrayLike<number>): Described | null {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) return null;
  const centre = mean(sorted);
  const m2 = squaredDeviations(sorted, centre) / n;
  let m3 = 0;
  let m4 = 0;
  for (const value of sorted) {
    const d = value - centre;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  m3 /= n;
  m4 /= n;
  const sd = n < 2 ? Number.NaN : Math.sqrt((m2 * n) / (n - 1));
  const middle = quantile(sorted, 0.5);
  const g1 = m3 / m2 ** 1.5;
  const g2 = m4 / (m2 * m2) - 3;
  const half = n < 2 ? 0 : (studentCritical(0.05, n - 1) * sd) / Math.sqrt(n);
  return {
    n, mean: centre, sd: n < 2 ? null : sd, min: sorted[0], max: sorted[n - 1], q1: quantile(sorted, 0.25), median: middle, q3: quantile(sorted, 0.75), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99),
    mad: medianDeviation(sorted, middle),
    skewness: n < 3 || m2 === 0 ? null : (g1 * Math.sqrt(n * (n - 1))) / (n - 2),
    kurtosis: n < 4 || m2 === 0 ? null : ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * g2 + 6),
    meanInterval: n < 2 ? null : { lower: centre - half, upper: centre + half },
  };
}

export interface Histogram {
  /** lower end of the first bin, and the width of all */
  from: number;
  width: number;
  counts: Uint32Array;
}

/** Number and width of bins by Freedman and Diaconis (1981), at most `most`; all of them in one where there is no spread. */
export function histogramBins(sorted: ArrayLike<number>, most: number): { from: number; width: number; bins: number } {
  const n = sorted.length;
  const from = sorted[0];
  const range = sorted[n - 1] - from;
  if (!(range > 0)) return { from, width: 1, bins: 1 };
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const ideal = spread > 0 ? (2 * spread) / Math.cbrt(n) : range / Math.ceil(Math.log2(n) + 1);
  const bins = Math.max(1, Math.min(most, Math.ceil(range / ideal)));
  return { from, width: range / bins, bins };
}

export function histogram(values: ArrayLike<number>, { from, width, bins }: { from: number; width: number; bins: number }): Histogram {
  const counts = new Uint32Array(bins);
  for (let i = 0; i < values.length; i++) counts[Math.max(0, Math.min(bins - 1, Math.floor((values[i] - from) / width)))]++;
  return { from, width, counts };
}
