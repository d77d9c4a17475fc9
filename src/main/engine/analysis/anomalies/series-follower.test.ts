import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnomalyFinding } from '../../../../shared/contract/anomalies.ts';
import { serviceSeries, type SeriesFacts } from '../case-series.ts';
import { Random } from '../models/random.ts';
import { MINUTE, SeriesFollower, type FollowedPart, type SavedFollower } from './series-follower.ts';

const FIRST = 29_000_000;
const errors = serviceSeries('errors', 'shop', '');

/** Around `usual` a minute, by chance. */
function counts(minutes: number, usual: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: minutes }, () => Array.from({ length: 10 }, () => random.next()).filter((each) => each < usual / 10).length);
}
function follow(values: readonly number[], series: SeriesFacts = errors): AnomalyFinding[] {
  const follower = new SeriesFollower(series, null);
  return values.flatMap((value, i) => follower.push(FIRST + i, value) ?? []);
}
/** The same, put away after each of the cuts and read back from what was kept. */
function followInParts(values: readonly number[], cuts: readonly number[]): AnomalyFinding[] {
  const parts = new Map<number, FollowedPart>();
  let saved: SavedFollower | null = null;
  let follower = new SeriesFollower(errors, null);
  const found: AnomalyFinding[] = [];
  for (const [i, value] of values.entries()) {
    found.push(...[follower.push(FIRST + i, value) ?? []].flat());
    if (!cuts.includes(i)) continue;
    const taken = follower.take();
    if (taken === null) continue;
    saved = JSON.parse(JSON.stringify({ ...taken, parts: [] })) as SavedFollower;
    for (const part of taken.parts) parts.set(part.part, part);
    if (i % 2 === 0) continue;
    const pairs = [...parts.values()].sort((a, b) => a.part - b.part).flatMap(({ data }) => [...data]);
    follower = new SeriesFollower(errors, { state: saved.state, pairs: Float64Array.from(pairs) });
  }
  return found;
}

describe('a series that is followed', () => {
  it('says nothing of what goes on as before, of chance, and of one error after none', () => {
    expect(follow(counts(3000, 3, 1))).toEqual([]);
    const rare = new Array<number>(2000).fill(0);
    for (const i of [300, 700, 701, 1500]) rare[i] = 1;
    expect(follow(rare)).toEqual([]);
  });

  it('tells a burst in the minute in which it begins, with both votes, its numbers and a picture that ends with it', () => {
    const values = counts(600, 2, 2);
    for (let i = 500; i < 506; i++) values[i] = 30;
    const [found, ...others] = follow(values);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ title: 'Errors of shop: 30 in 1 min, usually 2', severity: 'high', like: 'anomalies:series:errors:shop:high', from: (FIRST + 500) * MINUTE, to: (FIRST + 501) * MINUTE });
    expect(found.scope.query).toBe('service:shop severity>=high');
    expect(found.votes.map(({ detector, voted }) => [detector, voted])).toEqual([['robust-z', true], ['novelty', true]]);
    expect(found.chart?.values.at(-1)).toBe(30);
    expect(found.chart?.last).toBe((found.chart?.values.length ?? 0) - 1);
  });

  it('tells a burst that comes soon after a lone error, which is not told itself', () => {
    const values = new Array<number>(700).fill(0);
    values[600] = 1;
    values[610] = 40;
    expect(follow(values).map(({ from }) => from / MINUTE - FIRST)).toEqual([610]);
  });

  it('tells what falls silent', () => {
    const values = counts(900, 8, 3);
    values.fill(0, 800);
    const [found] = follow(values, serviceSeries('events', 'shop', ''));
    expect(found.title).toMatch(/^Events of shop: 0 in \d+ min, usually \d+$/);
    expect(found.like).toMatch(/:low$/);
  });

  it('finds the same however often it is put away and read back', () => {
    const values = counts(1700, 2, 4);
    for (const at of [400, 900, 1500]) values.fill(25, at, at + 4);
    const whole = follow(values);
    expect(whole.length).toBeGreaterThan(1);
    fc.assert(
      fc.property(fc.array(fc.nat(1699), { maxLength: 12 }), (cuts) => {
        expect(followInParts(values, cuts)).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
