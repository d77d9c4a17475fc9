import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockWords, exactSpan, parseSpan, type Clock } from '../../../shared/clock.ts';
import { FLAG } from '../../../shared/event.ts';
import { hotBytes, hotViews, type HotColumns } from '../store/segment.ts';
import { Correction, sameTimes } from './correction.ts';

const START = Date.UTC(2026, 9, 1) * 1000;
const clock = (given: Partial<Clock>): Clock => ({ offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '', setAt: START, setBy: 'ana', ...given });
const SOURCE = { zone: 'UTC', modified: START, ingestedAt: START };

function columnsOf(times: readonly number[], flags = 0): HotColumns {
  const sorted = times.every((time, i) => i === 0 || time >= times[i - 1]);
  const hot = hotViews(new SharedArrayBuffer(hotBytes(times.length, sorted)), times.length, sorted);
  hot.time.set(times);
  hot.flags.fill(flags);
  hot.order?.set([...times.keys()].sort((a, b) => times[a] - times[b] || a - b));
  return hot;
}

const times = fc.array(fc.integer({ min: 0, max: 400e6 }).map((us) => START + us), { minLength: 1, maxLength: 200 });
const settings = fc.record({ offset: fc.integer({ min: -1e12, max: 1e12 }), drift: fc.double({ min: -100_000, max: 100_000, noNaN: true }), reference: fc.integer({ min: 0, max: 2 * START }) });

describe('a correction', () => {
  it('keeps what the source wrote and gives times in order, first and last of them, and an order that holds', () => {
    fc.assert(
      fc.property(times, settings, (wrote, setting) => {
        const hot = columnsOf(wrote);
        const before = [...hot.time];
        const correction = new Correction(clock(setting), SOURCE);
        const made = correction.columns(hot);
        expect([...hot.time]).toEqual(before);
        expect([...made.hot.time]).toEqual(before.map((time) => Math.round(time + setting.offset + (setting.drift / 1e6) * (time - setting.reference))));
        const inOrder = Array.from({ length: hot.n }, (_, place) => (made.hot.order ? made.hot.order[place] : place));
        expect(inOrder.toSorted((a, b) => made.hot.time[a] - made.hot.time[b] || a - b)).toEqual(inOrder);
        expect([made.t0, made.t1]).toEqual([Math.min(...made.hot.time), Math.max(...made.hot.time)]);
        expect(made.hot.codes).toBe(hot.codes);
      }),
    );
  });

  it('can be turned round for times within a microsecond', () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 0, max: 2 * START }), (setting, time) => {
        const correction = new Correction(clock(setting), SOURCE);
        expect(Math.abs(correction.original(correction.time(time, false)) - time)).toBeLessThan(1.2);
      }),
    );
  });

  it('believes and doubts times by where they are put', () => {
    const reset = new Correction(clock({ offset: START }), SOURCE).columns(columnsOf([0, 5e6], FLAG.TIME_SUSPECT));
    expect([reset.b0, reset.b1, ...reset.hot.flags]).toEqual([START, START + 5e6, 0, 0]);
    const away = new Correction(clock({ offset: -START }), SOURCE).columns(columnsOf([START, START + 5e6]));
    expect([away.b0, away.t1, ...away.hot.flags]).toEqual([Number.NaN, 5e6, FLAG.TIME_SUSPECT, FLAG.TIME_SUSPECT]);
    // A live source may go on for longer than a year after its clock was set.
    expect(new Correction(clock({ offset: 1e6 }), SOURCE).columns(columnsOf([START + 500 * 86_400e6])).hot.flags[0]).toBe(0);
  });

  it('reads times that name no zone in the one that was declared, and only those', () => {
    const berlin = new Correction(clock({ zone: 'Europe/Berlin' }), SOURCE);
    expect(berlin.time(Date.UTC(2026, 6, 1, 12) * 1000, true)).toBe(Date.UTC(2026, 6, 1, 10) * 1000);
    expect(berlin.time(Date.UTC(2026, 11, 1, 12) * 1000, true)).toBe(Date.UTC(2026, 11, 1, 11) * 1000);
    expect(berlin.time(START, false)).toBe(START);
    // Read as New York's before: the digits on the wall count.
    expect(new Correction(clock({ zone: 'UTC' }), { ...SOURCE, zone: 'America/New_York' }).time(Date.UTC(2026, 6, 1, 16) * 1000, true)).toBe(Date.UTC(2026, 6, 1, 12) * 1000);
    expect(berlin.mayReorder).toBe(true);
    expect(new Correction(clock({ zone: 'UTC' }), SOURCE).mayReorder).toBe(false);
  });
});

it('settings are told apart by what they move', () => {
  expect(sameTimes(undefined, clock({ uncertainty: 5, note: 'x', reference: 7 }))).toBe(true);
  expect(sameTimes(clock({ offset: 1 }), clock({ offset: 2 }))).toBe(false);
  expect(sameTimes(clock({ drift: 1, reference: 1 }), clock({ drift: 1, reference: 2 }))).toBe(false);
  expect(sameTimes(clock({ zone: 'UTC' }), undefined)).toBe(false);
});

it('a setting is told in words', () => {
  expect([3e6, -2500, 90_061_000_001, 0, -7, 120e6].map(exactSpan)).toEqual(['3 s', '-2.5 ms', '1 d 1 h 1 min 1.000001 s', '0 s', '-7 µs', '2 min']);
  const stamp = (): string => 'then';
  expect(clockWords(clock({ offset: -3e6, uncertainty: 20_000 }), stamp)).toBe('moved by -3 s; right within 20 ms');
  expect(clockWords(clock({ zone: 'UTC', drift: -20 }), stamp)).toBe('those without a zone taken as UTC, 20 µs less for each second since then; how exactly is not stated');
  expect(clockWords(clock({}), stamp)).toBe('not moved; how exactly is not stated');
});

it('lengths of time are read as they are written', () => {
  fc.assert(fc.property(fc.integer({ min: -1e15, max: 1e15 }), (us) => parseSpan(exactSpan(us)) === us));
  expect(['1.5s', '-250ms', '+1 h 30 min', '0', '2h', '3us', '-0s'].map(parseSpan)).toEqual([1.5e6, -250_000, 5400e6, 0, 7200e6, 3, 0]);
  expect(['', '5', 's', '1.s', '1 s x', '--1s', '1e3s', '1,5s'].map(parseSpan)).toEqual(Array(8).fill(null));
});
