/** How good scores are. `score` is the probability of class 1, `y` the truth. */

interface Confusion {
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
}
export interface ClassifierMetrics extends Confusion {
  n: number;
  accuracy: number;
  /** NaN when nothing was called 1 */
  precision: number;
  /** NaN when nothing is 1 */
  recall: number;
  f1: number;
  /** the chance that a random 1 scores above a random 0; NaN when there is one class only */
  rocAuc: number;
  /** average precision */
  prAuc: number;
  /** mean squared error of the probability */
  brier: number;
  logLoss: number;
  /** mean distance between probability and share of ones, over ten bins, weighted by their size (expected calibration error) */
  calibrationError: number;
}

function confusion(score: ArrayLike<number>, y: ArrayLike<number>, threshold = 0.5): Confusion {
  const out = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (let i = 0; i < y.length; i++) {
    if (score[i] >= threshold) out[y[i] === 1 ? 'truePositive' : 'falsePositive']++;
    else out[y[i] === 1 ? 'falseNegative' : 'trueNegative']++;
  }
  return out;
}

export function classifierMetrics(score: ArrayLike<number>, y: ArrayLike<number>): ClassifierMetrics {
  const n = y.length;
  const counts = confusion(score, y);
  const { truePositive: tp, falsePositive: fp, trueNegative: tn, falseNegative: fn } = counts;
  let brier = 0;
  let logLoss = 0;
  for (let i = 0; i < n; i++) {
    brier += (score[i] - y[i]) ** 2 / n;
    logLoss -= Math.log(Math.max(y[i] === 1 ? score[i] : 1 - score[i], 1e-12)) / n;
  }
  return {
    n, ...counts, accuracy: (tp + tn) / n, precision: tp / (tp + fp), recall: tp / (tp + fn), f1: (2 * tp) / (2 * tp + fp + fn), rocAuc: rocAuc(score, y), prAuc: averagePrecision(score, y),
    brier, logLoss, calibrationError: calibration(score, y, 10).reduce((sum, { n: size, mean, share }) => sum + (size / n) * Math.abs(mean - share), 0),
  };
}

/** Area under the receiver operating characteristic; equal scores count half (Hanley and McNeil, 1982). */
export function rocAuc(score: ArrayLike<number>, y: ArrayLike<number>): number {
  const order = byScore(score, y.length).reverse();
  let below = 0;
  let pairs = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let ones = 0;
    let zeros = 0;
    const value = score[order[i]];
    for (; i < order.length && score[order[i]] === value; i++) {
      if (y[order[i]] === 1) ones++;
      else zeros++;
    }
    pairs += ones * (below + zeros / 2);
    below += zeros;
    positives += ones;
  }
  return pairs / (positives * below);
}

/** Sum over the ranks of precision times the recall gained; equal scores are one step. */
export function averagePrecision(score: ArrayLike<number>, y: ArrayLike<number>): number {
  const order = byScore(score, y.length);
  let found = 0;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) total += y[i];
  for (let i = 0; i < order.length; ) {
    const value = score[order[i]];
    let ones = 0;
    for (; i < order.length && score[order[i]] === value; i++) ones += y[order[i]];
    found += ones;
    sum += (ones / total) * (found / i);
  }
  return sum;
}

interface CalibrationBin {
  /** mean of the probabilities in it, and share of ones */
  mean: number;
  share: number;
  n: number;
}
/** Bins of equal width that have anything in them. */
function calibration(score: ArrayLike<number>, y: ArrayLike<number>, bins: number): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ score: 0, ones: 0, n: 0 }));
  for (let i = 0; i < y.length; i++) {
    const bin = sums[Math.max(0, Math.min(bins - 1, Math.floor(score[i] * bins)))];
    bin.score += score[i];
    bin.ones += y[i];
    bin.n++;
  }
  return sums.filter(({ n }) => n > 0).map(({ score: total, ones, n }) => ({ mean: total / n, share: ones / n, n }));
}

/** Places by falling score. */
function byScore(score: ArrayLike<number>, n: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => score[b] - score[a]);
}
