/** Where values lie and how far they scatter, told so that outliers move neither. */
import { MAD_TO_SIGMA, MEAN_AD_TO_SIGMA, quantile } from '../statistics/descriptive.ts';

export interface Spread {
  median: number;
  /** robust standard deviation; 0 when the values are all the same */
  sigma: number;
}

/**
 * Median and scaled median absolute deviation of the finite values; where more than half of them are equal, the mean absolute deviation stands in
 * (Iglewicz & Hoaglin, "How to Detect and Handle Outliers", 1993). Null when there are none.
 */
export function spreadOf(values: ArrayLike<number>): Spread | null {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const median = quantile(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  const sigma = MAD_TO_SIGMA * quantile(deviations, 0.5);
  if (sigma > 0) return { median, sigma };
  // Divided before they are added, so that huge values do not overflow.
  const mean = deviations.reduce((sum, deviation) => sum + deviation / deviations.length, 0);
  return { median, sigma: MEAN_AD_TO_SIGMA * mean };
}
