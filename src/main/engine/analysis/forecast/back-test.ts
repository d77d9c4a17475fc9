/**
 * What a method would have said earlier, beside what came (rolling origin: Tashman 2000). Every figure a forecast is judged by comes from
 * here, before the forecast is made.
 */
import type { Method, Shape } from './methods.ts';

/** One method's forecasts from earlier origins; null where the shorter series did not bear it. */
export interface Trial {
  method: Method;
  forecasts: readonly (Float64Array | null)[];
}
export interface BackTest {
  /** values that were known at each origin, descending */
  origins: readonly number[];
  trials: readonly Trial[];
}
/** Errors of forecasts against what came. NaN where nothing can be told. */
export interface Errors {
  /** mean of 200 |y - f| / (|y| + |f|), in % */
  smape: number;
  /** mean absolute error, and the same as a multiple of that of the seasonal naive forecast one step ahead over the history (Hyndman & Koehler 2006) */
  mae: number;
  mase: number;
}

/** So many origins there should be, even when they then lie nearer than half a horizon. */
const FEW = 4;

/** Origins are `most` at most, half a horizon apart where there is room, and leave half of the series and two long seasons to learn from. */
export function originsFor(n: number, longest: number, horizon: number, most: number): number[] {
  const least = Math.max(8, Math.ceil(n / 2), Math.min(2 * longest + 1, n - horizon));
  // Of a series that is short beside the horizon, the last few values have to do.
  const latest = n - Math.min(horizon, Math.max(1, Math.floor(n / 4)));
  const step = Math.max(1, Math.min(Math.floor(horizon / 2), Math.floor((latest - least) / (FEW - 1))));
  const origins: number[] = [];
  for (let known = latest; known >= least && origins.length < most; known -= step) origins.push(known);
  return origins;
}

/** A share of the largest value below which a forecast is 0. */
const ROUNDING = 1e-12;

export function smapeOf(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const size = Math.abs(actual[i]) + Math.abs(forecast[i]);
    sum += size > 0 ? (200 * Math.abs(actual[i] - forecast[i])) / size : 0;
  }
  return sum / actual.length;
}

/** Mean absolute difference to one season before: the measure of MASE. 0 for a series that repeats itself. */
export function naiveError(values: Float64Array, period: number): number {
  const lag = values.length > period ? period : 1;
  let sum = 0;
  for (let t = lag; t < values.length; t++) sum += Math.abs(values[t] - values[t - lag]);
  return values.length > lag ? sum / (values.length - lag) : 0;
}

/** Errors of the forecasts of one trial, over all origins. */
export function errorsOf(shape: Shape, { origins }: BackTest, forecasts: Trial['forecasts']): Errors {
  const { values, periods } = shape;
  // What is left of rounding is none: sMAPE would take 1e-17 in place of 0 for all wrong.
  const floor = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * ROUNDING;
  let smape = 0;
  let mae = 0;
  let count = 0;
  origins.forEach((known, place) => {
    const forecast = forecasts[place]?.map((value) => (Math.abs(value) <= floor ? 0 : value));
    if (!forecast) return;
    const actual = values.subarray(known, known + forecast.length);
    if (actual.length === 0) return;
    smape += smapeOf(actual, forecast.subarray(0, actual.length));
    let sum = 0;
    for (let k = 0; k < actual.length; k++) sum += Math.abs(actual[k] - forecast[k]);
    mae += sum / actual.length;
    count++;
  });
  if (count === 0) return { smape: Number.NaN, mae: Number.NaN, mase: Number.NaN };
  const naive = naiveError(values, periods[0] ?? 1);
  return { smape: smape / count, mae: mae / count, mase: naive > 0 ? mae / count / naive : Number.NaN };
}
