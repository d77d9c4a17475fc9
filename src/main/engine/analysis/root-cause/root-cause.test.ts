import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantileOf } from '../statistics/descriptive.ts';
import { rankSumZ } from '../statistics/ranks.ts';
import { blame, type Witness } from './blame.ts';
import { detectedOnset, recordingOnset } from './onset.ts';
import { MINUTE, periodsOf } from './periods.ts';
import { divideNames, labelledService } from './series-service.ts';
import { sourcePlace } from './statement.ts';

describe('the place that a line was written at', () => {
  it.each([
    ['17:20:54.004 INFO  o.s.OrderServiceImpl#365 TraceID: a SpanID: b [x]', 'o.s.OrderServiceImpl#365'],
    ['ERROR o.a.c.c.C.[.[.[.[dispatcherServlet]#175 Servlet.service() threw', 'o.a.c.c.C.[.[.[.[dispatcherServlet]#175'],
    ['E1121 10:00:00.1 1 cart/handler.go:88] no stock', 'cart/handler.go:88'],
    ['(OrderService.java:42) failed', 'OrderService.java:42'],
    ['see issue #42 for more', ''],
    ['at 10:42 nothing', ''],
  ])('%s', (message, place) => expect(sourcePlace(message)).toBe(place));

  it('answers quickly whatever it is given', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => sourcePlace(text).length <= 400));
    expect(sourcePlace('a.'.repeat(5000))).toBe('');
  });
});

describe('whose a series is', () => {
  it('goes by labels, pods by their workload', () => {
    expect(labelledService([['PodName', 'cart-6f6cfc45b-h5m2n']])).toBe('cart');
    expect(labelledService([['instance', 'db:9100'], ['service', 'db']])).toBe('db');
    expect(labelledService([['quantile', '0.9']])).toBe('');
  });
  it('divides names that share endings', () => {
    expect(divideNames(['carts_cpu', 'orders_cpu', 'orders-db_cpu', 'carts_lat_50', 'orders_lat_50', 'carts_lat_90', 'total'])).toEqual([
      { service: 'carts', metric: 'cpu' }, { service: 'orders', metric: 'cpu' }, { service: 'orders-db', metric: 'cpu' }, { service: 'carts', metric: 'lat_50' }, { service: 'orders', metric: 'lat_50' }, { service: '', metric: 'carts_lat_90' }, { service: '', metric: 'total' },
    ]);
  });
});

describe('periods', () => {
  const minutes = (...at: number[]): number[] => at.map((minute) => minute * MINUTE);
  it('takes the last minutes with data before, however long ago, and what follows without a break', () => {
    expect(periodsOf(minutes(1, 2, 3, 5000, 5001, 5002, 5020), 5000 * MINUTE, null)).toEqual({ normal: { from: MINUTE, to: 5000 * MINUTE }, incident: { from: 5000 * MINUTE, to: 5003 * MINUTE } });
  });
  it('is null where nothing is about the trouble, and has an empty normal time where nothing was before', () => {
    expect(periodsOf(minutes(1, 2), 3 * MINUTE, null)).toBeNull();
    expect(periodsOf(minutes(40, 50), 3 * MINUTE, null)).toBeNull();
    expect(periodsOf(minutes(4, 5), 3 * MINUTE, null)).toEqual({ normal: { from: 2 * MINUTE, to: 3 * MINUTE }, incident: { from: 3 * MINUTE, to: 6 * MINUTE } });
    expect(periodsOf(minutes(4, 5, 30), 4 * MINUTE, { from: 30 * MINUTE, to: 31 * MINUTE })?.normal).toEqual({ from: 30 * MINUTE, to: 31 * MINUTE });
  });
});

describe('onset', () => {
  it('is the begin of a recording that comes long after the one before', () => {
    expect(recordingOnset([1, 2, 3, 500, 501].map((minute) => minute * MINUTE))).toMatchObject({ at: 500 * MINUTE, from: 'recording' });
    expect(recordingOnset([1, 2, 3, 80, ...Array.from({ length: 60 }, (_, i) => 81 + i)].map((minute) => minute * MINUTE))).toBeNull();
    expect(recordingOnset([])).toBeNull();
  });
  it('is where a track rises for good, not where it has a peak', () => {
    const times = Float64Array.from({ length: 60 }, (_, i) => i);
    const noise = (i: number): number => ((i * 7919) % 17) / 17;
    expect(detectedOnset([{ title: 'failures', times, values: times.map((i) => noise(i) + (i >= 40 ? 5 : 0)) }])?.at).toBe(40);
    expect(detectedOnset([{ title: 'failures', times, values: times.map((i) => noise(i) + (i === 40 ? 50 : 0)) }])).toBeNull();
    // Steady, then a little higher: sure, and nothing that anybody feels.
    expect(detectedOnset([{ title: 'memory', times, values: times.map((i) => 300 + noise(i) * 0.1 + (i >= 40 ? 5 : 0)) }])).toBeNull();
    expect(detectedOnset([{ title: 'flat', times, values: times.map(() => 3) }, { title: 'none', times, values: times.map(() => Number.NaN) }])).toBeNull();
  });
});

describe('blame', () => {
  const witness = (service: string, score: number, more: Partial<Witness> = {}): Witness => ({ service, score, part: 'logs', kind: 'step', text: '', at: null, scope: null, events: [], series: [], blames: '', said: false, ...more });
  const calls = new Map([['gateway', new Set(['cart'])], ['cart', new Set(['stock'])]]);

  it('puts the deepest service that explains its callers first', () => {
    const [first, ...rest] = blame([witness('gateway', 0.6, { blames: 'cart' }), witness('cart', 0.6, { blames: 'stock' }), witness('stock', 0.7)], calls);
    expect(first).toMatchObject({ service: 'stock', explains: ['cart', 'gateway'] });
    expect(rest.every(({ score }) => score < 0.4)).toBe(true);
  });
  it('passes on what words say, in part', () => {
    const found = blame([witness('cart', 0.9, { blames: 'stock', said: true })], new Map());
    expect(found.map(({ service }) => service)).toEqual(['cart', 'stock']);
    expect(found[0].score).toBeLessThan(0.4);
    expect(found[1].reasons[0].kind).toBe('named');
  });
  it('lets a change make evidence stronger, and not stand alone', () => {
    const change = (service: string): Witness => witness(service, 0.5, { part: 'change', kind: 'change' });
    const found = blame([witness('a', 0.5), witness('b', 0.5), change('b'), change('c')], new Map());
    expect(found.map(({ service }) => service)).toEqual(['b', 'a']);
  });
  it('gives scores from 0 to 1, in order', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('', 'a', 'b', 'c'), fc.boolean())), (list) => {
      const found = blame(list.map(([service, score, blames, said]) => witness(service, score, { blames, said: said && blames !== '' })), new Map([['a', new Set(['b'])], ['b', new Set(['a', 'c'])]]));
      expect(found.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
      expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((x, y) => y - x));
    }));
  });
});

describe('medians and ranks', () => {
  it('agrees with figures worked by hand', () => {
    expect(median([3, 1, 2, 10])).toBe(2.5);
    expect(quantileOf([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(median([])).toBeNaN();
    // W = 8 + 9 + 10 of 3 among 10: (27 - 16.5) / sqrt(7 * 3 * 11 / 12)
    expect(rankSumZ([1, 2, 3, 4, 5, 6, 7], [8, 9, 10])).toBeCloseTo(10.5 / Math.sqrt(19.25), 10);
    expect(rankSumZ([1, 1, 1], [1, 1])).toBe(0);
    expect(rankSumZ([], [1])).toBe(0);
  });
});
