import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeLabels, seriesKey, seriesTitle, countsUp, unitOfName, type SeriesHead } from './series.ts';
import { decodeSamples } from './series-codec.ts';
import { SeriesCollector, type SeriesChunk } from './series-collector.ts';

const head = (name: string, kind: SeriesHead['kind'] = 'gauge'): SeriesHead => ({ name, labels: [], kind, unit: '', cumulative: false });

it('hands on every sample once, in the order of its series, in chunks that are not too long', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 1e6 }), fc.double()), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }), (samples, chunkSamples, heldSamples) => {
    const chunks: SeriesChunk[] = [];
    const collector = new SeriesCollector((chunk) => chunks.push(chunk), { chunkSamples, heldSamples });
    const heads = new Map(['a', 'b', 'c'].map((name) => [name, head(name)]));
    samples.forEach(([name, time, value], i) => collector.add(i % 3 === 0 ? head(name) : (heads.get(name) ?? head(name)), time, value));
    collector.flush();
    for (const name of heads.keys()) {
      const mine = chunks.filter(({ series }) => series.name === name);
      const read = mine.flatMap(({ blob }) => [...decodeSamples(blob).times]);
      expect(read).toEqual(samples.filter(([of]) => of === name).map(([, time]) => time));
      for (const { count, blob, from, to, min, max } of mine) {
        const { times, values } = decodeSamples(blob);
        expect(count).toBeLessThanOrEqual(chunkSamples);
        expect([times.length, Math.min(...times), Math.max(...times)]).toEqual([count, from, to]);
        const finite = [...values].filter(Number.isFinite);
        if (finite.length === 0) expect([min, max]).toEqual([NaN, NaN]);
        else expect(min === Math.min(...finite) && max === Math.max(...finite)).toBe(true);
      }
    }
  }));
});
it('takes over a kind that is told late', () => {
  const chunks: SeriesChunk[] = [];
  const collector = new SeriesCollector((chunk) => chunks.push(chunk));
  collector.add(head('a', 'untyped'), 1, 1);
  collector.add(head('a', 'counter'), 2, 2);
  collector.flush();
  expect(chunks).toMatchObject([{ count: 2, series: { kind: 'counter' } }]);
});

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
