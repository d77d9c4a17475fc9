/**
 * Quantile sketch with relative error (DDSketch: Masson, Rim, Lee, VLDB 2019): value x falls into bucket ceil(log_g(x)); with
 * g = 1.02/0.98 every quantile is within 2 % of a true value. Sketches of the same g merge by adding buckets.
 */
const GAMMA = 1.02 / 0.98;
const INVERSE_LOG_GAMMA = 1 / Math.log(GAMMA);
/** Smallest index: everything below about 1e-9 ms is one bucket. */
export const DDSKETCH_MIN = -520;
/** Largest index: everything above about 1e9 ms (12 days) is one bucket. */
export const DDSKETCH_MAX = 520;

/** Bucket of a value in milliseconds. */
export function sketchIndex(ms: number): number {
  if (ms <= 1e-9) return DDSKETCH_MIN;
  const index = Math.ceil(Math.log(ms) * INVERSE_LOG_GAMMA);
  return index < DDSKETCH_MIN ? DDSKETCH_MIN : index > DDSKETCH_MAX ? DDSKETCH_MAX : index;
}
/** The value that stands for a bucket, in milliseconds. */
export function sketchValue(index: number): number {
  return index === DDSKETCH_MIN ? 0 : (2 * GAMMA ** index) / (GAMMA + 1);
}
/** Quantile q (0..1) of buckets sorted by index; NaN when empty. */
export function sketchQuantile(buckets: readonly { index: number; n: number }[], q: number): number {
  let total = 0;
  for (const bucket of buckets) total += bucket.n;
  if (total === 0) return Number.NaN;
  const rank = q * (total - 1);
  let seen = 0;
  for (const bucket of buckets) {
    seen += bucket.n;
    if (seen > rank) return sketchValue(bucket.index);
  }
  return sketchValue(buckets[buckets.length - 1].index);
}
