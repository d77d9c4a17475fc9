import { describe, expect, it } from 'vitest';
import { stepFor } from './case-input.ts';
import { crossing, ownLimit } from './limit.ts';
import { trendTest } from './trend-test.ts';

const noise = (n: number): Float64Array => Float64Array.from({ length: n }, (_, t) => (Math.sin(t * t * 12.9898) * 43_758.5453) % 1);

describe('the trend', () => {
  it('is found in a line under noise, with the slope inside its interval', () => {
    const y = noise(120).map((value, t) => 0.05 * t + value);
    const test = trendTest(y);
    expect(test?.p).toBeLessThan(0.001);
    expect(test?.slope).toBeCloseTo(0.05, 2);
    expect(test?.lower).toBeLessThan(0.05);
    expect(test?.upper).toBeGreaterThan(0.05);
  });
  it('is that of the normal approximation with continuity', () => {
    // S = 6 of 5 values: variance 5 * 4 * 15 / 18, z = 5 / 4.082.
    const test = trendTest(Float64Array.of(1, 3, 2, 4, 3.5));
    expect(test?.p).toBeCloseTo(0.2207, 3);
  });
  it('is not found in noise, in a constant, or in values that merely go together', () => {
    expect(trendTest(noise(200))?.p).toBeGreaterThan(0.05);
    expect(trendTest(new Float64Array(30).fill(2))).toEqual({ p: 1, slope: 0, lower: 0, upper: 0 });
    expect(trendTest(Float64Array.of(1, 2))).toBeNull();
    // Half a slow wave: without widening p is far below 0.001.
    const wave = Float64Array.from({ length: 100 }, (_, t) => Math.sin(t / 8));
    expect(trendTest(wave)?.p).toBeGreaterThan(0.05);
  });
  it('is the same for a long series, by means of neighbours', () => {
    const y = Float64Array.from({ length: 5000 }, (_, t) => 3 * t + 10 * Math.sin(t));
    expect(trendTest(y)?.slope).toBeCloseTo(3, 3);
  });
});

it('takes a round step, no finer than values come', () => {
  expect(stepFor(500 * 60e6)).toBe(60e6);
  expect(stepFor(3600e6)).toBe(10e6);
  expect(stepFor(3600e6, 15.02e6)).toBe(15e6);
  expect(stepFor(365 * 86_400e6)).toBe(86_400e6);
});

describe('a limit', () => {
  const step = 60e6;
  const measured = { name: 'disk_used_percent', unit: '%', kind: 'gauge', cumulative: false } as const;
  const row = { title: '', reference: false, weight: 1, mase: 1, smape: 1 };
  const told = {
    title: 'disk', measured, start: 0, step, values: Float64Array.of(70, 80, 90), origins: 8, methods: [{ ...row, id: 'combination', mae: 1 }, { ...row, id: 'naive', mae: 4 }],
    forecast: { method: 'combination', start: 3 * step, values: Float64Array.of(95, 99, 101, 104), intervals: [{ level: 0.95, lower: Float64Array.of(90, 94, 97, 100), upper: Float64Array.of(100, 104, 106, 109) }] },
  };
  const scope = { query: '', from: null, to: null };
  it('that a share cannot go beyond is its own', () => {
    expect(ownLimit(told)).toBe(100);
    expect(ownLimit({ ...told, values: Float64Array.of(70, 180) })).toBeNull();
    expect(ownLimit({ ...told, measured: { ...measured, name: 'requests', unit: '' } })).toBeNull();
  });
  it('is reached at the step that the forecast says, soonest and latest by its interval', () => {
    const { finding, note } = crossing(told, 100, 'disk', scope, new Set());
    expect(note).toBe('');
    expect(finding?.title).toBe('disk reaches 100 % in about 3 min');
    expect(finding?.why).toContain('in 1 min at the earliest and 4 min at the latest');
    expect(finding?.score).toBe(0.75);
    expect(crossing(told, 100, 'disk', scope, new Set(['forecast:limit:disk'])).finding?.quieted).toBe(true);
  });
  it('gives no finding when looking back does not support it, and says so', () => {
    const bad = { ...told, methods: [{ ...row, id: 'combination', mae: 5 }, { ...row, id: 'naive', mae: 4 }] };
    expect(crossing(bad, 100, 'disk', scope, new Set())).toEqual({ finding: null, note: expect.stringContaining('no better than the last value') });
    expect(crossing({ ...told, origins: 1 }, 100, 'disk', scope, new Set()).note).toContain('too short');
    expect(crossing(told, 108, 'disk', scope, new Set()).note).toContain('stays below 108 % for 4 min; the interval of 95 % reaches it in 4 min');
  });
  it('is reached from above as well', () => {
    const falling = { ...told, values: Float64Array.of(30, 20, 10), forecast: { ...told.forecast, values: Float64Array.of(8, 4, 0, 0), intervals: [] } };
    expect(crossing(falling, 5, 'disk', scope, new Set()).finding?.why).toContain('falls to 5 % within 2 min');
  });
});
