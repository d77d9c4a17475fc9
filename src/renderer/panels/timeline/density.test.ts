import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barRects, hatchLines, heightShare, peakOf } from './density.ts';

const box = { x: 100, y: 10, width: 400, height: 50 };
function rectsOf(counts: Uint32Array, log = false, wide = 8) {
  return barRects({ counts, edge: (bucket) => 100 + bucket * wide, box, peak: peakOf(counts), log }).map((flat) => {
    const list = [];
    for (let at = 0; at < flat.length; at += 4) list.push({ x: flat[at], y: flat[at + 1], width: flat[at + 2], height: flat[at + 3] });
    return list;
  });
}

describe('barRects', () => {
  it('stacks from the bottom, gravest first, in proportion', () => {
    const counts = Uint32Array.from([30, 0, 0, 0, 20, 25, 0, 0, 0, 0]);
    const rects = rectsOf(counts);
    expect(rects[4]).toEqual([{ x: 100, y: 40, width: 7, height: 20 }]);
    expect(rects[0]).toEqual([{ x: 100, y: 10, width: 7, height: 30 }, { x: 108, y: 35, width: 7, height: 25 }]);
    expect(rects[1]).toEqual([]);
  });
  it('keeps one critical event visible beside a million', () => {
    const rects = rectsOf(Uint32Array.from([1_000_000, 0, 0, 0, 1]));
    expect(rects[4][0].height).toBe(2);
    expect(rects[4][0].y + rects[4][0].height).toBe(60);
  });
  it('draws a bar of one pixel although no severity has half of it', () => {
    const rects = rectsOf(Uint32Array.from([1, 1, 1, 0, 0, 1_000_000, 0, 0, 0, 0]));
    expect(rects.flat().filter((rect) => rect.x === 100)).toEqual([{ x: 100, y: 59, width: 7, height: 1 }]);
  });
  it('shows small beside large better with the logarithm, and nothing as nothing', () => {
    expect(heightShare(10, 100_000, true)).toBeGreaterThan(0.2);
    expect(heightShare(10, 100_000, false)).toBeLessThan(0.001);
    expect(heightShare(0, 10, true)).toBe(0);
    expect(heightShare(10, 10, true)).toBe(1);
  });
  it('never leaves its box, leaves no hole in a bar, and draws every bucket that has events', () => {
    const count = fc.oneof(fc.constant(0), fc.nat(5), fc.nat(1_000_000));
    fc.assert(fc.property(fc.array(count, { minLength: 5, maxLength: 300 }), fc.boolean(), fc.integer({ min: 1, max: 12 }), (list, log, wide) => {
      const counts = Uint32Array.from(list.slice(0, list.length - (list.length % 5)));
      const rects = rectsOf(counts, log, wide).flat();
      const bars = new Map<number, { top: number; bottom: number; sum: number }>();
      for (const rect of rects) {
        expect(rect.x).toBeGreaterThanOrEqual(box.x);
        expect(rect.y).toBeGreaterThanOrEqual(box.y);
        expect(rect.y + rect.height).toBeLessThanOrEqual(box.y + box.height);
        expect(rect.x + rect.width).toBeLessThanOrEqual(box.x + box.width);
        const bar = bars.get(rect.x) ?? { top: Infinity, bottom: -Infinity, sum: 0 };
        bars.set(rect.x, { top: Math.min(bar.top, rect.y), bottom: Math.max(bar.bottom, rect.y + rect.height), sum: bar.sum + rect.height });
      }
      for (const bar of bars.values()) {
        expect(bar.bottom).toBe(box.y + box.height);
        expect(bar.sum).toBe(bar.bottom - bar.top);
      }
      for (let bucket = 0; bucket * 5 < counts.length; bucket++) {
        const left = 100 + bucket * wide;
        if (left < box.x + box.width && counts.slice(bucket * 5, bucket * 5 + 5).some((n) => n > 0)) expect(bars.has(left)).toBe(true);
      }
    }));
  });
});

describe('hatchLines', () => {
  it('stays inside its box', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }), (width, height) => {
      const lines = hatchLines({ x: 5, y: 7, width, height });
      for (let at = 0; at < lines.length; at += 2) {
        expect(lines[at]).toBeGreaterThanOrEqual(5);
        expect(lines[at]).toBeLessThanOrEqual(5 + width);
        expect(lines[at + 1]).toBeGreaterThanOrEqual(7);
        expect(lines[at + 1]).toBeLessThanOrEqual(7 + height);
      }
    }));
  });
});
