import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, keepNear, LONGEST_RANGE, pan, SHORTEST_RANGE, toShare, toTime, zoomAround } from './range.ts';

const moment = fc.integer({ min: 0, max: 4e15 });
const length = fc.integer({ min: 1_000, max: 1e15 });

describe('zoomAround', () => {
  it('keeps the moment under the cursor where it is', () => {
    fc.assert(fc.property(moment, length, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.8, 1.25, 0.5, 2), (from, span, share, factor) => {
      const range = { from, to: from + span };
      const centre = toTime(range, share);
      const zoomed = zoomAround(range, centre, factor);
      // rounding to whole microseconds moves it by at most one of them
      expect(Math.abs(toTime(zoomed, share) - centre)).toBeLessThanOrEqual(1.5);
    }));
  });
  it('goes from years to the shortest range and no further', () => {
    let range = { from: 0, to: 5 * 365 * 86_400e6 };
    for (let i = 0; i < 200; i++) range = zoomAround(range, 1e12, 0.8);
    expect(range.to - range.from).toBe(SHORTEST_RANGE);
    for (let i = 0; i < 400; i++) range = zoomAround(range, 1e12, 1.25);
    expect(range.to - range.from).toBe(LONGEST_RANGE);
  });
});

describe('pan, between and keepNear', () => {
  it('pans by a share of the length', () => {
    expect(pan({ from: 1000, to: 2000 }, 0.25)).toEqual({ from: 1250, to: 2250 });
  });
  it('orders a brush drawn from right to left and never makes it empty', () => {
    expect(between(5000, 1000)).toEqual({ from: 1000, to: 5000 });
    expect(between(7, 7)).toEqual({ from: 7, to: 7 + SHORTEST_RANGE });
  });
  it('never leaves the data out of reach', () => {
    const data = { from: 1e9, to: 2e9 };
    fc.assert(fc.property(fc.integer({ min: -1e10, max: 1e10 }), fc.integer({ min: 100, max: 1e11 }), (from, span) => {
      const kept = keepNear({ from, to: from + span }, data);
      expect(kept.to - kept.from).toBeLessThanOrEqual(3e9);
      expect(kept.to).toBeGreaterThanOrEqual(data.from);
      expect(kept.from).toBeLessThanOrEqual(data.to);
    }));
    expect(keepNear({ from: 1, to: 2 }, null)).toEqual({ from: 1, to: 2 });
  });
  it('maps shares and times back and forth', () => {
    const range = { from: 100, to: 300 };
    expect(toShare(range, 150)).toBe(0.25);
    expect(toTime(range, 0.25)).toBe(150);
  });
});
