/** What is usual of series with a step: how many steps their season has. */
import type { Step } from '../../metrics/time-form.ts';

const MINUTE = 60e6;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The names that collections of series use, and how many steps a season then has. */
const WORDS: Readonly<Record<string, number>> = {
  yearly: 1, annual: 1, annually: 1, year: 1, y: 1, a: 1, quarterly: 4, quarter: 4, q: 4, monthly: 12, month: 12, m: 12, weekly: 52, week: 52, w: 52, daily: 7, day: 7, d: 7,
  'half-hourly': 48, half_hourly: 48, hourly: 24, hour: 24, h: 24, minutely: 1440, minute: 1440, min: 1440, t: 1440, other: 1, none: 1,
};

/** A frequency as a file says it: a number, a word, or nothing. null: it has to be found out. */
export function frequencyOf(said: unknown): number | null {
  if (typeof said === 'number') return Number.isFinite(said) && said >= 1 ? Math.round(said) : null;
  if (typeof said !== 'string') return null;
  const text = said.trim().toLowerCase();
  return WORDS[text] ?? (/^\d{1,6}$/.test(text) && Number(text) >= 1 ? Number(text) : null);
}

/** Seasons of a step: `certain` is one that every series of this step is asked for, `likely` those that are looked for, the likeliest first. */
export function usualSeasons(step: Step): { certain: number | null; likely: number[] } {
  if ('months' in step) return { certain: 12 % step.months === 0 ? 12 / step.months : 1, likely: [] };
  const { us } = step;
  const whole = (span: number): number[] => (span / us >= 2 && Math.abs(span / us - Math.round(span / us)) < 1e-6 ? [Math.round(span / us)] : []);
  if (us >= 0.9 * DAY && us <= 1.1 * DAY) return { certain: 7, likely: [] };
  if (us >= 0.9 * HOUR && us <= 1.1 * HOUR) return { certain: 24, likely: [] };
  return { certain: null, likely: [...whole(DAY), ...whole(7 * DAY), ...whole(HOUR), ...whole(MINUTE)] };
}
