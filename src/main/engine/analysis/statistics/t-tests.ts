/** Student's tests of means. All are two-sided, with a 95 % interval of the difference. */
import { mean, variance } from './descriptive.ts';
import { studentCritical, studentTwoSided } from './distributions.ts';

export interface TTest {
  t: number;
  df: number;
  p: number;
  /** the mean tested, or the first minus the second */
  difference: number;
  lower: number;
  upper: number;
}

function test(difference: number, error: number, df: number): TTest {
  const t = error > 0 ? difference / error : difference === 0 ? Number.NaN : Math.sign(difference) * Number.POSITIVE_INFINITY;
  const half = studentCritical(0.05, df) * error;
  return { t, df, p: studentTwoSided(t, df), difference, lower: difference - half, upper: difference + half };
}

/** Whether the mean is `expected`. At least two values. */
export function oneSampleT(values: ArrayLike<number>, expected = 0): TTest {
  const n = values.length;
  return test(mean(values) - expected, Math.sqrt(variance(values) / n), n - 1);
}

/** Whether pairs differ in the mean; both of the same length. */
export function pairedT(a: ArrayLike<number>, b: ArrayLike<number>): TTest {
  if (a.length !== b.length) throw new RangeError('Pairs need two lists of the same length.');
  return oneSampleT(Float64Array.from(a, (value, i) => value - b[i]));
}

/** Two samples of equal variance. */
export function studentT(a: ArrayLike<number>, b: ArrayLike<number>): TTest {
  const df = a.length + b.length - 2;
  const pooled = (variance(a) * (a.length - 1) + variance(b) * (b.length - 1)) / df;
  return test(mean(a) - mean(b), Math.sqrt(pooled * (1 / a.length + 1 / b.length)), df);
}

/** Two samples of any variances (Welch, 1947), degrees of freedom by Satterthwaite. */
export function welchT(a: ArrayLike<number>, b: ArrayLike<number>): TTest {
  const va = variance(a) / a.length;
  const vb = variance(b) / b.length;
  const df = va + vb > 0 ? (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1)) : a.length + b.length - 2;
  return test(mean(a) - mean(b), Math.sqrt(va + vb), df);
}

/** Difference of means in pooled standard deviations, with the small-sample correction of Hedges (1981). NaN without spread. */
export function hedgesG(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const df = a.length + b.length - 2;
  const pooled = Math.sqrt((variance(a) * (a.length - 1) + variance(b) * (b.length - 1)) / df);
  return pooled > 0 ? ((mean(a) - mean(b)) / pooled) * (1 - 3 / (4 * df - 1)) : Number.NaN;
}
