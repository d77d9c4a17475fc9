import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centre, clampTop, contentHeight, lastTop, MAX_SCROLL_PX, reveal, scrollOf, topOf, visibleRows } from './scroll.ts';
import type { Geometry } from './scroll.ts';

const geometry = fc.record({ total: fc.oneof(fc.nat(100), fc.nat(10_000), fc.integer({ min: 1_000_000, max: 50_000_000 })), rowHeight: fc.constantFrom(24, 28), viewport: fc.integer({ min: 30, max: 1600 }) });
const ten: Geometry = { total: 10_000_000, rowHeight: 24, viewport: 600 };

describe('scrolling over many rows', () => {
  it('never asks the browser for more than it can lay out, and scrolls few rows natively', () => {
    expect(contentHeight(ten)).toBe(MAX_SCROLL_PX);
    expect(contentHeight({ ...ten, total: 1000 })).toBe(24_000);
    // pixel for pixel when everything fits
    expect(topOf(240, { ...ten, total: 1000 })).toBeCloseTo(10, 6);
  });
  it('reaches the first and the last row with the bar', () => {
    fc.assert(fc.property(geometry, (g) => {
      expect(topOf(0, g)).toBe(0);
      expect(topOf(contentHeight(g), g)).toBeCloseTo(lastTop(g), 6);
      if (g.total > 0) expect(visibleRows(topOf(contentHeight(g), g), g).to).toBe(g.total);
    }));
  });
  it('is monotone: further down on the bar is never earlier in the list', () => {
    fc.assert(fc.property(geometry, fc.nat(MAX_SCROLL_PX), fc.nat(MAX_SCROLL_PX), (g, a, b) => {
      expect(topOf(Math.min(a, b), g)).toBeLessThanOrEqual(topOf(Math.max(a, b), g));
    }));
  });
  it('reaches every row: a row that is asked for is wholly visible', () => {
    fc.assert(fc.property(geometry, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (g, where, start) => {
      fc.pre(g.total > 0);
      const row = Math.min(g.total - 1, Math.floor(where * g.total));
      for (const top of [reveal(row, start * lastTop(g), g), centre(row, g)]) {
        expect(row).toBeGreaterThanOrEqual(top - 1e-6);
        expect(row + 1).toBeLessThanOrEqual(top + g.viewport / g.rowHeight + 1e-6);
        expect(top).toBe(clampTop(top, g));
      }
    }));
  });
  it('steps to every row, one by one, although a pixel of the bar is thirty rows', () => {
    let top = 0;
    const seen = new Set<number>();
    for (let step = 0; step < 2000; step++) {
      seen.add(visibleRows(top, ten).from);
      top = clampTop(top + 1, ten);
    }
    expect(seen.size).toBe(2000);
  });
  it('puts the bar where the rows are', () => {
    fc.assert(fc.property(geometry, fc.double({ min: 0, max: 1, noNaN: true }), (g, where) => {
      const top = where * lastTop(g);
      expect(topOf(scrollOf(top, g), g)).toBeCloseTo(top, 3);
    }));
  });
  it('draws no more rows than are visible, and none that are not there', () => {
    fc.assert(fc.property(geometry, fc.double({ min: -10, max: 6e7, noNaN: true }), (g, top) => {
      const { from, to } = visibleRows(top, g);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(g.total);
      expect(to - from).toBeLessThanOrEqual(Math.ceil(g.viewport / g.rowHeight) + 1);
      if (g.total > 0) expect(to).toBeGreaterThan(from);
    }));
  });
  it('leaves the list where it is when the row is visible', () => {
    expect(reveal(15, 10.5, ten)).toBe(10.5);
    expect(reveal(5, 10.5, ten)).toBe(5);
  });
});
