import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from '../arguments.ts';
import { event, typedOf } from './event.ts';

const NOW = Date.UTC(2026, 10, 21, 14) * 1000;
const read = (...words: string[]): ReturnType<typeof typedOf> => typedOf(parseArguments(['x.tidemark', ...words], event.options), NOW);

describe('tidemark event', () => {
  it('reads what was typed, the time in the zone', () => {
    expect(read('door', 'was open', '--time', '2026-11-20T15:30', '--tz', 'Europe/Berlin', '--severity', 'high', '--tags', 'physical, door', '--set', 'user=meyer, shift=a=b', '--evidence', 'call')).toEqual({
      time: Date.UTC(2026, 10, 20, 14, 30) * 1000, severity: 'high', service: '', host: '', message: 'door was open', tags: ['physical', 'door'], evidence: 'call',
      attributes: [{ name: 'user', value: 'meyer' }, { name: 'shift', value: 'a=b' }],
    });
    expect(read('--message=x', '--time=-1h').time).toBe(NOW - 3600e6);
  });
  it('says what is wrong', () => {
    expect(() => read('x')).toThrow('--time is missing');
    expect(() => read('--time', 'now')).toThrow('What happened is missing');
    expect(() => read('x', '--time', 'soon')).toThrow('is not a time');
    expect(() => read('x', '--time', 'now', '--severity', 'bad')).toThrow('severity');
    expect(() => read('x', '--time', 'now', '--set', 'user')).toThrow(UsageError);
    expect(() => read('x', '--time', 'now', '--set', 'message=y')).toThrow('a field of this name already');
  });
});
