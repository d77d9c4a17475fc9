import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PairCounts } from './pair-counts.ts';

it('counts pairs as a map does, again and again', () => {
  const counts = new PairCounts();
  const code = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 4096 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(code, code), { maxLength: 300 }), fc.boolean(), (some, full) => {
      const pairs = full ? [...Array.from({ length: 4096 - some.length }, (_, i): [number, number] => [i + 1, 4096 - i]), ...some] : some;
      const known = new Map<string, number>();
      for (const [a, b] of pairs) {
        counts.add(a, b);
        known.set(`${a} ${b}`, (known.get(`${a} ${b}`) ?? 0) + 1);
      }
      const told: [string, number][] = [];
      counts.take((a, b, count) => told.push([`${a} ${b}`, count]));
      expect(told).toEqual([...known]);
    }),
    { numRuns: 40 },
  );
});
