import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateClock, looksLikeZone, resolutionOf, type Sighting } from './estimate.ts';

const START = Date.UTC(2026, 9, 1) * 1000;
/** Numbers in [-1, 1) that follow from a seed. */
function noise(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
const at = (estimate: { offset: number; drift: number; reference: number }, time: number): number => estimate.offset + (estimate.drift / 1e6) * (time - estimate.reference);

const planted = fc.record({
  offset: fc.integer({ min: -7200, max: 7200 }).map((s) => s * 1e6 + 123),
  drift: fc.oneof(fc.constant(0), fc.double({ min: -200, max: 200, noNaN: true })),
  n: fc.integer({ min: 20, max: 1200 }),
  hours: fc.integer({ min: 1, max: 72 }),
  jitter: fc.integer({ min: 0, max: 50_000 }),
  /** one of so many is of something else */
  wrong: fc.integer({ min: 6, max: 50 }),
  seed: fc.integer({ min: 1, max: 1e9 }),
});

describe('what two clocks have seen', () => {
  it('gives offset and drift within the stated uncertainty, whatever a seventh of it says', () => {
    fc.assert(
      fc.property(planted, ({ offset, drift, n, hours, jitter, wrong, seed }) => {
        const random = noise(seed);
        const sightings: Sighting[] = Array.from({ length: n }, (_, i) => {
          const time = Math.round(START + (i / n) * hours * 3600e6);
          const error = i % wrong === wrong - 1 ? random() * 900e6 : random() * jitter;
          return { time, difference: Math.round(offset + (drift / 1e6) * (time - START) + error), room: 0 };
        });
        const estimate = estimateClock(sightings, 2);
        expect(estimate).not.toBeNull();
        if (!estimate) return;
        // A drift that cannot be told from none leaves its part to the uncertainty.
        for (const time of [estimate.from, estimate.reference, estimate.to]) expect(Math.abs(at(estimate, time) - (offset + (drift / 1e6) * (time - START)))).toBeLessThanOrEqual(estimate.uncertainty + 1);
        expect(estimate.uncertainty).toBeLessThanOrEqual(2 * jitter + (Math.abs(drift) * hours * 3600) / 2 + 1003);
        expect(estimate.used).toBe(n);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the drift where there is time to see it', () => {
    const random = noise(5);
    const estimate = estimateClock(Array.from({ length: 600 }, (_, i) => ({ time: START + i * 60e6, difference: 5e6 + i * 60 * 17 + random() * 3000, room: 0 })), 2000);
    expect(estimate?.drift).toBeCloseTo(17, 0);
    // 599 minutes at 17 us a second, and half the noise.
    expect(estimate && at(estimate, START) - 5e6).toBeLessThan(1500);
  });

  it('says no drift where there is none, where there is no time, and where it is steeper than any clock', () => {
    const random = noise(9);
    const of = (step: number, difference: (i: number) => number): number | undefined => estimateClock(Array.from({ length: 40 }, (_, i) => ({ time: START + i * step, difference: difference(i), room: 0 })), 2)?.drift;
    expect(of(60e6, () => random() * 5000)).toBe(0);
    expect(of(1e6, (i) => i * 40)).toBe(0);
    expect(of(60e6, (i) => i * 30e6)).toBe(0);
  });

  it('takes the calls that leave the least room, and half of it for the uncertainty', () => {
    const random = noise(3);
    // The callee works somewhere within the time its caller waits; long waits are lopsided.
    const calls = Array.from({ length: 200 }, (_, i) => {
      const room = 1000 + (i % 20) * 20_000;
      return { time: START + i * 1e6, difference: -2_000_000 + (0.4 + random() * 0.2) * room, room };
    });
    const estimate = estimateClock(calls, 2);
    expect(estimate && Math.abs(estimate.offset + 2_000_000)).toBeLessThanOrEqual(estimate?.uncertainty ?? 0);
    expect(estimate?.uncertainty).toBeLessThan(150_000);
    expect(estimate?.used).toBeLessThan(120);
  });

  it('does not speak for too little', () => {
    expect(estimateClock([1, 2, 3, 4].map((i) => ({ time: i, difference: 5, room: 0 })), 1)).toBeNull();
    expect(estimateClock([], 1)).toBeNull();
  });

  it('knows that whole seconds may be off by one', () => {
    const whole = (time: number): number => Math.floor(time / 1e6) * 1e6;
    const sightings = Array.from({ length: 100 }, (_, i) => {
      const time = START + i * 7_310_003;
      return { time: whole(time - 4_300_000), difference: whole(time) - whole(time - 4_300_000), room: 0 };
    });
    const estimate = estimateClock(sightings, resolutionOf(sightings.map(({ time }) => time)) * 2);
    expect(estimate && Math.abs(estimate.offset - 4_300_000)).toBeLessThanOrEqual(estimate?.uncertainty ?? 0);
    expect(estimate?.uncertainty).toBeLessThanOrEqual(2_000_000);
  });
});

it('times are whole seconds, milliseconds or microseconds', () => {
  expect(resolutionOf([START, START + 5e6])).toBe(1e6);
  expect(resolutionOf([START, START + 5e3])).toBe(1e3);
  expect(resolutionOf([START, START + 5])).toBe(1);
});

it('an offset of whole quarters of an hour looks like a zone', () => {
  expect(looksLikeZone(7200e6 + 4e6, 1e6)).toBe(7200e6);
  expect(looksLikeZone(-(5.5 * 3600e6), 1)).toBe(-5.5 * 3600e6);
  expect(looksLikeZone(7200e6 + 300e6, 1e6)).toBeNull();
  expect(looksLikeZone(3e6, 1e9)).toBeNull();
});
