/** Fewer points of a series, for drawing. Times ascend; values that are not finite are gaps. */
import type { Line } from './statistics.ts';

export interface Bucket {
  /** index of the bucket: it covers from + i * width up to (not including) from + (i + 1) * width */
  bucket: number;
  count: number;
  min: number;
  max: number;
  /** when they happened first, microseconds UTC */
  minTime: number;
  maxTime: number;
  first: number;
  last: number;
  mean: number;
}

/**
 * For each of `buckets` equal stretches of [from, to) what its values are between, so that no peak is lost however few points are drawn.
 * Stretches without values are left out.
 * @throws RangeError unless from < to and there are 1 to 100,000 buckets
 */
export function minMaxBuckets({ times, values }: Line, from: number, to: number, buckets: number): Bucket[] {
  if (!(from < to) || !Number.isInteger(buckets) || buckets < 1 || buckets > 100_000) throw new RangeError('A drawing needs a stretch of time and 1 to 100,000 buckets.');
  const out: Bucket[] = [];
  let open: Bucket | undefined;
  for (let i = firstAt(times, from); i < times.length && times[i] < to; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    const index = Math.min(buckets - 1, Math.floor(((times[i] - from) / (to - from)) * buckets));
    if (open?.bucket !== index) {
      open = { bucket: index, count: 0, min: value, max: value, minTime: times[i], maxTime: times[i], first: value, last: value, mean: 0 };
      out.push(open);
    }
    open.count++;
    open.last = value;
    open.mean += (value - open.mean) / open.count;
    if (value < open.min) {
      open.min = value;
      open.minTime = times[i];
    }
    if (value > open.max) {
      open.max = value;
      open.maxTime = times[i];
    }
  }
  return out;
}

/** Index of the first time at or after `time`. */
export function firstAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * At most `points` samples that keep the shape of the line: Largest Triangle Three Buckets (Steinarsson, "Downsampling Time Series for Visual
 * Representation", 2013). First and last stay. Samples that are not finite are left out.
 * @throws RangeError unless points is a whole number of at least 3
 */
export function largestTriangles({ times, values }: Line, points: number): Line {
  if (!Number.isInteger(points) || points < 3) throw new RangeError('A line is drawn with at least 3 points.');
  const kept = [...values.keys()].filter((i) => Number.isFinite(values[i]));
  if (kept.length <= points) return pick({ times, values }, kept);
  const chosen = [kept[0]];
  const size = (kept.length - 2) / (points - 2);
  for (let bucket = 0; bucket < points - 2; bucket++) {
    const start = Math.floor(bucket * size) + 1;
    const end = Math.floor((bucket + 1) * size) + 1;
    const nextEnd = Math.min(Math.floor((bucket + 2) * size) + 1, kept.length);
    // The corner on the right is the middle of the bucket that follows.
    let time = 0;
    let value = 0;
    for (let k = end; k < nextEnd; k++) {
      time += times[kept[k]] / (nextEnd - end);
      value += values[kept[k]] / (nextEnd - end);
    }
    const left = chosen[chosen.length - 1];
    let best = kept[start];
    let largest = -1;
    for (let k = start; k < end; k++) {
      const i = kept[k];
      const area = Math.abs((times[left] - time) * (values[i] - values[left]) - (times[left] - times[i]) * (value - values[left]));
      if (area > largest) {
        largest = area;
        best = i;
      }
    }
    chosen.push(best);
  }
  chosen.push(kept[kept.length - 1]);
  return pick({ times, values }, chosen);
}
function pick({ times, values }: Line, indexes: readonly number[]): Line {
  return { times: Float64Array.from(indexes, (i) => times[i]), values: Float64Array.from(indexes, (i) => values[i]) };
}
