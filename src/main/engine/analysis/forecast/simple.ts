/** Forecasts that need no model: what every other method has to beat. */

/** The last value. */
export function forecastNaive(y: Float64Array, horizon: number): Float64Array {
  return new Float64Array(horizon).fill(y[y.length - 1]);
}

/** The values of one season ago. */
export function forecastSeasonalNaive(y: Float64Array, period: number, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, k) => y[y.length - period + (k % period)]);
}

/** The line through the first and the last value. */
export function forecastDrift(y: Float64Array, horizon: number): Float64Array {
  const n = y.length;
  const slope = n > 1 ? (y[n - 1] - y[0]) / (n - 1) : 0;
  return Float64Array.from({ length: horizon }, (_, k) => y[n - 1] + slope * (k + 1));
}
