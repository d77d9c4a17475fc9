/**
 * Complex exponential smoothing (Svetunkov, Kourentzes & Ord 2022): level and "information potential" as one complex number, so that one
 * model follows both stationary and trending series without a choice between them. Without season. The smoothing is that of the least absolute
 * errors, which one wild value does not move as it would their squares.
 */
import { minimise } from './nelder-mead.ts';

/** Needs five values. */
export function forecastCes(y: Float64Array, horizon: number): Float64Array {
  const n = y.length;
  const scale = Math.max(...y.map(Math.abs)) || 1;
  let l = 0;
  let c = 0;
  const pass = (a0: number, a1: number, backwards: boolean): number => {
    let errors = 0;
    for (let i = 0; i < n; i++) {
      const t = backwards ? n - 1 - i : i;
      const e = y[t] - l;
      errors += Math.abs(e);
      const next = l - (1 - a1) * c + (a0 - a1) * e;
      c = l + (1 - a0) * c + (a0 + a1) * e;
      l = next;
      if (!(Math.abs(l) < 1e3 * scale)) return Number.POSITIVE_INFINITY;
    }
    return errors;
  };
  // First states by backcasting: over the series and back, so that none has to be searched.
  const run = (a0: number, a1: number): number => {
    l = 0;
    for (let t = 0; t < Math.min(n, 5); t++) l += y[t] / Math.min(n, 5);
    c = l / 1.1;
    if (pass(a0, a1, false) === Number.POSITIVE_INFINITY || pass(a0, a1, true) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    return pass(a0, a1, false);
  };
  const stableAt = (a0: number, a1: number): boolean => (a0 - 2.5) ** 2 + a1 ** 2 > 1.25 && (a0 - 0.5) ** 2 + (a1 - 1) ** 2 > 0.25 && (a0 - 1.5) ** 2 + (a1 - 0.5) ** 2 < 1.5;
  const best = minimise((x) => (stableAt(x[0], x[1]) ? run(x[0], x[1]) / scale : Number.POSITIVE_INFINITY), Float64Array.of(1.3, 1), [0.3, 0.1], { evaluations: 200, tolerance: 1e-8 });
  run(best.x[0], best.x[1]);
  const out = new Float64Array(horizon);
  for (let k = 0; k < horizon; k++) {
    out[k] = l;
    const next = l - (1 - best.x[1]) * c;
    c = l + (1 - best.x[0]) * c;
    l = next;
  }
  return out;
}
