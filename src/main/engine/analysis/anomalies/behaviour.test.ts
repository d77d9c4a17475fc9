import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Behaviour } from './behaviour.ts';
import type { OddBehaviour } from './behaviour.ts';
import { VOTE } from './detector.ts';

const HOUR = 3600e6;
const DAY = 24 * HOUR;

function observeAll(events: readonly (readonly [number, number, number])[]): (OddBehaviour | null)[] {
  const behaviour = new Behaviour();
  return events.map(([time, entity, value]) => behaviour.observe(time, entity, value));
}

describe('what entities usually do', () => {
  it('tells the first time of a steady entity, with the counts before it', () => {
    const odd = observeAll([...Array.from({ length: 1000 }, (_, i) => [i * 1e6, 1, i % 2] as const), [1001e6, 1, 9] as const]);
    expect(odd.slice(0, 1000).filter((each) => each?.kind === 'first seen')).toEqual([]);
    expect(odd[1000]).toMatchObject({ kind: 'first seen', before: 1000, alike: 2 });
    // (2 + 1) / (1000 + 2)
    expect(odd[1000]?.bits).toBeCloseTo(Math.log2(1002 / 3), 10);
  });

  it('has nothing to say of an entity that always does something new', () => {
    expect(observeAll(Array.from({ length: 500 }, (_, i) => [i * 1e6, 1, i] as const)).filter(Boolean)).toEqual([]);
  });

  it('tells what was done once in more than two thousand times when it comes again', () => {
    const usual = Array.from({ length: 3000 }, (_, i) => [i * 1e6, 1, i === 5 ? 7 : 0] as const);
    expect(observeAll([...usual, [3001e6, 1, 7] as const])[3000]).toMatchObject({ kind: 'rare', alike: 1, before: 3000 });
  });

  it('tells an entity that comes late among few', () => {
    const odd = observeAll([...Array.from({ length: 2000 }, (_, i) => [i * 1e6, i % 3, 0] as const), [2001e6, 99, 0] as const]);
    expect(odd[2000]).toMatchObject({ kind: 'new entity', alike: 3 });
  });

  it('tells work at an hour at which the entity is never seen, once a day', () => {
    const office = Array.from({ length: 20 * 60 }, (_, i) => [Math.floor(i / 60) * DAY + 9 * HOUR + (i % 60) * 8 * 60e6, 1, 0] as const);
    const night = [20 * DAY + 3 * HOUR, 20 * DAY + 3.5 * HOUR, 21 * DAY + 3 * HOUR].map((time) => [time, 1, 0] as const);
    const odd = observeAll([...office, ...night]);
    expect(odd.slice(0, 1200).filter(Boolean)).toEqual([]);
    expect(odd.slice(1200).map((each) => each?.kind)).toEqual(['odd hour', undefined, 'odd hour']);
  });

  it('scores from the bar to 1, and knows no future', () => {
    const event = fc.tuple(fc.nat(30 * 24).map((hour) => hour * HOUR), fc.nat(3), fc.nat(4));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }).map((events) => events.sort((a, b) => a[0] - b[0])), fc.nat(300), (events, cut) => {
        const all = observeAll(events);
        for (const odd of all) if (odd !== null) expect(odd.score >= VOTE && odd.score <= 1).toBe(true);
        expect(observeAll(events.slice(0, cut))).toEqual(all.slice(0, cut));
      }),
    );
  });
});
