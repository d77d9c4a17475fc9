import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorsOf, originsFor, smapeOf } from './back-test.ts';
import { combine, isSane, weightedMedian } from './combine.ts';
import { COMBINATION, forecastPoints, forecastSeries } from './forecaster.ts';
import { meanWidths, widthsOfErrors, type Widths } from './intervals.ts';
import { detectSeason, seasonsOf, shapeOf, withoutGaps } from './shape.ts';

const wave = (n: number, period: number): Float64Array => Float64Array.from({ length: n }, (_, t) => 100 + 20 * Math.sin((2 * Math.PI * t) / period) + wild(t) * 2);

/** -1..1, the same for the same number. */
const wild = (t: number): number => (Math.sin(t * t * 12.9898) * 43_758.5453) % 1;

describe('combining', () => {
  it('takes the value with half of the weight on either side', () => {
    expect(weightedMedian(Float64Array.of(3, 1, 2), Float64Array.of(1, 1, 1))).toBe(2);
    expect(weightedMedian(Float64Array.of(4, 1, 2, 3), Float64Array.of(1, 1, 1, 1))).toBe(2.5);
    expect(weightedMedian(Float64Array.of(3, 1, 2), Float64Array.of(5, 1, 1))).toBe(3);
    expect(combine([Float64Array.of(1, 10), Float64Array.of(2, 20), Float64Array.of(9, 30)], Float64Array.of(1, 1, 1))).toEqual(Float64Array.of(2, 20));
  });
  it('calls what has run away insane, and what goes on with the trend sane', () => {
    const line = Float64Array.from({ length: 30 }, (_, t) => t);
    expect(isSane(Float64Array.of(30, 31, 32), line)).toBe(true);
    expect(isSane(Float64Array.of(30, 31, 200), line)).toBe(false);
    expect(isSane(Float64Array.of(Number.NaN), line)).toBe(false);
    expect(isSane(Float64Array.of(5, 6), new Float64Array(10).fill(5))).toBe(false);
  });
});

describe('the back-test', () => {
  it('looks back from origins that leave half of the series', () => {
    expect(originsFor(100, 1, 10, 8)).toEqual([90, 85, 80, 75, 70, 65, 60, 55]);
    expect(originsFor(100, 1, 10, 3)).toEqual([90, 85, 80]);
    expect(originsFor(6, 1, 10, 8)).toEqual([]);
  });
  it('measures sMAPE as the competitions do, and MASE against the season before', () => {
    expect(smapeOf([100, 0], [50, 0])).toBeCloseTo(200 / 3 / 2, 9);
    const values = Float64Array.of(0, 10, 1, 11, 2, 12);
    const shape = { values, periods: [2], positive: false };
    const { mae, mase } = errorsOf(shape, { origins: [4], trials: [] }, [Float64Array.of(3, 15)]);
    expect(mae).toBe(2);
    expect(mase).toBe(2);
  });
});

describe('shape', () => {
  it('fills gaps from the season around them, else along a line, and leaves out the ends', () => {
    expect(withoutGaps([Number.NaN, 1, Number.NaN, 3, Number.NaN], 1)).toEqual({ values: Float64Array.of(1, 2, 3), filled: 1 });
    expect(withoutGaps([5, 1, 5, Number.NaN, 5, 3], 2).values[3]).toBe(2);
    expect(withoutGaps([Number.NaN], 1).values).toHaveLength(0);
  });
  it('finds a season nobody said, and none in noise or a trend', () => {
    expect(detectSeason(wave(240, 24))).toBe(24);
    expect(detectSeason(Float64Array.from({ length: 200 }, (_, t) => t))).toBe(1);
    expect(detectSeason(Float64Array.from({ length: 200 }, (_, t) => wild(t)))).toBe(1);
    expect(detectSeason(new Float64Array(50).fill(3))).toBe(1);
  });
  it('adds the week to the day when it shows', () => {
    const days = wave(800, 24);
    const weeks = days.map((value, t) => value * (Math.floor(t / 24) % 7 < 5 ? 1 : 0.5));
    expect(seasonsOf(weeks, 24)).toEqual([24, 168]);
    expect(seasonsOf(days, 24)).toEqual([24]);
    expect(seasonsOf(weeks.subarray(0, 400), 24)).toEqual([24]);
    expect(seasonsOf(weeks, 168)).toEqual([24, 168]);
    expect(seasonsOf(weeks, 1)).toEqual([]);
    // A trend looks like a season at every lag, and hides one.
    expect(seasonsOf(days.map((value, t) => value + 0.5 * t), 24)).toEqual([24]);
    expect(seasonsOf(weeks.map((value, t) => value + 0.5 * t), 24)).toEqual([24, 168]);
    const [hour, longer] = [wave(1300, 60), wave(1300, 420)];
    expect(seasonsOf(hour.map((value, t) => value + longer[t]), 60)).toEqual([60]);
  });
});

