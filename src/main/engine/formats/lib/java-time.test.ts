import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { javaTime } from './java-time.ts';

function read(pattern: string, text: string): string | null {
  const reader = javaTime(pattern);
  if (!reader) return null;
  const bytes = new TextEncoder().encode(text);
  const us = reader(bytes, 0, bytes.length, createClock({ zone: 'UTC', modified: Date.UTC(2026, 5, 15) * 1000 }));
  return us === us ? new Date(us / 1000).toISOString() : 'NaN';
}

describe('javaTime', () => {
  it.each([
    ['MMM dd yyyy HH:mm:ss', 'Nov 21 2026 03:04:05', '2026-11-21T03:04:05.000Z'],
    ['MMM dd yyyy HH:mm:ss.SSS zzz', 'Nov 21 2026 03:04:05.678 CEST', '2026-11-21T01:04:05.678Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", '2026-11-21T03:04:05.678+0530', '2026-11-20T21:34:05.678Z'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", '2026-11-21T03:04:05Z', '2026-11-21T03:04:05.000Z'],
    // the pattern, not the guess that 11 is a month
    ['dd/MM/yyyy hh:mm:ss a', '05/11/2026 03:04:05 PM', '2026-11-05T15:04:05.000Z'],
    ['EEE, d MMM yy HH:mm', 'Sat, 5 Nov 26 03:04', '2026-11-05T03:04:00.000Z'],
    ['MMM dd HH:mm:ss', 'Nov 21 03:04:05', '2025-11-21T03:04:05.000Z'],
  ])('%s reads %s', (pattern, text, expected) => {
    expect(read(pattern, text)).toBe(expected);
  });

  it('refuses what is no pattern, and times that do not fit', () => {
    expect(read('', 'x')).toBeNull();
    expect(read("yyyy 'open", 'x')).toBeNull();
    expect(read('ww YYYY', '11 2026')).toBeNull();
    expect(read('y'.repeat(101), '2026')).toBeNull();
    expect(read('dd/MM/yyyy', '2026-11-21')).toBe('NaN');
  });
});
