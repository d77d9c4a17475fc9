/** Every method of forecasting there is, and which of them are combined for a series. */
import { forecastArima } from './arima.ts';
import { searchArima, type ArimaLimits } from './arima-order.ts';
import { forecastAutoregression, forecastSeasonalDifferences, lagsFor } from './autoregression.ts';
import { forecastCes } from './ces.ts';
import { fitEtsForms, forecastEts, type EtsForm } from './ets.ts';
import { deseasonalise, reseasonalise, type SeasonKind } from './season.ts';
import { forecastDrift, forecastNaive, forecastSeasonalNaive } from './simple.ts';
import { forecastTheta } from './theta.ts';

/** A series without gaps; `periods` are its seasons in steps, ascending, none = it has none. */
export interface Shape {
  values: Float64Array;
  periods: readonly number[];
  /** every value is above 0, so it has logarithms and ratios */
  positive: boolean;
}
export interface Method {
  id: string;
  title: string;
  /** only something to be measured by: not part of a combination */
  reference: boolean;
  /** null: the series does not bear it */
  forecast(shape: Shape, horizon: number): Float64Array | null;
}

/**
 * Weights of models that differ by their AICc are exp(-difference / 2) by theory (Akaike weights; Kolassa 2011 for exponential smoothing).
 * Series are short and the AICc is itself an estimate, so weights are drawn together.
 */
const TEMPER = 0.15;

function averaged<F extends { aicc: number }>(fits: readonly F[], horizon: number, forecast: (fit: F) => Float64Array): Float64Array | null {
  if (fits.length === 0) return null;
  const best = fits.reduce((least, { aicc }) => Math.min(least, aicc), Number.POSITIVE_INFINITY);
  const out = new Float64Array(horizon);
  let whole = 0;
  for (const fit of fits) {
    const weight = Math.exp(-TEMPER * (fit.aicc - best));
    if (!(weight > 0.001)) continue;
    const values = forecast(fit);
    if (!values.every(Number.isFinite)) continue;
    whole += weight;
    for (let k = 0; k < horizon; k++) out[k] += weight * values[k];
  }
  return whole > 0 ? out.map((value) => value / whole) : null;
}

const halfOfEach = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, k) => (value + b[k]) / 2);

/** Mean of a forecast of the values and one of their logarithms: growth may be by steps or by shares, and few series tell which. */
function bothScales(shape: Shape, forecast: (values: Float64Array) => Float64Array | null): Float64Array | null {
  const plain = forecast(shape.values);
  if (!shape.positive || !plain) return plain;
  const logs = forecast(shape.values.map(Math.log));
  return logs && logs.every((value) => value < 700) ? halfOfEach(plain, logs.map(Math.exp)) : plain;
}

/** The longest season that was seen three times. */
function seenSeason({ values, periods }: Shape): number | undefined {
  return periods.findLast((each) => values.length >= 3 * each);
}

/**
 * Forecasts a series without its season and puts the season back. Shrinking takes the place of the test of the competitions: a season that
 * may be chance is hardly there. One that was not seen three times stays in.
 */
function withoutSeason(shape: Shape, forecast: (adjusted: Shape) => Float64Array | null, kind: SeasonKind = 'multiplicative'): Float64Array | null {
  const { values, positive } = shape;
  const period = seenSeason(shape);
  if (period === undefined) return forecast({ values, periods: [], positive });
  const parts = deseasonalise(values, period, positive ? kind : 'additive', true);
  const out = forecast({ values: parts.adjusted, periods: [], positive: positive && parts.kind === 'multiplicative' });
  return out && reseasonalise(out, parts, values.length);
}

const LEVEL: readonly EtsForm[] = [{ error: 'additive', trend: 'none', season: 'none' }];
const ARIMA_LONG: ArimaLimits = { most: 3, models: 8 };
const arima = (values: Float64Array, period: number, horizon: number, limits?: ArimaLimits): Float64Array | null => averaged(searchArima(values, period, limits), horizon, (fit) => forecastArima(fit, values, horizon));

const naive: Method = { id: 'naive', title: 'Last value', reference: true, forecast: ({ values }, horizon) => forecastNaive(values, horizon) };
const drift: Method = { id: 'drift', title: 'Drift', reference: true, forecast: ({ values }, horizon) => forecastDrift(values, horizon) };
const ets: Method = {
  id: 'ets', title: 'Exponential smoothing, ETS', reference: false,
  forecast: ({ values, periods }, horizon) => averaged(fitEtsForms(values, periods.at(-1) ?? 1), horizon, (fit) => forecastEts(fit, horizon)),
};
/** Theta of the competition, which is 2, and the one that fits: few series are long enough to tell that theirs is another one. */
const theta: Method = {
  id: 'theta', title: 'Theta', reference: false,
  forecast: (shape, horizon) =>
    shape.values.length < 4 ? null : withoutSeason(shape, (adjusted) => bothScales(adjusted, (values) => halfOfEach(forecastTheta(values, horizon), forecastTheta(values, horizon, 2)))),
};
const ces: Method = {
  id: 'ces', title: 'Complex smoothing, CES', reference: false,
  forecast: (shape, horizon) => (shape.values.length < 6 ? null : withoutSeason(shape, ({ values }) => forecastCes(values, horizon))),
};
const arimaShort: Method = {
  id: 'arima', title: 'ARIMA, order chosen', reference: false,
  forecast: (shape, horizon) => bothScales(shape, (values) => arima(values, shape.periods.at(-1) ?? 1, horizon)),
};

