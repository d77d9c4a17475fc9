import { describe, expect, it } from 'vitest';
import { rowPrecision, rowTime, ruleAbove, ruleGap, spansYears } from './stamps.ts';
import { rowsToText } from './rows-text.ts';

const at = (text: string): number => Date.parse(text) * 1000;
const HOUR = 3_600e6;

describe('times of rows', () => {
  it('has the precision the range needs, at least seconds', () => {
    expect(rowPrecision(365 * 24 * HOUR, 1000)).toBe('second');
    expect(rowPrecision(365 * 24 * HOUR, 10_000_000)).toBe('ms');
    expect(rowPrecision(HOUR, 100_000_000)).toBe('us');
    expect(rowPrecision(10e6, 3)).toBe('us');
    expect(rowPrecision(null, 3)).toBe('ms');
    expect(rowTime(at('2026-11-21T14:02:33.125Z'), 'UTC', 'ms')).toBe('11-21 14:02:33.125');
    expect(rowTime(at('2026-11-21T14:02:33.125Z'), 'UTC', 'second', true)).toBe('2026-11-21 14:02:33');
    expect(spansYears(at('2025-12-31T23:30:00Z'), at('2026-01-01T00:30:00Z'), 'UTC')).toBe(true);
    expect(spansYears(at('2025-12-31T23:30:00Z'), at('2026-01-01T00:30:00Z'), 'Europe/Berlin')).toBe(false);
    expect(spansYears(null, at('2026-01-01T00:30:00Z'), 'UTC')).toBe(false);
  });
  it('rules a new day in the zone, and a long silence', () => {
    const late = at('2026-11-20T23:30:00Z');
    expect(ruleAbove(at('2026-11-21T00:10:00Z'), late, 'UTC', Infinity)).toBe('day');
    expect(ruleAbove(at('2026-11-21T00:10:00Z'), late, 'Europe/Berlin', Infinity)).toBeNull();
    expect(ruleAbove(late, late - 120e6, 'UTC', 60e6)).toBe('gap');
    // newest first
    expect(ruleAbove(late - 120e6, late, 'UTC', 60e6)).toBe('gap');
    expect(ruleAbove(late, undefined, 'UTC', 0)).toBeNull();
    expect(ruleGap(24 * HOUR, 1_000_000)).toBe(60e6);
    expect(ruleGap(24 * HOUR, 24)).toBe(30 * HOUR);
  });
});

describe('rowsToText', () => {
  it('writes one line a row whatever the message holds', () => {
    const row = { id: 1, time: at('2026-11-21T14:02:33.125Z'), severity: 4, flags: 0, source: 7, service: 'api', host: 'web-1', level: 'FATAL', message: 'a\tb\nc\\', extra: {} };
    expect(rowsToText([row, row], (id) => `/log/${id}`)).toBe(Array(2).fill('2026-11-21T14:02:33.125000Z\tcritical\t/log/7\tapi\tweb-1\ta\\tb\\nc\\\\').join('\n'));
  });
});
