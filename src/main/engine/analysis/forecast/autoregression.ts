/**
 * Regression of a series on its own past: the values just before, and those one, two or more seasons ago, by least squares with a ridge.
 * It follows several seasons at once (hours of the day and of the week), which is the shape of measurements of operations.
 */
import { solveSymmetric } from './cholesky.ts';

/** Lags just before are looked at up to one season, at most so many. */
const NEAR = 24;
/** Of the shortest season so many multiples are looked at. */
const MULTIPLES = 6;
/** The ridge, as a share of the variance of each lag. */
const RIDGE = 0.01;

/** Lags worth a look for these seasons (ascending), as many as the length of the series bears: each needs three rows. */
export function lagsFor(n: number, periods: readonly number[]): number[] {
  const lags = new Set<number>();
  const near = Math.min(NEAR, periods.length > 0 ? periods[0] : Math.max(2, Math.floor(n / 12)));
  for (let lag = 1; lag <= near; lag++) lags.add(lag);
  const around = (lag: number, by: number): void => {
    for (let k = -by; k <= by; k++) if (lag + k > 0) lags.add(lag + k);
  };
  const longest = periods.at(-1) ?? 0;
  for (const period of periods) {
    around(period, 2);
    const most = period === longest ? 2 : Math.min(MULTIPLES, Math.floor(longest / period));
    for (let k = 2; k <= most; k++) around(k * period, k === 2 ? 1 : 0);
    if (period < longest) around(longest - period, 1);
  }
  const sorted = [...lags].sort((a, b) => a - b);
  while (sorted.length > 0 && (n - sorted[sorted.length - 1] < 3 * sorted.length || sorted[sorted.length - 1] > 0.6 * n)) sorted.pop();
  return sorted;
}

/** Point forecasts of the next `horizon` values, each from those before it; null when the series is too short for any lag. */
export function forecastAutoregression(y: Float64Array, lags: readonly number[], horizon: number): Float64Array | null {
  const n = y.length;
  const size = lags.length;
  if (size === 0) return null;
  let mean = 0;
  for (const value of y) mean += value / n;
  let variance = 0;
  for (const value of y) variance += (value - mean) ** 2 / n;
  const scale = Math.sqrt(variance);
  if (!(scale > 0)) return new Float64Array(horizon).fill(mean);
  const w = new Float64Array(n + horizon);
  for (let t = 0; t < n; t++) w[t] = (y[t] - mean) / scale;
  const first = lags[size - 1];
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let t = first; t < n; t++) {
    for (let i = 0; i < size; i++) {
      const value = w[t - lags[i]];
      right[i] += value * w[t];
      for (let j = 0; j <= i; j++) normal[i * size + j] += value * w[t - lags[j]];
    }
  }
  for (let i = 0; i < size; i++) {
    normal[i * size + i] += RIDGE * (n - first);
    for (let j = 0; j < i; j++) normal[j * size + i] = normal[i * size + j];
  }
  const coefficients = solveSymmetric(normal, right);
  for (let k = 0; k < horizon; k++) {
    let value = 0;
    for (let i = 0; i < size; i++) value += coefficients[i] * w[n + k - lags[i]];
    w[n + k] = value;
  }
  return w.subarray(n).map((value) => value * scale + mean);
}

/** The same on differences to one season before. */
export function forecastSeasonalDifferences(y: Float64Array, period: number, lags: readonly number[], horizon: number): Float64Array | null {
  const n = y.length;
  const differences = y.slice(period).map((value, t) => value - y[t]);
  const ahead = forecastAutoregression(differences, lags, horizon);
  if (!ahead) return null;
  const out = new Float64Array(horizon);
  for (let k = 0; k < horizon; k++) out[k] = ahead[k] + (k >= period ? out[k - period] : y[n - period + k]);
  return out;
}
