/**
 * The score of the Numenta Anomaly Benchmark, standard profile (Lavin & Ahmad, "Evaluating Real-time Anomaly Detection Algorithms",
 * arXiv 1510.03336): what its sweeper counts, for detections that are given as rows.
 */

/** Weights of the standard profile. */
const STANDARD = { truePositive: 1, falsePositive: 0.11, falseNegative: 1 } as const;
export type NabProfile = { readonly [weight in keyof typeof STANDARD]: number };

/** A labelled window as the first and last row that belong to it. */
export interface NabWindow {
  first: number;
  last: number;
}

export interface NabScore {
  /** between -windows and +windows, less what false alarms cost */
  score: number;
  windows: number;
  found: number;
  falseAlarms: number;
}

/** What the benchmark leaves out at the start of a file: 15 % of its rows, at most 750. */
export function probationRows(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 0.15 * 5000);
}

/** 1 far before the end of a window, 0 at its end, -1 far behind it; `position` is in widths of the window. */
export function scaledSigmoid(position: number): number {
  return position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/**
 * Scores the flagged rows of one file. Within a window the best placed detection counts and stands for all of it; every flagged row
 * outside costs, less when it lies shortly behind a window.
 */
export function nabScore(rows: number, windows: readonly NabWindow[], flagged: readonly number[], profile: NabProfile = STANDARD): NabScore {
  const ordered = [...windows].sort((a, b) => a.first - b.first);
  const best = ordered.map(() => -profile.falseNegative);
  const highest = scaledSigmoid(-1);
  let cost = 0;
  let falseAlarms = 0;
  for (const row of flagged) {
    if (row < probationRows(rows)) continue;
    const inside = ordered.findIndex(({ first, last }) => row >= first && row <= last);
    if (inside >= 0) {
      const { first, last } = ordered[inside];
      const value = (scaledSigmoid(-(last - row + 1) / (last - first + 1)) * profile.truePositive) / highest;
      best[inside] = Math.max(best[inside], value);
      continue;
    }
    falseAlarms++;
    const before = ordered.findLast(({ last }) => last < row);
    cost += profile.falsePositive * (before ? scaledSigmoid((row - before.last) / (before.last - before.first)) : -1);
  }
  return { score: best.reduce((sum, value) => sum + value, 0) + cost, windows: ordered.length, found: best.filter((value) => value > -profile.falseNegative).length, falseAlarms };
}

/** 100 for a perfect detector, 0 for one that never says anything; the rest in between, or below. */
export function normalised(score: number, windows: number): number {
  return windows === 0 ? 100 : (100 * (score + windows)) / (2 * windows);
}
