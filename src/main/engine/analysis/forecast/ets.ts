/**
 * Exponential smoothing in state space form, forms compared by AICc (Hyndman, Koehler, Ord & Snyder 2008, "Forecasting with Exponential
 * Smoothing"; Hyndman & Khandakar 2008). Additive or multiplicative errors and seasons; no, additive or damped additive trend. The first
 * seasonal states are those of a classical decomposition instead of being searched, which makes the search short. Errors are taken to follow
 * Laplace's distribution, so the absolute ones count: one wild value does not move the parameters as it would by its square.
 */
import { minimise } from './nelder-mead.ts';
import { deseasonalise, type SeasonKind } from './season.ts';

type Trend = 'none' | 'additive' | 'damped';
export interface EtsForm {
  error: SeasonKind;
  trend: Trend;
  season: SeasonKind | 'none';
}
export interface EtsFit extends EtsForm {
  aicc: number;
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
  /** states after the last value */
  level: number;
  slope: number;
  /** by position t modulo period, t from the start of the series */
  seasons: Float64Array;
  period: number;
  n: number;
  /** standard deviation of the errors: of the values, or relative to the forecast when multiplicative */
  sigma: number;
}

interface Start {
  level: number;
  slope: number;
  seasons: Float64Array;
}

class Smoother {
  readonly #y: Float64Array;
  readonly #period: number;
  readonly #seasons: Float64Array;
  level = 0;
  slope = 0;
  /** sums of absolute and of squared errors, and of the logarithms of forecasts for multiplicative errors */
  absolute = 0;
  sse = 0;
  logs = 0;

  constructor(y: Float64Array, period: number) {
    this.#y = y;
    this.#period = period;
    this.#seasons = new Float64Array(Math.max(1, period));
  }
  get seasons(): Float64Array {
    return this.#seasons;
  }

  /** Goes over the series once. False: the model cannot be (a forecast or a season at or below 0 where it must be above). */
  run(form: EtsForm, start: Float64Array, level: number, slope: number, alpha: number, beta: number, gamma: number, phi: number): boolean {
    const y = this.#y;
    const n = y.length;
    const seasons = this.#seasons;
    const period = this.#period;
    const multiplicativeError = form.error === 'multiplicative';
    const trended = form.trend !== 'none';
    const kind = form.season === 'none' ? 0 : form.season === 'additive' ? 1 : 2;
    if (kind > 0) seasons.set(start);
    let l = level;
    let b = trended ? slope : 0;
    let absolute = 0;
    let sse = 0;
    let logs = 0;
    let at = 0;
    for (let t = 0; t < n; t++) {
      const value = y[t];
      const damped = phi * b;
      const q = l + damped;
      const s = kind === 0 ? 0 : seasons[at];
      const f = kind === 0 ? q : kind === 1 ? q + s : q * s;
      let e = value - f;
      if (multiplicativeError) {
        if (!(f > 1e-10)) return false;
        e /= f;
        logs += Math.log(f);
      }
      absolute += Math.abs(e);
      sse += e * e;
      const p = kind === 0 ? value : kind === 1 ? value - s : value / (s > 1e-10 ? s : 1e-10);
      const next = q + alpha * (p - q);
      if (trended) b = damped + (beta / alpha) * (next - l - damped);
      l = next;
      if (kind > 0) {
        const seen = kind === 1 ? value - q : value / (q > 1e-10 ? q : 1e-10);
        seasons[at] = s + gamma * (seen - s);
        if (++at === period) at = 0;
      }
    }
    this.level = l;
    this.slope = b;
    this.absolute = absolute;
    this.sse = sse;
    this.logs = logs;
    return sse < Number.POSITIVE_INFINITY;
  }
}

/** Level and slope by a line through the first seasons, without the season. */
function startOf(y: Float64Array, period: number, season: EtsForm['season']): Start {
  let adjusted = y;
  let seasons = new Float64Array(1);
  if (season !== 'none') {
    const parts = deseasonalise(y, period, season);
    adjusted = parts.adjusted;
    seasons = Float64Array.from(parts.indices);
  }
  const n = Math.min(adjusted.length, Math.max(10, 2 * period));
  let mean = 0;
  for (let t = 0; t < n; t++) mean += adjusted[t] / n;
  let slope = 0;
  let spread = 0;
  for (let t = 0; t < n; t++) {
    slope += (t - (n - 1) / 2) * (adjusted[t] - mean);
    spread += (t - (n - 1) / 2) ** 2;
  }
  slope = spread > 0 ? slope / spread : 0;
  return { level: mean - (slope * (n + 1)) / 2, slope, seasons };
}

/** The forms of the literature that are stable; multiplicative ones only where every value is above 0, seasonal ones from two seasons on. */
function formsFor(y: Float64Array, period: number): EtsForm[] {
  const n = y.length;
  let least = Number.POSITIVE_INFINITY;
  for (const value of y) least = Math.min(least, value);
  const positive = least > 0;
  const seasonal = period >= 2 && n > 2 * period;
  const forms: EtsForm[] = [];
  for (const trend of ['none', 'additive', 'damped'] as const) {
    for (const season of ['none', 'additive', 'multiplicative'] as const) {
      if (season !== 'none' && !seasonal) continue;
      if (season === 'multiplicative' && !positive) continue;
      if (season !== 'multiplicative') forms.push({ error: 'additive', trend, season });
      if (positive) forms.push({ error: 'multiplicative', trend, season });
    }
  }
  return forms;
}

