import { expect, it } from 'vitest';
import { linePath } from './line-path.ts';

it('goes from the bottom to the top, and is broken where nothing is known', () => {
  expect(linePath(Float64Array.of(0, 10, Number.NaN, 5), 300, 102)).toBe('M0.0 101.0L100.0 1.0M300.0 51.0');
  expect(linePath(Float64Array.of(3, 3), 10, 10)).toBe('M0.0 5.0L10.0 5.0');
  expect(linePath(Float64Array.of(Number.NaN), 10, 10)).toBe('');
});
