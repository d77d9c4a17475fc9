import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FamilyFinder, type Family, type Row } from './families.ts';

const row = (codes: number[]): Row => ({ tokens: [], codes: Int32Array.from(codes), places: codes.map((_, i) => i), members: [], words: 0 });
const found = (families: Generator<void, Family[], void>): string[] => {
  for (;;) {
    const step = families.next();
    if (step.done) return step.value.map(({ places, rows }) => `${places.join(' ')}: ${rows.join(' ')}`);
  }
};

/** The same without hashes: rows by what they are outside one place. */
function byComparing(rows: readonly Row[], least: number): string[] {
  const groups = new Map<string, number[]>();
  rows.forEach(({ codes, places }, index) => {
    for (const place of places) {
      const key = `${place}: ${codes.map((code, i) => (i === place ? -1 : code)).join(' ')}`;
      groups.set(key, [...(groups.get(key) ?? []), index]);
    }
  });
  return [...groups].filter(([, members]) => members.length >= least).map(([key, members]) => `${key.slice(0, key.indexOf(':'))}: ${members.join(' ')}`);
}

describe('FamilyFinder', () => {
  it('finds the rows that are equal but for a place', () => {
    const finder = new FamilyFinder();
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }), { maxLength: 60 }), fc.integer({ min: 2, max: 6 }), (all, least) => {
        // Codes of a log go up to some 100,000.
        const rows = all.map((codes) => row(codes.map((code) => code * 31_337)));
        const families = finder.find(rows, least, ({ places }, visit) => {
          for (const place of places) visit([place]);
        });
        expect(found(families)).toEqual(byComparing(rows, least));
      }),
    );
  });
  it('lets others have the thread', () => {
    const rows = Array.from({ length: 1600 }, (_, i) => row([i, 7]));
    const steps = new FamilyFinder().find(rows, 2, ({ places }, visit) => visit([places[0]]));
    let n = 0;
    while (!steps.next().done) n++;
    expect(n).toBe(6);
  });
});
