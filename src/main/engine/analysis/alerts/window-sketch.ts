import { DDSKETCH_MAX, DDSKETCH_MIN, sketchValue } from '../../store/sketch.ts';

const BLOCK = 32;
const SIZE = DDSKETCH_MAX - DDSKETCH_MIN + 1;

/** A latency sketch (store/sketch.ts) of a moving window: values come and go, and a quantile looks at blocks of buckets first. */
export class WindowSketch {
  count = 0;
  readonly #counts = new Uint32Array(SIZE);
  readonly #blocks = new Uint32Array(Math.ceil(SIZE / BLOCK));

  /** `index` from sketchIndex(); n may be negative for what goes. */
  add(index: number, n: number): void {
    const bucket = index - DDSKETCH_MIN;
    this.count += n;
    this.#counts[bucket] += n;
    this.#blocks[(bucket / BLOCK) | 0] += n;
  }

  /** Quantile q (0..1) in milliseconds, within 2 % of a true value; NaN when empty. The rank is that of sketchQuantile(). */
  quantile(q: number): number {
    if (this.count === 0) return Number.NaN;
    const rank = q * (this.count - 1);
    let seen = 0;
    let block = 0;
    while (seen + this.#blocks[block] <= rank) seen += this.#blocks[block++];
    let bucket = block * BLOCK;
    while (seen + this.#counts[bucket] <= rank) seen += this.#counts[bucket++];
    return sketchValue(bucket + DDSKETCH_MIN);
  }
}
