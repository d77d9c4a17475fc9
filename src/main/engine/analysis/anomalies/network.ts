/** A small feed-forward network, trained by back-propagation with Adam. Typed arrays, seeded, no dependency. */
import { Random } from '../models/random.ts';

interface Layer {
  inputs: number;
  outputs: number;
  weights: Float64Array;
  bias: Float64Array;
  /** what came out of the last forward pass */
  out: Float64Array;
  /** gradient of the loss by what goes into the layer's tanh */
  delta: Float64Array;
  /** sums of the batch, and Adam's two moments, weights first and then biases */
  gradient: Float64Array;
  first: Float64Array;
  second: Float64Array;
}

/** Kingma & Ba, "Adam: a method for stochastic optimization", 2015: the paper's own settings. */
const RATE = 0.005;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** tanh in every layer but the last, which is linear; mean squared error. */
export class Network {
  readonly #layers: Layer[];
  #step = 0;

  /** @param sizes numbers of inputs, of each hidden layer, of outputs */
  constructor(sizes: readonly number[], seed: number) {
    const random = new Random(seed);
    this.#layers = sizes.slice(1).map((outputs, i) => {
      const inputs = sizes[i];
      // Glorot & Bengio 2010
      const limit = Math.sqrt(6 / (inputs + outputs));
      const all = inputs * outputs + outputs;
      return {
        inputs, outputs, weights: Float64Array.from({ length: inputs * outputs }, () => (2 * random.next() - 1) * limit), bias: new Float64Array(outputs),
        out: new Float64Array(outputs), delta: new Float64Array(outputs), gradient: new Float64Array(all), first: new Float64Array(all), second: new Float64Array(all),
      };
    });
  }

  /** What the network makes of an input; the array is its own and is overwritten by the next. */
  forward(input: Float64Array): Float64Array {
    let values = input;
    this.#layers.forEach(({ inputs, outputs, weights, bias, out }, i) => {
      const linear = i === this.#layers.length - 1;
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o];
        for (let k = 0, at = o * inputs; k < inputs; k++) sum += weights[at + k] * values[k];
        out[o] = linear ? sum : Math.tanh(sum);
      }
      values = out;
    });
    return values;
  }

  /** One step on a batch of inputs whose wanted outputs are given. */
  train(inputs: readonly Float64Array[], wanted: readonly Float64Array[]): void {
    for (const layer of this.#layers) layer.gradient.fill(0);
    inputs.forEach((input, i) => this.#backward(input, wanted[i]));
    this.#step++;
    const correct1 = 1 - BETA1 ** this.#step;
    const correct2 = 1 - BETA2 ** this.#step;
    for (const { weights, bias, gradient, first, second } of this.#layers) {
      for (let k = 0; k < gradient.length; k++) {
        const slope = gradient[k] / inputs.length;
        first[k] = BETA1 * first[k] + (1 - BETA1) * slope;
        second[k] = BETA2 * second[k] + (1 - BETA2) * slope * slope;
        const move = (RATE * first[k]) / correct1 / (Math.sqrt(second[k] / correct2) + EPSILON);
        if (k < weights.length) weights[k] -= move;
        else bias[k - weights.length] -= move;
      }
    }
  }

  #backward(input: Float64Array, wanted: Float64Array): void {
    const out = this.forward(input);
    const last = this.#layers.length - 1;
    for (let i = last; i >= 0; i--) {
      const layer = this.#layers[i];
      const { inputs, outputs, delta, gradient, weights } = layer;
      for (let o = 0; o < outputs; o++) {
        if (i === last) delta[o] = (2 * (out[o] - wanted[o])) / outputs;
        else {
          const next = this.#layers[i + 1];
          let sum = 0;
          for (let k = 0; k < next.outputs; k++) sum += next.weights[k * outputs + o] * next.delta[k];
          delta[o] = sum * (1 - layer.out[o] * layer.out[o]);
        }
      }
      const before = i === 0 ? input : this.#layers[i - 1].out;
      for (let o = 0; o < outputs; o++) {
        for (let k = 0, at = o * inputs; k < inputs; k++) gradient[at + k] += delta[o] * before[k];
        gradient[weights.length + o] += delta[o];
      }
    }
  }

  /** Mean squared error of one input. */
  error(input: Float64Array, wanted: Float64Array): number {
    const out = this.forward(input);
    let sum = 0;
    for (let k = 0; k < out.length; k++) sum += (out[k] - wanted[k]) ** 2;
    return sum / out.length;
  }

  /** All weights, to go back to. */
  snapshot(): Float64Array[] {
    return this.#layers.flatMap(({ weights, bias }) => [weights.slice(), bias.slice()]);
  }
  restore(saved: readonly Float64Array[]): void {
    this.#layers.forEach(({ weights, bias }, i) => {
      weights.set(saved[2 * i]);
      bias.set(saved[2 * i + 1]);
    });
  }
}
