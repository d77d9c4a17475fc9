/** What windows of a series looked like before, at one width, and how far the newest is from them. */

/** Windows remembered; the oldest make way. Enough for what recurs, few enough that a value costs microseconds. */
export const REMEMBERED = 512;
/** Distance to the third nearest: a window that was odd itself once or twice does not excuse the next. */
const NEIGHBOURS = 3;

/**
 * The distance of the newest window to what was seen before it, by nearest neighbours (Ramaswamy, Rastogi & Shim 2000; on windows of a stream as in
 * Burnaev & Ishimtsev, "Conformalized density- and distance-based anomaly detection", 2016). A window is `points` means of `width` values each, side by
 * side. Only windows that do not overlap the newest are compared with it.
 */
export class WindowMemory {
  /** values that a window spans */
  readonly span: number;
  readonly #points: number;
  readonly #width: number;
  /** windows remembered, one after the other */
  readonly #remembered: Float64Array;
  #kept = 0;
  #next = 0;
  /** windows of the last `span` rows, which wait until the newest window no longer overlaps them */
  readonly #waiting: Float64Array;
  readonly #newest: Float64Array;
  readonly #nearest = new Float64Array(NEIGHBOURS);
  #rows = 0;

  constructor(points: number, width: number) {
    this.span = points * width;
    this.#points = points;
    this.#width = width;
    this.#remembered = new Float64Array(REMEMBERED * points);
    this.#waiting = new Float64Array(this.span * points);
    this.#newest = new Float64Array(points);
  }

  /**
   * @param means the mean of the last `width` values at each row, newest at `row % means.length`; holds more than a span of rows
   * @returns root mean square distance of the window that ends at `row`, 0 while there is nothing to compare it with
   */
  push(means: Float64Array, row: number): number {
    return this.recall(means, row) ? this.#distance() : 0;
  }

  /** Takes a row in without comparing it: what was seen before a stream was put away. Returns whether there is a whole window. */
  recall(means: Float64Array, row: number): boolean {
    const points = this.#points;
    const mask = means.length;
    this.#rows = row + 1;
    if (this.#rows < this.span) return false;
    const newest = this.#newest;
    for (let j = 0; j < points; j++) newest[j] = means[(row - j * this.#width + mask) % mask];
    const slot = (row % this.span) * points;
    // The window that ended one span ago is the first that does not overlap.
    if (this.#rows >= 2 * this.span && (row - this.span) % this.#width === 0) this.#remember(slot);
    this.#waiting.set(newest, slot);
    return true;
  }

  #remember(slot: number): void {
    this.#remembered.set(this.#waiting.subarray(slot, slot + this.#points), this.#next * this.#points);
    this.#next = (this.#next + 1) % REMEMBERED;
    this.#kept = Math.min(REMEMBERED, this.#kept + 1);
  }

  #distance(): number {
    const points = this.#points;
    const newest = this.#newest;
    const remembered = this.#remembered;
    const nearest = this.#nearest.fill(Infinity);
    const last = NEIGHBOURS - 1;
    for (let at = 0, end = this.#kept * points; at < end; at += points) {
      const bound = nearest[last];
      let sum = 0;
      let j = 0;
      for (; j < points; j++) {
        const difference = newest[j] - remembered[at + j];
        sum += difference * difference;
        if (sum >= bound) break;
      }
      if (j < points) continue;
      let place = last;
      for (; place > 0 && nearest[place - 1] > sum; place--) nearest[place] = nearest[place - 1];
      nearest[place] = sum;
    }
    let place = last;
    while (place > 0 && nearest[place] === Infinity) place--;
    return nearest[place] === Infinity ? 0 : Math.sqrt(nearest[place] / points);
  }
}
