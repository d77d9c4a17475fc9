import { describe, expect, it } from 'vitest';
import { Distinct } from './distinct.ts';
import { decodeCoarse, decodeSeconds, encodeCoarse, encodeSeconds, mapServices, mergeCoarse, mergeSeconds, type CoarseEntry } from './rollup-rows.ts';
import { sketchIndex, sketchQuantile } from './sketch.ts';

function entry(service: number, latencies: number[], users: number[]): CoarseEntry {
  const buckets = new Map<number, number>();
  for (const ms of latencies) buckets.set(sketchIndex(ms), (buckets.get(sketchIndex(ms)) ?? 0) + 1);
  const distinct = new Distinct();
  for (const user of users) distinct.add(user);
  return {
    service,
    counts: [latencies.length, 0, 1, 2, 300],
    latency: { count: latencies.length, sum: latencies.reduce((a, b) => a + b, 0), min: latencies.length ? Math.min(...latencies) : 0, max: latencies.length ? Math.max(...latencies) : 0, buckets: [...buckets].map(([index, n]) => ({ index, n })).sort((a, b) => a.index - b.index) },
    users: distinct,
  };
}

describe('rollup rows', () => {
  it('keep seconds through encoding, mapping and merging', () => {
    const a = [{ second: 0, service: 3, severity: 0, n: 5 }, { second: 59, service: 9, severity: 4, n: 1_000_000 }];
    const b = [{ second: 59, service: 9, severity: 4, n: 2 }];
    const byKey = (x: { second: number }, y: { second: number }): number => x.second - y.second;
    expect(decodeSeconds(encodeSeconds(a)).sort(byKey)).toEqual(a);
    const merged = mergeSeconds(encodeSeconds(a), encodeSeconds(b));
    mapServices(merged, (id) => id + 100);
    expect(decodeSeconds(merged).sort(byKey)).toEqual([{ second: 0, service: 103, severity: 0, n: 5 }, { second: 59, service: 109, severity: 4, n: 1_000_002 }]);
  });

  it('merge sketches and users without loss', () => {
    const first = Array.from({ length: 5000 }, (_, i) => (i + 1) / 7);
    const second = Array.from({ length: 3000 }, (_, i) => 900 + i);
    const merged = decodeCoarse(mergeCoarse(encodeCoarse([entry(1, first, [1, 2, 3]), entry(2, [], [])]), encodeCoarse([entry(1, second, [3, 4])])));
    const one = merged.find(({ service }) => service === 1);
    const all = [...first, ...second].sort((x, y) => x - y);
    expect(one?.latency.count).toBe(8000);
    expect(one?.users.count).toBe(4);
    expect(one?.counts[4]).toBe(600);
    for (const q of [0.01, 0.5, 0.95, 0.99]) {
      const truth = all[Math.floor(q * (all.length - 1))];
      expect(Math.abs(sketchQuantile(one?.latency.buckets ?? [], q) - truth) / truth).toBeLessThan(0.0201);
    }
  });
});

describe('Distinct', () => {
  it.each([10, 500, 5_000, 200_000])('counts %i values within 6 %%, merged from two halves', (n) => {
    const left = new Distinct();
    const right = new Distinct();
    for (let i = 0; i < n; i++) (i % 2 ? left : right).add(Math.imul(i + 1, 0x9e3779b1));
    left.merge(Distinct.decode(new DataView(right.encode().buffer), 0).distinct);
    expect(Math.abs(left.count - n) / n).toBeLessThan(0.06);
  });
});
