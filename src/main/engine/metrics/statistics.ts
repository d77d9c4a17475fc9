/**
 * How unusual each value of a series is against the ones before it. Only the past counts, so that a score is the one that could have been
 * given at the time. All functions are pure; a value that is not finite is no value: it gets no score and never counts in a baseline.
 */
import { MAD_TO_SIGMA, MEAN_AD_TO_SIGMA } from '../analysis/statistics/descriptive.ts';

export interface BaselineOptions {
  /** how many values before a value are its baseline, 2 to 100,000 */
  window: number;
  /** fewer values before it give no score; at least 2 */
  minimum: number;
}
const DEFAULT_BASELINE: BaselineOptions = { window: 288, minimum: 12 };

export interface Scores {
  /** how many spreads the value lies above (below: negative) the centre of its baseline, -MAX_SCORE..MAX_SCORE; NaN = no score */
  scores: Float64Array;
  /** mean or median of the values before; NaN where there is no score */
  centres: Float64Array;
  /** standard deviation, or the median's equivalent of one */
  spreads: Float64Array;
}

/** A change in a series that never changed would be infinitely unusual: scores end here. */
export const MAX_SCORE = 1000;
/** A share of the centre below which a spread is rounding and counts as none. */
const ROUNDING = 1e-12;

function checked({ window, minimum }: BaselineOptions): void {
  if (!Number.isInteger(window) || window < 2 || window > 100_000) throw new RangeError('The window of a baseline has 2 to 100,000 values.');
  if (!Number.isInteger(minimum) || minimum < 2 || minimum > window) throw new RangeError('The minimum of a baseline is from 2 to its window.');
}
function emptyScores(n: number): Scores {
  return { scores: new Float64Array(n).fill(NaN), centres: new Float64Array(n).fill(NaN), spreads: new Float64Array(n).fill(NaN) };
}
function scoreOf(value: number, centre: number, spread: number): number {
  const distance = value - centre;
  if (spread <= Math.abs(centre) * ROUNDING) return Math.abs(distance) <= Math.abs(centre) * ROUNDING ? 0 : Math.sign(distance) * MAX_SCORE;
  return Math.max(-MAX_SCORE, Math.min(MAX_SCORE, distance / spread));
}

/** z-scores against the mean and the (sample) standard deviation of the values before. */
export function zScores(values: Float64Array, options: BaselineOptions = DEFAULT_BASELINE): Scores {
  checked(options);
  const out = emptyScores(values.length);
  const baseline = new SlidingMoments(options.window);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (baseline.count >= options.minimum) {
      out.centres[i] = baseline.mean;
      out.spreads[i] = baseline.deviation;
      out.scores[i] = scoreOf(value, baseline.mean, baseline.deviation);
    }
    baseline.add(value);
  }
  return out;
}

/**
 * Mean and standard deviation of the last `size` values: Welford, "Note on a method for calculating corrected sums of squares and products",
 * Technometrics 4 (1962), with values also taken out. Taking out loses digits, so the sums are made anew once a window.
 */
class SlidingMoments {
  readonly #ring: Float64Array;
  #next = 0;
  #stale = 0;
  #m2 = 0;
  count = 0;
  mean = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
  }
  get deviation(): number {
    return this.count < 2 ? 0 : Math.sqrt(Math.max(0, this.#m2) / (this.count - 1));
  }

  add(value: number): void {
    const before = this.#m2;
    if (this.count === this.#ring.length) {
      this.#remove(this.#ring[this.#next]);
      this.#stale++;
    }
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#include(value);
    // What a far outlier leaves behind is made of its rounding errors.
    if (this.#stale >= this.#ring.length || this.#m2 < before * 1e-3) this.#again();
  }
  #include(value: number): void {
    this.count++;
    const distance = value - this.mean;
    this.mean += distance / this.count;
    this.#m2 += distance * (value - this.mean);
  }
  #remove(value: number): void {
    this.count--;
    const distance = value - this.mean;
    this.mean -= distance / this.count;
    this.#m2 -= distance * (value - this.mean);
  }
  #again(): void {
    const n = this.count;
    this.count = 0;
    this.mean = 0;
    this.#m2 = 0;
    for (let i = 0; i < n; i++) this.#include(this.#ring[i]);
    this.#stale = 0;
  }
}

