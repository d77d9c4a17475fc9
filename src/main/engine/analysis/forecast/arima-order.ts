/**
 * Which order an ARIMA model should have: differences by the KPSS test and by seasonal strength, then the stepwise search of Hyndman &
 * Khandakar 2008 for the least AICc.
 */
import { ArimaFitter, difference, type ArimaFit } from './arima.ts';
import { deseasonalise } from './season.ts';

/** KPSS test for stationarity about a level (Kwiatkowski et al. 1992), 5 %: true when the series should be differenced. */
export function needsDifference(y: Float64Array): boolean {
  const n = y.length;
  if (n < 5) return false;
  let mean = 0;
  for (const value of y) mean += value / n;
  const lags = Math.floor(4 * (n / 100) ** 0.25);
  let sum = 0;
  let eta = 0;
  let variance = 0;
  for (const value of y) {
    sum += value - mean;
    eta += sum * sum;
    variance += (value - mean) ** 2;
  }
  for (let lag = 1; lag <= lags; lag++) {
    let covariance = 0;
    for (let t = lag; t < n; t++) covariance += (y[t] - mean) * (y[t - lag] - mean);
    variance += 2 * (1 - lag / (lags + 1)) * covariance;
  }
  if (!(variance > 0)) return false;
  return eta / (n * variance) > 0.463;
}

/** From this strength on the series is differenced by its period (Wang, Smith & Hyndman 2006). */
const STRONG = 0.64;

/** 0 none .. 1: share of the variance around the trend that the season explains. */
function seasonalStrength(y: Float64Array, period: number): number {
  const n = y.length;
  if (period < 2 || n < 2 * period + 1) return 0;
  const { adjusted, indices } = deseasonalise(y, period, 'additive');
  // What is left: deviation of the adjusted series from its own moving average.
  const half = Math.max(1, Math.floor(period / 2));
  let count = 0;
  let rest = 0;
  let both = 0;
  let restMean = 0;
  let bothMean = 0;
  for (let t = half; t + half < n; t++) {
    let average = 0;
    for (let k = -half; k <= half; k++) average += adjusted[t + k] / (2 * half + 1);
    const r = adjusted[t] - average;
    const s = r + indices[t % period];
    restMean += r;
    bothMean += s;
    rest += r * r;
    both += s * s;
    count++;
  }
  if (count === 0) return 0;
  rest -= (restMean * restMean) / count;
  both -= (bothMean * bothMean) / count;
  return both > 0 ? Math.max(0, 1 - rest / both) : 0;
}

export interface ArimaLimits {
  /** of p and q, P and Q, and models tried: fewer of a long series, as each costs by its length */
  most?: number;
  mostSeasonal?: number;
  models?: number;
}

/** The models that the stepwise search came by, the one with the least AICc first; none when the series bears none. */
export function searchArima(y: Float64Array, period: number, { most = 5, mostSeasonal = 2, models = Math.max(12, Math.min(60, Math.floor(9000 / Math.max(1, y.length)))) }: ArimaLimits = {}): ArimaFit[] {
  const seasonal = period >= 2 && y.length > 2 * period + 4;
  const D = seasonal && seasonalStrength(y, period) > STRONG ? 1 : 0;
  let w = D > 0 ? difference(y, period) : y;
  let d = 0;
  while (d < 2 && w.length > 5 && needsDifference(w)) {
    w = difference(w, 1);
    d++;
  }
  if (w.length < 4) return [];
  const m = seasonal ? period : 1;
  const mayMean = d + D <= 1;
  const n = w.length;
  const top = Math.min(most, Math.floor(n / 3));
  const topSeasonal = seasonal ? Math.min(mostSeasonal, Math.floor(n / 3 / m)) : 0;
  const fitter = new ArimaFitter(w);
  const seen = new Set<string>();
  let best: ArimaFit | null = null;
  const fits: ArimaFit[] = [];
  const attempt = (p: number, q: number, P: number, Q: number, mean: boolean): boolean => {
    if (p < 0 || q < 0 || P < 0 || Q < 0 || p > top || q > top || P > topSeasonal || Q > topSeasonal || (mean && !mayMean) || seen.size >= models) return false;
    const key = `${p} ${q} ${P} ${Q} ${mean}`;
    if (seen.has(key)) return false;
    const fit = fitter.fit({ p, d, q, P, D, Q, period: m, mean });
    seen.add(key);
    if (fit) fits.push(fit);
    if (!fit || (best && !(fit.aicc < best.aicc))) return false;
    best = fit;
    return true;
  };
  const s = topSeasonal > 0 ? 1 : 0;
  attempt(Math.min(2, top), Math.min(2, top), s, s, mayMean);
  attempt(0, 0, 0, 0, mayMean);
  attempt(Math.min(1, top), 0, s, 0, mayMean);
  attempt(0, Math.min(1, top), 0, s, mayMean);
  if (mayMean) attempt(0, 0, 0, 0, false);
  for (let moved = true; moved; ) {
    moved = false;
    // The best is read anew: `attempt` sets it.
    const from = (best as ArimaFit | null)?.order;
    if (!from) break;
    const { p, q, P, Q, mean } = from;
    const near: [number, number, number, number, boolean][] = [
      [p, q, P - 1, Q, mean], [p, q, P, Q - 1, mean], [p, q, P + 1, Q, mean], [p, q, P, Q + 1, mean], [p, q, P - 1, Q - 1, mean], [p, q, P + 1, Q + 1, mean],
      [p, q, P - 1, Q + 1, mean], [p, q, P + 1, Q - 1, mean],
      [p - 1, q, P, Q, mean], [p, q - 1, P, Q, mean], [p + 1, q, P, Q, mean], [p, q + 1, P, Q, mean], [p - 1, q - 1, P, Q, mean], [p + 1, q + 1, P, Q, mean],
      [p - 1, q + 1, P, Q, mean], [p + 1, q - 1, P, Q, mean], [p, q, P, Q, !mean],
    ];
    for (const [a, b, c, e, f] of near) {
      if (attempt(a, b, c, e, f)) {
        moved = true;
        break;
      }
    }
  }
  return fits.sort((a, b) => a.aicc - b.aicc);
}

