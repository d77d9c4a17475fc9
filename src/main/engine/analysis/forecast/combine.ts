/** Several forecasts made one: combinations beat the best of their parts in every competition since M1 (Makridakis et al. 2020; Petropoulos & Svetunkov 2020: the median of four). */

/** The value that has half of the weight on either side; between two when it lies there. */
export function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  let whole = 0;
  for (const weight of weights) whole += weight;
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    sum += weights[order[i]];
    if (Math.abs(sum - whole / 2) <= 1e-9 * whole && i + 1 < order.length) return (values[order[i]] + values[order[i + 1]]) / 2;
    if (sum > whole / 2) return values[order[i]];
  }
  return values[order[order.length - 1]];
}

/** Weighted median of the forecasts, step by step. */
export function combine(forecasts: readonly Float64Array[], weights: Float64Array): Float64Array {
  const at = new Float64Array(forecasts.length);
  return Float64Array.from(forecasts[0], (_, k) => {
    forecasts.forEach((forecast, i) => (at[i] = forecast[k]));
    return weightedMedian(at, weights);
  });
}

/**
 * Whether a forecast is one that the history bears: no further from the last values than three times the farthest the series ever went in as many
 * steps. What goes beyond has run away.
 */
export function isSane(forecast: Float64Array, values: Float64Array): boolean {
  const n = values.length;
  const horizon = forecast.length;
  const last = values[n - 1];
  let least = values[0];
  let most = values[0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  // The farthest within a horizon, looked for at a few distances: all would cost n x horizon.
  let farthest = 0;
  for (const lag of new Set([1, Math.ceil(horizon / 4), Math.ceil(horizon / 2), Math.min(horizon, n - 1)])) {
    for (let t = lag; t < n; t++) farthest = Math.max(farthest, Math.abs(values[t] - values[t - lag]));
  }
  const room = 3 * Math.max(farthest, horizon >= n ? (most - least) * (horizon / n) : 0);
  return forecast.every((value) => Number.isFinite(value) && ((value >= least && value <= most) || Math.abs(value - last) <= room + 1e-9 * Math.abs(last)));
}
