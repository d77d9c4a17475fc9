/** Breiman, "Random Forests", 2001: trees of bootstrap samples, each split from some of the columns, asked all and averaged. */
import { z } from 'zod';
import type { Classifier, Train } from './classifier.ts';
import { addPath, bin, evaluateTree, growTree, treeSchema, type Tree } from './decision-tree.ts';
import { Random } from './random.ts';

const schema = z.object({ columns: z.number().int().min(1).max(100_000), trees: z.array(treeSchema).min(1).max(2000) });

class RandomForest implements Classifier {
  readonly #columns: number;
  readonly #trees: readonly Tree[];
  constructor(columns: number, trees: readonly Tree[]) {
    this.#columns = columns;
    this.#trees = trees;
  }
  predict(row: Float64Array): number {
    let sum = 0;
    for (const tree of this.#trees) sum += evaluateTree(tree, row);
    return Math.max(0, Math.min(1, sum / this.#trees.length));
  }
  contributions(row: Float64Array): Float64Array {
    const into = new Float64Array(this.#columns);
    for (const tree of this.#trees) addPath(tree, row, 1 / this.#trees.length, into);
    return into;
  }
  toJson(): unknown {
    return { columns: this.#columns, trees: this.#trees };
  }
}

/** parameters: trees, depth, minLeaf (weight of the rows in a leaf). */
export const trainForest: Train = (data, { trees = 100, depth = 12, minLeaf = 1 }, seed) => {
  const { rows, columns, y, weight } = data;
  const random = new Random(seed);
  const binned = bin(data);
  const gradient = Float64Array.from(y, (value, i) => -value * weight[i]);
  const some = Math.max(1, Math.round(Math.sqrt(columns)));
  const all = Uint32Array.from({ length: columns }, (_, j) => j);
  const choose = (): Uint32Array => {
    for (let k = 0; k < some; k++) {
      const other = k + random.below(columns - k);
      [all[k], all[other]] = [all[other], all[k]];
    }
    return all.subarray(0, some);
  };
  const grown: Tree[] = [];
  for (let t = 0; t < trees; t++) {
    const sample = Uint32Array.from({ length: rows }, () => random.below(rows));
    grown.push(growTree(binned, sample, gradient, weight, { depth, minLeaf, lambda: 0, columns: choose }));
  }
  return new RandomForest(columns, grown);
};

/** Throws where the JSON is not that of a forest of so many columns. */
export function restoreForest(json: unknown, columns: number): Classifier {
  const read = schema.parse(json);
  requireColumns(read.trees, columns);
  return new RandomForest(columns, read.trees);
}

/** Throws when a tree asks for a column that there is not. */
export function requireColumns(trees: readonly Tree[], columns: number): void {
  if (trees.some(({ feature }) => feature.some((column) => column >= columns))) throw new Error('a tree asks for a feature that the model does not have');
}
