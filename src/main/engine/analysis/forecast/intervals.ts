/**
 * Prediction intervals, from two sources: the errors of the back-test, their size by steps ahead as a power of the distance, where the history
 * allows three origins or more; and the variance of exponential smoothing (Hyndman et al. 2008, chapter 6). Few origins of a short series
 * say little of how wrong a forecast can be, a model too much of how well it fits: the mean of both is nearer to what came than either.
 */
import { studentCritical } from '../statistics/distributions.ts';
import { fitEtsForms } from './ets.ts';
import { LATEST, type Shape } from './methods.ts';

export interface Interval {
  /** 0.8 = four of five values are expected inside */
  level: number;
  lower: Float64Array;
  upper: Float64Array;
}
export const LEVELS = [0.8, 0.95] as const;
/** So many origins are needed. */
const LEAST_ORIGINS = 3;
/** Errors grow with the distance by a power between none and a bit more than that of a random walk. */
const MOST_GROWTH = 0.75;

/** Half widths of the intervals by level and step; null: nothing can be told. */
export type Widths = readonly { level: number; half: Float64Array }[];

/**
 * From errors of forecasts: one list an origin, one error a step.
 * @returns null below three origins
 */
export function widthsOfErrors(errors: readonly Float64Array[], horizon: number): Widths | null {
  const told = errors.filter(({ length }) => length > 0);
  if (told.length < LEAST_ORIGINS) return null;
  const growth = growthOf(told);
  let sum = 0;
  let count = 0;
  for (const list of told) {
    list.forEach((error, k) => (sum += (error / (k + 1) ** growth) ** 2));
    count += list.length;
  }
  const rms = Math.sqrt(sum / count);
  // Errors of one origin go together, and half of them are of steps that the next origin has, too: each origin counts as one.
  return LEVELS.map((level) => {
    const width = rms * studentCritical(1 - level, told.length);
    return { level, half: Float64Array.from({ length: horizon }, (_, k) => width * (k + 1) ** growth) };
  });
}

/** Mean of both where both are told, else the one that is; null where squares left the range of doubles. */
export function meanWidths(looked: Widths | null, model: Widths | null): Widths | null {
  const widths = looked && model ? looked.map(({ level, half }, i) => ({ level, half: half.map((width, k) => (width + model[i].half[k]) / 2) })) : (looked ?? model);
  return widths?.every(({ half }) => half.every(Number.isFinite)) ? widths : null;
}

/** Slope of log size on log distance, by least squares over the steps. */
function growthOf(errors: readonly Float64Array[]): number {
  const longest = errors.reduce((most, { length }) => Math.max(most, length), 0);
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let k = 0; k < longest; k++) {
    let sum = 0;
    let count = 0;
    for (const list of errors) {
      if (k >= list.length) continue;
      sum += list[k] ** 2;
      count++;
    }
    if (!(sum > 0)) continue;
    const x = Math.log(k + 1);
    const y = 0.5 * Math.log(sum / count);
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  const spread = n * sxx - sx * sx;
  return spread > 1e-9 ? Math.min(MOST_GROWTH, Math.max(0, (n * sxy - sx * sy) / spread)) : 0;
}

/** From the exponential smoothing model that fits best; null where none fits. Errors as large as the values themselves are no share of them. */
export function widthsOfModel({ values, periods }: Shape, forecast: Float64Array): Widths | null {
  const period = periods[0] ?? 1;
  const fit = fitEtsForms(values.subarray(-LATEST), period < 24 ? period : 1).find(({ error, sigma }) => error === 'additive' || sigma < 1);
  if (!fit) return null;
  const { alpha, beta, gamma, phi, trend, season, error, sigma, n } = fit;
  let sum = 1;
  let reach = 0;
  let power = 1;
  const spread = Float64Array.from(forecast, (value, k) => {
    if (k > 0) {
      power *= k > 1 ? phi : 1;
      reach += trend === 'none' ? 0 : power * phi;
      sum += (alpha + beta * reach + (season !== 'none' && k % fit.period === 0 ? gamma : 0)) ** 2;
    }
    return sigma * Math.sqrt(sum) * (error === 'multiplicative' ? Math.max(Math.abs(value), 1e-12) : 1);
  });
  // Errors that a model was fitted to are smaller than those to come; Student's distribution makes up for part of it.
  return LEVELS.map((level) => ({ level, half: spread.map((each) => each * studentCritical(1 - level, Math.max(2, n - 6))) }));
}

/** Puts widths around a forecast. `least`: what the values cannot fall below. */
export function intervalsOf(forecast: Float64Array, widths: Widths, least: number): Interval[] {
  return widths.map(({ level, half }) => ({ level, lower: forecast.map((value, k) => Math.max(least, value - half[k])), upper: forecast.map((value, k) => value + half[k]) }));
}
