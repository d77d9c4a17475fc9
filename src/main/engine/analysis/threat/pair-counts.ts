/** Counts how often two codes of a segment come together, without an object for any of them. */
import { SEGMENT_SIZE } from '../../../../shared/event.ts';

/** Codes of a segment are below this: one an event, and 0 for none. */
const CODES = SEGMENT_SIZE + 1;
/** Four times as many slots as there can be pairs. */
const SLOTS = 1 << 14;

export class PairCounts {
  /** pair + 1, 0 = free */
  readonly #pairs = new Int32Array(SLOTS);
  readonly #counts = new Uint32Array(SLOTS);
  readonly #used = new Uint16Array(SEGMENT_SIZE);
  #size = 0;

  /** At most SEGMENT_SIZE times between two calls of `take`. */
  add(a: number, b: number): void {
    const pair = a * CODES + b + 1;
    let slot = (Math.imul(pair, 0x9e3779b1) >>> 18) & (SLOTS - 1);
    for (let held = this.#pairs[slot]; held !== pair; held = this.#pairs[(slot = (slot + 1) & (SLOTS - 1))]) {
      if (held !== 0) continue;
      this.#pairs[slot] = pair;
      this.#used[this.#size++] = slot;
      break;
    }
    this.#counts[slot]++;
  }

  /** Tells each pair that was added, in the order of their first times, and forgets them. */
  take(tell: (a: number, b: number, count: number) => void): void {
    for (let i = 0; i < this.#size; i++) {
      const slot = this.#used[i];
      const pair = this.#pairs[slot] - 1;
      tell(Math.floor(pair / CODES), pair % CODES, this.#counts[slot]);
      this.#pairs[slot] = 0;
      this.#counts[slot] = 0;
    }
    this.#size = 0;
  }
}