/**
 * Modified z-scores against median and median absolute deviation: outliers in the past do not hide the next one. Where more than half of the
 * past is one value the MAD is 0 and the mean absolute deviation stands in (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993).
 * Costs about a window's length a value.
 */
export function robustScores(values: Float64Array, options: BaselineOptions = DEFAULT_BASELINE): Scores {
  checked(options);
  const out = emptyScores(values.length);
  const sorted = new SlidingSorted(options.window);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (sorted.count >= options.minimum) {
      const { median, mad, meanAd } = sorted.middle();
      out.centres[i] = median;
      out.spreads[i] = mad > Math.abs(median) * ROUNDING ? mad * MAD_TO_SIGMA : meanAd * MEAN_AD_TO_SIGMA;
      out.scores[i] = scoreOf(value, median, out.spreads[i]);
    }
    sorted.add(value);
  }
  return out;
}

/** The last `size` values in order of size. */
class SlidingSorted {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #next = 0;
  count = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }
  add(value: number): void {
    const sorted = this.#sorted;
    if (this.count === this.#ring.length) {
      const gone = this.#place(this.#ring[this.#next]);
      sorted.copyWithin(gone, gone + 1, this.count--);
    }
    const at = this.#place(value);
    sorted.copyWithin(at + 1, at, this.count++);
    sorted[at] = value;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
  }
  /** of the first value that is not smaller */
  #place(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  middle(): { median: number; mad: number; meanAd: number } {
    const n = this.count;
    const sorted = this.#sorted;
    const median = (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
    // Distances grow from the median outwards: the two sides are merged until half of them are passed.
    let right = this.#place(median);
    let left = right - 1;
    const upper = n >> 1;
    const lower = (n - 1) >> 1;
    let mad = 0;
    for (let rank = 0; rank <= upper; rank++) {
      const below = left >= 0 ? median - sorted[left] : Infinity;
      const above = right < n ? sorted[right] - median : Infinity;
      const distance = Math.min(below, above);
      if (below <= above) left--;
      else right++;
      if (rank === lower) mad += distance / 2;
      if (rank === upper) mad += distance / 2;
    }
    let meanAd = 0;
    // Only asked for where the MAD is nothing.
    if (mad <= Math.abs(median) * ROUNDING) {
      for (let i = 0; i < n; i++) meanAd += Math.abs(sorted[i] - median) / n;
    }
    return { median, mad, meanAd };
  }
}

export interface Line {
  /** microseconds UTC, ascending */
  times: Float64Array;
  values: Float64Array;
}

/** The samples in order of time; of samples with the same time the last one stays. Those without a finite time go. */
export function inOrder(line: Line): Line {
  const { times, values } = line;
  let sorted = times.length === 0 || Number.isFinite(times[0]);
  for (let i = 1; i < times.length && sorted; i++) sorted = times[i] > times[i - 1] && times[i] < Infinity;
  if (sorted) return line;
  const order = Array.from({ length: times.length }, (_, i) => i).filter((i) => Number.isFinite(times[i]));
  order.sort((a, b) => times[a] - times[b] || a - b);
  const kept = order.filter((index, i) => i + 1 === order.length || times[order[i + 1]] !== times[index]);
  return { times: Float64Array.from(kept, (i) => times[i]), values: Float64Array.from(kept, (i) => values[i]) };
}

/**
 * What a counter (times ascending) grew by a second, at the later of each two samples. A counter that falls has begun anew from zero, as
 * Prometheus reads it: what it says is what it grew by. Values that are not finite are passed over.
 */
export function rates({ times, values }: Line): Line {
  const outTimes = new Float64Array(times.length);
  const outValues = new Float64Array(times.length);
  let n = 0;
  let before = -1;
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const seconds = before < 0 ? 0 : (times[i] - times[before]) / 1e6;
    if (seconds > 0) {
      outTimes[n] = times[i];
      outValues[n++] = (values[i] >= values[before] ? values[i] - values[before] : values[i]) / seconds;
    }
    // Of two samples at the same time the first stands.
    if (before < 0 || seconds > 0) before = i;
  }
  return { times: outTimes.slice(0, n), values: outValues.slice(0, n) };
}
