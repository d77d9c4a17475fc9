import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstAt, largestTriangles, minMaxBuckets } from './downsample.ts';
import { inOrder } from './statistics.ts';

const line = fc.array(fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(NaN))), { maxLength: 200 })
  .map((samples) => inOrder({ times: Float64Array.from(samples, ([time]) => time), values: Float64Array.from(samples, ([, value]) => value) }));

it('buckets hold every finite value of the stretch, its least and its greatest', () => {
  fc.assert(fc.property(line, fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 50 }), ({ times, values }, from, length, buckets) => {
    const to = from + length;
    const found = minMaxBuckets({ times, values }, from, to, buckets);
    const inside = [...values].filter((value, i) => Number.isFinite(value) && times[i] >= from && times[i] < to);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(inside.length);
    if (inside.length === 0) return;
    expect(Math.min(...found.map(({ min }) => min))).toBe(Math.min(...inside));
    expect(Math.max(...found.map(({ max }) => max))).toBe(Math.max(...inside));
    found.forEach((bucket, i) => {
      expect(bucket.bucket).toBeGreaterThan(i === 0 ? -1 : found[i - 1].bucket);
      expect(bucket.bucket).toBeLessThan(buckets);
      expect(values[times.indexOf(bucket.maxTime)]).toBe(bucket.max);
      expect(values[times.indexOf(bucket.minTime)]).toBe(bucket.min);
      expect(bucket.mean).toBeGreaterThanOrEqual(bucket.min - 1e-3);
      expect(bucket.mean).toBeLessThanOrEqual(bucket.max + 1e-3);
    });
  }));
  expect(() => minMaxBuckets({ times: new Float64Array(), values: new Float64Array() }, 5, 5, 3)).toThrow(RangeError);
});

it('a line of fewer points is made of its samples, in order, with both ends', () => {
  fc.assert(fc.property(line, fc.integer({ min: 3, max: 40 }), ({ times, values }, points) => {
    const kept = [...times].filter((_, i) => Number.isFinite(values[i]));
    const out = largestTriangles({ times, values }, points);
    expect(out.times.length).toBe(Math.min(points, kept.length));
    if (kept.length > 0) expect([out.times[0], out.times[out.times.length - 1]]).toEqual([kept[0], kept[kept.length - 1]]);
    out.times.forEach((time, i) => {
      if (i > 0) expect(time).toBeGreaterThan(out.times[i - 1]);
      expect(out.values[i]).toBe(values[times.indexOf(time)]);
    });
  }));
});
it('a line of fewer points keeps its peak', () => {
  const times = Float64Array.from({ length: 1000 }, (_, i) => i);
  const values = times.map((time) => (time === 637 ? 50 : Math.sin(time)));
  expect([...largestTriangles({ times, values }, 30).values]).toContain(50);
});
it('finds where a time is', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: -1, max: 51 }), (list, time) => {
    const times = Float64Array.from(list.toSorted((a, b) => a - b));
    const found = times.findIndex((one) => one >= time);
    expect(firstAt(times, time)).toBe(found < 0 ? times.length : found);
  }));
});
