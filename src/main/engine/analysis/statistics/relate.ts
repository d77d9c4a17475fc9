/** How one field goes with others: of the same events, or by step of time where metrics are among them. */
import { MAX_POINTS, type RelationReply, type TestResult } from '../../../../shared/contract/statistics.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { formatCount, formatDuration } from '../../../../shared/numbers.ts';
import type { AnalysisContext } from '../analysis.ts';
import { gridOf, rangeOf } from '../case-series.ts';
import { pText } from './compare.ts';
import { kendall, pearson, spearman } from './correlation.ts';
import { eventObservations, isMetric, meansByStep, numberOf, unitOf } from './observations.ts';
import { linearRegression, logisticRegression, type Predictor } from './regression.ts';
import { pairedT } from './t-tests.ts';

export interface RelateInput {
  scope: Scope;
  y: string;
  x: string[];
}
interface Pairs {
  y: Float64Array;
  x: Float64Array[];
  step: number;
  total: number;
  looked: number;
  unreadable: number;
}

const LEAST_PAIRS = 5;
/** Pairs that Kendall's tau is counted of, and rows that a regression is made of; an even share of more. */
const MOST_KENDALL = 20_000;
const MOST_ROWS = 50_000;

async function pairsOf({ scope, y, x }: RelateInput, context: AnalysisContext): Promise<Pairs> {
  const fields = [y, ...x];
  if (!fields.some(isMetric)) {
    const found = await eventObservations(scope, fields, context);
    const numbers = found.values.map((values) => Float64Array.from(values, numberOf));
    const whole = numbers[0].map((_, i) => Number(numbers.every((column) => Number.isFinite(column[i]))));
    const kept = numbers.map((column) => column.filter((_, i) => whole[i] === 1));
    return { y: kept[0], x: kept.slice(1), step: 0, total: found.total, looked: found.looked, unreadable: found.unreadable };
  }
  const range = rangeOf(context, scope);
  if (!range) throw new TidemarkError('invalid_input', 'There is nothing in this range.');
  const { step } = gridOf(range.from, range.to);
  const means: Map<number, number>[] = [];
  for (const field of fields) means.push(await meansByStep({ ...scope, ...range }, field, step, context));
  const buckets = [...means[0].keys()].filter((bucket) => means.every((of) => of.has(bucket))).sort((a, b) => a - b);
  const column = (of: Map<number, number>): Float64Array => Float64Array.from(buckets, (bucket) => of.get(bucket) ?? 0);
  return { y: column(means[0]), x: means.slice(1).map(column), step, total: buckets.length, looked: buckets.length, unreadable: 0 };
}

/** An even share of a list. */
function thinned(values: Float64Array, most: number): Float64Array {
  if (values.length <= most) return values;
  return Float64Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
}

export async function relate(input: RelateInput, context: AnalysisContext): Promise<RelationReply> {
  if (new Set([input.y, ...input.x]).size <= input.x.length) throw new TidemarkError('invalid_input', 'A field is given twice: what goes with itself tells nothing.');
  const pairs = await pairsOf(input, context);
  const n = pairs.y.length;
  if (n < LEAST_PAIRS) throw new TidemarkError('invalid_input', `Only ${n} ${pairs.step === 0 ? 'events have' : 'steps of time have'} a number for each of ${[input.y, ...input.x].join(', ')}; ${LEAST_PAIRS} are needed.`);
  context.progress(0.85, 'Correlating');
  const correlations: RelationReply['correlations'] = [];
  for (const [i, name] of input.x.entries()) {
    await context.turns.next();
    const straight = pearson(pairs.x[i], pairs.y);
    const ranked = spearman(pairs.x[i], pairs.y);
    const tau = kendall(thinned(pairs.x[i], MOST_KENDALL), thinned(pairs.y, MOST_KENDALL));
    correlations.push({ x: name, pearson: { r: straight.r, p: straight.p, lower: straight.interval?.lower ?? null, upper: straight.interval?.upper ?? null }, spearman: { r: ranked.r, p: ranked.p }, kendall: { r: tau.r, p: tau.p } });
  }
  await context.turns.next();
  const unit = unitOf(input.y, context);
  const { regression, noRegression } = regressionOf(thinned(pairs.y, MOST_ROWS), input.x.map((name, i) => ({ name, values: thinned(pairs.x[i], MOST_ROWS) })));
  const cautions = ['Going together is no cause: both may follow a third, such as load or the time of day.'];
  cautions.push(pairs.step === 0 ? 'Events close in time are seldom independent, so p is too small.' : `Pairs are means of ${formatDuration(pairs.step)}; steps next to each other are alike, so p is too small.`);
  const [first] = correlations;
  if (Math.abs(first.spearman.r) - Math.abs(first.pearson.r) > 0.15) cautions.push('Ranks go together more closely than values: the relation bends, or single extreme values hide it.');
  if (Math.abs(first.pearson.r) - Math.abs(first.spearman.r) > 0.15) cautions.push('Values go together more closely than ranks: a few extreme pairs may make it.');
  return {
    y: input.y, x: input.x, unit, step: pairs.step, n, correlations, regression, noRegression, paired: input.x.length === 1 && unit !== '' && unitOf(input.x[0], context) === unit ? paired(pairs.y, pairs.x[0]) : null,
    cautions, conclusion: conclusionOf(input, correlations, regression, n), points: { x: thinned(pairs.x[0], MAX_POINTS).slice(), y: thinned(pairs.y, MAX_POINTS).slice() }, total: pairs.total, looked: pairs.looked, unreadable: pairs.unreadable,
  };
}

