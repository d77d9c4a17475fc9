import { describe, expect, it } from 'vitest';
import { formatShare, modesOf, valuesOf } from './model.ts';

const services = { field: 'service', values: [{ value: 'api', count: 60 }, { value: 'web', count: 30 }, { value: 'db', count: 10 }], distinct: 3, present: 100, counted: 100 };

describe('valuesOf', () => {
  it('gives counts, shares and bars, most frequent first', () => {
    expect(valuesOf(services, 'service', 200, '', 2)).toEqual([
      { value: 'api', count: 60, share: 0.3, bar: 1, mode: null },
      { value: 'web', count: 30, share: 0.15, bar: 0.5, mode: null },
    ]);
  });
  it('always has the five severities, gravest first', () => {
    const values = valuesOf({ field: 'severity', values: [{ value: 'info', count: 5 }], distinct: 1, present: 5, counted: 5 }, 'severity', 5, '', 2);
    expect(values.map(({ value, count }) => [value, count])).toEqual([['critical', 0], ['high', 0], ['medium', 0], ['low', 0], ['info', 5]]);
    expect(valuesOf(undefined, 'severity', 0, '', 6).length).toBe(5);
  });
  it('keeps values that the query names, so that the filter can be taken back', () => {
    const values = valuesOf(services, 'service', 100, 'service:API -service:cron', 6);
    expect(values.map(({ value, mode }) => [value, mode])).toEqual([['api', 'include'], ['web', null], ['db', null], ['cron', 'exclude']]);
  });
});

describe('modesOf and formatShare', () => {
  it('reads only filters of the field', () => {
    expect([...modesOf('service:api -host:web-1 timeout', 'host')]).toEqual([['web-1', 'exclude']]);
  });
  it('never rounds something to nothing or to all', () => {
    expect([0, 0.00001, 0.004, 0.123, 0.9999, 1].map(formatShare)).toEqual(['0 %', '<0.1 %', '0.4 %', '12 %', '99.9 %', '100 %']);
  });
});
