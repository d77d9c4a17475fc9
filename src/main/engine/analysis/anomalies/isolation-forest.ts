import { Random } from '../models/random.ts';
import { scoreAt, short } from './detector.ts';
import type { Detector } from './detector.ts';
import { oddest, rowFeatures } from './row-features.ts';

/** As in the paper: more trees and larger samples change little. */
const TREES = 100;
const SAMPLE = 256;
const LEAST = 32;
/** The paper calls scores "very close to 1" anomalies and those around 0.5 ordinary. */
const ORDINARY = 0.5;
const BAR = 0.18;

/** The mean depth at which a value is found in a binary search tree of n: what a path is measured by. */
export function meanDepth(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/**
 * Isolation forest (Liu, Ting & Zhou, ICDM 2008): trees that split at random; what is soon alone is odd. Nodes are typed arrays, one pool for all trees;
 * the same seed gives the same forest.
 */
export class IsolationForest {
  readonly #width: number;
  readonly #sample: number;
  readonly #roots: number[] = [];
  /** -1 = leaf */
  #feature: Int16Array;
  #at: Float64Array;
  #left: Int32Array;
  #size: Int32Array;
  #nodes = 0;

  /** @param table rows of `width` finite numbers, one after the other */
  constructor(table: Float64Array, width: number, seed: number) {
    this.#width = width;
    const rows = width === 0 ? 0 : table.length / width;
    this.#sample = Math.min(SAMPLE, rows);
    const pool = TREES * 2 * Math.max(1, this.#sample);
    this.#feature = new Int16Array(pool);
    this.#at = new Float64Array(pool);
    this.#left = new Int32Array(pool);
    this.#size = new Int32Array(pool);
    const random = new Random(seed);
    const deepest = Math.ceil(Math.log2(Math.max(2, this.#sample)));
    const all = Uint32Array.from({ length: rows }, (_, i) => i);
    for (let tree = 0; tree < TREES && rows > 0; tree++) {
      // The first places of a partial shuffle are a sample without repeats.
      for (let i = 0; i < this.#sample; i++) {
        const k = i + random.below(rows - i);
        [all[i], all[k]] = [all[k], all[i]];
      }
      const root = this.#nodes++;
      this.#roots.push(root);
      this.#grow(table, all.slice(0, this.#sample), root, deepest, random);
    }
  }

  #grow(table: Float64Array, rows: Uint32Array, node: number, depth: number, random: Random): void {
    this.#size[node] = rows.length;
    this.#feature[node] = -1;
    if (depth === 0 || rows.length < 2) return;
    const width = this.#width;
    const first = random.below(width);
    for (let turn = 0; turn < width; turn++) {
      const feature = (first + turn) % width;
      let low = Infinity;
      let high = -Infinity;
      for (const row of rows) {
        const value = table[row * width + feature];
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (!(low < high)) continue;
      const at = low + random.next() * (high - low);
      const left = rows.filter((row) => table[row * width + feature] <= at);
      const right = rows.filter((row) => table[row * width + feature] > at);
      this.#feature[node] = feature;
      this.#at[node] = at;
      const pair = this.#nodes;
      this.#nodes += 2;
      this.#left[node] = pair;
      this.#grow(table, left, pair, depth - 1, random);
      this.#grow(table, right, pair + 1, depth - 1, random);
      return;
    }
  }

  /** 0..1: about 0.5 for the ordinary, towards 1 the sooner a row is alone. 0 without a forest. */
  score(table: Float64Array, row: number): number {
    if (this.#roots.length === 0 || this.#sample < 2) return 0;
    let paths = 0;
    for (const root of this.#roots) {
      let node = root;
      let depth = 0;
      for (; this.#feature[node] >= 0; depth++) node = this.#left[node] + (table[row * this.#width + this.#feature[node]] <= this.#at[node] ? 0 : 1);
      paths += depth + meanDepth(this.#size[node]);
    }
    return 2 ** -(paths / this.#roots.length / meanDepth(this.#sample));
  }
}

export const isolationForest: Detector = {
  id: 'isolation-forest',
  title: 'Soon alone',
  explain: 'Rows that few random cuts set apart from all others, by level, step, local mean and scatter (isolation forest, Liu, Ting and Zhou 2008).',
  pastOnly: false,
  slow: true,
  judge({ values }) {
    const features = rowFeatures(values);
    const { names, table, rows } = features;
    if (rows.length < LEAST) return { abstains: `it needs ${LEAST} values` };
    if (names.length === 0) return { abstains: 'all values are the same' };
    const forest = new IsolationForest(table, names.length, 1);
    const scores = new Float64Array(values.length).fill(Number.NaN);
    const place = new Map<number, number>();
    const raw = new Float64Array(rows.length);
    rows.forEach((row, i) => {
      place.set(row, i);
      raw[i] = forest.score(table, i);
      scores[row] = scoreAt(raw[i] - ORDINARY, BAR);
    });
    return {
      scores,
      why: (row) => {
        const i = place.get(row);
        if (i === undefined) return 'there is no value';
        const { name, z } = oddest(features, i);
        return `isolation score ${short(raw[i])} (ordinary: 0.5), most by its ${name}, ${short(z)} deviations from the median`;
      },
    };
  },
};
