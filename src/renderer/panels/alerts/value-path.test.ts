import { describe, expect, it } from 'vitest';
import { stepPath, valueScale } from './value-path.ts';

describe('valueScale', () => {
  it('has nothing, every value and the threshold in it', () => {
    const scale = valueScale(Float64Array.from([4, Number.NaN, 100]), 20);
    expect([scale.low, scale.at(0)]).toEqual([0, 0]);
    expect(scale.at(100)).toBeLessThan(1);
    expect(valueScale(Float64Array.from([-5]), 20)).toMatchObject({ low: -5 });
    expect(valueScale(new Float64Array(3).fill(Number.NaN), 0)).toMatchObject({ low: 0, high: 1.08 });
  });
});

describe('stepPath', () => {
  it('goes in steps and breaks where nothing is known', () => {
    const values = Float64Array.from([0, 50, Number.NaN, 100]);
    expect(stepPath(values, { low: 0, high: 100, at: (value) => value / 100 }, 40, 10)).toBe('M0.0 10.0L10.0 10.0L10.0 5.0L20.0 5.0M30.0 0.0L40.0 0.0');
    expect(stepPath(Float64Array.from([Number.NaN]), valueScale(values, 1), 40, 10)).toBe('');
  });
});
