import { describe, expect, it } from 'vitest';
import type { SeriesLine } from '../../../shared/contract/metrics.ts';
import { nearest, outer, pointsOf, reachOf, stretches, summaryOf, unusualMarks } from './points.ts';

const SERIES = { n: 100, t0: 0, t1: 99_000 };
/** A line of buckets 1,000 µs long; NaN = no samples. */
function line(means: readonly number[], more: { min?: number[]; max?: number[]; z?: number[] } = {}): SeriesLine {
  const of = (values: readonly number[]): Float64Array => Float64Array.from(values);
  return { id: 1, time: of(means.map((_, index) => index * 1000)), mean: of(means), min: of(more.min ?? means), max: of(more.max ?? means), z: of(more.z ?? means.map(() => NaN)), n: 1 };
}

describe('points of a line', () => {
  it('are its buckets with samples, in their middle', () => {
    expect(pointsOf(line([1, NaN, 3])).map(({ time, from, mean }) => [time, from, mean])).toEqual([[500, 0, 1], [2500, 2000, 3]]);
    expect(pointsOf(line([NaN, Infinity]))).toEqual([]);
  });
  it('are cut where samples are missing', () => {
    const points = pointsOf(line([1, 1, 1, 1, NaN, NaN, NaN, 1, 1, 1]));
    expect(stretches(points, reachOf(points, SERIES)).map((part) => part.length)).toEqual([4, 3]);
  });
  it('are not cut where the buckets are shorter than the distance of the samples', () => {
    const points = pointsOf(line(Array.from({ length: 60 }, (_, index) => (index % 6 === 0 ? 1 : NaN))));
    expect(stretches(points, reachOf(points, SERIES))).toHaveLength(1);
    const few = pointsOf(line([1, NaN, NaN, NaN, NaN, NaN, 2]));
    expect(stretches(few, reachOf(few, { n: 10, t0: 0, t1: 54_000 }))).toHaveLength(1);
    expect(stretches(few, reachOf(few, SERIES))).toHaveLength(2);
  });
  it('are found near a moment, and not in a gap', () => {
    const points = pointsOf(line([1, 2, 3, 4, NaN, NaN, NaN, NaN, NaN, 9]));
    const reach = reachOf(points, SERIES);
    expect(nearest(points, 1600, reach)?.mean).toBe(2);
    expect(nearest(points, -200, reach)?.mean).toBe(1);
    expect(nearest(points, 9999, reach)?.mean).toBe(9);
    expect(nearest(points, 6500, reach)).toBeNull();
    expect(nearest([], 0, 1000)).toBeNull();
  });
});

describe('unusual points', () => {
  it('begin at three spreads, and share a mark where they are close', () => {
    const points = pointsOf(line([1, 1, 1, 1, 1, 1], { z: [2.99, 3, 8, NaN, 0, 4] }));
    expect(unusualMarks(points, 10)).toEqual([1, 2, 5]);
    expect(unusualMarks(points, 2000)).toEqual([2, 5]);
  });
  it('are marked at the end that lies further from what was usual before', () => {
    const low = pointsOf(line([5, 5, 3], { min: [5, 5, -9], max: [5, 5, 6], z: [NaN, NaN, 9] }));
    expect(outer(low, 2)).toBe(-9);
    // Most of the last bucket is high: its mean is nearer to its peak than to the usual values that it also holds.
    const high = pointsOf(line([5, 40, 80], { min: [5, 40, 5], max: [5, 40, 90], z: [NaN, 7, 9] }));
    expect(outer(high, 2)).toBe(90);
    expect(outer(pointsOf(line([5], { min: [-20], max: [6], z: [4] })), 0)).toBe(-20);
  });
});

describe('the line as numbers', () => {
  it('has ends, extremes of all samples and the most unusual time', () => {
    const summary = summaryOf(pointsOf(line([5, 6, 7, 4], { min: [5, 1, 7, 4], max: [5, 6, 70, 4], z: [NaN, 1, 12, 3] })));
    expect([summary?.first.mean, summary?.last.mean, summary?.lowest.min, summary?.highest.max, summary?.unusual?.point.from, summary?.unusual?.value]).toEqual([5, 4, 1, 70, 2000, 70]);
    expect(summaryOf(pointsOf(line([1, 2])))?.unusual).toBeNull();
    expect(summaryOf([])).toBeNull();
  });
});
