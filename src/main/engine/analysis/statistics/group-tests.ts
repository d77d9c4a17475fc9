/** Which test fits groups of numbers, what it says, and how large the difference is. */
import type { PairTest, TestResult } from '../../../../shared/contract/statistics.ts';
import { benjaminiHochberg, bonferroni } from './corrections.ts';
import { describe, mean, quantile } from './descriptive.ts';
import { kolmogorovSmirnov, kruskalWallis, mannWhitney } from './ranks.ts';
import { hedgesG, studentT, welchT, type TTest } from './t-tests.ts';
import { anova, welchAnova, type FTest } from './variance-analysis.ts';

export interface NamedGroup {
  name: string;
  values: Float64Array;
}

/** From so many values on, means are about normal whatever the values are, unless these are very skewed. */
const LARGE = 30;
const SKEWED = 2;

const figure = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value));
const SIZES = ['negligible', 'small', 'medium', 'large'] as const;
function size(value: number, [small, medium, large]: readonly [number, number, number]): (typeof SIZES)[number] {
  const strength = Math.abs(value);
  return SIZES[Number(strength >= small) + Number(strength >= medium) + Number(strength >= large)];
}
/** Bounds of Cohen (1988) for differences and shares of variance, of Romano et al. (2006) for Cliff's delta. */
const DIFFERENCE = [0.2, 0.5, 0.8] as const;
const VARIANCE = [0.01, 0.06, 0.14] as const;
const DELTA = [0.147, 0.33, 0.474] as const;
const effectOf = (name: string, value: number, bounds: readonly [number, number, number]): TestResult['effect'] => (Number.isFinite(value) ? { name, value, size: size(value, bounds) } : null);

const INDEPENDENT = 'Values do not depend on each other. Events close in time often do; then p is too small.';

function tResult(id: string, title: string, { t, df, p }: TTest, a: Float64Array, b: Float64Array, assumptions: string[]): TestResult {
  return { id, title, statistic: `t = ${figure(t)}, df = ${figure(df)}`, p, exact: false, effect: effectOf("Hedges' g", hedgesG(a, b), DIFFERENCE), assumptions };
}
function fResult(id: string, title: string, { f, df1, df2, p, omegaSquared }: FTest, assumptions: string[]): TestResult {
  return { id, title, statistic: `F = ${figure(f)}, df = ${figure(df1)} and ${figure(df2)}`, p, exact: false, effect: effectOf('omega squared', omegaSquared, VARIANCE), assumptions };
}

const MEANS = 'Means are about normal: many values, not very skewed.';
const SAME_SPREAD = 'The groups have the same variance.';

function welch([a, b]: readonly NamedGroup[]): TestResult {
  return tResult('welch-t', "Welch's t-test", welchT(a.values, b.values), a.values, b.values, [INDEPENDENT, MEANS]);
}
function ranks([a, b]: readonly NamedGroup[]): TestResult {
  const { u, p, exact, delta } = mannWhitney(a.values, b.values);
  return {
    id: 'mann-whitney', title: 'Mann-Whitney U test', statistic: `U = ${figure(u)}`, p, exact, effect: effectOf("Cliff's delta", delta, DELTA),
    assumptions: [INDEPENDENT, 'Tells whether values of one group tend to be the greater ones; of medians it tells only where both are spread alike.'],
  };
}
function distributions([a, b]: readonly NamedGroup[]): TestResult {
  const { d, p, exact } = kolmogorovSmirnov(a.values, b.values);
  return { id: 'kolmogorov-smirnov', title: 'Kolmogorov-Smirnov test', statistic: `D = ${figure(d)}`, p, exact, effect: null, assumptions: [INDEPENDENT, 'Sees any difference: where values lie, how far they spread, what shape they have.'] };
}
function student([a, b]: readonly NamedGroup[]): TestResult {
  return tResult('student-t', "Student's t-test", studentT(a.values, b.values), a.values, b.values, [INDEPENDENT, MEANS, SAME_SPREAD]);
}
function kruskal(groups: readonly NamedGroup[]): TestResult {
  const { h, df, p, epsilonSquared } = kruskalWallis(groups.map(({ values }) => values));
  return { id: 'kruskal-wallis', title: 'Kruskal-Wallis test', statistic: `H = ${figure(h)}, df = ${df}`, p, exact: false, effect: effectOf('epsilon squared', epsilonSquared, VARIANCE), assumptions: [INDEPENDENT, 'At least about five values in each group.'] };
}

export interface Chosen {
  test: TestResult | null;
  also: TestResult[];
  chosen: string;
  pairs: PairTest[];
}

/** Groups of fewer than two values are left out. */
export function compareGroups(all: readonly NamedGroup[]): Chosen {
  const groups = all.filter(({ values }) => values.length >= 2);
  if (groups.length < 2) return { test: null, also: [], chosen: all.length < 2 ? '' : 'Fewer than two groups have two values.', pairs: [] };
  const least = Math.min(...groups.map(({ values }) => values.length));
  const skew = Math.max(...groups.map(({ values }) => Math.abs(describe(values)?.skewness ?? 0) || 0));
  const constant = groups.filter(({ values }) => values.every((value) => value === values[0]));
  const byMeans = least >= LARGE && skew < SKEWED && constant.length === 0;
  const chosen = byMeans
    ? `Means are compared: each group has ${LARGE} values or more, and none is very skewed (skewness ${figure(skew)} at most).`
    : `Ranks are compared, not means: ${constant.length > 0 ? `all values of ${constant[0].name} are the same` : least < LARGE ? `the smallest group has ${least} values` : `values are very skewed (skewness ${figure(skew)})`}.`;
  if (groups.length === 2) {
    const others = constant.length === 2 ? [] : [byMeans ? ranks(groups) : welch(groups), student(groups), distributions(groups)];
    return { test: byMeans ? welch(groups) : ranks(groups), also: others, chosen, pairs: [] };
  }
  const values = groups.map((group) => group.values);
  const others: TestResult[] = [];
  if (byMeans) others.push(kruskal(groups));
  else if (constant.length === 0) others.push(fResult('welch-anova', "Welch's analysis of variance", welchAnova(values), [INDEPENDENT, MEANS]));
  if (constant.length < groups.length) others.push(fResult('anova', "Fisher's analysis of variance", anova(values), [INDEPENDENT, MEANS, SAME_SPREAD]));
  return { test: byMeans ? fResult('welch-anova', "Welch's analysis of variance", welchAnova(values), [INDEPENDENT, MEANS]) : kruskal(groups), also: others, chosen, pairs: pairTests(groups, byMeans) };
}

function pairTests(groups: readonly NamedGroup[], byMeans: boolean): PairTest[] {
  const found: { a: string; b: string; difference: number; p: number }[] = [];
  for (let i = 0; i < groups.length; i++) {
    for (let k = i + 1; k < groups.length; k++) {
      const [a, b] = [groups[i].values, groups[k].values];
      const middle = (values: Float64Array): number => (byMeans ? mean(values) : quantile(values.slice().sort(), 0.5));
      found.push({ a: groups[i].name, b: groups[k].name, difference: middle(a) - middle(b), p: byMeans ? welchT(a, b).p : mannWhitney(a, b).p });
    }
  }
  const p = found.map((pair) => pair.p);
  const adjusted = benjaminiHochberg(p);
  const strict = bonferroni(p);
  return found.map((pair, i) => ({ ...pair, adjusted: adjusted[i], bonferroni: strict[i] })).sort((a, b) => a.p - b.p);
}
