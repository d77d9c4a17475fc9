/** How two lists of numbers go together. Both have the same length; p is two-sided. */
import { mean } from './descriptive.ts';
import { normalTwoSided, studentTwoSided } from './distributions.ts';
import { rank } from './ranks.ts';

export interface Correlation {
  /** r, rho or tau, -1..1; NaN when one of the lists never changes */
  r: number;
  p: number;
  n: number;
  exact: boolean;
}

function product(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const mx = mean(x);
  const my = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i] - mx;
    const dy = y[i] - my;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}
/** p of a product-moment correlation by Student's t. */
function byStudent(r: number, n: number): number {
  if (Number.isNaN(r) || n < 3) return Number.NaN;
  return Math.abs(r) === 1 ? 0 : studentTwoSided(r * Math.sqrt((n - 2) / (1 - r * r)), n - 2);
}

/** Linear correlation. `interval`: 95 % by Fisher's z, null below four pairs. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation & { interval: { lower: number; upper: number } | null } {
  const n = x.length;
  const r = product(x, y);
  const half = 1.959963984540054 / Math.sqrt(n - 3);
  const z = Math.atanh(r);
  return { r, p: byStudent(r, n), n, exact: false, interval: n < 4 || !Number.isFinite(z) ? null : { lower: Math.tanh(z - half), upper: Math.tanh(z + half) } };
}

/** Pairs up to this many are permuted one and all. */
const EXACT_SPEARMAN = 9;

/** Correlation of the ranks; p exact up to nine pairs without ties, else by Student's t. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const n = x.length;
  const a = rank(x);
  const b = rank(y);
  const r = product(a.ranks, b.ranks);
  const exact = n > 2 && n <= EXACT_SPEARMAN && a.ties === 0 && b.ties === 0;
  return { r, p: exact ? exactSpearman(r, n) : byStudent(r, n), n, exact };
}

/** Twice the share of all orders of the second ranks whose sum of squared distances is as far out on this side. */
function exactSpearman(r: number, n: number): number {
  const limit = ((n ** 3 - n) * (1 - Math.abs(r))) / 6 + 1e-6;
  const used = new Uint8Array(n);
  let out = 0;
  let all = 0;
  const place = (i: number, sum: number): void => {
    if (i === n) {
      all++;
      if (sum <= limit) out++;
      return;
    }
    for (let k = 0; k < n; k++) {
      if (used[k]) continue;
      used[k] = 1;
      place(i + 1, sum + (i - k) ** 2);
      used[k] = 0;
    }
  };
  place(0, 0);
  return Math.min(1, (2 * out) / all);
}

/** Below this many pairs orders are counted. */
const EXACT_KENDALL = 50;

/**
 * Concordance of pairs, tau-b; p exact below fifty pairs without ties, else normal with the tie correction of Kendall (1970).
 * Counted in n log n: Knight, "A computer method for calculating Kendall's tau with ungrouped data", 1966.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const pairs = (n * (n - 1)) / 2;
  const tiesX = runs(n, (i) => x[order[i]] === x[order[i - 1]]);
  const joint = runs(n, (i) => x[order[i]] === x[order[i - 1]] && y[order[i]] === y[order[i - 1]]);
  const byY = Float64Array.from(order, (i) => y[i]);
  const discordant = inversions(byY);
  const tiesY = runs(n, (i) => byY[i] === byY[i - 1]);
  const difference = pairs - tiesX.pairs - tiesY.pairs + joint.pairs - 2 * discordant;
  const r = difference / Math.sqrt((pairs - tiesX.pairs) * (pairs - tiesY.pairs));
  if (!Number.isFinite(r)) return { r: Number.NaN, p: Number.NaN, n, exact: false };
  if (tiesX.pairs === 0 && tiesY.pairs === 0 && n < EXACT_KENDALL) return { r, p: exactKendall(discordant, n), n, exact: true };
  const v0 = n * (n - 1) * (2 * n + 5);
  const v1 = (tiesX.pairs * 2 * tiesY.pairs * 2) / (2 * n * (n - 1));
  const v2 = n > 2 ? (tiesX.triples * tiesY.triples) / (9 * n * (n - 1) * (n - 2)) : 0;
  return { r, p: normalTwoSided(difference / Math.sqrt((v0 - tiesX.fives - tiesY.fives) / 18 + v1 + v2)), n, exact: false };
}

/** Sums over runs of t equal ones: pairs t(t-1)/2, t(t-1)(t-2), t(t-1)(2t+5). */
function runs(n: number, sameAsBefore: (i: number) => boolean): { pairs: number; triples: number; fives: number } {
  const sums = { pairs: 0, triples: 0, fives: 0 };
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && sameAsBefore(end)) end++;
    const t = end - i;
    sums.pairs += (t * (t - 1)) / 2;
    sums.triples += t * (t - 1) * (t - 2);
    sums.fives += t * (t - 1) * (2 * t + 5);
    i = end;
  }
  return sums;
}

/** Pairs in the wrong order; sorts the list (bottom-up merge). */
function inversions(list: Float64Array): number {
  const n = list.length;
  let count = 0;
  const merged = new Float64Array(n);
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      for (let i = start, j = middle, at = start; at < end; at++) {
        if (i < middle && (j >= end || list[i] <= list[j])) merged[at] = list[i++];
        else {
          merged[at] = list[j++];
          count += middle - i;
        }
      }
    }
    list.set(merged);
  }
  return count;
}

/** Twice the share of orders of n with as few inversions, or as many. */
function exactKendall(discordant: number, n: number): number {
  const most = (n * (n - 1)) / 2;
  // Shares of orders by number of inversions: each further value may stand in k places.
  let shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (let k = 2; k <= n; k++) {
    const next = new Float64Array(most + 1);
    let sum = 0;
    for (let i = 0; i <= most; i++) {
      sum += shares[i] - (i >= k ? shares[i - k] : 0);
      next[i] = sum / k;
    }
    shares = next;
  }
  const least = Math.min(discordant, most - discordant);
  let tail = 0;
  for (let i = 0; i <= least; i++) tail += shares[i];
  return Math.min(1, 2 * tail);
}
