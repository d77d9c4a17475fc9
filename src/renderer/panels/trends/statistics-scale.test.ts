import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaleOf, ticksOf } from './statistics-scale.ts';

test('round ticks inside the range', () => {
  expect(ticksOf(0, 309, false, 5)).toEqual([0, 100, 200, 300]);
  expect(ticksOf(0.012, 0.031, false, 4)).toEqual([0.015, 0.02, 0.025, 0.03]);
  expect(ticksOf(0.5, 20_000, true, 6)).toEqual([1, 10, 100, 1000, 10_000]);
  expect(ticksOf(3, 3, false, 5)).toEqual([3]);
});

test('ticks lie in the range, ascend, and are not many', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (low, span) => {
      const high = low + span;
      fc.pre(high > low && (high - low) / Math.max(Math.abs(low), Math.abs(high)) > 1e-6);
      const ticks = ticksOf(low, high, false, 5);
      expect(ticks.length).toBeLessThan(12);
      for (const [i, tick] of ticks.entries()) {
        expect(tick).toBeGreaterThanOrEqual(low - span * 1e-6);
        expect(tick).toBeLessThanOrEqual(high + span * 1e-6);
        if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]);
      }
    }),
  );
});

test('a scale goes from 0 to 1, by the logarithm where it is told to', () => {
  expect([0, 5, 10, 99].map(scaleOf(0, 10, false))).toEqual([0, 0.5, 1, 1]);
  expect([1, 10, 100].map(scaleOf(1, 100, true))).toEqual([0, 0.5, 1]);
  expect(scaleOf(4, 4, false)(4)).toBe(0.5);
});
