/** Whether what a model is asked about is still like what it was trained on, feature by feature. */
import type { DriftRow } from '../../../../shared/contract/models.ts';
import { quantile } from '../statistics/descriptive.ts';
import { kolmogorovSmirnov } from '../statistics/ranks.ts';

/** psi: population stability index: below 0.1 the same, from 0.25 on another population (Siddiqi, "Credit Risk Scorecards", 2006). */
type FeatureDrift = Omit<DriftRow, 'drifted'>;

const BINS = 10;
/** A share that is nothing would make the index infinite. */
const LEAST_SHARE = 1e-3;

/** Sum over bins of (now - before) ln(now / before). Bins are deciles of `before`; equal values make fewer of them. */
export function stabilityIndex(before: ArrayLike<number>, now: ArrayLike<number>): number {
  const sorted = Float64Array.from(before).sort();
  const edges: number[] = [];
  for (let k = 1; k < BINS; k++) {
    const edge = quantile(sorted, k / BINS);
    if (edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) edges.push(edge);
  }
  const shares = (values: ArrayLike<number>): number[] => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (let i = 0; i < values.length; i++) {
      let bin = 0;
      while (bin < edges.length && values[i] > edges[bin]) bin++;
      counts[bin]++;
    }
    return counts.map((count) => Math.max(LEAST_SHARE, count / values.length));
  };
  const then = shares(before);
  return shares(now).reduce((sum, share, bin) => sum + (share - then[bin]) * Math.log(share / then[bin]), 0);
}

/** Above these a feature has drifted: both must say so, since with many rows the test alone finds differences of no consequence. */
const DRIFTED_PSI = 0.25;
const DRIFTED_P = 0.001;

export function drifted({ psi, p }: FeatureDrift): boolean {
  return psi >= DRIFTED_PSI && p < DRIFTED_P;
}

export function featureDrift(feature: string, before: ArrayLike<number>, now: ArrayLike<number>): FeatureDrift {
  const { d, p } = kolmogorovSmirnov(before, now);
  const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  return { feature, psi: stabilityIndex(before, now), d, p, before: mean(before), now: mean(now) };
}
