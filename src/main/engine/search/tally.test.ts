import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog } from './catalog.ts';
import type { RecordReader } from './record-reader.ts';
import type { SegmentHits } from './result-set.ts';
import { FieldTally, mostFrequent } from './tally.ts';

/** Parts whose event i of segment s says `colour` = value(s, i), and how many records were read. */
function partsOf(sizes: readonly number[], value: (segment: number, i: number) => string | null): { parts: SegmentHits[]; tally: FieldTally; read: () => number } {
  let reads = 0;
  const parts = sizes.map((n, id) => ({ segment: { id, n, hot: { order: null } }, hits: 'all', count: n })) as unknown as SegmentHits[];
  const records = {
    read: (segment: { id: number }, i: number) => {
      reads++;
      const of = value(segment.id, i);
      return { attributes: of === null ? [] : [{ name: 'Colour', value: of }] };
    },
  } as unknown as RecordReader;
  const catalog = { derived: { field: () => undefined } } as unknown as Catalog;
  return { parts, tally: new FieldTally('colour', catalog, records), read: () => reads };
}

describe('counting an attribute', () => {
  it('goes on where it stopped, looks at each event once, and takes in what comes meanwhile', () => {
    const { parts, tally, read } = partsOf([1000, 1, 300, 700], (segment, i) => (i % 5 === 0 ? null : i % 2 ? 'red' : `blue ${segment}`));
    const [last, ...first] = parts.toReversed();
    let steps = 0;
    let before = 0;
    while (tally.step(first)) {
      expect(tally.counted).toBeGreaterThan(before);
      before = tally.counted;
      steps++;
    }
    expect(steps).toBeGreaterThan(9);
    expect(tally.counted).toBe(1301);
    // Another segment, and the parts in another order.
    while (tally.step([last, ...first.toReversed()])) steps++;
    expect(tally.step(parts)).toBe(false);
    expect(tally.counted).toBe(2001);
    expect(read()).toBe(2001);
    expect(tally.present).toBe([1000, 1, 300, 700].reduce((sum, n) => sum + n - Math.ceil(n / 5), 0));
    expect(tally.counts.get('red')).toBe(400 + 120 + 280);
    expect(tally.counts.get('blue 3')).toBe(280);
  });

  it('gives up on a field whose values are nearly all different, and says over how many events', () => {
    const { parts, tally } = partsOf([150_000, 150_000], (segment, i) => `${segment} ${i}`);
    let steps = 0;
    while (tally.step(parts)) steps++;
    expect(steps).toBeGreaterThan(1000);
    expect(tally.full).toBe(true);
    expect(tally.counted).toBeGreaterThanOrEqual(200_000);
    expect(tally.counted).toBeLessThan(201_000);
  });
});

describe('the most frequent values', () => {
  it('are those of a full sort', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 3 }), fc.nat(9), { maxKeys: 400, size: 'max' }), fc.integer({ min: 1, max: 120 }), (of, limit) => {
        const counts = new Map(Object.entries(of));
        const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
        expect(mostFrequent(counts, limit)).toEqual(sorted.map(([value, count]) => ({ value, count })));
      }),
    );
  });
});
