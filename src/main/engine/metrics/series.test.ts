import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countsUp, makeLabels, seriesKey, seriesTitle, unitOfName } from './series.ts';

it('keys differ exactly when series do', () => {
  const labels = fc.uniqueArray(fc.tuple(fc.string(), fc.string({ minLength: 1 })), { selector: ([name]) => name, maxLength: 4 });
  fc.assert(fc.property(fc.string(), labels, fc.string(), labels, (a, aLabels, b, bLabels) => {
    const one = makeLabels(aLabels);
    const other = makeLabels(bLabels);
    if (typeof one === 'string' || typeof other === 'string') return;
    expect(seriesKey(a, one) === seriesKey(b, other)).toBe(a === b && JSON.stringify(one) === JSON.stringify(other));
    expect(seriesKey(a, one)).toBe(seriesKey(a, makeLabels(aLabels.toReversed()) as typeof one));
  }));
});
it('labels are sorted, not empty, not twice, not too many', () => {
  expect(makeLabels([['b', '1'], ['a', '2'], ['c', '']])).toEqual([['a', '2'], ['b', '1']]);
  expect(makeLabels([['a', '1'], ['a', '2']])).toContain('twice');
  expect(makeLabels(Array.from({ length: 200 }, (_, i) => [`l${i}`, 'x'] as const))).toContain('200 labels');
  expect(makeLabels([['a', 'x'.repeat(5000)]])).toContain('too long');
});
it('names tell what they are by the rules of Prometheus', () => {
  expect(seriesTitle({ name: 'up', labels: [['job', 'a"b']] })).toBe('up{job="a\\"b"}');
  expect([countsUp('x_total', 'untyped'), countsUp('x', 'untyped'), countsUp('x', 'counter'), countsUp('x_total', 'gauge'), countsUp('x_sum', 'summary'), countsUp('x', 'summary')]).toEqual([true, false, true, false, true, false]);
  expect([unitOfName('http_request_duration_seconds_sum'), unitOfName('up'), unitOfName('seconds')]).toEqual(['seconds', '', '']);
});
