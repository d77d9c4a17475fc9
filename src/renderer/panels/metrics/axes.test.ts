import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { keyMove, spanOf, visibleRange } from './range.ts';
import { valueScale } from '../../ui/time-axis/value-scale.ts';

describe('the range that is drawn', () => {
  const series = [{ t0: 100, t1: 200 }, { t0: null, t1: null }, { t0: 50, t1: 150 }];
  it('is the view\'s, else that of the events, else that of the series', () => {
    expect(visibleRange({ from: 5, to: 9 }, { from: 0, to: 99 }, series)).toEqual({ from: 5, to: 9 });
    expect(visibleRange({ from: null, to: 9 }, { from: 0, to: 99 }, series)).toEqual({ from: 0, to: 9 });
    expect(visibleRange({ from: null, to: null }, { from: 0, to: 99 }, series)).toEqual({ from: 0, to: 100 });
    expect(visibleRange({ from: null, to: null }, null, series)).toEqual({ from: 50, to: 201 });
    expect(visibleRange({ from: null, to: null }, null, [])).toBeNull();
  });
  it('has room around a single sample', () => {
    expect(visibleRange({ from: null, to: null }, null, [{ t0: 1e15, t1: 1e15 }])).toEqual({ from: 1e15 - 30e6, to: 1e15 + 1 + 30e6 });
    expect(spanOf([{ t0: null, t1: null }])).toBeNull();
  });
  it('moves and zooms with keys, and other keys do nothing', () => {
    const range = { from: 1000, to: 2000 };
    expect(keyMove(range, 'ArrowRight', false)).toEqual({ from: 1100, to: 2100 });
    expect(keyMove(range, 'ArrowLeft', true)).toEqual({ from: 500, to: 1500 });
    expect(keyMove(range, '+', false)).toEqual({ from: 1200, to: 1800 });
    expect(keyMove(range, 'x', false)).toBeNull();
  });
});

describe('the value axis', () => {
  it('has round ends and begins at zero unless that flattens the line', () => {
    expect(valueScale(3, 97, 6)).toEqual({ min: 0, max: 100, ticks: [0, 20, 40, 60, 80, 100] });
    expect(valueScale(1000, 1010, 3)).toMatchObject({ min: 1000, max: 1010 });
    expect(valueScale(-5, 5, 3).ticks).toContain(0);
    expect(valueScale(7, 7, 4)).toSatisfy(({ min, max }: { min: number; max: number }) => min < 7 && max > 7);
    expect(valueScale(0, 0, 4)).toSatisfy(({ min, max }: { min: number; max: number }) => min <= 0 && max > 0);
    expect(valueScale(Infinity, -Infinity, 4)).toEqual({ min: 0, max: 1, ticks: [] });
  });
  it('holds what it is for, with marks that ascend', () => {
    fc.assert(fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 2, max: 12 }), (low, span, most) => {
      const { min, max, ticks } = valueScale(low, low + span, most);
      // Twice what the scale itself calls the same.
      const slack = Math.max(Math.abs(low), span) * 2e-9;
      expect(min <= low + slack && max >= low + span - slack && min < max).toBe(true);
      expect(ticks.length).toBeLessThanOrEqual(most * 3);
      ticks.forEach((tick, index) => expect(index === 0 || tick > ticks[index - 1]).toBe(true));
    }), { numRuns: 300 });
  });
});
