/** Friedman, "Greedy function approximation: a gradient boosting machine", 2001, with the second-order leaves of XGBoost and logistic loss. */
import { z } from 'zod';
import type { Classifier, Train } from './classifier.ts';
import { sigmoid } from './dataset.ts';
import { addPath, bin, evaluateTree, growTree, treeSchema, type Tree } from './decision-tree.ts';
import { Random } from './random.ts';
import { requireColumns } from './random-forest.ts';

const schema = z.object({ columns: z.number().int().min(1).max(100_000), base: z.number(), rate: z.number(), trees: z.array(treeSchema).max(2000) });

class GradientBoosting implements Classifier {
  readonly #json: z.infer<typeof schema>;
  constructor(json: z.infer<typeof schema>) {
    this.#json = json;
  }
  predict(row: Float64Array): number {
    const { base, rate, trees } = this.#json;
    let sum = base;
    for (const tree of trees) sum += rate * evaluateTree(tree, row);
    return sigmoid(sum);
  }
  contributions(row: Float64Array): Float64Array {
    const into = new Float64Array(this.#json.columns);
    for (const tree of this.#json.trees) addPath(tree, row, this.#json.rate, into);
    return into;
  }
  toJson(): unknown {
    return this.#json;
  }
}

/** parameters: rounds, depth, rate (of learning), minLeaf (of hessian), lambda, share (of the rows for each tree). */
export const trainBoosting: Train = (data, { rounds = 60, depth = 3, rate = 0.1, minLeaf = 0.5, lambda = 1, share = 0.8 }, seed) => {
  const { rows, columns, y, weight } = data;
  const random = new Random(seed);
  const binned = bin(data);
  const total = weight.reduce((sum, w) => sum + w, 0);
  // Half a row of each kind more, so that the odds are finite.
  const positive = weight.reduce((sum, w, i) => sum + w * y[i], 0);
  const base = Math.log((positive + 0.5) / (total - positive + 0.5));
  const score = new Float64Array(rows).fill(base);
  const gradient = new Float64Array(rows);
  const hessian = new Float64Array(rows);
  const all = Uint32Array.from({ length: columns }, (_, j) => j);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const trees: Tree[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < rows; i++) {
      const p = sigmoid(score[i]);
      gradient[i] = (p - y[i]) * weight[i];
      hessian[i] = Math.max(p * (1 - p), 1e-6) * weight[i];
    }
    const sample = random.shuffle(order).slice(0, Math.max(2, Math.round(rows * share)));
    const tree = growTree(binned, sample, gradient, hessian, { depth, minLeaf, lambda, columns: () => all });
    if (tree.feature[0] < 0) continue;
    trees.push(tree);
    for (let i = 0; i < rows; i++) score[i] += rate * evaluateTree(tree, data.x.subarray(i * columns, (i + 1) * columns));
  }
  return new GradientBoosting({ columns, base, rate, trees });
};

/** Throws where the JSON is not that of a boosted model of so many columns. */
export function restoreBoosting(json: unknown, columns: number): Classifier {
  const read = schema.parse(json);
  requireColumns(read.trees, columns);
  return new GradientBoosting({ ...read, columns });
}
