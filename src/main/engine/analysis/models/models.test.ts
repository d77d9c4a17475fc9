import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLASSIFIER_KINDS } from './classifier.ts';
import { dbscan, kMeans, NOISE } from './clusters.ts';
import { crossScores, honestFigures, leastGroups, stratifiedFolds, train, tune } from './cross-validation.ts';
import { rowOf, type Dataset } from './dataset.ts';
import { drifted, featureDrift, stabilityIndex } from './drift.ts';
import { fourier } from './fourier.ts';
import { KINDS, recipes } from './kinds.ts';
import { averagePrecision, classifierMetrics, rocAuc } from './metrics.ts';
import { Random } from './random.ts';
import { seriesFeatures } from './series-features.ts';

const turn = async (): Promise<void> => await Promise.resolve();

/** Two columns that decide and two that do not. `shape`: what decides. */
function data(rows: number, seed: number, shape: (a: number, b: number) => boolean): Dataset {
  const random = new Random(seed);
  const x = Float64Array.from({ length: rows * 4 }, () => random.next() * 2 - 1);
  return { x, rows, columns: 4, y: Uint8Array.from({ length: rows }, (_, i) => Number(shape(x[i * 4], x[i * 4 + 1]))), weight: new Float64Array(rows).fill(1) };
}
const line = (a: number, b: number): boolean => a + b > 0.1;
/** No line tells them apart. */
const corners = (a: number, b: number): boolean => a > 0 === b > 0;

function rightOn(kind: (typeof CLASSIFIER_KINDS)[number], shape: typeof line): number {
  const [recipe] = recipes([kind]);
  const model = train(recipe, data(400, 1, shape), 7);
  const unseen = data(400, 2, shape);
  return rocAuc(Float64Array.from({ length: unseen.rows }, (_, i) => model.predict(rowOf(unseen, i))), unseen.y);
}

describe('classifiers, on rows they have not seen', () => {
  test.each(CLASSIFIER_KINDS)('%s learns a line', (kind) => expect(rightOn(kind, line)).toBeGreaterThan(0.97));
  test('trees learn corners, lines cannot', () => {
    expect(rightOn('forest', corners)).toBeGreaterThan(0.95);
    expect(rightOn('boosting', corners)).toBeGreaterThan(0.95);
    expect(rightOn('logistic', corners)).toBeLessThan(0.6);
  });
  test.each(CLASSIFIER_KINDS)('%s: the same seed gives the same model, JSON reads back to it, and it tells what decided', (kind) => {
    const [recipe] = recipes([kind]);
    const set = data(200, 3, line);
    const model = train(recipe, set, 5);
    expect(JSON.stringify(train(recipe, set, 5).toJson())).toBe(JSON.stringify(model.toJson()));
    const back = KINDS[kind].restore(JSON.parse(JSON.stringify(model.toJson())), 4);
    let told = 0;
    for (let i = 0; i < 50; i++) {
      const row = rowOf(set, i);
      expect(back.predict(row)).toBe(model.predict(row));
      const parts = model.contributions(row).map(Math.abs);
      if (Math.max(parts[0], parts[1]) > Math.max(parts[2], parts[3])) told++;
    }
    expect(told).toBeGreaterThan(40);
    expect(() => KINDS[kind].restore({ ...(model.toJson() as object), trees: undefined, weights: undefined }, 4)).toThrow();
  });
  test('weights count: with the wrong half weighing nothing, the right half decides', () => {
    const set = data(300, 4, line);
    for (let i = 150; i < 300; i++) {
      set.y[i] = 1 - set.y[i];
      set.weight[i] = 1e-4;
    }
    for (const kind of CLASSIFIER_KINDS) {
      const model = train(recipes([kind])[0], set, 1);
      const scores = Float64Array.from({ length: 150 }, (_, i) => model.predict(rowOf(set, i)));
      expect(rocAuc(scores, set.y.subarray(0, 150)), kind).toBeGreaterThan(0.95);
    }
  });
  test('a tree that leads back to its root is refused', () => {
    const tree = { feature: [0, -1], threshold: [0, 0], left: [0, -1], right: [1, -1], value: [0, 0] };
    expect(() => KINDS.forest.restore({ columns: 1, trees: [tree] }, 1)).toThrow('the tree is not one');
    expect(() => KINDS.forest.restore({ columns: 9, trees: [{ ...tree, feature: [5, -1], left: [1, -1] }] }, 4)).toThrow('feature');
  });
});