describe('intervals', () => {
  it('grow with the distance as errors did, and hold the share they say', () => {
    const errors = Array.from({ length: 6 }, (_, o) => Float64Array.from({ length: 16 }, (_, k) => (o % 2 === 0 ? 1 : -1) * Math.sqrt(k + 1)));
    const [narrow, wide] = widthsOfErrors(errors, 16) ?? [];
    expect(narrow.half[15] / narrow.half[0]).toBeCloseTo(4, 1);
    expect(wide.half[0]).toBeGreaterThan(narrow.half[0]);
    expect(narrow.half[0]).toBeGreaterThanOrEqual(1);
    expect(widthsOfErrors(errors.slice(0, 2), 16)).toBeNull();
  });
  it('are the mean of what the errors and what the model say, and what one says where the other says nothing', () => {
    const of = (half: number): Widths => [{ level: 0.95, half: Float64Array.of(half, 2 * half) }];
    expect(meanWidths(of(2), of(4))).toEqual(of(3));
    expect(meanWidths(of(Number.POSITIVE_INFINITY), null)).toBeNull();
    expect(meanWidths(null, of(4))).toEqual(of(4));
    expect(meanWidths(of(2), null)).toEqual(of(2));
    expect(meanWidths(null, null)).toBeNull();
  });
  it('hold about the share of a random walk that they say', async () => {
    let state = 3;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
    const inside = [0, 0];
    let count = 0;
    for (let walk = 0; walk < 16; walk++) {
      let level = 1000;
      const values = Float64Array.from({ length: 48 }, () => (level += next() + next() + next() + next()));
      const { intervals } = await forecastSeries(shapeOf(values.subarray(0, 40), 1).shape, 8);
      intervals.forEach(({ lower, upper }, at) => lower.forEach((low, k) => (inside[at] += values[40 + k] >= low && values[40 + k] <= upper[k] ? 1 : 0)));
      count += 8;
    }
    expect(inside[0] / count).toBeGreaterThan(0.68);
    expect(inside[0] / count).toBeLessThan(0.92);
    expect(inside[1] / count).toBeGreaterThan(0.86);
    expect(inside[1] / count).toBeLessThan(1);
  });
});

