/** What is drawn of a series: buckets over a range of time with peaks and the greatest deviation from the baseline in each. */
import type { SeriesLine } from '../../../shared/contract/metrics.ts';
import { firstAt, minMaxBuckets } from './downsample.ts';
import type { Samples } from './series-codec.ts';
import { inOrder, rates, zScores } from './statistics.ts';

/**
 * @param samples of the series up to `to`, from its start: scores compare with what was before
 * @param from microseconds UTC, `from` < `to`
 * @param buckets 1 to 100,000
 */
export function lineOf({ id, cumulative }: { id: number; cumulative: boolean }, samples: Samples, from: number, to: number, buckets: number): SeriesLine {
  const ordered = inOrder(samples);
  const line = cumulative ? rates(ordered) : ordered;
  const { scores } = zScores(line.values);
  const width = (to - from) / buckets;
  const out: SeriesLine = {
    id, time: Float64Array.from({ length: buckets }, (_, i) => from + i * width), min: empty(buckets), max: empty(buckets), mean: empty(buckets), z: empty(buckets), n: 0,
  };
  for (const { bucket, min, max, mean, count } of minMaxBuckets(line, from, to, buckets)) {
    out.min[bucket] = min;
    out.max[bucket] = max;
    out.mean[bucket] = mean;
    out.n += count;
  }
  for (let i = firstAt(line.times, from); i < line.times.length && line.times[i] < to; i++) {
    const bucket = Math.min(buckets - 1, Math.floor((line.times[i] - from) / width));
    const z = Math.abs(scores[i]);
    if (!Number.isNaN(z) && !(z <= out.z[bucket])) out.z[bucket] = z;
  }
  return out;
}

function empty(n: number): Float64Array {
  return new Float64Array(n).fill(Number.NaN);
}
