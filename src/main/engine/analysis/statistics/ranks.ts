/** Tests by ranks: what comes before what counts, not by how much, so that single extreme values decide nothing. */
import { chiSquareUpper, kolmogorovUpper, normalTwoSided } from './distributions.ts';

export interface Ranked {
  /** from 1; equal values share the mean of their ranks */
  ranks: Float64Array;
  /** sum over each run of t equal values of t^3 - t */
  ties: number;
}

export function rank(values: ArrayLike<number>): Ranked {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(n);
  let ties = 0;
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && values[order[end]] === values[order[i]]) end++;
    for (let k = i; k < end; k++) ranks[order[k]] = (i + end + 1) / 2;
    const t = end - i;
    ties += t * t * t - t;
    i = end;
  }
  return { ranks, ties };
}

export interface RankSum {
  /** of the first sample: pairs in which its value is the greater one, ties count half */
  u: number;
  p: number;
  exact: boolean;
  /** share of pairs in which the first is greater less the share in which the second is, -1..1 (rank-biserial, Cliff's delta) */
  delta: number;
}

/** Below this many values in each sample the exact distribution is counted, as R does. */
const EXACT_BELOW = 50;

/** Mann and Whitney (1947), two-sided. Exact for small samples without ties, else normal with tie and continuity correction. */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): RankSum {
  const n = a.length;
  const m = b.length;
  const { ranks, ties } = rank(both(a, b));
  let sum = 0;
  for (let i = 0; i < n; i++) sum += ranks[i];
  const u = sum - (n * (n + 1)) / 2;
  const delta = (2 * u) / (n * m) - 1;
  if (ties === 0 && n < EXACT_BELOW && m < EXACT_BELOW) return { u, p: exactRankSum(u, n, m), exact: true, delta };
  const total = n + m;
  const sigma = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return { u, p: sigma > 0 ? normalTwoSided(distance / sigma) : 1, exact: false, delta };
}

/** How far the second sample lies above the first: z of the rank sum, normal approximation. 0 when one of them is empty. */
export function rankSumZ(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const n = first.length;
  const m = second.length;
  if (n === 0 || m === 0) return 0;
  const { ranks, ties } = rank(both(first, second));
  let sum = 0;
  for (let i = n; i < n + m; i++) sum += ranks[i];
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  return variance > 0 ? (sum - (m * (total + 1)) / 2) / Math.sqrt(variance) : 0;
}

/** Counts the arrangements of n + m values by their U: f(n, m, u) = f(n - 1, m, u - m) + f(n, m - 1, u). */
function exactRankSum(u: number, n: number, m: number): number {
  const most = n * m;
  // Ways to choose parts of at most m, added one by one: coefficients of the Gaussian binomial.
  let ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let k = 1; k <= n; k++) {
    // Times (1 - q^(m + k)), divided by (1 - q^k).
    const next = new Float64Array(most + 1);
    for (let i = 0; i <= most; i++) next[i] = ways[i] - (i >= m + k ? ways[i - m - k] : 0) + (i >= k ? next[i - k] : 0);
    ways = next;
  }
  const all = ways.reduce((sum, count) => sum + count, 0);
  const least = Math.min(u, most - u);
  let tail = 0;
  for (let i = 0; i <= least; i++) tail += ways[i];
  return Math.min(1, (2 * tail) / all);
}

export interface KruskalWallis {
  h: number;
  df: number;
  p: number;
  /** share of the variance of the ranks that lies between the groups, 0..1 (epsilon squared) */
  epsilonSquared: number;
}

/** Kruskal and Wallis (1952) with tie correction. */
export function kruskalWallis(groups: readonly ArrayLike<number>[]): KruskalWallis {
  const n = groups.reduce((sum, group) => sum + group.length, 0);
  const all = new Float64Array(n);
  let at = 0;
  for (const group of groups) {
    all.set(Float64Array.from(group), at);
    at += group.length;
  }
  const { ranks, ties } = rank(all);
  let sum = 0;
  at = 0;
  for (const { length } of groups) {
    let ofGroup = 0;
    for (let i = 0; i < length; i++) ofGroup += ranks[at++];
    sum += (ofGroup * ofGroup) / length;
  }
  const corrected = 1 - ties / (n ** 3 - n);
  const h = corrected > 0 ? ((12 * sum) / (n * (n + 1)) - 3 * (n + 1)) / corrected : 0;
  const df = groups.length - 1;
  return { h, df, p: chiSquareUpper(h, df), epsilonSquared: Math.max(0, Math.min(1, h / (n - 1))) };
}

function both(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(Float64Array.from(a));
  all.set(Float64Array.from(b), a.length);
  return all;
}

export interface KolmogorovSmirnov {
  /** the largest distance between the two distribution functions, 0..1 */
  d: number;
  p: number;
  exact: boolean;
}

/** Products of sample sizes up to this are counted exactly. */
const EXACT_PRODUCT = 10_000;

/** Two samples, two-sided. Exact (paths on a lattice) for small samples without ties, else by the limit of Smirnov. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  const n = x.length;
  const m = y.length;
  let d = 0;
  let tied = false;
  for (let i = 0, j = 0; i < n && j < m; ) {
    const value = Math.min(x[i], y[j]);
    const before = i + j;
    while (i < n && x[i] === value) i++;
    while (j < m && y[j] === value) j++;
    if (i + j - before > 1) tied = true;
    d = Math.max(d, Math.abs(i / n - j / m));
  }
  if (!tied && n * m <= EXACT_PRODUCT) return { d, p: exactSmirnov(d, n, m), exact: true };
  return { d, p: kolmogorovUpper(d * Math.sqrt((n * m) / (n + m))), exact: false };
}

/** The share of the orders of n + m values in which the distance somewhere reaches d: one minus the paths that stay inside. */
function exactSmirnov(d: number, n: number, m: number): number {
  const bound = d - 1e-9;
  const inside = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i / n - j / m) >= bound) inside[j] = 0;
      else if (i === 0 && j === 0) inside[j] = 1;
      // Shares rather than counts, so that no number grows: of the orders through here, which came from the left, which from below.
      else inside[j] = ((i > 0 ? inside[j] * i : 0) + (j > 0 ? inside[j - 1] * j : 0)) / (i + j);
    }
  }
  return Math.max(0, Math.min(1, 1 - inside[m]));
}