describe('a forecast', () => {
  it('follows a season, says which methods were how wrong, and is the same the quick way', async () => {
    const { shape } = shapeOf(wave(260, 12), 12);
    const forecast = await forecastSeries(shape, 12);
    forecast.values.forEach((value, k) => expect(Math.abs(value - (100 + 20 * Math.sin((2 * Math.PI * (260 + k)) / 12)))).toBeLessThan(4));
    expect(forecast.method).toBe(COMBINATION);
    expect(forecast.backTest.origins).toBe(8);
    expect(forecast.backTest.rows[0]).toMatchObject({ id: COMBINATION, weight: 1 });
    expect(forecast.backTest.rows.find(({ id }) => id === 'ets')?.smape).toBeLessThan(3);
    expect(forecast.backTest.rows.filter(({ id }) => id !== COMBINATION).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(forecast.intervals.map(({ level }) => level)).toEqual([0.8, 0.95]);
    expect(forecast.intervals[1].upper[5]).toBeGreaterThan(forecast.intervals[0].upper[5]);
    expect((await forecastPoints(shape, 12)).values).toEqual(forecast.values);
  });
  it('keeps a long season that was seen only twice', async () => {
    const { values } = await forecastPoints(shapeOf(wave(60, 24), 24).shape, 24);
    values.forEach((value, k) => expect(Math.abs(value - (100 + 20 * Math.sin((2 * Math.PI * (60 + k)) / 24)))).toBeLessThan(6));
  });
  it('is of the method that is asked for', async () => {
    const { shape } = shapeOf(wave(100, 12), 12);
    const forecast = await forecastSeries(shape, 24, { method: 'seasonal-naive' });
    expect(forecast.method).toBe('seasonal-naive');
    expect(forecast.values.slice(0, 12)).toEqual(shape.values.slice(88));
  });
  it('tells how far it is, and ends when it is told to', async () => {
    const shares: number[] = [];
    const { shape } = shapeOf(wave(80, 12), 12);
    await forecastSeries(shape, 6, { breathe: async (share) => void shares.push(share) });
    expect(shares.length).toBeGreaterThan(10);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    await expect(forecastSeries(shape, 6, { breathe: () => Promise.reject(new Error('stop')) })).rejects.toThrow('stop');
  });
  it('stays with a constant, and with what little there is', async () => {
    expect((await forecastPoints(shapeOf(new Float64Array(40).fill(7), null).shape, 3)).values).toEqual(Float64Array.of(7, 7, 7));
    expect((await forecastPoints(shapeOf([4], 12).shape, 2)).values).toEqual(Float64Array.of(4, 4));
    expect(await forecastPoints(shapeOf([Number.NaN], 1).shape, 1)).toEqual({ values: Float64Array.of(Number.NaN), method: 'none' });
    const short = await forecastSeries(shapeOf([1, 2], 1).shape, 2);
    expect(short.backTest.origins).toBe(0);
    expect(short.values.every(Number.isFinite)).toBe(true);
  });
  it('of counts never falls below 0', async () => {
    const { shape } = shapeOf(Float64Array.from({ length: 40 }, (_, t) => Math.max(0, 60 - 2 * t)), 1);
    const { values, intervals } = await forecastSeries(shape, 20);
    expect(Math.min(...values, ...intervals[1].lower)).toBe(0);
  });
  it('has intervals around it, the wider around the narrower, not wild where the last value is', async () => {
    const shapes: Readonly<Record<string, (t: number, n: number) => number>> = {
      constant: () => 7, zeros: () => 0, below: (t) => -50 + wild(t), around: (t) => wild(t), huge: (t) => 1e300 * (1 + wild(t) / 10), tiny: (t) => 1e-300 * (2 + wild(t)), rare: (t) => (wild(t) > 0.8 ? 9 : 0),
      holes: (t) => (wild(t) > 0 ? Number.NaN : 10 + wild(2 * t)), stairs: (t, n) => (t < 0.7 * n ? 10 : 1000), powers: (t) => Math.exp(0.3 * t), last: (t, n) => (t === n - 1 ? 1e6 : 10 + wild(t)), once: (t, n) => (t === n >> 1 ? 1e9 : 10 + wild(t)),
      weeks: (t) => 100 + 50 * Math.sin((2 * Math.PI * t) / 24) + 30 * Math.sin((2 * Math.PI * t) / 168) + wild(t), between: (t) => 100 + 50 * Math.sin((2 * Math.PI * t) / 24.5) + wild(t), line: (t) => t,
    };
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(shapes)), fc.integer({ min: 1, max: 90 }), fc.constantFrom(null, 1, 12, 24.5), fc.integer({ min: 1, max: 12 }), async (name, n, frequency, horizon) => {
        const { shape } = shapeOf(Float64Array.from({ length: n }, (_, t) => shapes[name](t, n)), frequency);
        if (shape.values.length === 0) return;
        const { values, intervals } = await forecastSeries(shape, horizon);
        const least = Math.min(...shape.values);
        const most = Math.max(...shape.values);
        const rounding = 1e-6 * Math.max(Math.abs(least), Math.abs(most));
        expect(values.every(Number.isFinite)).toBe(true);
        for (const { lower, upper } of intervals) {
          values.forEach((value, k) => {
            expect(lower[k]).toBeLessThanOrEqual(value + rounding);
            expect(upper[k]).toBeGreaterThanOrEqual(value - rounding);
            expect(upper[k] - lower[k]).toBeLessThanOrEqual(1000 * (most - least) + rounding);
          });
        }
        if (intervals.length === 2) intervals[0].upper.forEach((upper, k) => expect(upper).toBeLessThanOrEqual(intervals[1].upper[k] + rounding));
      }),
      { numRuns: 30 },
    );
  });
  it('is finite and never runs away, whatever the series', async () => {
    const value = fc.oneof({ weight: 5, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) }, { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, 1e250, -1e250, 1e-250, Number.POSITIVE_INFINITY, 5e-324) });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 70 }), fc.constantFrom(null, 1, 4, 7, 12, 24), fc.integer({ min: 1, max: 30 }), async (series, frequency, horizon) => {
        const { shape } = shapeOf(series, frequency);
        if (shape.values.length === 0) return;
        const { values } = await forecastPoints(shape, horizon);
        expect(values).toHaveLength(horizon);
        const size = shape.values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
        for (const each of values) expect(Math.abs(each)).toBeLessThanOrEqual(Math.min(Number.MAX_VALUE, 20 * size * (1 + horizon / shape.values.length)));
      }),
      { numRuns: 60 },
    );
  });
});
