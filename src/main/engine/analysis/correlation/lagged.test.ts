import { describe, expect, it } from 'vitest';
import { lagged, prepare } from './lagged.ts';

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const series = (n: number, of: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i));

describe('lagged', () => {
  it('finds by how much one follows the other', () => {
    const next = random(1);
    const x = series(300, () => next() * 10);
    const y = series(300, (i) => (i >= 4 ? x[i - 4] * 3 : 0) + next());
    const found = lagged(prepare(x), prepare(y), 20);
    expect(found?.lag).toBe(4);
    expect(found?.r).toBeGreaterThan(0.8);
    expect(found?.p).toBeLessThan(1e-10);
    // Asked the other way round, it is ahead.
    expect(lagged(prepare(y), prepare(x), 20)?.lag).toBe(-4);
  });

  it('does not take slow drifts of their own for a relation, as the plain correlation does', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      let a = 0;
      let b = 0;
      const x = series(360, () => (a += next() - 0.5));
      const y = series(360, () => (b += next() - 0.5));
      if ((lagged(prepare(x), prepare(y), 20)?.p ?? 1) < 0.01) alarms++;
    }
    // One in a hundred is what p says; random walks fool the plain one in most cases.
    expect(alarms).toBeLessThanOrEqual(4);
  });

  it('says nothing of what is flat, short or has no common buckets', () => {
    const next = random(3);
    const noise = series(100, () => next());
    expect(lagged(prepare(noise), prepare(series(100, (i) => (i === 50 ? 9 : 7))), 5)).toBeNull();
    expect(lagged(prepare(noise.subarray(0, 10)), prepare(noise.subarray(0, 10)), 5)).toBeNull();
    const first = noise.map((value, i) => (i < 50 ? value : Number.NaN));
    const second = noise.map((value, i) => (i < 50 ? Number.NaN : value));
    expect(lagged(prepare(first), prepare(second), 5)).toBeNull();
  });

  it('passes over gaps', () => {
    const next = random(4);
    const x = series(200, (i) => (i % 10 === 0 ? Number.NaN : next()));
    const y = x.map((value, i) => (i < 2 ? 0 : -x[i - 2] + next() * 0.05 + (Number.isNaN(value) ? value : 0)));
    const found = lagged(prepare(x), prepare(y), 10);
    expect(found?.lag).toBe(2);
    expect(found?.r).toBeLessThan(-0.8);
  });
});
