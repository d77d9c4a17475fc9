/** Makes a series that may have gaps one that every method can read, and tells its seasons. */
import type { Shape } from './methods.ts';
import { autocorrelations, deseasonalise, isSeasonal } from './season.ts';

/** So many of the latest values are looked at: a week of minutes. */
const MOST_VALUES = 10_080;
/** A day is seven times in a week; shorter seasons than this many steps are no day of measurements. */
const LEAST_DAY = 24;
/** An hour of minutes, or a minute of seconds: no day either. */
const SIXTY = 60;
/** Lags that are looked through for an unknown season. */
const MOST_LAGS = 3000;

/**
 * Fills gaps (NaN, infinite) with the mean of one season before and after where it is known, else along a line; leaves out those at the ends.
 * @returns the latest values, and how many were filled
 */
export function withoutGaps(values: ArrayLike<number>, period: number): { values: Float64Array; filled: number } {
  let first = 0;
  let end = values.length;
  while (first < end && !Number.isFinite(values[first])) first++;
  while (end > first && !Number.isFinite(values[end - 1])) end--;
  first = Math.max(first, end - MOST_VALUES);
  const y = Float64Array.from({ length: end - first }, (_, i) => values[first + i]);
  let filled = 0;
  for (let t = 0; t < y.length; ) {
    if (Number.isFinite(y[t])) {
      t++;
      continue;
    }
    let next = t;
    while (next < y.length && !Number.isFinite(y[next])) next++;
    const before = t > 0 ? y[t - 1] : y[next];
    const after = next < y.length ? y[next] : before;
    for (let k = t; k < next; k++) {
      const around = period > 1 ? [y[k - period], y[k + period]].filter((value) => Number.isFinite(value)) : [];
      y[k] = around.length > 0 ? around.reduce((sum, value) => sum + value, 0) / around.length : before + ((after - before) * (k - t + 1)) / (next - t + 1);
      filled++;
    }
    t = next;
  }
  return { values: y, filled };
}

/** Without the straight line through it: a trend looks like a season at every lag. */
function detrended(y: Float64Array): Float64Array {
  const n = y.length;
  let mean = 0;
  for (const value of y) mean += value / n;
  let slope = 0;
  let spread = 0;
  for (let t = 0; t < n; t++) {
    slope += (t - (n - 1) / 2) * (y[t] - mean);
    spread += (t - (n - 1) / 2) ** 2;
  }
  slope = spread > 0 ? slope / spread : 0;
  return y.map((value, t) => value - mean - slope * (t - (n - 1) / 2));
}

/**
 * Finds the season of a series whose frequency nobody said: the least lag, seen three times, whose autocorrelation is a peak, significant, and nearly
 * the highest. 1 when there is none.
 * @param likely lengths that mean something (a day, a week in steps): the first that passes the test of the competitions is taken before any other
 */
export function detectSeason(values: Float64Array, likely: readonly number[] = []): number {
  const n = values.length;
  const most = Math.min(MOST_LAGS, Math.floor(n / 3));
  if (most < 3) return 1;
  const flat = detrended(values);
  const acf = autocorrelations(flat, most);
  const peak = (lag: number): boolean => lag > 1 && lag < most && acf[lag - 1] >= acf[lag - 2] && acf[lag - 1] >= acf[lag];
  for (const lag of likely) {
    if (!(lag > 1 && lag < most && acf[lag - 1] > 0.2 && peak(lag) && isSeasonal(flat, lag))) continue;
    // What repeats every half hour repeats every hour, too: then it is the half hour.
    for (let parts = Math.floor(lag / 2); parts > 1; parts--) if (lag % parts === 0 && peak(lag / parts) && acf[lag / parts - 1] >= 0.97 * acf[lag - 1]) return lag / parts;
    return lag;
  }
  let highest = 0;
  for (let lag = 2; lag < most; lag++) if (peak(lag)) highest = Math.max(highest, acf[lag - 1]);
  if (highest < Math.max(0.3, 3 / Math.sqrt(n))) return 1;
  for (let lag = 2; lag < most; lag++) if (peak(lag) && acf[lag - 1] >= 0.85 * highest && isSeasonal(flat, lag)) return lag;
  return 1;
}

/** The seasons of a series of a frequency: where that is a day of measurements, the week as well once it was seen three times and shows in what the day leaves. */
export function seasonsOf(values: Float64Array, frequency: number): number[] {
  const n = values.length;
  const base = Math.round(frequency);
  if (!(base >= 2) || n < 2 * base) return base % 7 === 0 && base / 7 >= LEAST_DAY ? seasonsOf(values, base / 7) : [];
  if (base % 7 === 0 && base / 7 >= LEAST_DAY) return [base / 7, base];
  const week = base * 7;
  if (base < LEAST_DAY || base === SIXTY || n < 3 * week) return [base];
  return isSeasonal(detrended(deseasonalise(values, base, 'additive').adjusted), week) ? [base, week] : [base];
}

/** What the methods are given. `frequency` null: it is found out. */
export function shapeOf(values: ArrayLike<number>, frequency: number | null, likely: readonly number[] = []): { shape: Shape; filled: number } {
  let period = frequency === null ? 1 : Math.max(1, Math.round(frequency));
  let whole = withoutGaps(values, period);
  if (frequency === null) {
    period = detectSeason(whole.values, likely);
    if (period > 1 && whole.filled > 0) whole = withoutGaps(values, period);
  }
  return { shape: { values: whole.values, periods: seasonsOf(whole.values, period), positive: whole.values.every((value) => value > 0) }, filled: whole.filled };
}
