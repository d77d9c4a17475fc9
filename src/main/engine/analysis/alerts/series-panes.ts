/** A stored metric series second by second. */
import type { Samples } from '../../metrics/series-codec.ts';
import { PaneIndex, paneOf, type PaneOrder } from '../windows/panes.ts';
import type { Metric } from '../../../../shared/alert.ts';
import type { Measured } from './measured.ts';

/**
 * The value in a window is the mean of its samples. Of a series that counts up it is how much it went up a second; where it falls it began again,
 * as Prometheus' rate() has it, and what it says then is all new.
 */
export class SeriesPanes implements Measured {
  readonly #index = new PaneIndex();
  readonly #sums: number[] = [];
  readonly #counts: number[] = [];
  readonly #seconds: number | null;

  /** `perSecond`: seconds of the window by which sums are divided, for series that count up; null for others. Samples in time order. */
  constructor({ times, values }: Samples, perSecond: number | null) {
    this.#seconds = perSecond;
    let before = Number.NaN;
    for (let i = 0; i < times.length; i++) {
      const value = values[i];
      // NaN is a series that has nothing to say, infinite values have no mean.
      if (!Number.isFinite(value)) continue;
      const slot = this.#index.slot(paneOf(times[i]));
      this.#sums[slot] = (this.#sums[slot] ?? 0) + (perSecond === null ? value : Number.isNaN(before) ? 0 : value >= before ? value - before : value);
      this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
      before = value;
    }
  }

  order(): PaneOrder {
    return this.#index.order();
  }
  first(_metric: Metric): number | null {
    return this.#index.size === 0 ? null : this.#index.order().numbers[0];
  }
  window(): ReturnType<Measured['window']> {
    let sum = 0;
    let count = 0;
    const move = (slot: number, sign: 1 | -1): void => {
      count += sign * this.#counts[slot];
      // Anew from nothing: what rounding left behind goes with the last sample.
      sum = count === 0 ? 0 : sum + sign * this.#sums[slot];
    };
    return { enter: (slot) => move(slot, 1), leave: (slot) => move(slot, -1), value: () => (count === 0 ? Number.NaN : sum / (this.#seconds ?? count)) };
  }
}
