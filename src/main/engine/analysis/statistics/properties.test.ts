/** What has to hold of the tests whatever the values are. */
import fc from 'fast-check';
import { describe as suite, expect, test } from 'vitest';
import { kendall, pearson, spearman } from './correlation.ts';
import { benjaminiHochberg, bonferroni } from './corrections.ts';
import { describe, histogram, histogramBins } from './descriptive.ts';
import { compareGroups } from './group-tests.ts';
import { kolmogorovSmirnov, kruskalWallis, mannWhitney } from './ranks.ts';
import { linearRegression } from './regression.ts';
import { studentT, welchT } from './t-tests.ts';
import { anova, welchAnova } from './variance-analysis.ts';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => Math.round(number * 16) / 16);
const list = fc.array(value, { minLength: 3, maxLength: 30 });
const varied = list.filter((values) => values.some((one) => one !== values[0]));

suite('probabilities', () => {
  test('lie from 0 to 1, and do not care which sample is the first', () => {
    fc.assert(
      fc.property(varied, varied, (a, b) => {
        for (const of of [welchT, studentT, mannWhitney, kolmogorovSmirnov]) {
          const p = of(a, b).p;
          expect(p, of.name).toBeGreaterThanOrEqual(0);
          expect(p, of.name).toBeLessThanOrEqual(1 + 1e-12);
          expect(of(b, a).p, of.name).toBeCloseTo(p, 9);
        }
      }),
    );
  });
  test('two groups: analyses of variance are t-tests squared, and Kruskal-Wallis goes with Mann-Whitney', () => {
    fc.assert(
      fc.property(varied, varied, (a, b) => {
        expect(anova([a, b]).p).toBeCloseTo(studentT(a, b).p, 6);
        expect(welchAnova([a, b]).p).toBeCloseTo(welchT(a, b).p, 6);
        const { h } = kruskalWallis([a, b]);
        expect(h).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });
  test('a sample against itself is no difference', () => {
    fc.assert(
      fc.property(varied, (a) => {
        expect(welchT(a, a).p).toBeCloseTo(1, 9);
        expect(mannWhitney(a, a)).toMatchObject({ delta: 0, p: 1 });
        expect(kolmogorovSmirnov(a, a).d).toBe(0);
      }),
    );
  });
  test('corrected ones are never smaller, Bonferroni never below Benjamini and Hochberg', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (p) => {
        const rate = benjaminiHochberg(p);
        bonferroni(p).forEach((strict, i) => {
          expect(rate[i]).toBeGreaterThanOrEqual(p[i] - 1e-15);
          expect(strict).toBeGreaterThanOrEqual(rate[i] - 1e-12);
        });
      }),
    );
  });
});

test('exact and approximate probabilities of ranks agree where there are enough values', () => {
  const a = Array.from({ length: 49 }, (_, i) => (i * 37) % 101);
  const b = Array.from({ length: 49 }, (_, i) => ((i * 53) % 103) + 8.5);
  const exact = mannWhitney(a, b);
  // The least value twice: a tie, so it is approximated.
  const sorted = a.toSorted((one, other) => one - other);
  const approximate = mannWhitney([sorted[0], ...sorted.slice(0, 1), ...sorted.slice(2)], b);
  expect([exact.exact, approximate.exact]).toEqual([true, false]);
  expect(Math.abs(approximate.p - exact.p)).toBeLessThan(0.02);
});

test('correlations lie from -1 to 1, turn with the sign, and ranks do not care about scale', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 4, maxLength: 40 }), (pairs) => {
      const x = pairs.map(([one]) => one);
      const y = pairs.map(([, other]) => other);
      for (const of of [pearson, spearman, kendall]) {
        const { r } = of(x, y);
        if (Number.isNaN(r)) continue;
        expect(Math.abs(r), of.name).toBeLessThanOrEqual(1 + 1e-12);
        expect(of(x, y.map((one) => -one)).r, of.name).toBeCloseTo(-r, 9);
      }
      const cubed = x.map((one) => Math.cbrt(one));
      const { r } = spearman(x, y);
      if (!Number.isNaN(r)) expect(spearman(cubed, y).r).toBeCloseTo(r, 9);
    }),
  );
});

test('descriptions keep their order, and histograms lose nothing', () => {
  fc.assert(
    fc.property(list, (values) => {
      const found = describe(values);
      if (!found) throw new Error('there are values');
      const { min, q1, median, q3, p95, p99, max, mean } = found;
      expect([min, q1, median, q3, p95, p99, max]).toEqual([min, q1, median, q3, p95, p99, max].sort((a, b) => a - b));
      expect(mean).toBeGreaterThanOrEqual(min - 1e-9);
      expect(mean).toBeLessThanOrEqual(max + 1e-9);
      const sorted = Float64Array.from(values).sort();
      expect(histogram(values, histogramBins(sorted, 40)).counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    }),
  );
});

test('a line is found again', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), varied, (a, b, x) => {
      const found = linearRegression(x.map((one) => a + b * one), [{ name: 'x', values: x }]);
      expect(found?.coefficients[1].value).toBeCloseTo(b, 4);
    }),
  );
});

suite('the choice of a test', () => {
  const even = (n: number, at: number): Float64Array => Float64Array.from({ length: n }, (_, i) => at + ((i * 7) % 11));
  const named = (...lists: Float64Array[]): { name: string; values: Float64Array }[] => lists.map((values, i) => ({ name: `g${i}`, values }));
  test('means where there are many and they are even, else ranks', () => {
    expect(compareGroups(named(even(40, 0), even(40, 5))).test?.id).toBe('welch-t');
    expect(compareGroups(named(even(40, 0), even(9, 5))).test?.id).toBe('mann-whitney');
    expect(compareGroups(named(even(40, 0), even(40, 5).map((one) => Math.exp(one)))).test?.id).toBe('mann-whitney');
    expect(compareGroups(named(even(40, 0), even(40, 5), even(40, 1)))).toMatchObject({ test: { id: 'welch-anova' }, pairs: [{}, {}, {}] });
    expect(compareGroups(named(even(40, 0), even(40, 5), new Float64Array(40)))).toMatchObject({ test: { id: 'kruskal-wallis' }, chosen: expect.stringContaining('all values of g2 are the same') });
  });
  test('nothing where there is nothing to compare', () => {
    expect(compareGroups(named(even(40, 0)))).toMatchObject({ test: null, chosen: '' });
    expect(compareGroups(named(even(40, 0), even(1, 0)))).toMatchObject({ test: null, chosen: 'Fewer than two groups have two values.' });
  });
});
