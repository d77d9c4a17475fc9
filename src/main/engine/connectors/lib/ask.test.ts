import { describe, expect, it } from 'vitest';
import { retryAfter } from './ask.ts';

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  it.each([['120', 120], [' 0 ', 0], ['Sat, 21 Nov 2026 12:00:30 GMT', 30], ['Sat, 21 Nov 2026 11:00:00 GMT', 0], ['', null], ['soon', null], ['-1', null], ['1e9', null], ['2027', 2027]])('%s', (text, seconds) => expect(retryAfter(text, now)).toBe(seconds));
});
