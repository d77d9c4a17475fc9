/** Shares of the distributions that tests refer to. Upper tails are worked out as such: 1 - (nearly 1) would have no digits left. */
import { lowerBeta, upperGamma } from './special-functions.ts';

/** P(Z > z) of the standard normal distribution. */
export function normalUpper(z: number): number {
  const half = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z >= 0 ? half : 1 - half;
}
/** P(|Z| > |z|). */
export function normalTwoSided(z: number): number {
  return upperGamma(0.5, (z * z) / 2);
}
/** P(|T| > |t|) of Student's distribution; df may be a fraction (Welch). */
export function studentTwoSided(t: number, df: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  return lowerBeta(df / (df + t * t), df / 2, 0.5);
}
/** The t that |T| exceeds with probability `p`: 0.05 for an interval of 95 %. */
export function studentCritical(p: number, df: number): number {
  if (!(p > 0 && p < 1) || !(df > 0)) return Number.NaN;
  let low = 0;
  let high = 1;
  while (studentTwoSided(high, df) > p && high < 1e150) high *= 2;
  // The probability falls as t grows; halving reaches the last bit in fewer than 1100 steps, and usually in 60.
  for (let step = 0; step < 1100; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (studentTwoSided(middle, df) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
/** P(F > f) with d1 and d2 degrees of freedom. */
export function fisherUpper(f: number, d1: number, d2: number): number {
  if (Number.isNaN(f)) return Number.NaN;
  if (f === Number.POSITIVE_INFINITY) return 0;
  return f <= 0 ? 1 : lowerBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
}
/** P(X > x) of chi-square with df degrees of freedom. */
export function chiSquareUpper(x: number, df: number): number {
  return Number.isNaN(x) ? Number.NaN : upperGamma(df / 2, x / 2);
}
/** P(K > x) of Kolmogorov's distribution, the limit of sqrt(n) D. */
export function kolmogorovUpper(x: number): number {
  if (!(x > 0)) return 1;
  if (x < 1) {
    // The other form of the same sum, which settles fast here.
    let sum = 0;
    for (let k = 1; k < 40; k += 2) sum += Math.exp(-(k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 40; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.max(0, Math.min(1, sum));
}