// What follows is for long seasons, for which the states of exponential smoothing are too many.

/** On the profile of a season that was seen three times; without one there is nothing to stand on. */
function onProfile(shape: Shape, forecast: (values: Float64Array) => Float64Array | null, kind: SeasonKind = 'additive'): Float64Array | null {
  return seenSeason(shape) === undefined ? null : withoutSeason(shape, ({ values }) => forecast(values), kind);
}
const seasonalNaive = (place: number): Method => ({
  id: place === 0 ? 'seasonal-naive' : 'seasonal-naive-long', title: place === 0 ? 'One season ago' : 'One long season ago', reference: false,
  forecast: ({ values, periods }, horizon) => (place < periods.length && values.length >= periods[place] ? forecastSeasonalNaive(values, periods[place], horizon) : null),
});
const profileTheta: Method = { id: 'profile-theta', title: 'Season profile and Theta', reference: false, forecast: (shape, horizon) => onProfile(shape, (values) => forecastTheta(values, horizon)) };
const profileLevel = (kind: SeasonKind): Method => ({
  id: `profile-level-${kind}`, title: `Season profile, ${kind}`, reference: false,
  forecast: (shape, horizon) => onProfile(shape, (values) => averaged(fitEtsForms(values, 1, LEVEL), horizon, (fit) => forecastEts(fit, horizon)), kind),
});
const profileArima: Method = { id: 'profile-arima', title: 'Season profile and ARIMA', reference: false, forecast: (shape, horizon) => onProfile(shape, (values) => arima(values, 1, horizon, ARIMA_LONG)) };
const profileRegression: Method = {
  id: 'profile-autoregression', title: 'Profile and autoregression', reference: false,
  forecast: (shape, horizon) => onProfile(shape, (values) => forecastAutoregression(values, lagsFor(values.length, shape.periods.slice(0, 1)), horizon)),
};
const autoregression: Method = { id: 'autoregression', title: 'Autoregression', reference: false, forecast: ({ values, periods }, horizon) => forecastAutoregression(values, lagsFor(values.length, periods), horizon) };
const logRegression: Method = {
  id: 'autoregression-log', title: 'Autoregression, logarithms', reference: false,
  forecast: ({ values, periods, positive }, horizon) => (positive ? (forecastAutoregression(values.map(Math.log), lagsFor(values.length, periods), horizon)?.map(Math.exp) ?? null) : null),
};
const seasonalDifferences = (place: number): Method => ({
  id: place === 0 ? 'autoregression-difference' : 'autoregression-difference-long', title: place === 0 ? 'Seasonal differences' : 'Long-season differences', reference: false,
  forecast: ({ values, periods }, horizon) => {
    const period = periods[place];
    if (period === undefined || values.length < 2 * period) return null;
    return forecastSeasonalDifferences(values, period, lagsFor(values.length - period, place === 0 ? periods : periods.slice(0, place)), horizon);
  },
});
/** Methods that look at every value many times have the latest ones; those before say nothing of a short season. */
export const LATEST = 1500;
const latest = (method: Method): Method => ({
  ...method,
  forecast: (shape, horizon) => {
    const from = shape.values.length - LATEST;
    if (from <= 0) return method.forecast(shape, horizon);
    // Whole seasons are left out, so that each position in the season stays where it is.
    const period = shape.periods.at(-1) ?? 1;
    return method.forecast({ ...shape, values: shape.values.subarray(Math.floor(from / period) * period) }, horizon);
  },
});

const reference = (method: Method): Method => ({ ...method, reference: true });

const SHORT: readonly Method[] = [latest(ets), latest(theta), latest(arimaShort), latest(ces), naive, drift, reference(seasonalNaive(0))];
const LONG: readonly Method[] = [
  autoregression, logRegression, seasonalDifferences(0), seasonalDifferences(1), profileRegression, profileArima, profileTheta, profileLevel('additive'), profileLevel('multiplicative'),
  seasonalNaive(0), seasonalNaive(1), naive, drift,
];

/** A season of this many steps or more is a long one. */
const LONG_SEASON = 24;

export function hasLongSeason({ values, periods }: Shape): boolean {
  const longest = periods.at(-1) ?? 1;
  return longest >= LONG_SEASON && values.length >= 2 * longest;
}

/** The methods for a series, those that are combined and those it is measured by. */
export function methodsFor(shape: Shape): readonly Method[] {
  return hasLongSeason(shape) ? LONG : SHORT;
}
