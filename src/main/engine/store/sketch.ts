/**
 * Quantile sketch with relative error (DDSketch: Masson, Rim, Lee, VLDB 2019): value x falls into bucket ceil(log_g(x)); with
 * g = 1.02/0.98 every quantile is within 2 % of a true value. Sketches of the same g merge by adding buckets.
 */
const GAMMA = 1.02 / 0.98;
const INVERSE_LOG_GAMMA = 1 / Math.log(GAMMA);
/** Milliseconds up to which a value counts as nothing. */
const NOTHING = 1e-9;
/** Smallest index: everything up to NOTHING is one bucket. */
export const DDSKETCH_MIN = -520;
/** Largest index: everything above about 1e9 ms (12 days) is one bucket. */
export const DDSKETCH_MAX = 520;

/** Bucket of a value in milliseconds. */
export function sketchIndex(ms: number): number {
  if (ms <= NOTHING) return DDSKETCH_MIN;
  const index = Math.ceil(Math.log(ms) * INVERSE_LOG_GAMMA);
  return index < DDSKETCH_MIN ? DDSKETCH_MIN : index > DDSKETCH_MAX ? DDSKETCH_MAX : index;
}

/** A 32-bit float and its bits: of two floats that are not negative the larger one has the larger bits. */
const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);
/** By bucket: bits of the smallest float in it. One more at the end that no float reaches. */
const starts = new Uint32Array(DDSKETCH_MAX - DDSKETCH_MIN + 2);
/** By the upper 16 bits of a float: the bucket (from 0) where such floats begin. They lie within 0.8 %, a bucket is 4 % wide. */
const buckets = new Uint16Array(0x8000);

/** Whether the float of these bits lies below a bucket. */
function below(bits: number, index: number): boolean {
  floatBits[0] = bits;
  return sketchIndex(float[0]) < index;
}
function fillTables(): void {
  for (let index = DDSKETCH_MIN + 1; index <= DDSKETCH_MAX; index++) {
    float[0] = Math.max(GAMMA ** (index - 1), NOTHING);
    let bits = floatBits[0];
    while (!below(bits, index)) bits--;
    while (below(bits, index)) bits++;
    starts[index - DDSKETCH_MIN] = bits;
  }
  starts[starts.length - 1] = 0xffffffff;
  for (let bucket = 0; bucket < starts.length - 1; bucket++) buckets.fill(bucket, Math.ceil(starts[bucket] / 0x10000), Math.ceil(starts[bucket + 1] / 0x10000));
}

/** sketchIndex() of a float that is not negative, given as its bits: a table instead of a logarithm for each event. */
export function sketchIndexOfBits(bits: number): number {
  if (starts[starts.length - 1] === 0) fillTables();
  const positive = bits & 0x7fffffff;
  let bucket = buckets[positive >>> 16];
  while (positive >= starts[bucket + 1]) bucket++;
  return bucket + DDSKETCH_MIN;
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