describe('cross-validation', () => {
  test('folds have both classes in equal shares', () => {
    const y = Uint8Array.from({ length: 100 }, (_, i) => Number(i < 20));
    const folds = stratifiedFolds(y, y.map((_, i) => i), 5, new Random(1));
    for (let fold = 0; fold < 5; fold++) expect([...folds].filter((f, i) => f === fold && y[i] === 1)).toHaveLength(4);
  });
  test('rows of a group stay together, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ y: fc.integer({ min: 0, max: 1 }), group: fc.integer({ min: 0, max: 8 }) }), { minLength: 1, maxLength: 80 }), fc.integer({ min: 2, max: 6 }), (rows, k) => {
        const folds = stratifiedFolds(rows.map(({ y }) => y), rows.map(({ group }) => group), k, new Random(3));
        const of = new Map<number, number>();
        rows.forEach(({ group }, i) => {
          expect(folds[i]).toBeLessThan(k);
          expect(of.get(group) ?? folds[i]).toBe(folds[i]);
          of.set(group, folds[i]);
        });
      }),
    );
    expect(leastGroups([1, 1, 0, 0], [1, 1, 2, 3])).toBe(1);
  });
  test('tuning takes trees where only they can tell', async () => {
    const set = data(200, 6, corners);
    const folds = stratifiedFolds(set.y, set.y.map((_, i) => i), 3, new Random(2));
    const { best, tried } = await tune(recipes(['logistic', 'boosting']), set, folds, 1, turn);
    expect(best.kind).toBe('boosting');
    expect(tried).toHaveLength(6);
  });
  test('twins flatter unless they stay together: labels that are chance are not learned', async () => {
    // Each row five times; the label of a row is chance.
    const random = new Random(9);
    const base = data(40, 8, line);
    const rows = 200;
    const set: Dataset = { x: new Float64Array(rows * 4), rows, columns: 4, y: new Uint8Array(rows), weight: new Float64Array(rows).fill(1) };
    const groups = Uint32Array.from({ length: rows }, (_, i) => i % 40);
    const labels = Uint8Array.from({ length: 40 }, () => random.below(2));
    for (let i = 0; i < rows; i++) {
      set.x.set(rowOf(base, groups[i]), i * 4);
      set.y[i] = labels[groups[i]];
    }
    const [recipe] = recipes(['forest']);
    const apart = await crossScores(recipe, set, stratifiedFolds(set.y, set.y.map((_, i) => i), 5, new Random(1)), 1, turn);
    const together = await crossScores(recipe, set, stratifiedFolds(set.y, groups, 5, new Random(1)), 1, turn);
    expect(rocAuc(apart, set.y)).toBeGreaterThan(0.95);
    expect(rocAuc(together, set.y)).toBeLessThan(0.75);
  });
  test('nested figures are of rows that were in neither choosing nor training', async () => {
    const set = data(120, 11, line);
    const groups = Uint32Array.from({ length: 120 }, (_, i) => i);
    const { metrics, scores } = await honestFigures(recipes(['logistic']), set, groups, { folds: 5, inner: 3, random: new Random(1), seed: 1, counts: (row) => row < 100, turn });
    expect(metrics.n).toBe(100);
    expect(metrics.rocAuc).toBeGreaterThan(0.95);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });
  test('some of the settings, none twice', () => {
    const random = new Random(1);
    const chosen = recipes(CLASSIFIER_KINDS, 5, (n) => random.below(n));
    expect(new Set(chosen.map((one) => JSON.stringify(one))).size).toBe(5);
  });
});

