/**
 * Windows over panes, in event time. At pane number k a window of `size` panes holds [k - size, k): what happened in the last `size` seconds
 * before second k. Between two changes the same panes are in it, so whole stretches are told at once; empty time costs nothing.
 */
import type { PaneOrder } from './panes.ts';

/** Keeps the sums of one window. Slots are those of PaneOrder. */
export interface WindowVisitor {
  enter(slot: number): void;
  leave(slot: number): void;
  /** The window is what was entered and not left, at every k in [at, until). */
  stretch(at: number, until: number): void;
}

/** Place of the first pane from `pane` on. */
function placeOf({ numbers }: PaneOrder, pane: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < pane) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Slides a window of `size` panes by one pane at a time, for every k from `from` to `to`, both included. */
export function slide(panes: PaneOrder, size: number, from: number, to: number, visitor: WindowVisitor): void {
  const { numbers, slots } = panes;
  let tail = placeOf(panes, from - size);
  let head = tail;
  for (let k = from; k <= to; ) {
    while (head < numbers.length && numbers[head] < k) visitor.enter(slots[head++]);
    while (tail < head && numbers[tail] < k - size) visitor.leave(slots[tail++]);
    const comes = head < numbers.length ? numbers[head] + 1 : Number.POSITIVE_INFINITY;
    const goes = tail < head ? numbers[tail] + size + 1 : Number.POSITIVE_INFINITY;
    const until = Math.min(comes, goes, to + 1);
    visitor.stretch(k, until);
    k = until;
  }
  while (tail < head) visitor.leave(slots[tail++]);
}

/**
 * Windows of `size` panes side by side, [m * size, (m + 1) * size) by the clock: each pane is in exactly one. A window is told at its end and
 * holds until the next one ends. `from` and `to` bound the ends, both included.
 */
export function tumble(panes: PaneOrder, size: number, from: number, to: number, visitor: WindowVisitor): void {
  const { numbers, slots } = panes;
  let k = Math.ceil(from / size) * size;
  let head = placeOf(panes, k - size);
  while (k <= to) {
    const tail = head;
    while (head < numbers.length && numbers[head] < k) visitor.enter(slots[head++]);
    // Windows without anything are one stretch.
    const next = head > tail ? k + size : head < numbers.length ? (Math.floor(numbers[head] / size) + 1) * size : to + 1;
    const until = Math.min(Math.max(next, k + size), to + 1);
    visitor.stretch(k, until);
    for (let place = tail; place < head; place++) visitor.leave(slots[place]);
    k = Math.max(next, k + size);
  }
}

export const WINDOW_KINDS = { sliding: slide, tumbling: tumble } as const;
