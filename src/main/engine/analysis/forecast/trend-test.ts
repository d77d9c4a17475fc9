/**
 * Whether a series has a trend: Mann 1945 and Kendall 1975, with the variance widened for values that go together (Hamed & Rao 1998), and
 * how steep it is: Sen 1968, with its interval.
 */
import { quantile } from '../statistics/descriptive.ts';
import { normalTwoSided } from '../statistics/distributions.ts';
import { rank } from '../statistics/ranks.ts';
import { autocorrelations } from './season.ts';

export interface TrendTest {
  /** two-sided */
  p: number;
  /** per step: median of the slopes between all pairs, and its interval of 95 % */
  slope: number;
  lower: number;
  upper: number;
}

/** All pairs are looked at: of a longer series, means of neighbours. */
const MOST = 600;
const Z95 = 1.959963984540054;

/** Needs three values, all finite; null with fewer. */
export function trendTest(series: Float64Array): TrendTest | null {
  const width = Math.ceil(series.length / MOST);
  const y = width === 1 ? series : Float64Array.from({ length: Math.floor(series.length / width) }, (_, i) => series.subarray(i * width, (i + 1) * width).reduce((sum, value) => sum + value / width, 0));
  const n = y.length;
  if (n < 3) return null;
  let s = 0;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      s += Math.sign(y[j] - y[i]);
      slopes[at++] = (y[j] - y[i]) / (j - i);
    }
  }
  slopes.sort();
  const { ranks, tieSizes } = tied(y);
  let variance = n * (n - 1) * (2 * n + 5);
  for (const t of tieSizes) variance -= t * (t - 1) * (2 * t + 5);
  variance /= 18;
  const middle = quantile(slopes, 0.5);
  variance *= inflation(ranks);
  if (!(variance > 0)) return { p: 1, slope: middle / width, lower: middle / width, upper: middle / width };
  const p = normalTwoSided(s === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance));
  const reach = Z95 * Math.sqrt(variance);
  const place = (k: number): number => slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(k)))];
  return { p, slope: middle / width, lower: place((slopes.length - reach) / 2) / width, upper: place((slopes.length + reach) / 2) / width };
}

function tied(y: Float64Array): { ranks: Float64Array; tieSizes: number[] } {
  const counts = new Map<number, number>();
  for (const value of y) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { ranks: Float64Array.from(rank(y).ranks), tieSizes: [...counts.values()].filter((count) => count > 1) };
}

/** By how much dependence widens the variance: from the significant correlations of the ranks around their line. Never below 1. */
function inflation(ranks: Float64Array): number {
  const n = ranks.length;
  let slope = 0;
  let spread = 0;
  for (let t = 0; t < n; t++) {
    slope += (t - (n - 1) / 2) * ranks[t];
    spread += (t - (n - 1) / 2) ** 2;
  }
  slope /= spread;
  const flat = ranks.map((value, t) => value - slope * t);
  const most = Math.min(n - 3, Math.floor(n / 4));
  if (most < 1) return 1;
  const acf = autocorrelations(flat, most);
  let sum = 0;
  for (let lag = 1; lag <= most; lag++) if (Math.abs(acf[lag - 1]) > Z95 / Math.sqrt(n)) sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * acf[lag - 1];
  return Math.max(1, 1 + (2 / (n * (n - 1) * (n - 2))) * sum);
}
