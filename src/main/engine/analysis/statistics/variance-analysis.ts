/** One-way analysis of variance: whether several groups have the same mean. */
import { mean, squaredDeviations, variance } from './descriptive.ts';
import { fisherUpper } from './distributions.ts';

export interface FTest {
  f: number;
  df1: number;
  df2: number;
  p: number;
  /** share of the variance that lies between the groups, less what chance alone would put there (omega squared), 0..1 */
  omegaSquared: number;
}

/** Fisher's: equal variances assumed. At least two groups of at least one value, and more values than groups. */
export function anova(groups: readonly ArrayLike<number>[]): FTest {
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const { between, within } = squares(groups, n);
  const df1 = groups.length - 1;
  const df2 = n - groups.length;
  const f = between / df1 / (within / df2);
  return { f, df1, df2, p: fisherUpper(f, df1, df2), omegaSquared: omega(groups) };
}

/** Welch (1951): any variances. Each group needs two values that differ. */
export function welchAnova(groups: readonly ArrayLike<number>[]): FTest {
  const k = groups.length;
  const weights = groups.map((group) => group.length / variance(group));
  const means = groups.map((group) => mean(group));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = weights.reduce((sum, weight, i) => sum + weight * means[i], 0) / total;
  const spread = groups.reduce((sum, group, i) => sum + (1 - weights[i] / total) ** 2 / (group.length - 1), 0);
  const df1 = k - 1;
  const df2 = (k * k - 1) / (3 * spread);
  const f = weights.reduce((sum, weight, i) => sum + weight * (means[i] - centre) ** 2, 0) / df1 / (1 + (2 * (k - 2) * spread) / (k * k - 1));
  return { f, df1, df2, p: fisherUpper(f, df1, df2), omegaSquared: omega(groups) };
}

function squares(groups: readonly ArrayLike<number>[], n: number): { between: number; within: number } {
  const means = groups.map((group) => mean(group));
  const grand = groups.reduce((sum, group, i) => sum + means[i] * group.length, 0) / n;
  return {
    between: groups.reduce((sum, group, i) => sum + group.length * (means[i] - grand) ** 2, 0),
    within: groups.reduce((sum, group, i) => sum + squaredDeviations(group, means[i]), 0),
  };
}
function omega(groups: readonly ArrayLike<number>[]): number {
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const { between, within } = squares(groups, n);
  const error = within / (n - groups.length);
  return Math.max(0, (between - (groups.length - 1) * error) / (between + within + error));
}
