import { describe, expect, it } from 'vitest';
import { fieldsOf, NO_FIELDS, readFields, timeText, type TypedFields } from './typed-form.ts';

const NOW = Date.UTC(2026, 10, 21, 14) * 1000;
const read = (fields: Partial<TypedFields>, zone = 'UTC'): ReturnType<typeof readFields> => readFields({ ...NO_FIELDS, time: 'now', message: 'x', ...fields }, zone, NOW);

describe('the form of typed events', () => {
  it('reads what was typed, times in the zone shown', () => {
    expect(read({ time: '2026-11-20 15:30', severity: 'high', message: ' door open\nstill ', tags: 'a, b,', attributes: 'user=meyer\n\nshift = a=b', evidence: 'call' }, 'Europe/Berlin')).toEqual({
      ok: true,
      event: { time: Date.UTC(2026, 10, 20, 14, 30) * 1000, severity: 'high', message: 'door open\nstill', service: '', host: '', tags: ['a', 'b'], evidence: 'call', attributes: [{ name: 'user', value: 'meyer' }, { name: 'shift', value: 'a=b' }] },
    });
    expect(read({ time: '-15m' })).toMatchObject({ ok: true, event: { time: NOW - 900e6 } });
  });

  it('says at each field what is wrong with it', () => {
    const wrong = (fields: Partial<TypedFields>): object => {
      const result = read(fields);
      return result.ok ? {} : result.errors;
    };
    expect(wrong({ time: '' })).toMatchObject({ time: expect.stringContaining('When did it happen') as string });
    expect(wrong({ time: '14:02' })).toMatchObject({ time: expect.stringContaining('is not a time') as string });
    expect(wrong({ message: '  ', time: 'nope' })).toMatchObject({ message: 'What happened is missing.', time: expect.any(String) as string });
    expect(wrong({ attributes: 'nothing' })).toMatchObject({ attributes: '"nothing" is not name=value.' });
    expect(wrong({ attributes: 'a=1\nmessage=2' })).toMatchObject({ attributes: expect.stringContaining('message: ') as string });
    expect(wrong({ attributes: 'a=1\nA=2' })).toMatchObject({ attributes: 'A name is there twice.' });
    expect(wrong({ tags: 'x'.repeat(101) })).toHaveProperty('tags');
  });

  it('gives back what it reads, whatever the zone', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns']) {
      for (const time of [NOW, NOW + 1, NOW + 5000, Date.UTC(2026, 9, 25, 0, 30) * 1000, Date.UTC(2026, 9, 25, 1, 30) * 1000]) {
        const event = { time, severity: 'low' as const, message: 'x', service: 's', host: '', tags: ['a'], evidence: '', attributes: [{ name: 'k', value: 'v=w' }] };
        expect(readFields(fieldsOf(event, zone), zone, NOW), `${zone} ${time}`).toEqual({ ok: true, event });
      }
    }
    expect(timeText(NOW, 'Europe/Berlin')).toBe('2026-11-21T15:00:00+01:00');
  });
});
