import { describe, expect, it } from 'vitest';
import { formatRange, fromZone } from './time.ts';

const AT = Date.UTC(2026, 10, 1, 14, 30, 53, 638) * 1000;

describe('formatRange', () => {
  it('is as exact as the stretch is short, and says a day once', () => {
    expect(formatRange(AT, AT + 1_500_000, 'UTC')).toBe('2026-11-01 14:30:53.638 – 14:30:55.138');
    expect(formatRange(AT, AT + 60_000_000, 'UTC')).toBe('2026-11-01 14:30:53 – 14:31:53');
    expect(formatRange(AT, AT + 86_400_000_000, 'UTC')).toBe('2026-11-01 14:30 – 2026-11-02 14:30');
  });
  it('is one time where both ends read the same', () => {
    expect(formatRange(AT, AT + 1, 'UTC')).toBe('2026-11-01 14:30:53.638');
  });
});

describe('fromZone', () => {
  it('finds the moment of what a clock on the wall shows, also where the clock skips it', () => {
    const wall = (hour: number, minute: number): number => Date.UTC(2026, 2, 29, hour, minute) * 1000;
    expect(fromZone(wall(12, 0), 'Europe/Vienna')).toBe(wall(10, 0));
    expect(fromZone(wall(2, 30), 'Europe/Vienna')).toBe(wall(1, 30));
  });
});
