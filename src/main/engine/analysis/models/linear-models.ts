/** The two linear classifiers. Both work on scaled columns and say the same kind of thing: a weight for each column. */
import { z } from 'zod';
import type { Classifier, Train } from './classifier.ts';
import { scaled, scalingOf, sigmoid, type Dataset } from './dataset.ts';
import { Random } from './random.ts';

const numbers = z.array(z.number()).max(100_000);
const schema = z.object({ mean: numbers, scale: numbers, weights: numbers, intercept: z.number() });
type Json = z.infer<typeof schema>;

class LinearClassifier implements Classifier {
  readonly #json: Json;
  constructor(json: Json) {
    this.#json = json;
  }
  predict(row: Float64Array): number {
    const { mean, scale, weights, intercept } = this.#json;
    let sum = intercept;
    for (let j = 0; j < weights.length; j++) sum += weights[j] * ((row[j] - mean[j]) / scale[j]);
    return sigmoid(sum);
  }
  contributions(row: Float64Array): Float64Array {
    const { mean, scale, weights } = this.#json;
    return Float64Array.from(weights, (weight, j) => weight * ((row[j] - mean[j]) / scale[j]));
  }
  toJson(): unknown {
    return this.#json;
  }
}

/** Throws where the JSON is not that of a linear model of so many columns. */
export function restoreLinear(json: unknown, columns: number): Classifier {
  const read = schema.parse(json);
  if ([read.mean, read.scale, read.weights].some((list) => list.length !== columns) || read.scale.some((value) => value <= 0)) throw new Error('the model has another number of features than it says');
  return new LinearClassifier(read);
}

/** Newton steps until the change is below this, at most so many. */
const SETTLED = 1e-8;
const MOST_STEPS = 40;

/** parameters: lambda (L2, in rows). Penalised maximum likelihood by Newton's method; it settles for separated classes too. */
export const trainLogistic: Train = (data, { lambda = 1 }) => {
  const scaling = scalingOf(data);
  const x = scaled(data, scaling);
  const { intercept, weights } = fitLogistic(x, data, lambda);
  return new LinearClassifier({ mean: [...scaling.mean], scale: [...scaling.scale], weights: [...weights], intercept });
};

function fitLogistic(x: Float64Array, { rows, columns, y, weight }: Dataset, lambda: number): { intercept: number; weights: Float64Array } {
  const width = columns + 1;
  const w = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  const gradient = new Float64Array(width);
  for (let step = 0; step < MOST_STEPS; step++) {
    hessian.fill(0);
    gradient.fill(0);
    for (let i = 0; i < rows; i++) {
      let linear = w[columns];
      for (let j = 0; j < columns; j++) linear += w[j] * x[i * columns + j];
      const p = sigmoid(linear);
      const error = (y[i] - p) * weight[i];
      const curve = Math.max(p * (1 - p), 1e-6) * weight[i];
      for (let j = 0; j < width; j++) {
        const xj = j < columns ? x[i * columns + j] : 1;
        if (xj === 0) continue;
        gradient[j] += error * xj;
        for (let k = 0; k <= j; k++) hessian[j * width + k] += curve * xj * (k < columns ? x[i * columns + k] : 1);
      }
    }
    for (let j = 0; j < columns; j++) {
      gradient[j] -= lambda * w[j];
      hessian[j * width + j] += lambda;
    }
    // The intercept is not held back; a trace keeps the matrix positive.
    hessian[columns * width + columns] += 1e-6;
    const change = solveSymmetric(hessian, gradient, width);
    let most = 0;
    for (let j = 0; j < width; j++) {
      w[j] += change[j];
      most = Math.max(most, Math.abs(change[j]));
    }
    if (most < SETTLED) break;
  }
  return { intercept: w[columns], weights: w.subarray(0, columns) };
}

