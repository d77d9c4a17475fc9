/** Forecasts a series: methods of every kind, weighed by what they would have said before, and combined. */
import { errorsOf, originsFor, type BackTest, type Errors, type Trial } from './back-test.ts';
import { combine, isSane } from './combine.ts';
import { intervalsOf, LEVELS, meanWidths, widthsOfErrors, widthsOfModel, type Interval, type Widths } from './intervals.ts';
import { hasLongSeason, methodsFor, type Method, type Shape } from './methods.ts';
import { forecastNaive } from './simple.ts';

/** Origins that weights are taken from, and what they need: below this length three origins say less than chance. */
const WEIGHING_ORIGINS = 3;
const WEIGHING_LENGTH = 200;
/** Added to every error as a share of the least one, so that a perfect fit of a few values does not take all the weight. */
const FLOOR = 0.1;
/** Origins that errors and intervals are told of. */
const ORIGINS = 8;
/** The id of the combination beside those of the methods. */
export const COMBINATION = 'combination';

type Breathe = (share: number, what: string) => Promise<void>;

/** Beyond these, squares leave the range of doubles. */
const TINY = 1e-60;
const HUGE = 1e60;

/** A method's forecast of a series that it bears, else null; never one that has run away. Counts and sizes do not fall below 0. */
function attempt(method: Method, shape: Shape, horizon: number): Float64Array | null {
  const size = shape.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = size > HUGE || (size > 0 && size < TINY) ? size : 1;
  const forecast = scale === 1 ? method.forecast(shape, horizon) : (method.forecast({ ...shape, values: shape.values.map((value) => value / scale) }, horizon)?.map((value) => value * scale) ?? null);
  if (!forecast || !isSane(forecast, shape.values)) return null;
  return shape.values.every((value) => value >= 0) ? forecast.map((value) => Math.max(0, value)) : forecast;
}

/** The series as it was when only `known` values were there. */
function earlier(shape: Shape, known: number): Shape {
  const values = shape.values.subarray(0, known);
  return { values, periods: shape.periods.filter((period) => known >= 2 * period), positive: shape.positive };
}

async function backTest(shape: Shape, methods: readonly Method[], horizon: number, most: number, breathe: Breathe): Promise<BackTest> {
  const origins = originsFor(shape.values.length, shape.periods.at(-1) ?? 1, horizon, most);
  const trials: Trial[] = [];
  for (const [i, method] of methods.entries()) {
    const forecasts: (Float64Array | null)[] = [];
    for (const [k, known] of origins.entries()) {
      await breathe((i + k / origins.length) / methods.length, method.title);
      forecasts.push(attempt(method, earlier(shape, known), horizon));
    }
    trials.push({ method, forecasts });
  }
  return { origins, trials };
}

/** One over the error of each method at the latest origins; 0 for those that said nothing. Equal where the series is too short to tell them apart. */
function weigh(shape: Shape, test: BackTest): Float64Array {
  const equal = Float64Array.from(test.trials, ({ method }) => (method.reference ? 0 : 1));
  if (shape.values.length < WEIGHING_LENGTH || test.origins.length < WEIGHING_ORIGINS) return equal;
  const latest: BackTest = { ...test, origins: test.origins.slice(0, WEIGHING_ORIGINS) };
  // Around 0 a percentage says nothing.
  const errors = test.trials.map(({ method, forecasts }) => {
    const { smape, mae } = errorsOf(shape, latest, forecasts);
    return method.reference ? Number.NaN : shape.positive ? smape : mae;
  });
  const known = errors.filter((error) => error === error);
  if (known.length === 0) return equal;
  const floor = Math.max(Math.min(...known), 1e-12) * FLOOR;
  return Float64Array.from(errors, (error) => (error === error ? 1 / (error + floor) : 0));
}

function combined(forecasts: readonly (Float64Array | null)[], weights: Float64Array, values: Float64Array, horizon: number): Float64Array {
  const there = forecasts.flatMap((forecast, i) => (forecast && weights[i] > 0 ? [{ forecast, weight: weights[i] }] : []));
  return there.length === 0 ? forecastNaive(values, horizon) : combine(there.map(({ forecast }) => forecast), Float64Array.from(there, ({ weight }) => weight));
}

/** A forecast with what it rests on. */
export interface Forecast {
  /** id of the method chosen, or COMBINATION */
  method: string;
  values: Float64Array;
  /** 80 % and 95 %; none when the history is too short to tell */
  intervals: Interval[];
  backTest: BackTestReport;
}
interface BackTestReport {
  /** earlier moments that forecasts were made from; 0 = the series is too short, and nothing is known of the errors */
  origins: number;
  /** so many steps ahead were compared at most; beyond them nothing is known */
  steps: number;
  /** the combination first, then by error; only methods that the series bears */
  rows: MethodErrors[];
  /** share of what came that lay in the intervals of the chosen method, each origin against those that the others' errors make; NaN = not known */
  coverage: { level: number; share: number }[];
}
interface MethodErrors extends Errors {
  id: string;
  title: string;
  /** only something to be measured by */
  reference: boolean;
  /** its share of the combination, 0..1 */
  weight: number;
}
export interface ForecastOptions {
  /** id of a method instead of the combination */
  method?: string;
  breathe?: Breathe;
}

