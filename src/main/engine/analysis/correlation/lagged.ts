/**
 * Correlation of two series at a lag, with a significance that does not take their own memory for a relation.
 *
 * Two series that each change slowly seem alike by chance. So both are ranked (outliers and units do not matter), the first is whitened by an
 * autoregression of its own, the second is filtered by the same one, and only then they are compared: Box and Jenkins, "Time Series Analysis"
 * (1976), chapter 11. The largest of several lags is corrected for having been looked for (Šidák 1967).
 */
import { normalTwoSided } from '../statistics/distributions.ts';
import { rank } from '../statistics/ranks.ts';

export interface Lagged {
  /** buckets by which the second follows the first; negative = it is ahead */
  lag: number;
  /** -1..1, of the whitened ranks at that lag */
  r: number;
  /** that one as large or larger is met by chance, at any of the lags */
  p: number;
  /** buckets compared */
  n: number;
}
/** Fewer common buckets say nothing. */
export const LEAST_COMMON = 24;
/** A series that is other than usual in fewer buckets has a few bursts, and that two of them coincide is for `bursts.ts` to tell. */
const LEAST_ACTIVE = 12;
const ORDER = 3;

/** A series made ready to be compared; `ranks` has NaN where it has no value. */
export interface Prepared {
  ranks: Float64Array;
  /** coefficients of its autoregression */
  phi: Float64Array;
  white: Float64Array;
  /** buckets in which it is not what it is most of the time */
  active: number;
}

export function prepare(values: Float64Array): Prepared {
  const at = [...values.keys()].filter((i) => Number.isFinite(values[i]));
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  const ranked = rank(at.map((i) => values[i])).ranks;
  const n = at.length;
  const middle = (n + 1) / 2;
  at.forEach((i, place) => (ranks[i] = (ranked[place] - middle) / Math.max(1, n)));
  const active = n - mostAlike(ranked);
  const phi = active === 0 ? new Float64Array(ORDER) : autoregression(ranks);
  return { ranks, phi, white: filtered(ranks, phi), active };
}

/** How often the most frequent value comes. */
function mostAlike(values: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const count = (counts.get(values[i]) ?? 0) + 1;
    counts.set(values[i], count);
    most = Math.max(most, count);
  }
  return most;
}

/** Coefficients of an autoregression by Levinson and Durbin over the autocovariances of the values there are. */
function autoregression(values: Float64Array): Float64Array {
  const covariance = Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = 0;
    let n = 0;
    for (let i = lag; i < values.length; i++) {
      const product = values[i] * values[i - lag];
      if (Number.isNaN(product)) continue;
      sum += product;
      n++;
    }
    // Divided by all pairs that could be, so that the estimate stays a valid one (Brockwell and Davis).
    return n === 0 ? 0 : (sum / n) * (1 - lag / values.length);
  });
  let phi: number[] = [];
  let error = covariance[0];
  for (let order = 1; order <= ORDER && error > 1e-12; order++) {
    const sum = phi.reduce((total, each, k) => total + each * covariance[order - 1 - k], 0);
    const reflection = (covariance[order] - sum) / error;
    phi = [...phi.map((each, k) => each - reflection * phi[order - 2 - k]), reflection];
    error *= 1 - reflection * reflection;
  }
  return Float64Array.from({ length: ORDER }, (_, k) => phi[k] ?? 0);
}
function filtered(values: Float64Array, phi: Float64Array): Float64Array {
  return values.map((value, i) => {
    let rest = value;
    for (let k = 0; k < phi.length; k++) {
      const before = i - 1 - k < 0 ? Number.NaN : values[i - 1 - k];
      rest -= phi[k] * (Number.isNaN(before) ? 0 : before);
    }
    return rest;
  });
}

/** The strongest correlation at lags up to `most` either way; null when there is too little to compare. */
export function lagged(x: Prepared, y: Prepared, most: number): Lagged | null {
  if (x.active < LEAST_ACTIVE || y.active < LEAST_ACTIVE) return null;
  const b = filtered(y.ranks, x.phi);
  const a = x.white;
  let best: Lagged | null = null;
  let looked = 0;
  for (let lag = -most; lag <= most; lag++) {
    const found = correlationAt(a, b, lag);
    if (found === null) continue;
    looked++;
    // Of equal ones the nearer in time.
    if (!best || Math.abs(found.r) > Math.abs(best.r) + 1e-12 || (Math.abs(found.r) === Math.abs(best.r) && Math.abs(lag) < Math.abs(best.lag))) best = { lag, ...found, p: 1 };
  }
  if (!best) return null;
  // Fisher's z; correlations of white series have a variance of 1 / n, where n are the buckets that say something: that nothing happens in both is no evidence.
  const telling = Math.min(best.n, 2 * Math.min(x.active, y.active));
  const z = Math.atanh(Math.max(-0.999999, Math.min(0.999999, best.r))) * Math.sqrt(Math.max(1, telling - 3));
  const alone = normalTwoSided(z);
  // 1 - (1 - p)^looked, without losing small p.
  best.p = -Math.expm1(looked * Math.log1p(-Math.min(alone, 1 - 1e-16)));
  return best;
}

function correlationAt(a: Float64Array, b: Float64Array, lag: number): { r: number; n: number } | null {
  let n = 0;
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let i = Math.max(0, -lag); i < a.length && i + lag < b.length; i++) {
    const u = a[i];
    const v = b[i + lag];
    if (Number.isNaN(u) || Number.isNaN(v)) continue;
    n++;
    sa += u;
    sb += v;
    saa += u * u;
    sbb += v * v;
    sab += u * v;
  }
  if (n < LEAST_COMMON) return null;
  const va = saa - (sa * sa) / n;
  const vb = sbb - (sb * sb) / n;
  return va <= 1e-9 || vb <= 1e-9 ? null : { r: (sab - (sa * sb) / n) / Math.sqrt(va * vb), n };
}
