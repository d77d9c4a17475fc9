import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldRows, nearPins, parseJson, searchRows } from './model.ts';

describe('fieldRows', () => {
  const rows = fieldRows({
    severity: 'high', signal: 'logs', service: 'api', host: '', level: '',
    fields: [{ name: 'latency_ms', value: 41 }, { name: 'message', value: 'long' }],
    attributes: [{ name: 'k8s.pod', value: 'api-7' }, { name: 'service', value: 'other' }, { name: 'ok', value: null }],
  });
  it('has columns first in their order, then attributes, no name twice', () => {
    expect(rows.map((row) => row.name)).toEqual(['severity', 'service', 'latency_ms', 'signal', 'k8s.pod', 'ok']);
    expect(rows[2]).toMatchObject({ value: '41', numeric: true, unit: 'ms', title: 'Latency', column: true });
    expect(rows[4]).toMatchObject({ title: 'k8s.pod', numeric: false, column: false });
    expect(rows[5].value).toBe('null');
  });
  it('is searched by name, title and value', () => {
    expect(searchRows(rows, 'API').map((row) => row.name)).toEqual(['service', 'k8s.pod']);
    expect(searchRows(rows, 'latency').length).toBe(1);
    expect(searchRows(rows, ' ').length).toBe(6);
  });
});

describe('nearPins', () => {
  it('finds the nearest pins on both sides, never the event itself', () => {
    const pins = [{ eventId: 1, time: 100 }, { eventId: 2, time: 150 }, { eventId: 3, time: 300 }, { eventId: 4, time: 500 }, { eventId: 9, time: 200 }];
    expect(nearPins(pins, 9, 200)).toEqual({ before: { eventId: 2, after: 50 }, next: { eventId: 3, after: -100 } });
    expect(nearPins([], 9, 200)).toEqual({ before: null, next: null });
  });
});

describe('parseJson', () => {
  it('takes objects and lists, and leaves all other text alone without throwing', () => {
    expect(parseJson(' {"a": [1, null]}')).toEqual({ a: [1, null] });
    expect(parseJson('42')).toBeUndefined();
    expect(parseJson('{"a": ')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => {
      const parsed = parseJson(text);
      expect(parsed === undefined || typeof parsed === 'object').toBe(true);
    }));
  });
});
