/** Regression with the errors of its coefficients: linear by least squares, logistic by maximum likelihood. */
import type { Coefficient } from '../../../../shared/contract/statistics.ts';
import { mean, squaredDeviations } from './descriptive.ts';
import { chiSquareUpper, fisherUpper, normalTwoSided, studentCritical, studentTwoSided } from './distributions.ts';
import { leastSquares } from './least-squares.ts';

export interface Predictor {
  name: string;
  values: ArrayLike<number>;
}

export interface LinearRegression {
  n: number;
  coefficients: Coefficient[];
  rSquared: number;
  adjustedRSquared: number;
  /** standard deviation of the residuals */
  residual: number;
  f: number;
  df1: number;
  df2: number;
  p: number;
}

function design(predictors: readonly Predictor[], n: number): Float64Array {
  const width = predictors.length + 1;
  const x = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    x[i * width] = 1;
    predictors.forEach(({ values }, j) => (x[i * width + j + 1] = values[i]));
  }
  return x;
}
function fitted(x: Float64Array, coefficients: Float64Array, i: number): number {
  const width = coefficients.length;
  let sum = 0;
  for (let j = 0; j < width; j++) sum += x[i * width + j] * coefficients[j];
  return sum;
}

/** With intercept. null when there are too few rows, or predictors say the same. */
export function linearRegression(y: ArrayLike<number>, predictors: readonly Predictor[]): LinearRegression | null {
  const n = y.length;
  const width = predictors.length + 1;
  const df2 = n - width;
  if (df2 < 1 || predictors.length === 0) return null;
  const x = design(predictors, n);
  const solved = leastSquares(x, y, n, width);
  if (!solved) return null;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += (y[i] - fitted(x, solved.coefficients, i)) ** 2;
  const total = squaredDeviations(y, mean(y));
  const s2 = rest / df2;
  const critical = studentCritical(0.05, df2);
  const df1 = width - 1;
  const f = (total - rest) / df1 / s2;
  const rSquared = total > 0 ? 1 - rest / total : Number.NaN;
  return {
    n, rSquared, adjustedRSquared: 1 - ((1 - rSquared) * (n - 1)) / df2, residual: Math.sqrt(s2), f, df1, df2, p: fisherUpper(f, df1, df2),
    coefficients: Array.from(solved.coefficients, (value, j) => {
      const error = Math.sqrt(s2 * solved.inverseDiagonal[j]);
      return { name: j === 0 ? '' : predictors[j - 1].name, value, error, statistic: value / error, p: studentTwoSided(value / error, df2), lower: value - critical * error, upper: value + critical * error };
    }),
  };
}

export interface LogisticRegression {
  n: number;
  /** in log odds for each unit of the predictor */
  coefficients: Coefficient[];
  /** minus twice the log likelihood, without and with the predictors */
  nullDeviance: number;
  deviance: number;
  /** of the whole model against none: likelihood ratio */
  p: number;
  /** false = the outcomes are separated, or nearly: the coefficients grow without end and their errors mean nothing */
  converged: boolean;
}

const MOST_ITERATIONS = 30;

/** Outcomes are 0 or 1. Iteratively reweighted least squares (McCullagh and Nelder, 1989). null as for the linear one. */
export function logisticRegression(y: ArrayLike<number>, predictors: readonly Predictor[]): LogisticRegression | null {
  const n = y.length;
  const width = predictors.length + 1;
  if (n <= width || predictors.length === 0) return null;
  const x = design(predictors, n);
  const weighted = new Float64Array(x.length);
  const target = new Float64Array(n);
  let coefficients = new Float64Array(width);
  let inverse = new Float64Array(width);
  let deviance = Number.POSITIVE_INFINITY;
  let converged = false;
  for (let step = 0; step < MOST_ITERATIONS && !converged; step++) {
    for (let i = 0; i < n; i++) {
      const linear = fitted(x, coefficients, i);
      const p = 1 / (1 + Math.exp(-linear));
      const weight = Math.max(p * (1 - p), 1e-10);
      const root = Math.sqrt(weight);
      for (let j = 0; j < width; j++) weighted[i * width + j] = x[i * width + j] * root;
      target[i] = root * (linear + (y[i] - p) / weight);
    }
    const solved = leastSquares(weighted, target, n, width);
    if (!solved) return null;
    coefficients = Float64Array.from(solved.coefficients);
    inverse = Float64Array.from(solved.inverseDiagonal);
    const before = deviance;
    deviance = devianceOf(y, (i) => fitted(x, coefficients, i));
    converged = Math.abs(before - deviance) / (Math.abs(deviance) + 0.1) < 1e-10;
  }
  const share = mean(y);
  const nullDeviance = devianceOf(y, () => Math.log(share / (1 - share)));
  return {
    n, nullDeviance, deviance, p: chiSquareUpper(nullDeviance - deviance, width - 1), converged: converged && deviance > n * 1e-6,
    coefficients: Array.from(coefficients, (value, j) => {
      const error = Math.sqrt(inverse[j]);
      return { name: j === 0 ? '' : predictors[j - 1].name, value, error, statistic: value / error, p: normalTwoSided(value / error), lower: value - 1.959963984540054 * error, upper: value + 1.959963984540054 * error };
    }),
  };
}

/** Of outcomes against log odds; ln(1 + e^z) without overflow. */
function devianceOf(y: ArrayLike<number>, logOdds: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const z = y[i] > 0.5 ? -logOdds(i) : logOdds(i);
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
  return 2 * sum;
}
