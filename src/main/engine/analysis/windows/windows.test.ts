import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANE, PaneIndex, paneOf } from './panes.ts';
import { Watermark } from './watermark.ts';
import { slide, tumble, type WindowVisitor } from './windows.ts';

const times = fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 120 });

function panesOf(seconds: readonly number[]): { index: PaneIndex; sums: number[] } {
  const index = new PaneIndex();
  const sums: number[] = [];
  for (const second of seconds) {
    const slot = index.slot(second);
    sums[slot] = (sums[slot] ?? 0) + 1;
  }
  return { index, sums };
}
/** Counts of windows by k, as the visitor is told them. */
function told(walk: typeof slide, seconds: readonly number[], size: number, from: number, to: number): Map<number, number> {
  const { index, sums } = panesOf(seconds);
  const counts = new Map<number, number>();
  let now = 0;
  let last = Number.NaN;
  const visitor: WindowVisitor = {
    enter: (slot) => (now += sums[slot]),
    leave: (slot) => (now -= sums[slot]),
    stretch(at, until) {
      expect(until).toBeGreaterThan(at);
      if (!Number.isNaN(last)) expect(at).toBe(last);
      last = until;
      for (let k = at; k < until; k++) counts.set(k, now);
    },
  };
  walk(index.order(), size, from, to, visitor);
  expect(now).toBe(0);
  return counts;
}

describe('PaneIndex', () => {
  it('keeps what came in any order, in order', () => {
    fc.assert(fc.property(times, (seconds) => {
      const { index, sums } = panesOf(seconds);
      const { numbers, slots } = index.order();
      expect([...numbers]).toEqual([...new Set(seconds)].sort((a, b) => a - b));
      expect([...slots].map((slot) => sums[slot])).toEqual([...numbers].map((number) => seconds.filter((second) => second === number).length));
    }));
  });
  it('puts a time before 1970 into the second it lies in', () => {
    expect(paneOf(-1)).toBe(-1);
    expect(paneOf(PANE - 1)).toBe(0);
  });
});

describe('slide', () => {
  it('tells at every second what happened in the last so many', () => {
    fc.assert(fc.property(times, fc.integer({ min: 1, max: 90 }), fc.integer({ min: -60, max: 300 }), fc.integer({ min: 0, max: 200 }), (seconds, size, from, length) => {
      const counts = told(slide, seconds, size, from, from + length);
      expect(counts.size).toBe(length + 1);
      for (const [k, count] of counts) expect(count).toBe(seconds.filter((second) => second >= k - size && second < k).length);
    }));
  });
  it('is the sum of the panes in it, however many empty ones lie between', () => {
    const counts = told(slide, [0, 0, 10_000, 50_000], 60, 60, 50_060);
    expect([counts.get(60), counts.get(61), counts.get(10_001), counts.get(10_060), counts.get(10_061), counts.get(50_060)]).toEqual([2, 0, 1, 1, 0, 1]);
  });
});

describe('tumble', () => {
  it('counts everything exactly once', () => {
    fc.assert(fc.property(times, fc.integer({ min: 1, max: 90 }), (seconds, size) => {
      const from = -200 - size;
      const to = 600;
      const counts = told(tumble, seconds, size, from, to);
      let sum = 0;
      for (let k = Math.ceil(from / size) * size; k <= to; k += size) {
        expect(counts.get(k)).toBe(seconds.filter((second) => second >= k - size && second < k).length);
        sum += counts.get(k) ?? 0;
      }
      expect(sum).toBe(seconds.length);
    }));
  });
  it('holds a window until the next one ends', () => {
    const counts = told(tumble, [3, 7, 25], 10, 10, 45);
    expect([10, 19, 20, 29, 30, 39, 40, 45].map((k) => counts.get(k))).toEqual([2, 2, 0, 0, 1, 1, 0, 0]);
  });
});

describe('Watermark', () => {
  it('follows the latest event by the lateness, and not when nothing more is to come', () => {
    const watermark = new Watermark(5);
    expect(watermark.at(true)).toBe(Number.NEGATIVE_INFINITY);
    watermark.observe(100);
    watermark.observe(90);
    expect([watermark.at(false), watermark.at(true)]).toEqual([95, 100]);
  });
  it('counts as late what lies before what was judged', () => {
    const watermark = new Watermark(5);
    watermark.observe(100);
    watermark.judged(watermark.at(false));
    watermark.observe(96);
    expect(watermark.late).toBe(0);
    watermark.observe(94, 3);
    expect(watermark.late).toBe(3);
    expect(watermark.at(false)).toBe(95);
  });
});
