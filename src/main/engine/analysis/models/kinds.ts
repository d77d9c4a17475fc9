/** Every kind of classifier: how it is trained, how it is read back, and which settings are tried. */
import type { Classifier, ClassifierKind, Recipe, Train } from './classifier.ts';
import { restoreBoosting, trainBoosting } from './gradient-boosting.ts';
import { restoreLinear, trainLogistic, trainSvm } from './linear-models.ts';
import { restoreForest, trainForest } from './random-forest.ts';

export const KINDS: Readonly<Record<ClassifierKind, { title: string; train: Train; restore: (json: unknown, columns: number) => Classifier; grid: Readonly<Record<string, readonly number[]>> }>> = {
  logistic: { title: 'Logistic regression', train: trainLogistic, restore: restoreLinear, grid: { lambda: [1, 10] } },
  svm: { title: 'Linear support vector machine', train: trainSvm, restore: restoreLinear, grid: { c: [0.01, 0.1] } },
  forest: { title: 'Random forest', train: trainForest, restore: restoreForest, grid: { trees: [80], minLeaf: [1, 3] } },
  boosting: { title: 'Gradient boosting', train: trainBoosting, restore: restoreBoosting, grid: { rounds: [40, 100], depth: [2, 3] } },
};

/** All settings of all kinds, or `most` of them chosen at random, none twice (Bergstra and Bengio, 2012). */
export function recipes(kinds: readonly ClassifierKind[], most = Number.POSITIVE_INFINITY, choose: (n: number) => number = () => 0): Recipe[] {
  const all = kinds.flatMap((kind) => combinations(KINDS[kind].grid).map((parameters) => ({ kind, parameters })));
  const chosen: Recipe[] = [];
  while (all.length > 0 && chosen.length < most) chosen.push(...all.splice(most < all.length ? choose(all.length) : 0, 1));
  return chosen;
}

function combinations(grid: Readonly<Record<string, readonly number[]>>): Record<string, number>[] {
  return Object.entries(grid).reduce<Record<string, number>[]>((sofar, [name, values]) => sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))), [{}]);
}