/** Cholesky; only the lower half is read, and it is overwritten. */
function solveSymmetric(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = a[j * n + k];
      for (let m = 0; m < k; m++) sum -= a[j * n + m] * a[k * n + m];
      a[j * n + k] = j === k ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[k * n + k];
    }
  }
  const out = Float64Array.from(b);
  for (let j = 0; j < n; j++) {
    for (let m = 0; m < j; m++) out[j] -= a[j * n + m] * out[m];
    out[j] /= a[j * n + j];
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let m = j + 1; m < n; m++) out[j] -= a[m * n + j] * out[m];
    out[j] /= a[j * n + j];
  }
  return out;
}

const MOST_EPOCHS = 200;

/**
 * parameters: c (cost of a row on the wrong side). Linear support vector machine: dual coordinate descent for the squared hinge loss (Hsieh
 * et al., 2008, as in LIBLINEAR). Its distances become probabilities by Platt's method (1999), with his targets against overfitting.
 */
export const trainSvm: Train = (data, { c = 1 }, seed) => {
  const { rows, columns, y, weight } = data;
  const scaling = scalingOf(data);
  const x = scaled(data, scaling);
  const random = new Random(seed);
  const w = new Float64Array(columns + 1);
  const alpha = new Float64Array(rows);
  const squares = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    squares[i] = 1 / (2 * c * Math.max(weight[i], 1e-6)) + 1;
    for (let j = 0; j < columns; j++) squares[i] += x[i * columns + j] ** 2;
  }
  const side = (i: number): number => {
    let sum = w[columns];
    for (let j = 0; j < columns; j++) sum += w[j] * x[i * columns + j];
    return sum;
  };
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let epoch = 0; epoch < MOST_EPOCHS; epoch++) {
    let most = 0;
    for (const i of random.shuffle(order)) {
      const sign = y[i] === 1 ? 1 : -1;
      const gradient = sign * side(i) - 1 + alpha[i] / (2 * c * Math.max(weight[i], 1e-6));
      const projected = alpha[i] === 0 ? Math.min(gradient, 0) : gradient;
      most = Math.max(most, Math.abs(projected));
      if (projected === 0) continue;
      const before = alpha[i];
      alpha[i] = Math.max(0, before - gradient / squares[i]);
      const step = (alpha[i] - before) * sign;
      for (let j = 0; j < columns; j++) w[j] += step * x[i * columns + j];
      w[columns] += step;
    }
    if (most < 1e-4) break;
  }
  const { slope, offset } = platt(Float64Array.from({ length: rows }, (_, i) => side(i)), data);
  return new LinearClassifier({ mean: [...scaling.mean], scale: [...scaling.scale], weights: Array.from(w.subarray(0, columns), (value) => value * slope), intercept: w[columns] * slope + offset });
};

/** Slope and offset of the log odds by distance. */
function platt(distance: Float64Array, { y, weight }: Dataset): { slope: number; offset: number } {
  const positive = weight.reduce((sum, value, i) => sum + value * y[i], 0);
  const negative = weight.reduce((sum, value, i) => sum + value * (1 - y[i]), 0);
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  let slope = 1;
  let offset = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let ga = 0;
    let gb = 0;
    let haa = 1e-6;
    let hab = 0;
    let hbb = 1e-6;
    for (let i = 0; i < distance.length; i++) {
      const p = sigmoid(slope * distance[i] + offset);
      const error = ((y[i] === 1 ? high : low) - p) * weight[i];
      const curve = Math.max(p * (1 - p), 1e-9) * weight[i];
      ga += error * distance[i];
      gb += error;
      haa += curve * distance[i] ** 2;
      hab += curve * distance[i];
      hbb += curve;
    }
    const determinant = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    // A step that is too long would swing: half a unit is far.
    slope += Math.max(-0.5, Math.min(0.5, da));
    offset += Math.max(-2, Math.min(2, db));
    if (Math.abs(da) + Math.abs(db) < SETTLED) break;
  }
  return { slope: Math.max(slope, 1e-6), offset };
}
