import { quantile } from '../statistics/descriptive.ts';
import { scoreAt, short } from './detector.ts';
import type { Detector, Series } from './detector.ts';
import { periodOf } from './period.ts';
import { spreadOf } from './spread.ts';

const HOUR = 3600e6;
const WEEK = 168 * HOUR;
/** Robust standard deviations from what is usual at that time. */
const BAR = 4;
/** Weeks after which every hour of the week has a figure of its own that says something. */
const WEEKS = 3;

interface Profile {
  /** which of the profile's places a row belongs to */
  place(row: number): number;
  places: number;
  what: string;
}

/** Hours of the week where there are weeks of them, else the period that the series shows. */
function profileOf({ times, values, step }: Series): Profile | null {
  const span = times.length * step;
  if (span >= WEEKS * WEEK && step <= 24 * HOUR) {
    const unit = Math.max(HOUR, step);
    return { place: (row) => Math.floor((((times[row] % WEEK) + WEEK) % WEEK) / unit), places: Math.ceil(WEEK / unit), what: 'that time of the week' };
  }
  const period = periodOf(values);
  return period === 0 ? null : { place: (row) => row % period, places: period, what: `that place in a period of ${period} rows` };
}

interface Season {
  what: string;
  /** what is usual at the place of a row; NaN where too few were there */
  usual(row: number): number;
}

/** Medians by place in the season; null when the series has none. */
export function seasonOf(series: Series): Season | null {
  const profile = profileOf(series);
  if (profile === null) return null;
  const { values } = series;
  const groups: number[][] = Array.from({ length: profile.places }, () => []);
  for (let row = 0; row < values.length; row++) if (Number.isFinite(values[row])) groups[profile.place(row)].push(values[row]);
  const usual = groups.map((group) => (group.length < 2 ? Number.NaN : quantile(group.sort((a, b) => a - b), 0.5)));
  return { what: profile.what, usual: (row) => usual[profile.place(row)] };
}

export const seasonal: Detector = {
  id: 'seasonal',
  title: 'Unusual for that time',
  explain: 'Values far from what is usual at that hour of the week, or at that place of the period that the series shows (medians, robust deviations).',
  pastOnly: false,
  slow: false,
  judge(series) {
    const { values } = series;
    const season = seasonOf(series);
    if (season === null) return { abstains: 'the series shows no period' };
    const residuals = values.map((value, row) => value - season.usual(row));
    const spread = spreadOf(residuals);
    if (spread === null || spread.sigma === 0) return { abstains: 'every period is the same as the others' };
    const { sigma } = spread;
    return {
      scores: residuals.map((residual) => (Number.isFinite(residual) ? scoreAt(Math.abs(residual) / sigma, BAR) : Number.NaN)),
      why: (row) => `${short(values[row])} where ${short(season.usual(row))} is usual at ${season.what}: ${short(Math.abs(residuals[row]) / sigma)} robust standard deviations off`,
    };
  },
};
