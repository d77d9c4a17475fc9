/** Seasonal figures: whether a series has a season, the usual shape of one, and the series without it. */

export type SeasonKind = 'additive' | 'multiplicative';

export interface Adjusted {
  /** the series without its season */
  adjusted: Float64Array;
  /** what the season adds, or multiplies by, at position t modulo period */
  indices: Float64Array;
  kind: SeasonKind;
}

/** Autocorrelations of lags 1..most. All 0 for a constant series. */
export function autocorrelations(y: Float64Array, most: number): Float64Array {
  const n = y.length;
  let mean = 0;
  for (const value of y) mean += value / n;
  let whole = 0;
  for (const value of y) whole += (value - mean) ** 2;
  const acf = new Float64Array(most);
  if (!(whole > 0)) return acf;
  for (let lag = 1; lag <= most && lag < n; lag++) {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
    acf[lag - 1] = sum / whole;
  }
  return acf;
}

/**
 * The test of the forecasting competitions (M3, M4; Assimakopoulos & Nikolopoulos 2000): the autocorrelation at the period is significant at
 * 90 % against Bartlett's standard error. Needs three seasons.
 */
export function isSeasonal(y: Float64Array, period: number): boolean {
  const n = y.length;
  if (period < 2 || n < 3 * period) return false;
  const acf = autocorrelations(y, period);
  let sum = 0;
  for (let lag = 0; lag < period - 1; lag++) sum += acf[lag] ** 2;
  return Math.abs(acf[period - 1]) / Math.sqrt((1 + 2 * sum) / n) > 1.645;
}

/** Centred moving average over a period (2 x m for an even one); NaN where it does not reach. */
function centredAverage(y: Float64Array, period: number): Float64Array {
  const n = y.length;
  const out = new Float64Array(n).fill(Number.NaN);
  const half = Math.floor(period / 2);
  const even = period % 2 === 0;
  for (let t = half; t + half < n; t++) {
    let sum = 0;
    for (let k = -half; k <= half; k++) sum += y[t + k] * (even && (k === -half || k === half) ? 0.5 : 1);
    out[t] = sum / period;
  }
  return out;
}

/**
 * Classical decomposition (ratio or difference to the centred moving average, mean by position). Needs two seasons.
 * @param shrink draws the indices towards no season by how uncertain they are (James-Stein, as Miller & Williams 2003): what few seasons
 *   say is partly chance
 */
export function deseasonalise(y: Float64Array, period: number, kind: SeasonKind, shrink = false): Adjusted {
  const n = y.length;
  const none = kind === 'additive' ? 0 : 1;
  const average = centredAverage(y, period);
  const sums = new Float64Array(period);
  const squares = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let t = 0; t < n; t++) {
    const level = average[t];
    if (level !== level) continue;
    const seen = kind === 'additive' ? y[t] - level : y[t] / level;
    sums[t % period] += seen;
    squares[t % period] += seen * seen;
    counts[t % period]++;
  }
  const indices = new Float64Array(period);
  let mean = 0;
  let chance = 0;
  let known = 0;
  for (let i = 0; i < period; i++) {
    indices[i] = counts[i] > 0 ? sums[i] / counts[i] : none;
    mean += indices[i] / period;
    if (counts[i] < 2) continue;
    chance += Math.max(0, squares[i] / counts[i] - indices[i] ** 2) / (counts[i] - 1);
    known++;
  }
  let spread = 0;
  for (let i = 0; i < period; i++) {
    indices[i] = kind === 'additive' ? indices[i] - mean : Math.max(indices[i] / mean, 0.01);
    spread += (indices[i] - none) ** 2;
  }
  if (shrink && known > 0 && period > 3) {
    chance /= known;
    spread /= period - 1;
    const share = spread > 0 ? Math.min(1, ((period - 3) / (period - 1)) * (chance / Math.max(chance, spread))) : 1;
    for (let i = 0; i < period; i++) indices[i] += share * (none - indices[i]);
  }
  const adjusted = y.map((value, t) => (kind === 'additive' ? value - indices[t % period] : value / indices[t % period]));
  return { adjusted, indices, kind };
}

/** Puts the season back on values that follow after `n` observed ones. */
export function reseasonalise(values: Float64Array, { indices, kind }: Pick<Adjusted, 'indices' | 'kind'>, n: number): Float64Array {
  return values.map((value, k) => (kind === 'additive' ? value + indices[(n + k) % indices.length] : value * indices[(n + k) % indices.length]));
}
