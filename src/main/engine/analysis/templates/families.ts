/** Families of shapes, for refine.ts: those that are equal but for some places. */
import type { Token } from './tokens.ts';

/** Sizes of the table that families are counted in first, and how many of its slots there are for each row. It only spares memory: all sizes give the same. */
const LEAST_SEEN = 1 << 12;
const MOST_SEEN = 1 << 22;
const SEEN_EACH = 128;
/** After so many rows others may have the thread. */
const ROWS_A_STEP = 500;

/** Shapes that are one by now. */
export interface Row {
  tokens: readonly Token[];
  codes: Int32Array;
  /** those that may vary: not delimiters, not the name in name=value */
  places: readonly number[];
  members: number[];
  /** how many words it is known by */
  words: number;
}
/** `rows` that are equal outside `places`. */
export interface Family {
  places: number[];
  rows: number[];
}

export class FamilyFinder {
  #seen = new Uint8Array(0);

  /**
   * Families of rows that are equal outside the places `choose` gives. Two passes: the first counts hashes, so that only families of
   * `least` rows are ever held.
   */
  *find(rows: readonly Row[], least: number, choose: (row: Row, visit: (places: readonly number[]) => void) => void): Generator<void, Family[], void> {
    const seen = this.#emptySeen(rows.length);
    const mask = seen.length - 1;
    const families = new Map<number, Family>();
    const longest = rows.reduce((most, { codes }) => Math.max(most, codes.length), 0);
    const a = new Uint32Array(longest);
    const b = new Uint32Array(longest);
    let index = 0;
    let sumA = 0;
    let sumB = 0;
    let enough = false;
    const count = (places: readonly number[]): void => {
      let key = sumA;
      for (const place of places) key = (key - a[place] + mix(place, 7)) | 0;
      const slot = key & mask;
      if (seen[slot] < 255 && ++seen[slot] >= least) enough = true;
    };
    const hold = (places: readonly number[]): void => {
      let keyA = sumA;
      for (const place of places) keyA = (keyA - a[place] + mix(place, 7)) | 0;
      if (seen[keyA & mask] < least) return;
      let keyB = sumB;
      for (const place of places) keyB = (keyB - b[place] + mix(place, 11)) | 0;
      const key = (keyA >>> 0) * 2_097_152 + (keyB & 2_097_151);
      const family = families.get(key);
      if (family) family.rows.push(index);
      else families.set(key, { places: [...places], rows: [index] });
    };
    for (const visit of [count, hold]) {
      if (visit === hold && !enough) break;
      for (index = 0; index < rows.length; index++) {
        if (endsStep(index)) yield;
        const { codes } = rows[index];
        sumA = Math.imul(codes.length, 0x9e3779b1);
        sumB = codes.length;
        for (let i = 0; i < codes.length; i++) {
          a[i] = mix(codes[i], i * 2 + 1);
          b[i] = mix(codes[i] ^ 0x5bd1e995, i * 2 + 2);
          sumA = (sumA + a[i]) | 0;
          sumB = (sumB + b[i]) | 0;
        }
        choose(rows[index], visit);
      }
    }
    return [...families.values()].filter((family) => family.rows.length >= least);
  }

  #emptySeen(rows: number): Uint8Array {
    const wanted = Math.min(MOST_SEEN, rows * SEEN_EACH);
    let size = LEAST_SEEN;
    while (size < wanted) size *= 2;
    if (this.#seen.length === size) return this.#seen.fill(0);
    return (this.#seen = new Uint8Array(size));
  }
}

/** Whether others may have the thread after the row of this index. */
export function endsStep(row: number): boolean {
  return row % ROWS_A_STEP === ROWS_A_STEP - 1;
}

/** A hash of 32 bits, from 0. */
export function mix(value: number, salt: number): number {
  let h = Math.imul(value + 1, 0x85ebca6b) ^ Math.imul(salt, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
