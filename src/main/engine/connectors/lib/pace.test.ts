import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('the pace of a connection', () => {
  it('has no limit unless one is set', () => expect(new Pace(0).count(1e9, 5)).toBe(0));
  it('lets a second of records through at once, then waits for what is too much', () => {
    const pace = new Pace(100);
    expect(pace.count(100, 10_000)).toBe(0);
    expect(pace.count(50, 10_000)).toBe(500);
    expect(pace.count(1, 10_500)).toBeCloseTo(10);
  });
  it('is kept in the long run, whatever comes when, and never lets more than a second go unused', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 10_000 })), { minLength: 1, maxLength: 50 }), (perSecond, steps) => {
      const pace = new Pace(perSecond);
      let now = 1_000_000;
      const begun = now;
      let records = 0;
      for (const [n, idle] of steps) {
        now += pace.count(n, now) + idle;
        records += n;
      }
      const [, idle] = steps[steps.length - 1];
      expect(records).toBeLessThanOrEqual(perSecond * ((now - idle - begun) / 1000 + 1) + 1e-6 * records);
    }));
  });
});
