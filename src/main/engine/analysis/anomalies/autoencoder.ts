import { Random } from '../models/random.ts';
import { scoreAt, short } from './detector.ts';
import type { Detector } from './detector.ts';
import { Network } from './network.ts';
import { spreadOf } from './spread.ts';

/** A window goes through five numbers and has to come out as it was: what is usual does, what is not does not. */
const WINDOW = 16;
const SIZES = [WINDOW, 10, 5, 10, WINDOW];
const LEAST = 6 * WINDOW;
/** Windows that are learned from, evenly taken. */
const LEARNED = 1200;
const BATCH = 32;
const EPOCHS = 40;
/** Epochs without anything gained on the windows that are not learned from, after which it stops. */
const PATIENCE = 4;
const VALIDATED = 0.2;
/** Robust deviations that count: an outlier of a thousand would be all that is learned. */
const HELD = 6;
/** Robust deviations of the error above its median. */
const BAR = 6;

export const autoencoder: Detector = {
  id: 'autoencoder',
  title: 'Not rebuilt from memory',
  explain: `Stretches of ${WINDOW} rows that a small neural network, which learned to squeeze this series into ${SIZES[2]} numbers and back, cannot rebuild (autoencoder, trained on the series itself).`,
  pastOnly: false,
  slow: true,
  judge({ values }) {
    const spread = spreadOf(values);
    const n = values.length;
    if (n < LEAST) return { abstains: `it needs ${LEAST} rows` };
    if (spread === null || spread.sigma === 0) return { abstains: 'all values are the same' };
    const { median, sigma } = spread;
    // What is not known is taken to be usual: the error there says nothing and is not used.
    const held = values.map((value) => (Number.isFinite(value) ? Math.max(-HELD, Math.min(HELD, value / sigma - median / sigma)) / HELD : 0));
    const windows = Array.from({ length: n - WINDOW + 1 }, (_, i) => held.subarray(i, i + WINDOW));
    const network = learn(windows);
    // One odd row spoils what is made of its neighbours, so the window that rebuilds a row best speaks for it.
    const errors = new Float64Array(n).fill(Infinity);
    windows.forEach((window, i) => {
      const out = network.forward(window);
      for (let k = 0; k < WINDOW; k++) errors[i + k] = Math.min(errors[i + k], Math.abs(out[k] - window[k]));
    });
    // Errors next to each other are one: what is left of a single row may be right by chance.
    const around = errors.map((error, i) => (error + Math.max(errors[i - 1] ?? 0, errors[i + 1] ?? 0)) / 2);
    const usual = spreadOf(around);
    if (usual === null || usual.sigma === 0) return { abstains: 'every stretch is like the others' };
    const odd = (row: number): number => (around[row] - usual.median) / usual.sigma;
    return {
      scores: values.map((value, row) => (Number.isFinite(value) ? scoreAt(odd(row), BAR) : Number.NaN)),
      why: (row) => `rebuilt ${short(around[row] * HELD * sigma)} off, where ${short(usual.median * HELD * sigma)} is usual (${short(odd(row))} robust deviations more)`,
    };
  },
};

/** Trains on an even sample, stops when windows kept apart are rebuilt no better, and goes back to the best it had. */
function learn(windows: readonly Float64Array[]): Network {
  const random = new Random(7);
  const stride = Math.max(1, Math.floor(windows.length / LEARNED));
  const sample = windows.filter((_, i) => i % stride === 0);
  const order = random.shuffle(sample.map((_, i) => i));
  const apart = order.splice(0, Math.max(1, Math.round(sample.length * VALIDATED))).map((i) => sample[i]);
  const network = new Network(SIZES, 7);
  const loss = (): number => apart.reduce((sum, window) => sum + network.error(window, window), 0) / apart.length;
  let best = loss();
  let saved = network.snapshot();
  for (let epoch = 0, stale = 0; epoch < EPOCHS && stale < PATIENCE; epoch++) {
    random.shuffle(order);
    for (let at = 0; at < order.length; at += BATCH) {
      const batch = order.slice(at, at + BATCH).map((i) => sample[i]);
      network.train(batch, batch);
    }
    const now = loss();
    if (now < best * 0.999) {
      best = now;
      saved = network.snapshot();
      stale = 0;
    } else stale++;
  }
  network.restore(saved);
  return network;
}
