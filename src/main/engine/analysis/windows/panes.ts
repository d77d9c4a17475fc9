/**
 * Panes: stretches of event time that windows are put together from (Li et al., "No pane, no gain", SIGMOD Record 2005). A pane is a second;
 * what happened in one is summed up once, and each window adds and takes away whole panes. Only panes in which something happened are kept.
 */

/** Microseconds of a pane. */
export const PANE = 1_000_000;

/** The pane a time (microseconds UTC) lies in. */
export function paneOf(time: number): number {
  return Math.floor(time / PANE);
}

/** Panes in ascending order, each with the slot under which its sums are kept. */
export interface PaneOrder {
  numbers: Float64Array;
  slots: Int32Array;
}

/** Gives each pane a slot, in the order in which they are met; events may come in any order. */
export class PaneIndex {
  readonly #slots = new Map<number, number>();
  readonly #numbers: number[] = [];
  #ascending = true;
  #lastPane = Number.NaN;
  #lastSlot = -1;
  #order: PaneOrder | null = null;

  /** panes that have a slot */
  get size(): number {
    return this.#numbers.length;
  }

  /** The slot of a pane; a new one is the old `size`. */
  slot(pane: number): number {
    if (pane === this.#lastPane) return this.#lastSlot;
    let slot = this.#slots.get(pane);
    if (slot === undefined) {
      slot = this.#numbers.length;
      if (slot > 0 && pane < this.#numbers[slot - 1]) this.#ascending = false;
      this.#slots.set(pane, slot);
      this.#numbers.push(pane);
      this.#order = null;
    }
    this.#lastPane = pane;
    this.#lastSlot = slot;
    return slot;
  }

  order(): PaneOrder {
    if (this.#order) return this.#order;
    const slots = Int32Array.from({ length: this.#numbers.length }, (_, slot) => slot);
    if (!this.#ascending) slots.sort((a, b) => this.#numbers[a] - this.#numbers[b]);
    this.#order = { numbers: Float64Array.from(slots, (slot) => this.#numbers[slot]), slots };
    return this.#order;
  }
}
