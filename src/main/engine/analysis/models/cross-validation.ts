/** Figures that hold for rows that a model has not seen. */
import type { Classifier, Recipe } from './classifier.ts';
import { rowOf, subset, type Dataset } from './dataset.ts';
import { KINDS } from './kinds.ts';
import { classifierMetrics, type ClassifierMetrics } from './metrics.ts';
import type { Random } from './random.ts';

/**
 * Fold of each row, 0..k-1. Each has about the same share of both classes; rows of one group stay together, so that no row is judged by
 * its twin. Groups go, the largest first, to the fold that has the least of what they bring.
 */
export function stratifiedFolds(y: ArrayLike<number>, groups: ArrayLike<number>, k: number, random: Random): Uint8Array {
  const members = new Map<number, number[]>();
  for (let i = 0; i < y.length; i++) {
    const known = members.get(groups[i]);
    if (known) known.push(i);
    else members.set(groups[i], [i]);
  }
  const lists = random.shuffle([...members.keys()]).map((key) => members.get(key) ?? []);
  lists.sort((a, b) => b.length - a.length);
  const counts = Array.from({ length: k }, () => [0, 0]);
  const totals = [0, 0];
  for (let i = 0; i < y.length; i++) totals[y[i]]++;
  const folds = new Uint8Array(y.length);
  for (const list of lists) {
    const brings = [0, 0];
    for (const i of list) brings[y[i]]++;
    const load = ([zeros, ones]: number[]): number => (brings[1] * ones) / Math.max(1, totals[1]) + (brings[0] * zeros) / Math.max(1, totals[0]);
    let best = 0;
    for (let fold = 1; fold < k; fold++) if (load(counts[fold]) < load(counts[best])) best = fold;
    for (const i of list) folds[i] = best;
    counts[best][0] += brings[0];
    counts[best][1] += brings[1];
  }
  return folds;
}

/** Smallest number of different groups among the rows of one class: with fewer than two, no fold can be judged by others. */
export function leastGroups(y: ArrayLike<number>, groups: ArrayLike<number>): number {
  const seen = [new Set<number>(), new Set<number>()];
  for (let i = 0; i < y.length; i++) seen[y[i]].add(groups[i]);
  return Math.min(seen[0].size, seen[1].size);
}

export function train(recipe: Recipe, data: Dataset, seed: number): Classifier {
  return KINDS[recipe.kind].train(data, recipe.parameters, seed);
}

/** Scores of all rows, each by a model that was trained without its fold. */
export async function crossScores(recipe: Recipe, data: Dataset, folds: Uint8Array, seed: number, turn: () => Promise<void>): Promise<Float64Array> {
  const scores = new Float64Array(data.rows).fill(Number.NaN);
  for (let fold = 0; fold <= Math.max(...folds); fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (let i = 0; i < data.rows; i++) (folds[i] === fold ? inside : outside).push(i);
    if (inside.length === 0 || outside.length === 0) continue;
    const model = train(recipe, subset(data, outside), seed);
    for (const i of inside) scores[i] = model.predict(rowOf(data, i));
    await turn();
  }
  return scores;
}

export interface Tuned {
  best: Recipe;
  /** log loss of each recipe over the folds, weighted by the rows; the order of `tried` is that given */
  tried: { recipe: Recipe; logLoss: number }[];
}

/** The recipe with the least cross-validated log loss; the earlier one of equals. */
export async function tune(candidates: readonly Recipe[], data: Dataset, folds: Uint8Array, seed: number, turn: () => Promise<void>): Promise<Tuned> {
  const tried: Tuned['tried'] = [];
  for (const recipe of candidates) tried.push({ recipe, logLoss: weightedLogLoss(await crossScores(recipe, data, folds, seed, turn), data) });
  const best = tried.reduce((least, one) => (one.logLoss < least.logLoss ? one : least));
  return { best: best.recipe, tried };
}

function weightedLogLoss(score: Float64Array, { y, weight }: Dataset): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(score[i])) continue;
    sum -= weight[i] * Math.log(Math.max(y[i] === 1 ? score[i] : 1 - score[i], 1e-12));
    total += weight[i];
  }
  return sum / total;
}

/**
 * The figures of choosing and training together (nested cross-validation, Cawley and Talbot, 2010): in each fold the recipe is chosen
 * anew without it. Choosing by the same folds that are told would flatter. `counts`: rows whose scores are told of.
 */
export async function honestFigures(candidates: readonly Recipe[], data: Dataset, groups: ArrayLike<number>, options: { folds: number; inner: number; random: Random; seed: number; counts: (row: number) => boolean; turn: (share: number) => Promise<void> }): Promise<{ metrics: ClassifierMetrics; scores: Float64Array }> {
  const outer = stratifiedFolds(data.y, groups, options.folds, options.random);
  const scores = new Float64Array(data.rows).fill(Number.NaN);
  for (let fold = 0; fold < options.folds; fold++) {
    const inside: number[] = [];
    const outside: number[] = [];
    for (let i = 0; i < data.rows; i++) (outer[i] === fold ? inside : outside).push(i);
    if (inside.length === 0) continue;
    const rest = subset(data, outside);
    const inner = stratifiedFolds(rest.y, outside.map((i) => groups[i]), options.inner, options.random);
    const { best } = await tune(candidates, rest, inner, options.seed, async () => await options.turn(fold / options.folds));
    const model = train(best, rest, options.seed);
    for (const i of inside) scores[i] = model.predict(rowOf(data, i));
  }
  const told: number[] = [];
  for (let i = 0; i < data.rows; i++) if (options.counts(i) && !Number.isNaN(scores[i])) told.push(i);
  return { metrics: classifierMetrics(Float64Array.from(told, (i) => scores[i]), Uint8Array.from(told, (i) => data.y[i])), scores };
}
