/**
 * A column of whole numbers as bits: the numbers, their differences or the differences of these (delta of delta: regular times are all
 * zeroes), whichever is shortest, each written in one of three widths that are chosen for the column.
 */
import type { BitReader, BitWriter } from './bits.ts';

/** Differences beyond cannot be folded (zigzag) into 2^53. */
const MOST = 2 ** 52 - 1;
const WIDTH_BITS = 6;
const MAX_WIDTH = 53;
const MAX_ORDER = 2;

export interface WholePlan {
  /** how often differences are taken: 0, 1 or 2 */
  order: number;
  /** bits of a small, middle and large number; all the same = no mark of the width is written */
  widths: [number, number, number];
  /** what the column takes */
  bits: number;
}

/** The cheapest plan for values that are all whole, or null where they are too large for one. */
export function planWhole(values: Float64Array): WholePlan | null {
  let best: WholePlan | null = null;
  const column = values.slice();
  for (let order = 0; order <= MAX_ORDER && order <= values.length; order++) {
    if (order > 0) difference(column, order);
    const counts = new Uint32Array(MAX_WIDTH + 1);
    for (let i = 0; i < column.length; i++) {
      if (Math.abs(column[i]) > MOST) return best;
      if (i >= order) counts[widthOf(fold(column[i]))]++;
    }
    const plan = cheapest(counts, order);
    if (!best || plan.bits < best.bits) best = plan;
  }
  return best;
}

/** Makes the differences of a column of differences, in place; the first values stay what they are. */
function difference(column: Float64Array, order: number): void {
  for (let i = column.length - 1; i >= order; i--) column[i] -= column[i - 1];
}

function fold(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
function unfold(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
function widthOf(value: number): number {
  return value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32));
}

function cheapest(counts: Uint32Array, order: number): WholePlan {
  let large = 0;
  let total = 0;
  const upTo = new Float64Array(MAX_WIDTH + 1);
  for (let width = 0; width <= MAX_WIDTH; width++) {
    if (counts[width] > 0) large = width;
    total += counts[width];
    upTo[width] = total;
  }
  const head = 2 + 3 * WIDTH_BITS + order * MAX_WIDTH;
  let best: WholePlan = { order, widths: [large, large, large], bits: head + total * large };
  for (let small = 0; small < large; small++) {
    for (let middle = small; middle <= large; middle++) {
      const bits = head + upTo[small] * (1 + small) + (upTo[middle] - upTo[small]) * (2 + middle) + (total - upTo[middle]) * (2 + large);
      if (bits < best.bits) best = { order, widths: [small, middle, large], bits };
    }
  }
  return best;
}

export function writeWhole(out: BitWriter, values: Float64Array, { order, widths }: WholePlan): void {
  out.write(order, 2);
  for (const width of widths) out.write(width, WIDTH_BITS);
  const column = values.slice();
  for (let k = 1; k <= order; k++) difference(column, k);
  const [small, middle, large] = widths;
  for (let i = 0; i < order; i++) out.write(fold(column[i]), MAX_WIDTH);
  for (let i = order; i < column.length; i++) {
    const value = fold(column[i]);
    const width = widthOf(value);
    if (small === large) out.write(value, large);
    else if (width <= small) out.write(value, 1 + small);
    else if (width <= middle) writeMarked(out, 2, value, middle);
    else writeMarked(out, 3, value, large);
  }
}
/** The mark in front of a small number is a 0 bit, which writing it one bit wider gives. */
function writeMarked(out: BitWriter, mark: number, value: number, width: number): void {
  out.write(mark, 2);
  out.write(value, width);
}

/** Throws a RangeError where the bits are not a column of n whole numbers. */
export function readWhole(from: BitReader, n: number): Float64Array {
  const order = from.read(2);
  const small = from.read(WIDTH_BITS);
  const middle = from.read(WIDTH_BITS);
  const large = from.read(WIDTH_BITS);
  if (order > Math.min(MAX_ORDER, n) || large > MAX_WIDTH || middle > large || small > middle) throw new RangeError('The chunk names widths that cannot be.');
  const out = new Float64Array(n);
  for (let i = 0; i < order; i++) out[i] = unfold(from.read(MAX_WIDTH));
  for (let i = order; i < n; i++) {
    const width = small === large ? large : from.read(1) === 0 ? small : from.read(1) === 0 ? middle : large;
    out[i] = unfold(from.read(width));
  }
  for (let k = order; k > 0; k--) for (let i = k; i < n; i++) out[i] += out[i - 1];
  for (let i = 0; i < n; i++) if (!Number.isSafeInteger(out[i])) throw new RangeError('The chunk holds a number that is too large.');
  return out;
}
