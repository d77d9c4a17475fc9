/**
 * The Theta method (Assimakopoulos & Nikolopoulos 2000) in the state space form of Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler
 * 2016: the dynamic optimised Theta model (DOTM), whose line through the series is drawn anew with each value, and whose theta, first
 * level and smoothing are those of the least absolute errors, which one wild value does not move as it would their squares. Theta fixed at 2
 * is the method of the M3 competition.
 */
import { minimise } from './nelder-mead.ts';

/** Forecasts of a series without a season. Needs three values. */
export function forecastTheta(y: Float64Array, horizon: number, fixedTheta?: number): Float64Array {
  const n = y.length;
  const scale = Math.max(...y.map(Math.abs)) || 1;
  let level = 0;
  let mean = 0;
  let A = 0;
  let B = 0;
  const run = (alpha: number, theta: number, first: number, out?: Float64Array): number => {
    const share = 1 - 1 / theta;
    let errors = 0;
    let decay = 1;
    level = first;
    mean = 0;
    A = 0;
    B = 0;
    const end = n + (out?.length ?? 0);
    for (let t = 1; t <= end; t++) {
      // decay = (1 - alpha)^(t - 1)
      const mu = t === 1 ? first : level + share * (decay * A + ((1 - decay * (1 - alpha)) / alpha) * B);
      let value = mu;
      if (t <= n) {
        value = y[t - 1];
        if (t > 2) errors += Math.abs(value - mu);
      } else if (out) out[t - n - 1] = mu;
      const before = mean;
      mean = ((t - 1) * mean + value) / t;
      if (t > 1) B = ((t - 2) * B + (6 * (value - before)) / t) / (t + 1);
      A = mean - (B * (t + 1)) / 2;
      level = alpha * value + (1 - alpha) * level;
      decay *= 1 - alpha;
    }
    return errors;
  };
  const fit = (theta: number | undefined): { x: Float64Array; value: number } => {
    const start = theta === undefined ? Float64Array.of(0.5, 2, y[0] / scale) : Float64Array.of(0.5, y[0] / scale);
    return minimise(
      (x) => {
        const th = theta ?? x[1];
        if (x[0] < 0.1 || x[0] > 0.99 || th < 1) return Number.POSITIVE_INFINITY;
        return run(x[0], th, x[x.length - 1] * scale) / scale;
      },
      start,
      theta === undefined ? [0.2, 1, 0.05] : [0.2, 0.05],
      { evaluations: 200, tolerance: 1e-7 },
    );
  };
  const { x } = fit(fixedTheta);
  const out = new Float64Array(horizon);
  run(x[0], fixedTheta ?? x[1], x[x.length - 1] * scale, out);
  return out;
}
