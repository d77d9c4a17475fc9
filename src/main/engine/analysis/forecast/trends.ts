/** How a series of a case goes on. The look back is part of every answer. */
import type { TrendReply, TrendSubject } from '../../../../shared/contract/trends.ts';
import { MOST_HORIZON } from '../../../../shared/contract/trends.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import type { AnalysisContext } from '../analysis.ts';
import { caseSteps } from './case-input.ts';
import { COMBINATION, forecastSeries } from './forecaster.ts';
import { usualSeasons } from './frequency.ts';
import { crossing, ownLimit } from './limit.ts';
import { deseasonalise } from './season.ts';
import { shapeOf } from './shape.ts';
import { trendTest } from './trend-test.ts';

interface TrendInput {
  subject: TrendSubject;
  scope: Scope;
  step: number | null;
  horizon: number | null;
  season: number | null;
  method: string;
  limit: number | null;
}

/** Fewer values are shown, not forecast. */
const LEAST = 8;
const HOUR = 3600e6;
/** A trend is called one below this p. */
const SIGNIFICANT = 0.05;

/** A fifth of the history, between a few steps and what is looked at in a day of minutes. */
function usualHorizon(n: number): number {
  return Math.max(4, Math.min(288, Math.round(n / 5)));
}

export async function forecastTrend({ subject, scope, step: wanted, horizon: asked, season, method, limit: asLimit }: TrendInput, context: AnalysisContext): Promise<TrendReply> {
  context.progress(0, 'Reading the series');
  const horizonOf = (n: number): number => Math.min(MOST_HORIZON, asked ?? usualHorizon(n));
  const { title, measured, start, step, values, came } = await caseSteps(context, subject, scope, wanted, horizonOf);
  const usual = usualSeasons({ us: step });
  const { shape, filled } = shapeOf(values, season ?? usual.certain, usual.likely);
  const told: TrendReply = {
    title, measured, start, step, values, filled, seasons: [...shape.periods], trend: trendOf(shape.values, shape.periods, step), origins: 0, compared: 0, methods: [], coverage: [], forecast: null, came, limit: null, findings: [], limitNote: '',
  };
  if (shape.values.length < LEAST) return told;
  const result = await forecastSeries(shape, horizonOf(values.length), {
    method: method === '' ? COMBINATION : method,
    breathe: async (share, what) => {
      context.progress(0.1 + share * 0.9, what);
      await context.turns.next();
    },
  });
  // The forecast begins after the last value that is known.
  const known = values.findLastIndex(Number.isFinite) + 1;
  told.origins = result.backTest.origins;
  told.compared = result.backTest.steps;
  told.methods = result.backTest.rows;
  told.coverage = result.backTest.coverage;
  told.forecast = { method: result.method, start: start + known * step, values: result.values, intervals: result.intervals };
  told.came = Float64Array.from(result.values, (_, k) => (known + k < values.length ? values[known + k] : (came[known + k - values.length] ?? Number.NaN)));
  told.limit = asLimit ?? ownLimit(told);
  if (told.limit !== null) {
    const { finding, note } = crossing(told, told.limit, subject.of === 'events' ? `${subject.measure}:${scope.query}` : title, scope, quietedLikes(context.db));
    if (finding) told.findings = [finding];
    told.limitNote = note;
  }
  return told;
}

function trendOf(values: Float64Array, periods: readonly number[], step: number): TrendReply['trend'] {
  const period = periods.findLast((each) => values.length >= 3 * each);
  const test = trendTest(period === undefined ? values : deseasonalise(values, period, 'additive').adjusted);
  if (!test) return null;
  const hourly = (slope: number): number => (slope * HOUR) / step;
  const direction = test.p >= SIGNIFICANT || test.slope === 0 ? 'none' : test.slope > 0 ? 'rising' : 'falling';
  return { direction, p: test.p, slope: hourly(test.slope), lower: hourly(test.lower), upper: hourly(test.upper) };
}
