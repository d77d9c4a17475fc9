import { expect, it } from 'vitest';
import { linePath } from './line-path.ts';

it('goes from the bottom to the top, and is broken where nothing is known', () => {
  const none = Number.NaN;
  expect(linePath(Float64Array.of(0, 10, 5, none, none, 5), 500, 102)).toBe('M0.0 101.0L100.0 1.0L200.0 51.0M500.0 51.0');
  // Written every third place, it is one line all the same.
  expect(linePath(Float64Array.of(0, none, none, 10, none, none, 5), 600, 102)).toBe('M0.0 101.0L300.0 1.0L600.0 51.0');
  expect(linePath(Float64Array.of(3, 3), 10, 10)).toBe('M0.0 5.0L10.0 5.0');
  expect(linePath(Float64Array.of(Number.NaN), 10, 10)).toBe('');
});
