/**
 * One seasonal ARIMA model: coefficients by conditional least squares (Box & Jenkins) with Levenberg-Marquardt, which costs a hundredth of
 * exact likelihood; values before the start count as the mean. Which orders are tried is the matter of arima-order.ts.
 */
import { solveSymmetric } from './cholesky.ts';

interface ArimaOrder {
  p: number;
  d: number;
  q: number;
  P: number;
  D: number;
  Q: number;
  period: number;
  /** whether the differenced series has a mean of its own: drift after one difference */
  mean: boolean;
}
export interface ArimaFit {
  order: ArimaOrder;
  /** of the expanded polynomials, lags 1.. */
  ar: Float64Array;
  ma: Float64Array;
  mean: number;
  aicc: number;
  sigma: number;
  /** of the differenced series */
  residuals: Float64Array;
  differenced: Float64Array;
}

/** Differences to the value `lag` before. */
export function difference(y: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(Math.max(0, y.length - lag));
  for (let t = lag; t < y.length; t++) out[t - lag] = y[t] - y[t - lag];
  return out;
}

/** (1 - a1 B - ..)(1 - A1 B^m - ..) as coefficients of lags 1..; `sign` -1 for autoregression, 1 for moving averages. */
function expand(low: ArrayLike<number>, high: ArrayLike<number>, period: number, sign: 1 | -1): Float64Array {
  const out = new Float64Array(low.length + high.length * period);
  for (let i = 0; i < low.length; i++) out[i] += low[i];
  for (let j = 0; j < high.length; j++) {
    const at = (j + 1) * period;
    out[at - 1] += high[j];
    for (let i = 0; i < low.length; i++) out[at + i] += sign * low[i] * high[j];
  }
  return out;
}

/** Whether all partial autocorrelations of the polynomial 1 - c1 B - .. lie inside the unit circle (Durbin-Levinson backwards). */
function stable(coefficients: ArrayLike<number>, bound = 0.995): boolean {
  const a = Array.from(coefficients);
  for (let k = a.length - 1; k >= 0; k--) {
    const r = a[k];
    if (!(Math.abs(r) < bound)) return false;
    const before = a.slice(0, k);
    for (let i = 0; i < k; i++) a[i] = (before[i] + r * before[k - 1 - i]) / (1 - r * r);
  }
  return true;
}

/** Fits models of different orders to one differenced series. */
export class ArimaFitter {
  readonly #w: Float64Array;
  readonly #scale: number;
  readonly #mean0: number;
  constructor(w: Float64Array) {
    this.#w = w;
    let mean = 0;
    for (const value of w) mean += value / w.length;
    let sum = 0;
    for (const value of w) sum += (value - mean) ** 2;
    this.#mean0 = mean;
    this.#scale = Math.sqrt(sum / w.length) || 1;
  }

