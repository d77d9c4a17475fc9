import { describe, expect, it } from 'vitest';
import { healthRules } from '../../../../shared/contract/services.ts';
import { ERROR, REQUEST } from '../requests.ts';
import { duration, healthOf, judge, troublesOf, windowsOf, type TroubleInput } from './health.ts';
import { ServiceTally } from './tallies.ts';

const MINUTE = 60e6;
const rules = healthRules.parse({});
const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** A service with `n` requests in each minute, of which minute m has `failed(m)` errors and takes `ms(m)`. */
function tallied(minutes: readonly number[], n: number, failed: (minute: number) => number = () => 0, ms: (minute: number, i: number) => number = () => 20): ServiceTally {
  const tally = new ServiceTally({ degradedMs: 500, unhealthyMs: 1000, objectiveMs: 500 });
  for (const minute of minutes) for (let i = 0; i < n; i++) {
    float[0] = ms(minute, i);
    tally.add(minute, minute * MINUTE + (i * MINUTE) / n, REQUEST | (i < failed(minute) ? ERROR : 0), float[0], bits[0], i);
  }
  return tally;
}
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
function troubles(tally: ServiceTally, more: Partial<TroubleInput> = {}): ReturnType<typeof troublesOf> {
  return troublesOf({ minutes: tally.minutes(), basis: 'requests', rules, from: 0, step: MINUTE, end: tally.last, othersGoOn: () => true, ...more });
}

describe('judge', () => {
  const of = (edit: Partial<Parameters<typeof judge>[0]>): ReturnType<typeof judge> => judge({ basis: 'requests', total: 1000, errors: 0, timed: 1000, p99: 100, ...edit }, rules);
  it('says by the numbers', () => {
    expect(of({}).state).toBe('healthy');
    expect(of({ errors: 50 }).state).toBe('healthy');
    expect(of({ errors: 51 })).toEqual({ state: 'degraded', why: 'error rate 5.1 % (51 of 1,000 requests) is over 5.0 %' });
    expect(of({ errors: 201 })).toEqual({ state: 'unhealthy', why: 'error rate 20.1 % (201 of 1,000 requests) is over 20 %' });
    expect(of({ p99: 501 }).why).toBe('p99 latency 501 ms is over 500 ms');
    expect(of({ p99: 1200, errors: 60 })).toEqual({ state: 'unhealthy', why: 'p99 latency 1200 ms is over 1000 ms' });
  });
  it('does not judge what is too little', () => {
    expect(of({ total: 9, errors: 9, timed: 9, p99: 9000 })).toEqual({ state: 'unknown', why: 'only 9 requests, fewer than 10' });
    expect(of({ total: 9, errors: 9, timed: 10, p99: 9000 }).state).toBe('unhealthy');
  });
});

describe('troubles', () => {
  it('are the stretches of bad minutes, with their numbers', () => {
    const found = troubles(tallied(range(60), 100, (minute) => (minute >= 20 && minute < 30 ? (minute === 25 ? 40 : 10) : 0)));
    expect(found).toEqual([{ from: 20 * MINUTE, to: 30 * MINUTE, state: 'unhealthy', why: 'error rate 40 % (40 of 100 requests) is over 20 %', total: 1000, errors: 130, worst: 0.4 }]);
  });
  it('go on over one good minute, and not over two', () => {
    const bad = (...good: number[]): number => troubles(tallied(range(60), 100, (minute) => (minute >= 20 && minute < 30 && !good.includes(minute) ? 50 : 0))).length;
    expect([bad(), bad(24), bad(24, 25)]).toEqual([1, 1, 2]);
  });
  it('come of latency as well: more than one request in a hundred', () => {
    const slow = (n: number): string[] => troubles(tallied(range(30), 200, () => 0, (minute, i) => (minute === 10 && i < n ? 700 : 20))).map(({ state }) => state);
    expect([slow(2), slow(3)]).toEqual([[], ['degraded']]);
  });
  it('are judged in windows that have enough requests, however many come', () => {
    const sparse = tallied(range(300), 3, (minute) => (minute >= 100 && minute < 150 ? 3 : 0));
    expect(windowsOf(sparse.minutes(), 'requests', rules).slice(0, 2).map(({ from, to }) => [from, to])).toEqual([[0, 4], [4, 8]]);
    expect(troubles(sparse)).toMatchObject([{ from: 100 * MINUTE, to: 152 * MINUTE, state: 'unhealthy', errors: 150 }]);
    // A quiet month before it does not blur what happened in a busy hour.
    const mixed = tallied([...range(200).map((i) => i * 7), ...range(60).map((i) => 1400 + i)], 20, (minute) => (minute >= 1420 && minute < 1430 ? 10 : 0));
    expect(troubles(mixed)).toMatchObject([{ from: 1420 * MINUTE, to: 1430 * MINUTE, state: 'unhealthy' }]);
    // Too few for an hour say nothing.
    expect(troubles(tallied(range(9).map((i) => i * 7), 1, () => 1))).toEqual([]);
  });
  it('are silences too, where other services went on', () => {
    const quiet = tallied(range(120).filter((minute) => minute < 50 || minute >= 80), 10);
    expect(troubles(quiet)).toMatchObject([{ from: 49.9 * MINUTE, to: 80 * MINUTE, state: 'silent' }]);
    expect(troubles(quiet, { othersGoOn: () => false })).toEqual([]);
    const ended = tallied(range(60), 10);
    const end = 90 * MINUTE;
    expect(troubles(ended, { end })).toMatchObject([{ from: 59.9 * MINUTE, to: end, state: 'silent' }]);
    expect(healthOf({ basis: 'requests', total: 600, errors: 0, timed: 600, p99: 20 }, troubles(ended, { end }), end, rules)).toEqual({ state: 'silent', why: 'no event for 30 min, 301 times its usual pause of 6 s, while other services went on' });
    // A service that is heard now and then is not silent.
    expect(troubles(tallied(range(60).map((minute) => minute * 5), 1), { end: 300 * MINUTE })).toEqual([]);
  });
});

describe('a tally', () => {
  it('tells quantiles within 2 % and keeps the slowest', () => {
    const tally = tallied([0], 1000, () => 0, (_minute, i) => i + 1);
    for (const q of [0.5, 0.95, 0.99]) expect(Math.abs(tally.quantile(q) / (q * 1000) - 1)).toBeLessThan(0.021);
    expect(tally.slowest.map(({ ms }) => ms)).toEqual([1000, 999, 998, 997, 996]);
  });
});

describe('numbers in words', () => {
  it('are short', () => {
    expect([200, 90e6, 600e6, 3 * 3600e6, 3 * 86_400e6].map(duration)).toEqual(['1 ms', '90 s', '10 min', '3.0 h', '3.0 d']);
  });
});
