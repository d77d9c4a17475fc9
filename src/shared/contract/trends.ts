/** How series of a case go on: what the same methods would have said before, the forecast, and the trend. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import type { Series } from './metrics.ts';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

/** What is counted of events, one value a step. */
export const EVENT_MEASURES = ['events', 'errors', 'latency'] as const;
export type EventMeasure = (typeof EVENT_MEASURES)[number];

/** Which series: events of the scope, or a stored metric (counters as rates a second). */
const trendSubject = z.discriminatedUnion('of', [z.object({ of: z.literal('events'), measure: z.enum(EVENT_MEASURES) }), z.object({ of: z.literal('metric'), id: z.number() })]);
export type TrendSubject = z.infer<typeof trendSubject>;

/** A series has so many steps at most: a week of minutes. */
export const MOST_TREND_STEPS = 10_080;
/** Steps ahead at most. */
export const MOST_HORIZON = 1000;

interface TrendInterval {
  /** 0.8 = four of five values are expected inside */
  level: number;
  lower: Float64Array;
  upper: Float64Array;
}
interface MethodScore {
  id: string;
  title: string;
  /** only something to be measured by */
  reference: boolean;
  /** share of the combination, 0..1 */
  weight: number;
  /** mean absolute error in the unit of the series; as a multiple of that of the last (season's) value one step ahead; sMAPE in %. NaN = not known */
  mae: number;
  mase: number;
  smape: number;
}
/** Whether a series rises or falls (Mann-Kendall, widened for values that go together; Theil-Sen), its season taken out. */
interface Trend {
  direction: 'rising' | 'falling' | 'none';
  p: number;
  /** change in an hour: median of the slopes between all pairs, and its interval of 95 % */
  slope: number;
  lower: number;
  upper: number;
}
export interface TrendReply {
  title: string;
  /** what its numbers measure (shared/measure.ts) */
  measured: Pick<Series, 'name' | 'unit' | 'kind' | 'cumulative'>;
  /** microseconds UTC of the first value, and between two */
  start: number;
  step: number;
  /** one a step; NaN = nothing is known */
  values: Float64Array;
  /** values that were missing in between and were filled for the forecast */
  filled: number;
  /** steps of its seasons; none = it has none */
  seasons: number[];
  /** null below three values */
  trend: Trend | null;
  /** how wrong the methods would have been from `origins` earlier moments; 0 = the series is too short to look back */
  origins: number;
  /** so many steps ahead were compared at most; beyond them nothing is known */
  compared: number;
  methods: MethodScore[];
  /** share of what came that lay in the intervals; NaN = not known */
  coverage: { level: number; share: number }[];
  /** null: the series is too short */
  forecast: { method: string; start: number; values: Float64Array; intervals: TrendInterval[] } | null;
  /** what came at the steps of the forecast, where the range ends before the case does; NaN = nothing is known */
  came: Float64Array;
  /** the limit that was looked at: the one asked for, or 100 % of what is a share; null = none */
  limit: number | null;
  /** where the forecast goes beyond the limit, when the look back supports it */
  findings: Finding[];
  /** why there is no finding for the limit; '' when there is one, or no limit */
  limitNote: string;
}

export const trends = {
  /** `step` in microseconds, `horizon` and `season` in steps, null = chosen. `method`: an id of a method, '' = the combination. `limit`: what the values should stay below (above, when they begin above it). */
  forecast: call(
    z.object({
      subject: trendSubject, scope, step: z.number().min(1e6).max(366 * 86_400e6).nullable().default(null), horizon: z.number().int().min(1).max(MOST_HORIZON).nullable().default(null),
      season: z.number().int().min(1).max(MOST_TREND_STEPS).nullable().default(null), method: z.string().max(64).default(''), limit: z.number().nullable().default(null), run,
    }),
  ).returns<TrendReply>(),
};
