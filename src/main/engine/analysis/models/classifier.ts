/** What a trained model can do, whatever it is. */
import type { Dataset } from './dataset.ts';

export const CLASSIFIER_KINDS = ['logistic', 'svm', 'forest', 'boosting'] as const;
export type ClassifierKind = (typeof CLASSIFIER_KINDS)[number];

export interface Classifier {
  /** probability of class 1, 0..1 */
  predict(row: Float64Array): number;
  /**
   * What each column did to the score of a row, against the usual row of the training: positive speaks for class 1. In log odds for logistic,
   * svm and boosting, in probability for forest; the signs and the order are what counts.
   */
  contributions(row: Float64Array): Float64Array;
  /** plain JSON that `restore` of its kind reads back */
  toJson(): unknown;
}

/** A kind of model with its settings. */
export interface Recipe {
  kind: ClassifierKind;
  parameters: Readonly<Record<string, number>>;
}
export type Train = (data: Dataset, parameters: Readonly<Record<string, number>>, seed: number) => Classifier;
