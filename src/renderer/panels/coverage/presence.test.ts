import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf, LEVELS, pathOf } from './presence.ts';

describe('presence of a source', () => {
  it('joins neighbours of one strength and leaves silence out', () => {
    expect(blocksOf(Uint32Array.of(5, 5, 0, 0, 5))).toEqual([{ at: 0, length: 2, level: LEVELS }, { at: 4, length: 1, level: LEVELS }]);
    expect(blocksOf(new Uint32Array(4))).toEqual([]);
  });
  it('shows one event beside a million', () => {
    expect(blocksOf(Uint32Array.of(1, 1_000_000)).map(({ level }) => level)).toEqual([1, LEVELS]);
  });
  it('covers exactly the buckets with events, in order, with levels that do not fall as counts rise', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 60 }), (list) => {
        const counts = Uint32Array.from(list);
        const levels = new Array<number>(list.length).fill(0);
        for (const { at, length, level } of blocksOf(counts)) for (let i = at; i < at + length; i++) levels[i] = level;
        list.forEach((n, i) => expect(levels[i] > 0).toBe(n > 0));
        for (const [i, a] of list.entries()) for (const [k, b] of list.entries()) if (a <= b) expect(levels[i]).toBeLessThanOrEqual(levels[k]);
        expect(Math.max(0, ...levels)).toBeLessThanOrEqual(LEVELS);
      }),
      { numRuns: 100 },
    );
  });
  it('draws a block from the ground to its height', () => {
    expect(pathOf([{ at: 2, length: 3, level: 2 }], 2, 10, 100, 16)).toBe('M20.0 16V8.0h30.0V16z');
    expect(pathOf([{ at: 2, length: 3, level: 2 }], 1, 10, 100, 16)).toBe('');
    expect(pathOf([{ at: 0, length: 1, level: LEVELS }], LEVELS, 1000, 100, 16)).toBe('M0.0 16V0.0h1.0V16z');
  });
});
