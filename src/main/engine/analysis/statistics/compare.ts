/** Describes the values of a field by groups, and says whether they differ. */
import { MAX_BINS, MAX_GROUPS, type Contingency, type StatisticsGroup, type StatisticsReply, type TestResult } from '../../../../shared/contract/statistics.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { formatCount } from '../../../../shared/numbers.ts';
import { withFilter } from '../../../../shared/query/print.ts';
import { mostFrequent } from '../../search/tally.ts';
import type { AnalysisContext } from '../analysis.ts';
import { chiSquareIndependence } from './contingency.ts';
import { describe, histogram, histogramBins, quantile } from './descriptive.ts';
import { compareGroups, type NamedGroup } from './group-tests.ts';
import { eventObservations, isMetric, metricObservations, numberOf, unitOf, type Observations } from './observations.ts';

export interface CompareInput {
  scope: Scope;
  field: string;
  by: string;
  part: { from: number; to: number } | null;
}

const WHOLE = 'all';
const INSIDE = 'selection';
const OUTSIDE = 'the rest';
/** Words of a field that is no number, which are counted one by one. */
const MOST_WORDS = 10;

interface Grouped {
  names: string[];
  /** by observation; -1 = of no group */
  group: Int32Array;
  more: number;
}

function grouped(found: Observations, { by, part }: CompareInput): Grouped {
  const n = found.times.length;
  const present = found.values[0];
  if (part) return { names: [INSIDE, OUTSIDE], group: Int32Array.from(found.times, (time, i) => (present[i] === null ? -1 : Number(!(time >= part.from && time < part.to)))), more: 0 };
  if (by === '') return { names: [WHOLE], group: Int32Array.from(present, (value) => (value === null ? -1 : 0)), more: 0 };
  const counts = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const name = found.values[1][i];
    if (name !== null && present[i] !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = mostFrequent(counts, MAX_GROUPS).map(({ value }) => value);
  const place = new Map(names.map((name, i) => [name, i]));
  return { names, group: Int32Array.from({ length: n }, (_, i) => (present[i] === null ? -1 : (place.get(found.values[1][i] ?? '') ?? -1))), more: counts.size - names.length };
}

export async function compare(input: CompareInput, context: AnalysisContext): Promise<StatisticsReply> {
  const { scope, field, by } = input;
  const found = isMetric(field) ? await metricObservations(scope, field, by, context) : await eventObservations(scope, by === '' ? [field] : [field, by], context);
  context.progress(0.85, 'Comparing groups');
  await context.turns.next();
  const { names, group, more } = grouped(found, input);
  const numbers = Float64Array.from(found.values[0], numberOf);
  let present = 0;
  let numeric = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (found.values[0][i] === null) continue;
    present++;
    if (Number.isFinite(numbers[i])) numeric++;
  }
  const common = { field, unit: unitOf(field, context), moreGroups: more, total: found.total, looked: found.looked, unreadable: found.unreadable };
  if (present === 0) return { ...common, kind: 'numbers', groups: [], bins: { from: 0, width: 1, n: 1, log: false }, contingency: null, test: null, chosen: '', also: [], pairs: [], conclusion: `No event of this scope has a value of ${field}.`, present };
  if (numeric * 2 < present) return { ...common, ...words(found, names, group), present };
  const sets = names.map((name, g): NamedGroup => ({ name, values: numbers.filter((value, i) => group[i] === g && Number.isFinite(value)) })).filter(({ values }) => values.length > 0);
  await context.turns.next();
  const { test, also, chosen, pairs } = compareGroups(sets);
  const bins = sharedBins(sets);
  const groups = sets.map((set): StatisticsGroup => described(set, bins, scopeOf(set.name, input)));
  return { ...common, kind: 'numbers', groups, bins: { from: bins.from, width: bins.width, n: bins.bins, log: bins.log }, contingency: null, test, also, chosen, pairs, conclusion: conclusionOf(groups, test, common.unit), present: numeric };
}

function scopeOf(name: string, { scope, field, by, part }: CompareInput): Scope | null {
  if (isMetric(field)) return null;
  const query = /^[\w.@-]+$/.test(field) ? `${scope.query === '' ? '' : `(${scope.query}) `}has:${field}` : scope.query;
  if (part) return name === INSIDE ? { query, ...part } : { ...scope, query };
  return { ...scope, query: by === '' ? query : withFilter(query, by, name, 'include') };
}

