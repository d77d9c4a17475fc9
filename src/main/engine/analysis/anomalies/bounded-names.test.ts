import { expect, it } from 'vitest';
import { boundedKey, boundedTitle } from './bounded-names.ts';

it('keeps short names, and long ones apart', () => {
  expect([boundedKey('api'), boundedTitle('api')]).toEqual(['api', 'api']);
  const long = 'x'.repeat(5000);
  expect(boundedKey(`${long}a`)).not.toBe(boundedKey(`${long}b`));
  expect(boundedKey(`${long}a`)).toBe(boundedKey(`${long}a`));
  expect(boundedKey(long).length).toBe(300);
  expect(boundedTitle(`begin${long}end`)).toMatch(/^beginx+\.\.\.x+end$/);
  expect(boundedTitle(long).length).toBe(160);
});
