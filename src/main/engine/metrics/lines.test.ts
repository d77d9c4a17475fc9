import { describe, expect, it } from 'vitest';
import { lineOf } from './lines.ts';

const MINUTE = 60e6;

describe('the line of a series', () => {
  it('keeps a single peak among a day of samples, and says how unusual it was', () => {
    const n = 24 * 60;
    const times = Float64Array.from({ length: n }, (_, i) => i * MINUTE);
    const values = Float64Array.from({ length: n }, (_, i) => 10 + (i % 3));
    values[700] = 500;
    const line = lineOf({ id: 7, cumulative: false }, { times, values }, 0, n * MINUTE, 48);
    expect(line).toMatchObject({ id: 7, n });
    const at = Math.floor(700 / 30);
    expect([...line.max].map((max, i) => (max > 100 ? i : -1)).filter((i) => i >= 0)).toEqual([at]);
    expect(line.max[at]).toBe(500);
    expect(line.z[at]).toBeGreaterThan(100);
    expect(line.z[at - 1]).toBeLessThan(5);
    expect(line.mean[0]).toBeCloseTo(11, 1);
  });

  it('draws the rate of what counts up, over restarts too, and leaves gaps where nothing is', () => {
    const times = Float64Array.from([0, 1, 2, 3, 9], (m) => m * MINUTE);
    const values = Float64Array.from([100, 160, 220, 30, 90]);
    const line = lineOf({ id: 1, cumulative: true }, { times, values }, 0, 10 * MINUTE, 10);
    expect([...line.mean].map((value) => Math.round(value * 100) / 100)).toEqual([Number.NaN, 1, 1, 0.5, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0.17]);
  });
});
