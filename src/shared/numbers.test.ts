import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatFrequency, formatPercent, formatRate, formatShort } from './numbers.ts';

describe('numbers for people', () => {
  it.each([[0, '0'], [1204331, '1,204,331'], [-5000, '-5,000']])('groups %d', (count, text) => expect(formatCount(count)).toBe(text));
  it.each([[0, '0'], [999, '999'], [1000, '1 k'], [1204331, '1.2 M'], [999_999, '1 M'], [5e9, '5 G'], [84_210, '84.2 k']])('shortens %d', (count, text) => expect(formatShort(count)).toBe(text));
  it.each([[0, '0 B'], [999, '999 B'], [1500, '1.5 kB'], [240e6, '240 MB'], [999_999, '1 MB'], [1.204e9, '1.2 GB']])('bytes %d', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it.each([
    [0, '0 s'], [340, '340 µs'], [1250, '1.25 ms'], [1.25e6, '1.25 s'], [75e6, '1 min 15 s'], [60e6, '1 min'], [8_000e6, '2 h 13 min'], [108_000e6, '1 d 6 h'], [7199.9e6, '2 h'], [-75e6, '-1 min 15 s'],
  ])('duration %d', (microseconds, text) => expect(formatDuration(microseconds)).toBe(text));
  it('says how often in a unit that is read', () => {
    expect([1234.5, 19, 1, 0.13, 0.0002, 3.9e-6, 3.2e-8, 1e-9, 0].map(formatFrequency)).toEqual(['1,235/s', '19/s', '1/s', '7.8/min', '17/d', '123/y', '1/y', '0.032/y', '0/s']);
  });
  it('rounds no share up to all or down to nothing', () => {
    expect([0, 0.000_01, 0.0012, 0.051, 0.05, 0.201, 0.5, 0.9995, 0.99999, 1].map(formatPercent)).toEqual(['0 %', '< 0.01 %', '0.12 %', '5.1 %', '5.0 %', '20.1 %', '50 %', '99.95 %', '99.999 %', '100 %']);
  });
  it('says the unit of a rate', () => expect(formatRate(184210.4, 'events')).toBe('184,210 events/s'));
});
