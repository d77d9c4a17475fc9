import { z } from 'zod';
import { EVENT_MEASURES, MOST_HORIZON, MOST_TREND_STEPS } from '../../../shared/contract/trends.ts';
import { seriesKeySchema } from '../../state/series-key.ts';

const subjectSchema = z.discriminatedUnion('of', [z.object({ of: z.literal('events'), measure: z.enum(EVENT_MEASURES) }), z.object({ of: z.literal('metric'), key: seriesKeySchema.nullable() })]);
/** What is forecast, as it is kept: metrics by their key, as their ids do not last. null = none is chosen yet. */
export type ChosenSubject = z.infer<typeof subjectSchema>;

/** Of the tab Forecast; null = chosen by the engine. */
export const forecastSettingsSchema = z.object({
  subject: subjectSchema,
  /** microseconds */
  step: z.number().positive().nullable(),
  horizon: z.number().int().min(1).max(MOST_HORIZON).nullable(),
  season: z.number().int().min(1).max(MOST_TREND_STEPS).nullable(),
  /** '' = the combination */
  method: z.string().max(64),
  limit: z.number().nullable(),
});
export type ForecastSettings = z.infer<typeof forecastSettingsSchema>;
export const FORECAST_DEFAULTS: ForecastSettings = { subject: { of: 'events', measure: 'events' }, step: null, horizon: null, season: null, method: '', limit: null };