type Bins = ReturnType<typeof histogramBins> & { log: boolean };
/** The same bars for all groups, narrow enough for what is common and wide enough for the rest; by the logarithm where values span orders of magnitude. */
function sharedBins(sets: readonly NamedGroup[]): Bins {
  const all = Float64Array.from(sets.flatMap(({ values }) => Array.from(values))).sort();
  const log = all[0] > 0 && all[all.length - 1] / quantile(all, 0.5) > 20;
  return { ...histogramBins(log ? all.map(Math.log10) : all, MAX_BINS), log };
}

function described({ name, values }: NamedGroup, bins: Bins, scope: Scope | null): StatisticsGroup {
  const all = describe(values);
  if (!all) throw new Error('a group has values');
  const reach = 1.5 * (all.q3 - all.q1);
  let low = all.q1;
  let high = all.q3;
  let outliers = 0;
  for (const value of values) {
    if (value < all.q1 - reach || value > all.q3 + reach) outliers++;
    else {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { name, scope, described: all, whiskers: { low, high }, outliers, counts: histogram(bins.log ? values.map(Math.log10) : values, bins).counts };
}

/** How often words come by group, and whether that has to do with the group. */
function words(found: Observations, names: readonly string[], group: Int32Array): Pick<StatisticsReply, 'kind' | 'groups' | 'bins' | 'contingency' | 'test' | 'also' | 'chosen' | 'pairs' | 'conclusion'> {
  const totals = new Map<string, number>();
  found.values[0].forEach((value, i) => {
    if (value !== null && group[i] >= 0) totals.set(value, (totals.get(value) ?? 0) + 1);
  });
  const values = mostFrequent(totals, MOST_WORDS).map(({ value }) => value);
  const place = new Map(values.map((value, i) => [value, i]));
  // All that is not listed is one more column: leaving it out would make shares of the rest.
  const more = totals.size - values.length;
  const counts = names.map(() => new Array<number>(values.length + (more > 0 ? 1 : 0)).fill(0));
  found.values[0].forEach((value, i) => {
    if (value !== null && group[i] >= 0) counts[group[i]][place.get(value) ?? values.length]++;
  });
  const contingency: Contingency = { groups: [...names], values, counts, more };
  const base = { kind: 'words' as const, groups: [], bins: { from: 0, width: 1, n: 1, log: false }, contingency, also: [], pairs: [] };
  if (names.length < 2 || totals.size < 2) return { ...base, test: null, chosen: '', conclusion: `${formatCount(totals.size)} different ${totals.size === 1 ? 'value' : 'values'}.` };
  const { chiSquare, df, p, v, leastExpected } = chiSquareIndependence(counts);
  const test: TestResult = {
    id: 'chi-square', title: 'Chi-square test of independence', statistic: `X² = ${Number(chiSquare.toPrecision(4))}, df = ${df}`, p, exact: false,
    effect: { name: "Cramér's V", value: v, size: v < 0.1 ? 'negligible' : v < 0.3 ? 'small' : v < 0.5 ? 'medium' : 'large' },
    assumptions: ['Events do not depend on each other.', `Every expected count is at least five; the smallest is ${Number(leastExpected.toPrecision(3))}.`],
  };
  return { ...base, test, chosen: 'Values are words: their counts are compared.', conclusion: `${sure(p)} ${p < 0.05 ? 'Values are spread otherwise from group to group' : 'Groups could all have the same shares'} (${pText(p)}, ${test.effect?.size} association).` };
}

export function pText(p: number): string {
  return p < 1e-4 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
}
function sure(p: number): string {
  return p < 0.001 ? 'Hardly chance.' : p < 0.05 ? 'Probably not chance.' : 'This may be chance.';
}

function conclusionOf(groups: readonly StatisticsGroup[], test: TestResult | null, unit: string): string {
  const of = (value: number): string => `${Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
  if (!test) return groups.length === 1 ? `Half of ${formatCount(groups[0].described.n)} values are ${of(groups[0].described.median)} or less, one in twenty is more than ${of(groups[0].described.p95)}.` : '';
  const ranked = [...groups].filter(({ described: { n } }) => n >= 2).sort((a, b) => b.described.median - a.described.median);
  const [most, least] = [ranked[0], ranked[ranked.length - 1]];
  const medians = `medians ${of(most.described.median)} (${most.name}) and ${of(least.described.median)} (${least.name})`;
  const effect = test.effect ? `, ${test.effect.size} effect: ${test.effect.name} ${Number(test.effect.value.toPrecision(2))}` : '';
  if (test.p >= 0.05) return `${sure(test.p)} The groups do not differ more than they would by chance (${pText(test.p)}${effect}); ${medians}.`;
  return `${sure(test.p)} ${groups.length === 2 ? 'The two groups differ' : 'At least one group differs'} (${pText(test.p)}${effect}); ${medians}.`;
}
