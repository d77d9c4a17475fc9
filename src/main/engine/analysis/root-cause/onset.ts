/**
 * When it started, where nobody says. First by how the case was recorded: a second recording long after the first is about the trouble. Else
 * by the best single split of what the case counts: failures and latencies, bucket by bucket, and levels of metrics.
 */
import { formatDuration } from '../../../../shared/numbers.ts';
import { median, quantileOf } from '../statistics/descriptive.ts';
import { MINUTE } from './periods.ts';

export interface Onset {
  at: number;
  /** begin = events begin there */
  from: 'given' | 'recording' | 'detected' | 'begin';
  why: string;
}
/** One value a bucket; NaN = nothing is known. */
export interface Track {
  title: string;
  times: Float64Array;
  values: Float64Array;
}

/** A recording is another one behind a silence so long, and so many times longer than it. */
const SILENCE = 60 * MINUTE;
const SILENCE_FACTOR = 3;
/** Buckets on each side of a split. */
const LEAST_BUCKETS = 4;
/** Standard deviations between the two sides that are no accident, however many splits and tracks were tried. */
const SURE = 6;
/** A rise below this share of the level before is none that anybody feels, however steady the level was. */
const LEAST_RISE = 0.3;

/** @param minutes start of each minute with data of any kind, ascending */
export function recordingOnset(minutes: readonly number[]): Onset | null {
  for (let i = minutes.length - 1; i > 0; i--) {
    const silence = minutes[i] - minutes[i - 1];
    if (silence < SILENCE) continue;
    const last = minutes[minutes.length - 1] - minutes[i] + MINUTE;
    return silence >= SILENCE_FACTOR * last ? { at: minutes[i], from: 'recording', why: `a recording begins there, ${formatDuration(silence)} after the one before` } : null;
  }
  return null;
}

/** The split that is surest of all tracks: where one of them rises for good. null when none does. */
export function detectedOnset(tracks: readonly Track[]): Onset | null {
  let best: { at: number; z: number; track: Track } | null = null;
  for (const track of tracks) {
    const known = [...track.values.keys()].filter((i) => !Number.isNaN(track.values[i]));
    const values = known.map((i) => track.values[i]);
    if (values.length < 2 * LEAST_BUCKETS) continue;
    // Single peaks must not win: what is far outside counts as just outside.
    const low = quantileOf(values, 0.05);
    const high = quantileOf(values, 0.95);
    const cut = values.map((value) => Math.min(high, Math.max(low, value)));
    const sums = [0];
    const squares = [0];
    for (const value of cut) {
      sums.push(sums[sums.length - 1] + value);
      squares.push(squares[squares.length - 1] + value * value);
    }
    const n = cut.length;
    for (let split = LEAST_BUCKETS; split <= n - LEAST_BUCKETS; split++) {
      const before = sums[split] / split;
      const after = (sums[n] - sums[split]) / (n - split);
      const within = (squares[n] - split * before ** 2 - (n - split) * after ** 2) / (n - 2);
      const spread = Math.sqrt(Math.max(within, 1e-12) * (1 / split + 1 / (n - split)));
      const z = (after - before) / Math.max(spread, 1e-9 + Math.abs(median(cut)) * 1e-3);
      if (after - before < LEAST_RISE * Math.abs(before)) continue;
      if (z > (best?.z ?? SURE)) best = { at: track.times[known[split]], z, track };
    }
  }
  return best && { at: best.at, from: 'detected', why: `${best.track.title} rises there (${best.z.toFixed(1)} standard deviations)` };
}