function regressionOf(y: Float64Array, predictors: readonly Predictor[]): Pick<RelationReply, 'regression' | 'noRegression'> {
  const same = predictors.find(({ values }) => Array.from(values).every((value) => value === values[0]));
  if (same) return { regression: null, noRegression: `${same.name} is always the same.` };
  const outcomes = [...new Set(y)].sort((a, b) => a - b);
  if (outcomes.length < 2) return { regression: null, noRegression: 'What is to be explained is always the same.' };
  const few = 'There are too few rows, or two of the fields say the same.';
  if (outcomes.length === 2) {
    const found = logisticRegression(y.map((value) => Number(value === outcomes[1])), predictors);
    if (!found) return { regression: null, noRegression: few };
    if (!found.converged) return { regression: null, noRegression: `A threshold of ${predictors.map(({ name }) => name).join(', ')} tells ${outcomes[0]} from ${outcomes[1]} without, or nearly without, an exception: the coefficients of a logistic regression have no end then.` };
    const explained = 1 - found.deviance / found.nullDeviance;
    return { regression: { kind: 'logistic', outcome: { of: outcomes[1], against: outcomes[0] }, coefficients: found.coefficients, rSquared: explained, adjusted: explained, p: found.p, statistic: `deviance ${Number(found.deviance.toPrecision(5))} of ${Number(found.nullDeviance.toPrecision(5))}`, residual: null }, noRegression: '' };
  }
  const found = linearRegression(y, predictors);
  if (!found) return { regression: null, noRegression: few };
  return { regression: { kind: 'linear', outcome: null, coefficients: found.coefficients, rSquared: found.rSquared, adjusted: found.adjustedRSquared, p: found.p, statistic: `F = ${Number(found.f.toPrecision(4))}, df = ${found.df1} and ${found.df2}`, residual: found.residual }, noRegression: '' };
}

function paired(y: Float64Array, x: Float64Array): TestResult {
  const { t, df, p, difference, lower, upper } = pairedT(y, x);
  const figure = (value: number): string => String(Number(value.toPrecision(4)));
  return { id: 'paired-t', title: 'Paired t-test', statistic: `mean difference ${figure(difference)} (95 %: ${figure(lower)} to ${figure(upper)}), t = ${figure(t)}, df = ${df}`, p, exact: false, effect: null, assumptions: ['Pairs do not depend on each other.', 'Differences are about normal, or many.'] };
}

function conclusionOf({ y, x }: RelateInput, correlations: RelationReply['correlations'], regression: RelationReply['regression'], n: number): string {
  const [{ spearman: { r, p } }] = correlations;
  if (x.length === 1) {
    if (Number.isNaN(r)) return 'One of the two never changes: nothing can go with it.';
    const strength = Math.abs(r) < 0.1 ? 'do not go together' : `${Math.abs(r) < 0.3 ? 'hardly' : Math.abs(r) < 0.6 ? 'loosely' : 'closely'} go together`;
    return `${y} and ${x[0]} ${strength}${Math.abs(r) < 0.1 ? '' : r > 0 ? ': where one is high the other is' : ': where one is high the other is low'} (rank correlation ${r.toFixed(2)}, ${pText(p)}, ${formatCount(n)} pairs).`;
  }
  if (!regression) return `${formatCount(n)} rows.`;
  const counts = regression.coefficients.filter(({ name, p: of }) => name !== '' && of < 0.05).map(({ name }) => name);
  return `${x.join(', ')} together explain ${Math.round(regression.rSquared * 100)} % of ${y} (${pText(regression.p)}, ${formatCount(n)} rows)${counts.length > 0 ? `; beside the others count ${counts.join(', ')}` : '; none of them counts beside the others'}.`;
}
