import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PauseFinder, type Pauses } from './pauses.ts';

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 20) * 1000;

function find(times: readonly number[], most = 100): Pauses {
  const finder = new PauseFinder(times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b)), times.length);
  for (const time of times) finder.add(time);
  return finder.find(most);
}
const steady = (from: number, to: number, every: number): number[] => Array.from({ length: Math.floor((to - from) / every) }, (_, i) => from + i * every);
/** The same numbers each time: exponential waits of a Poisson process. */
function poisson(n: number, mean: number): number[] {
  let state = 12_345;
  let time = T0;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    time += -Math.log((state + 1) / 2 ** 32) * mean;
    return time;
  });
}

describe('pauses of a source', () => {
  it('finds the one outage of a steady source, from its last event before to its first after', () => {
    const before = steady(T0, T0 + HOUR, 5 * SECOND);
    const after = steady(T0 + 2 * HOUR, T0 + 3 * HOUR, 5 * SECOND);
    const found = find([...before, ...after]);
    expect(found.count).toBe(1);
    expect(found.gaps).toEqual([{ from: before.at(-1), to: after[0] }]);
    expect(found.usual).toBe(5 * SECOND);
  });

  it('takes the pauses between bursts for usual, and a burst left out for none', () => {
    const burst = (hour: number): number[] => Array.from({ length: 500 }, (_, i) => T0 + hour * HOUR + i * 1000);
    const hourly = Array.from({ length: 48 }, (_, hour) => burst(hour)).flat();
    expect(find(hourly)).toMatchObject({ count: 0 });
    expect(find(hourly.filter((time) => Math.floor((time - T0) / HOUR) !== 20))).toMatchObject({ count: 0 });
    // Half a day without any of them is one.
    const silent = [...hourly, ...burst(48 + 12)];
    expect(find(silent).count).toBe(1);
  });

  it('finds no gap in 200,000 events that come by chance', () => {
    expect(find(poisson(200_000, 0.8 * SECOND)).count).toBe(0);
  });

  it('finds an outage in events that come by chance', () => {
    const times = poisson(20_000, SECOND).map((time, i) => (i < 9000 ? time : time + 5 * MINUTE));
    const { gaps } = find(times);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toEqual({ from: times[8999], to: times[9000] });
  });

  it('takes nights for gaps in a log of four days, and for usual in one of a month', () => {
    const days = (n: number): number[] => Array.from({ length: n }, (_, day) => steady(T0 + day * 24 * HOUR, T0 + day * 24 * HOUR + 8 * HOUR, 30 * SECOND)).flat();
    expect(find(days(4)).count).toBe(3);
    expect(find(days(30)).count).toBe(0);
  });

  it('says nothing of a source with few events, and no silence below ten seconds is a gap', () => {
    expect(find([T0, T0 + SECOND, T0 + 100 * HOUR])).toEqual({ usual: null, gaps: [], count: 0 });
    const fast = [...steady(T0, T0 + SECOND, 1000), ...steady(T0 + 9 * SECOND, T0 + 10 * SECOND, 1000)];
    expect(find(fast).count).toBe(0);
    expect(find([T0, T0, T0])).toEqual({ usual: null, gaps: [], count: 0 });
  });

  it('tells the longest ones in time order and how many there are', () => {
    const times = Array.from({ length: 13 }, (_, i) => steady(T0 + i * HOUR, T0 + i * HOUR + (30 + i) * MINUTE, SECOND)).flat();
    const { gaps, count } = find(times, 3);
    expect(count).toBe(12);
    expect(gaps.map(({ from }) => Math.floor((from - T0) / HOUR))).toEqual([0, 1, 2]);
  });

  it('does not depend on the order in which times come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 86_400_000 }), { minLength: 1, maxLength: 300 }), (offsets) => {
        const times = offsets.map((offset) => T0 + offset * 1000);
        const sorted = find(times.toSorted((a, b) => a - b));
        expect(find(times)).toEqual(sorted);
        expect(find(times.toReversed())).toEqual(sorted);
        for (const { from, to } of sorted.gaps) expect(times.some((time) => time > from && time < to)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
