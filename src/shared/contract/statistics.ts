/** Statistics of a field of events, or of a metric: what its values are like, whether groups of them differ, and what goes with what. */
import { z } from 'zod';
import type { Scope } from './scope.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope, time } from './scope.ts';

/** A field or an attribute as a query names it, or 'metric:NAME' for all series of a metric (counters as rates a second). */
const field = z.string().min(1).max(2000);
/** Part of the range that is compared with the rest of it, half-open. */
const part = z.object({ from: time, to: time }).refine(({ from, to }) => from < to, 'it ends before it begins');

/** Groups that are compared, the largest ones. */
export const MAX_GROUPS = 12;
/** Bars of a histogram, and points of a scatter chart. */
export const MAX_BINS = 40;
export const MAX_POINTS = 2000;

export interface Described {
  n: number;
  mean: number;
  /** of a sample (n - 1); null below two values, as the interval */
  sd: number | null;
  min: number;
  max: number;
  /** quantiles of type 7 (Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996), as R, NumPy and spreadsheets give them */
  q1: number;
  median: number;
  q3: number;
  p95: number;
  p99: number;
  /** median of the distances from the median, not scaled */
  mad: number;
  /** adjusted Fisher-Pearson G1; null below three values or without spread */
  skewness: number | null;
  /** excess G2 (a normal distribution has 0); null below four values or without spread */
  kurtosis: number | null;
  /** 95 % interval of the mean by Student's t; null below two values */
  meanInterval: { lower: number; upper: number } | null;
}
export interface StatisticsGroup {
  name: string;
  /** opens its events; null for metrics */
  scope: Scope | null;
  described: Described;
  /** Tukey's whiskers: the farthest values within 1.5 times the quartile distance of the quartiles; and how many lie beyond */
  whiskers: { low: number; high: number };
  outliers: number;
  /** values by bar of `bins` */
  counts: Uint32Array;
}

export interface TestResult {
  id: string;
  title: string;
  /** "t = -2.31, df = 41.2" */
  statistic: string;
  p: number;
  /** p is counted, not approximated */
  exact: boolean;
  /** how large the difference is, whatever p says; null where the test has no such measure */
  effect: { name: string; value: number; size: 'negligible' | 'small' | 'medium' | 'large' } | null;
  /** what has to hold for it to be right, a sentence each */
  assumptions: string[];
}
export interface PairTest {
  a: string;
  b: string;
  /** difference of the medians, or of the means where means were tested */
  difference: number;
  p: number;
  /** corrected for the number of pairs: false discovery rate (Benjamini and Hochberg), and Bonferroni */
  adjusted: number;
  bonferroni: number;
}
/** Of fields whose values are no numbers. */
export interface Contingency {
  groups: string[];
  values: string[];
  /** counts[group][value] */
  counts: number[][];
  /** values that are not listed */
  more: number;
}

export interface StatisticsReply {
  field: string;
  /** 'ms' and the like; '' = none is known */
  unit: string;
  kind: 'numbers' | 'words';
  groups: StatisticsGroup[];
  /** groups that are not among them */
  moreGroups: number;
  /** bars of all histograms; `log` = they are equally wide in the logarithm of the value */
  bins: { from: number; width: number; n: number; log: boolean };
  contingency: Contingency | null;
  /** the one to go by, chosen by the data; null where there is nothing to compare */
  test: TestResult | null;
  /** why this one */
  chosen: string;
  /** others, to see whether they agree */
  also: TestResult[];
  pairs: PairTest[];
  /** in a sentence: what differs, by how much, how sure */
  conclusion: string;
  /** events (or samples) in the scope, those looked at, and those that have a value */
  total: number;
  looked: number;
  present: number;
  unreadable: number;
}

export interface Coefficient {
  /** '' = the intercept */
  name: string;
  value: number;
  error: number;
  /** value / error: t for linear, z for logistic regression */
  statistic: number;
  p: number;
  /** 95 % */
  lower: number;
  upper: number;
}
export interface RelationReply {
  y: string;
  x: string[];
  unit: string;
  /** how the pairs were made: one an event, or means of `step` microseconds where metrics are among them */
  step: number;
  n: number;
  /** of y with each x */
  correlations: { x: string; pearson: { r: number; p: number; lower: number | null; upper: number | null }; spearman: { r: number; p: number }; kendall: { r: number; p: number } | null }[];
  regression: {
    kind: 'linear' | 'logistic';
    /** logistic: the value of y whose odds it is about, and the other one */
    outcome: { of: number; against: number } | null;
    coefficients: Coefficient[];
    /** linear: R squared and adjusted; logistic: McFadden's, twice */
    rSquared: number;
    adjusted: number;
    /** of the whole model */
    p: number;
    statistic: string;
    /** standard deviation of the residuals; null for logistic */
    residual: number | null;
  } | null;
  /** why there is no regression; '' when there is one */
  noRegression: string;
  /** where y and one x have the same unit: the mean of y - x */
  paired: TestResult | null;
  /** what to bear in mind, a sentence each */
  cautions: string[];
  conclusion: string;
  /** some of the pairs, the first x first; NaN does not occur */
  points: { x: Float64Array; y: Float64Array };
  total: number;
  looked: number;
  unreadable: number;
}

export const statistics = {
  /** What of the scope has numbers, by the share of events that have them; metrics by name. From a sample. */
  fields: call(z.object({ scope })).returns<{ name: string; title: string; unit: string; share: number }[]>(),
  /** Describes a field, by groups of another one (`by`) or a part of the range against the rest (`part`), and tests whether they differ. */
  compare: call(z.object({ scope, field, by: z.string().max(2000).default(''), part: part.nullable().default(null), run })).returns<StatisticsReply>(),
  /** Correlation and regression of y on one to five others. Throws invalid_input where there are too few pairs. */
  relate: call(z.object({ scope, y: field, x: z.array(field).min(1).max(5), run })).returns<RelationReply>(),
};