  #residuals(x: Float64Array, { p, q, P, Q, period, mean }: ArimaOrder, e: Float64Array): number {
    const w = this.#w;
    const n = w.length;
    const ar = expand(x.subarray(0, p), x.subarray(p, p + P), period, -1);
    const ma = expand(x.subarray(p + P, p + P + q), x.subarray(p + P + q, p + P + q + Q), period, 1);
    const c = mean ? x[p + P + q + Q] * this.#scale : 0;
    // Most lags of a seasonal polynomial have no coefficient.
    const arLags: number[] = [];
    const maLags: number[] = [];
    for (let i = 0; i < ar.length; i++) if (ar[i] !== 0) arLags.push(i + 1);
    for (let i = 0; i < ma.length; i++) if (ma[i] !== 0) maLags.push(i + 1);
    let sse = 0;
    for (let t = 0; t < n; t++) {
      let value = w[t] - c;
      for (const lag of arLags) {
        if (lag > t) break;
        value -= ar[lag - 1] * (w[t - lag] - c);
      }
      for (const lag of maLags) {
        if (lag > t) break;
        value -= ma[lag - 1] * e[t - lag];
      }
      e[t] = value;
      sse += value * value;
    }
    return sse;
  }

  fit(order: ArimaOrder): ArimaFit | null {
    const { p, q, P, Q, period, mean } = order;
    const w = this.#w;
    const n = w.length;
    const size = p + q + P + Q + (mean ? 1 : 0);
    if (n < size + 3) return null;
    const allowed = (x: Float64Array): boolean =>
      stable(x.subarray(0, p)) && stable(x.subarray(p, p + P)) && stable(x.subarray(p + P, p + P + q).map((v) => -v)) && stable(x.subarray(p + P + q, p + P + q + Q).map((v) => -v));
    let x = new Float64Array(size);
    if (mean) x[size - 1] = this.#mean0 / this.#scale;
    let e = new Float64Array(n);
    let sse = this.#residuals(x, order, e);
    const columns = Array.from({ length: size }, () => new Float64Array(n));
    const normal = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    let damping = 0.01;
    let trial = new Float64Array(n);
    for (let round = 0; round < 20 && size > 0; round++) {
      for (let j = 0; j < size; j++) {
        const moved = x.slice();
        const h = 1e-5 * (1 + Math.abs(x[j]));
        moved[j] += h;
        const column = columns[j];
        this.#residuals(moved, order, column);
        for (let t = 0; t < n; t++) column[t] = (column[t] - e[t]) / h;
      }
      for (let i = 0; i < size; i++) {
        let g = 0;
        for (let t = 0; t < n; t++) g -= columns[i][t] * e[t];
        gradient[i] = g;
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let t = 0; t < n; t++) sum += columns[i][t] * columns[j][t];
          normal[i * size + j] = sum;
          normal[j * size + i] = sum;
        }
      }
      let better = false;
      let gain = 0;
      for (let attempt = 0; attempt < 8; attempt++) {
        const step = solveSymmetric(normal, gradient, damping);
        const next = x.map((value, i) => value + step[i]);
        if (step.every(Number.isFinite) && allowed(next)) {
          const reached = this.#residuals(next, order, trial);
          if (reached < sse) {
            gain = (sse - reached) / sse;
            x = next;
            sse = reached;
            [e, trial] = [trial, e];
            damping = Math.max(damping / 5, 1e-9);
            better = true;
            break;
          }
        }
        damping = Math.max(damping * 6, 1e-4);
      }
      if (!better || gain < 1e-5) break;
    }
    if (!Number.isFinite(sse)) return null;
    const k = size + 1;
    const aicc = n * Math.log(Math.max(sse / n, 1e-300)) + 2 * k + (2 * k * (k + 1)) / Math.max(1, n - k - 1);
    // Close to a unit root the order is not a good one: a difference more or a term less says the same.
    const wide = (values: Float64Array): boolean => stable(values, 0.99);
    const negated = (values: Float64Array): Float64Array => values.map((v) => -v);
    if (!wide(x.subarray(0, p)) || !wide(x.subarray(p, p + P)) || !wide(negated(x.subarray(p + P, p + P + q))) || !wide(negated(x.subarray(p + P + q, p + P + q + Q)))) return null;
    return {
      order, aicc, sigma: Math.sqrt(sse / Math.max(1, n - size)), mean: mean ? x[size - 1] * this.#scale : 0, residuals: e.slice(), differenced: w,
      ar: expand(x.subarray(0, p), x.subarray(p, p + P), period, -1), ma: expand(x.subarray(p + P, p + P + q), x.subarray(p + P + q, p + P + q + Q), period, 1),
    };
  }
}

/** Point forecasts of the next `horizon` values. */
export function forecastArima(fit: ArimaFit, y: Float64Array, horizon: number): Float64Array {
  const { ar, ma, mean, residuals, differenced, order: { d, D, period } } = fit;
  const n = differenced.length;
  const w = new Float64Array(n + horizon);
  w.set(differenced);
  for (let k = 0; k < horizon; k++) {
    let value = mean;
    for (let i = 0; i < ar.length && i < n + k; i++) value += ar[i] * (w[n + k - 1 - i] - mean);
    for (let i = k; i < ma.length && i - k < n; i++) value += ma[i] * residuals[n - 1 - (i - k)];
    w[n + k] = value;
  }
  // Sums back up what was differenced: ordinary differences first, as they were taken last.
  let future = w.slice(n);
  const stages: { values: Float64Array; lag: number }[] = [];
  let current = y;
  for (let i = 0; i < D; i++) {
    stages.push({ values: current, lag: period });
    current = difference(current, period);
  }
  for (let i = 0; i < d; i++) {
    stages.push({ values: current, lag: 1 });
    current = difference(current, 1);
  }
  for (const { values, lag } of stages.toReversed()) {
    const out = new Float64Array(horizon);
    for (let k = 0; k < horizon; k++) out[k] = future[k] + (k >= lag ? out[k - lag] : values[values.length + k - lag]);
    future = out;
  }
  return future;
}
