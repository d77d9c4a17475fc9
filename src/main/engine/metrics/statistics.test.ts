import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, MAX_SCORE, rates, robustScores, zScores } from './statistics.ts';

const column = (values: number[]): Float64Array => Float64Array.from(values);
const series = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(NaN, Infinity, 5, 5)), { maxLength: 120 });
const options = fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 30 })).map(([a, b]) => ({ window: Math.max(a, b), minimum: Math.min(a, b) }));
/** The baseline of values[i], worked out anew. */
const past = (values: number[], i: number, window: number): number[] => values.slice(0, i).filter(Number.isFinite).slice(-window);
const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};
const near = (a: number, b: number, scale = 1): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b), scale);

describe('z-scores', () => {
  it('are those of mean and standard deviation of the values before', () => {
    fc.assert(fc.property(series, options, (values, { window, minimum }) => {
      const { scores, centres, spreads } = zScores(column(values), { window, minimum });
      values.forEach((value, i) => {
        const before = past(values, i, window);
        if (!Number.isFinite(value) || before.length < minimum) {
          expect([scores[i], centres[i], spreads[i]]).toEqual([NaN, NaN, NaN]);
          return;
        }
        const mean = before.reduce((sum, one) => sum + one, 0) / before.length;
        const deviation = Math.sqrt(before.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (before.length - 1));
        expect(near(centres[i], mean, 1e3)).toBe(true);
        expect(near(spreads[i], deviation, 1e3)).toBe(true);
        if (deviation > 1) expect(near(scores[i], Math.max(-MAX_SCORE, Math.min(MAX_SCORE, (value - mean) / deviation)), 10)).toBe(true);
      });
    }));
  });
  it('do not know the future', () => {
    fc.assert(fc.property(series, series, (values, more) => {
      const of = { window: 10, minimum: 3 };
      expect([...zScores(column([...values, ...more]), of).scores.slice(0, values.length)]).toEqual([...zScores(column(values), of).scores]);
      expect([...robustScores(column([...values, ...more]), of).scores.slice(0, values.length)]).toEqual([...robustScores(column(values), of).scores]);
    }));
  });
  it('recover when an enormous value has left the window', () => {
    const values = Array.from({ length: 60 }, (_, i) => (i === 10 ? 1e15 : 1 + (i % 3)));
    const { centres, spreads } = zScores(column(values), { window: 12, minimum: 12 });
    expect(centres[40]).toBeCloseTo(2, 9);
    expect(spreads[40]).toBeCloseTo(Math.sqrt(8 / 11), 9);
  });
  it('are the largest there is for a change where nothing ever changed, and 0 without one', () => {
    const values = column([...new Array<number>(20).fill(0.1), 0.1, 0.2, 0]);
    for (const scores of [zScores, robustScores]) {
      expect([...scores(values, { window: 20, minimum: 5 }).scores.slice(20, 22)]).toEqual([0, MAX_SCORE]);
      expect(scores(column([...new Array<number>(20).fill(0.1), 0]), { window: 20, minimum: 5 }).scores[20]).toBe(-MAX_SCORE);
    }
  });
  it('want a window that can be', () => {
    for (const wrong of [{ window: 1, minimum: 2 }, { window: 5, minimum: 6 }, { window: 2.5, minimum: 2 }, { window: 1e6, minimum: 2 }]) {
      expect(() => zScores(column([1]), wrong)).toThrow(RangeError);
      expect(() => robustScores(column([1]), wrong)).toThrow(RangeError);
    }
  });
});

it('robust scores are those of median and median absolute deviation of the values before', () => {
  fc.assert(fc.property(series, options, (values, { window, minimum }) => {
    const { scores, centres, spreads } = robustScores(column(values), { window, minimum });
    values.forEach((value, i) => {
      const before = past(values, i, window);
      if (!Number.isFinite(value) || before.length < minimum) return expect(scores[i]).toBeNaN();
      const centre = median(before);
      const distances = before.map((one) => Math.abs(one - centre));
      expect(centres[i]).toBe(centre);
      const mad = median(distances);
      const spread = mad > Math.abs(centre) * 1e-12 ? mad * 1.4826 : (distances.reduce((sum, one) => sum + one, 0) / distances.length) * 1.2533;
      return expect(near(spreads[i], spread)).toBe(true);
    });
  }));
});
it('an outlier hides the next one from the z-score, not from the robust one', () => {
  const values = column(Array.from({ length: 40 }, (_, i) => (i === 20 || i === 25 ? 100 : 10 + (i % 4))));
  expect(zScores(values, { window: 30, minimum: 10 }).scores[25]).toBeLessThan(6);
  expect(robustScores(values, { window: 30, minimum: 10 }).scores[25]).toBeGreaterThan(30);
});

describe('rates', () => {
  it('are what a counter grew by a second, also when it began anew', () => {
    const { times, values } = rates({ times: column([0, 10e6, 20e6, 30e6, 30e6, 40e6, 50e6]), values: column([100, 150, 20, NaN, 40, 40, 50]) });
    expect([...times]).toEqual([10e6, 20e6, 30e6, 40e6, 50e6]);
    expect([...values]).toEqual([5, 2, 2, 0, 1]);
  });
  it('are never negative for a counter, and add up to what it grew by', () => {
    fc.assert(fc.property(fc.array(fc.record({ step: fc.integer({ min: 1, max: 1e6 }), more: fc.integer({ min: 0, max: 1000 }), reset: fc.boolean() }), { maxLength: 60 }), (steps) => {
      let time = 0;
      let value = 0;
      let grown = 0;
      const samples = steps.map(({ step, more, reset }, i) => {
        const begun = reset && more < value;
        value = begun ? more : value + more;
        time += step;
        if (i > 0) grown += more;
        return [time, value];
      });
      const out = rates({ times: column(samples.map(([t]) => t)), values: column(samples.map(([, v]) => v)) });
      expect(out.values.every((rate) => rate >= 0)).toBe(true);
      let sum = 0;
      out.values.forEach((rate, i) => (sum += rate * ((samples[i + 1][0] - samples[i][0]) / 1e6)));
      expect(near(sum, grown)).toBe(true);
    }));
  });
});

it('samples come in order of time, the last of those with the same time', () => {
  const { times, values } = inOrder({ times: column([3, 1, 2, 1, NaN]), values: column([30, 10, 20, 11, 5]) });
  expect([[...times], [...values]]).toEqual([[1, 2, 3], [11, 20, 30]]);
  const line = { times: column([1, 2]), values: column([1, 2]) };
  expect(inOrder(line)).toBe(line);
});