/** Fits one form; null when it has more parameters than the series bears. */
function fitEts(y: Float64Array, period: number, form: EtsForm, start: Start): EtsFit | null {
  const n = y.length;
  const trended = form.trend !== 'none';
  const damped = form.trend === 'damped';
  const seasonal = form.season !== 'none';
  const parameters = 2 + (trended ? 2 : 0) + (damped ? 1 : 0) + (seasonal ? 1 + period - 1 : 0) + 1;
  if (n <= parameters + 1) return null;
  const m = seasonal ? period : 1;
  const spread = deviation(y) || Math.abs(start.level) || 1;
  const smoother = new Smoother(y, m);
  // alpha, [beta / alpha], [phi], [gamma / (1 - alpha)], level, [slope]: shares, so that the bounds of one do not depend on another.
  const size = 2 + (trended ? 2 : 0) + (damped ? 1 : 0) + (seasonal ? 1 : 0);
  const x0 = new Float64Array(size);
  const step = new Float64Array(size);
  let i = 0;
  x0[i] = seasonal ? 0.3 : 0.5;
  step[i++] = 0.25;
  if (trended) {
    x0[i] = 0.1;
    step[i++] = 0.15;
  }
  if (damped) {
    x0[i] = 0.95;
    step[i++] = -0.05;
  }
  if (seasonal) {
    x0[i] = 0.1;
    step[i++] = 0.15;
  }
  x0[i] = start.level / spread;
  step[i++] = 0.3;
  if (trended) {
    x0[i] = start.slope / spread;
    step[i++] = Math.max(Math.abs(start.slope) / spread, 0.01) * 0.5;
  }
  const read = (x: Float64Array): [alpha: number, beta: number, gamma: number, phi: number, level: number, slope: number] | null => {
    let at = 0;
    const alpha = x[at++];
    const betaShare = trended ? x[at++] : 0;
    const phi = damped ? x[at++] : 1;
    const gammaShare = seasonal ? x[at++] : 0;
    if (alpha < 1e-4 || alpha > 0.9999 || betaShare < 0 || betaShare > 1 || gammaShare < 0 || gammaShare > 1 || (damped && (phi < 0.8 || phi > 0.98))) return null;
    return [alpha, betaShare * alpha, gammaShare * (1 - alpha), phi, x[at++] * spread, trended ? x[at] * spread : 0];
  };
  const likelihood = (x: Float64Array): number => {
    const p = read(x);
    if (!p || !smoother.run(form, start.seasons, p[4], p[5], p[0], p[1], p[2], p[3])) return Number.POSITIVE_INFINITY;
    return 2 * n * Math.log(Math.max(smoother.absolute, 1e-150)) + 2 * smoother.logs;
  };
  const best = minimise(likelihood, x0, step, { evaluations: 60 * size, tolerance: 1e-6 });
  const p = read(best.x);
  if (!p || !Number.isFinite(best.value) || !smoother.run(form, start.seasons, p[4], p[5], p[0], p[1], p[2], p[3])) return null;
  const aicc = best.value + 2 * parameters + (2 * parameters * (parameters + 1)) / (n - parameters - 1);
  return {
    ...form, aicc, alpha: p[0], beta: p[1], gamma: p[2], phi: p[3], level: smoother.level, slope: smoother.slope, seasons: smoother.seasons.slice(), period: m, n,
    sigma: Math.sqrt(smoother.sse / Math.max(1, n - size)),
  };
}

/** Every form that the series bears, fitted, the one with the least AICc first. */
export function fitEtsForms(y: Float64Array, period: number, forms: readonly EtsForm[] = formsFor(y, period)): EtsFit[] {
  const starts = new Map<EtsForm['season'], Start>();
  const fits: EtsFit[] = [];
  for (const form of forms) {
    let start = starts.get(form.season);
    if (!start) starts.set(form.season, (start = startOf(y, period, form.season)));
    const fit = fitEts(y, period, form, start);
    if (fit) fits.push(fit);
  }
  return fits.sort((a, b) => a.aicc - b.aicc);
}

/** Point forecasts of the next `horizon` values. */
export function forecastEts(fit: EtsFit, horizon: number): Float64Array {
  const out = new Float64Array(horizon);
  let reach = 0;
  let power = 1;
  for (let k = 0; k < horizon; k++) {
    power *= fit.phi;
    reach += power;
    const q = fit.level + (fit.trend === 'none' ? 0 : reach * fit.slope);
    const s = fit.season === 'none' ? 0 : fit.seasons[(fit.n + k) % fit.period];
    out[k] = fit.season === 'none' ? q : fit.season === 'additive' ? q + s : q * s;
  }
  return out;
}

function deviation(y: Float64Array): number {
  let mean = 0;
  for (const value of y) mean += value / y.length;
  let sum = 0;
  for (const value of y) sum += (value - mean) ** 2;
  return Math.sqrt(sum / y.length);
}