describe('metrics', () => {
  test('the figures of four scores, by hand', () => {
    const found = classifierMetrics([0.9, 0.8, 0.3, 0.2], [1, 0, 1, 0]);
    expect(found).toMatchObject({ truePositive: 1, falsePositive: 1, trueNegative: 1, falseNegative: 1, accuracy: 0.5, precision: 0.5, recall: 0.5, f1: 0.5, rocAuc: 0.75 });
    expect(found.brier).toBeCloseTo((0.01 + 0.64 + 0.49 + 0.04) / 4, 12);
    // 1/1 at the first, 2/3 at the second of them.
    expect(found.prAuc).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });
  test('equal scores say nothing', () => {
    expect(rocAuc([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0])).toBe(0.5);
    expect(averagePrecision([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0])).toBe(0.5);
    expect(rocAuc([0.5], [1])).toBeNaN();
  });
});

describe('clusters', () => {
  const random = new Random(4);
  const centres = [[0, 0], [10, 0], [0, 10]];
  const x = Float64Array.from({ length: 180 }, (_, i) => centres[(i >> 1) % 3][i % 2] + random.next());
  test('k-means finds three heaps', () => {
    const { cluster, inertia } = kMeans(x, 90, 2, 3, new Random(1));
    for (let i = 0; i < 90; i++) expect(cluster[i]).toBe(cluster[i % 3]);
    expect(new Set(cluster).size).toBe(3);
    expect(inertia).toBeLessThan(30);
    expect(kMeans(new Float64Array(10).fill(2), 5, 2, 3, new Random(1)).centres).toHaveLength(2);
  });
  test('DBSCAN finds three heaps and one row alone', () => {
    const with1 = Float64Array.from([...x, 50, 50]);
    const cluster = dbscan(with1, 91, 2, 1.5, 4);
    expect(cluster[90]).toBe(NOISE);
    expect(new Set(cluster.subarray(0, 90)).size).toBe(3);
  });
});

describe('series', () => {
  test('a Fourier transform is the sum that it stands for', () => {
    const n = 16;
    const values = Float64Array.from({ length: n }, (_, i) => Math.sin(i * i));
    const real = values.slice();
    const imaginary = new Float64Array(n);
    fourier(real, imaginary);
    for (let k = 0; k < n; k++) {
      let re = 0;
      let im = 0;
      for (let i = 0; i < n; i++) {
        re += values[i] * Math.cos((2 * Math.PI * k * i) / n);
        im -= values[i] * Math.sin((2 * Math.PI * k * i) / n);
      }
      expect(real[k]).toBeCloseTo(re, 10);
      expect(imaginary[k]).toBeCloseTo(im, 10);
    }
    expect(() => fourier(new Float64Array(12), new Float64Array(12))).toThrow(RangeError);
  });
  test('what beats, what bursts, what grows', () => {
    const beat = seriesFeatures(Float64Array.from({ length: 256 }, (_, i) => (i % 16 === 0 ? 5 : 0)));
    expect(beat.period).toBeCloseTo(16, 5);
    expect(beat.periodicity).toBeGreaterThan(0.9);
    const burst = seriesFeatures(Float64Array.from({ length: 256 }, (_, i) => (i === 100 ? 500 : 0)));
    expect(burst.burstiness).toBeGreaterThan(0.8);
    expect(burst.periodicity).toBeLessThan(0.5);
    const growing = seriesFeatures(Float64Array.from({ length: 256 }, (_, i) => i));
    expect(growing.trend).toBeCloseTo(1, 6);
    expect(growing.late).toBeGreaterThan(0.4);
    expect(seriesFeatures(new Float64Array(256)).active).toBe(0);
  });
});

describe('drift', () => {
  const random = new Random(5);
  const before = Float64Array.from({ length: 2000 }, () => random.next());
  test('the same population is none', () => {
    const now = Float64Array.from({ length: 2000 }, () => random.next());
    expect(stabilityIndex(before, now)).toBeLessThan(0.05);
    expect(drifted(featureDrift('x', before, now))).toBe(false);
  });
  test('one that moved is, and says where from and where to', () => {
    const found = featureDrift('x', before, before.map((value) => value + 0.5));
    expect(drifted(found)).toBe(true);
    expect(found.now - found.before).toBeCloseTo(0.5, 6);
  });
  test('a feature that was always the same and now is not', () => {
    expect(drifted(featureDrift('x', new Float64Array(500), Float64Array.from({ length: 500 }, (_, i) => i % 2)))).toBe(true);
    expect(stabilityIndex([0, 0, 0], [0, 0, 0])).toBe(0);
  });
});