const hurry: Breathe = () => Promise.resolve();

/**
 * Points only, the quick way: for many series at once. The same values as forecastSeries.
 * @returns method 'none' and NaN where there is no value at all
 */
export async function forecastPoints(shape: Shape, horizon: number): Promise<{ values: Float64Array; method: string }> {
  const { values } = shape;
  if (values.length === 0) return { values: new Float64Array(horizon).fill(Number.NaN), method: 'none' };
  const methods = methodsFor(shape).filter(({ reference }) => !reference);
  const weights = weigh(shape, await backTest(shape, methods, horizon, values.length < WEIGHING_LENGTH ? 0 : WEIGHING_ORIGINS, hurry));
  const forecasts = methods.map((method) => attempt(method, shape, horizon));
  return { values: combined(forecasts, weights, values, horizon), method: forecasts.every((forecast) => forecast === null) ? 'naive' : COMBINATION };
}

/** The back-test of every method, then the forecast of the combination or of the method asked for, with its intervals. Needs one value. */
export async function forecastSeries(shape: Shape, horizon: number, { method: wanted = COMBINATION, breathe = hurry }: ForecastOptions = {}): Promise<Forecast> {
  const { values } = shape;
  const methods = methodsFor(shape);
  const test = await backTest(shape, methods, horizon, ORIGINS, (share, what) => breathe(share * TEST_SHARE, `Looking back: ${what}`));
  const weights = weigh(shape, test);
  const combination = test.origins.map((known, place) => combined(test.trials.map(({ forecasts }) => forecasts[place]), weights, values.subarray(0, known), horizon));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const rows: MethodErrors[] = test.trials.flatMap(({ method: { id, title, reference }, forecasts }, i) =>
    forecasts.every((each) => each === null) ? [] : [{ id, title, reference, weight: whole > 0 ? weights[i] / whole : 0, ...errorsOf(shape, test, forecasts) }],
  );
  rows.sort((a, b) => a.mae - b.mae);
  if (test.origins.length > 0) rows.unshift({ id: COMBINATION, title: 'Combination of methods', reference: false, weight: 1, ...errorsOf(shape, test, combination) });

  const chosen = methods.find(({ id }) => id === wanted);
  const forecasts: (Float64Array | null)[] = [];
  for (const [i, method] of methods.entries()) {
    await breathe(TEST_SHARE + (i / methods.length) * (1 - TEST_SHARE), method.title);
    forecasts.push((chosen ? method === chosen : weights[i] > 0) ? attempt(method, shape, horizon) : null);
  }
  const own = chosen ? forecasts[methods.indexOf(chosen)] : null;
  const forecast = own ?? combined(forecasts, weights, values, horizon);
  const past = own && chosen ? (test.trials.find(({ method }) => method === chosen)?.forecasts ?? []) : combination;
  const errors = test.origins.flatMap((known, place) => {
    const said = past[place];
    return said ? [values.slice(known, known + horizon).map((value, k) => value - said[k])] : [];
  });
  const looked = widthsOfErrors(errors, horizon);
  // The model does not know long seasons, nor how wrong a method is that was asked for; of a longer series the errors say enough.
  const model = looked && (own || hasLongSeason(shape) || values.length >= WEIGHING_LENGTH) ? null : widthsOfModel(shape, forecast);
  const widths = meanWidths(looked, model);
  return {
    method: own && chosen ? chosen.id : forecasts.every((each) => each === null) ? 'naive' : COMBINATION,
    values: forecast,
    intervals: widths ? intervalsOf(forecast, widths, values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY) : [],
    backTest: { origins: test.origins.length, steps: test.origins.length === 0 ? 0 : Math.min(horizon, values.length - test.origins[test.origins.length - 1]), rows, coverage: coverageOf(errors, model, horizon) },
  };
}

/** How much of the work is looking back. */
const TEST_SHARE = 0.85;

function coverageOf(errors: readonly Float64Array[], model: Widths | null, horizon: number): BackTestReport['coverage'] {
  const inside = LEVELS.map(() => 0);
  let count = 0;
  for (const [i, own] of errors.entries()) {
    const others = widthsOfErrors(errors.filter((_, k) => k !== i), horizon);
    if (!others) continue;
    const widths = meanWidths(others, model) ?? others;
    count += own.length;
    own.forEach((error, k) => widths.forEach(({ half }, at) => (inside[at] += Math.abs(error) <= half[k] ? 1 : 0)));
  }
  return LEVELS.map((level, at) => ({ level, share: count > 0 ? inside[at] / count : Number.NaN }));
}
