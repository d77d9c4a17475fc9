import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, type StepEvents } from './sequences.ts';

const S = 1e6;
const at = (...pairs: [second: number, step: number][]): StepEvents => ({ time: pairs.map(([second]) => second * S), step: pairs.map(([, step]) => step), id: [...pairs.keys()], order: [...pairs.keys()] });
const present = (least: number): { least: number; absent: boolean } => ({ least, absent: false });
const absent = { least: 1, absent: true };

describe('matches', () => {
  it('finds so many of one and then the other', () => {
    const events = at([0, 0], [1, 0], [2, 0], [3, 1]);
    expect(matches(events, [present(3), present(1)], 10 * S)).toEqual([{ from: 0, to: 3 * S, events: [0, 1, 2, 3], count: 4 }]);
    expect(matches(events, [present(4), present(1)], 10 * S)).toEqual([]);
    // In the other order it is none.
    expect(matches(at([0, 1], [1, 0], [2, 0], [3, 0]), [present(3), present(1)], 10 * S)).toEqual([]);
  });

  it('takes more than enough of a step with it', () => {
    expect(matches(at([0, 0], [1, 0], [2, 0], [3, 1]), [present(2), present(1)], 10 * S)).toMatchObject([{ from: 0, to: 3 * S, count: 4 }]);
  });

  it('ends a session at a silence', () => {
    expect(matches(at([0, 0], [100, 0], [101, 1]), [present(2), present(1)], 10 * S)).toEqual([]);
    expect(matches(at([0, 0], [100, 0], [101, 0], [102, 1]), [present(2), present(1)], 10 * S)).toMatchObject([{ from: 100 * S }]);
  });

  it('finds each time once', () => {
    expect(matches(at([0, 0], [1, 1], [2, 0], [3, 1], [4, 1]), [present(1), present(1)], 10 * S)).toHaveLength(2);
  });

  it('asks for what must not be there', () => {
    const steps = [absent, present(1)];
    expect(matches(at([0, 1]), steps, 10 * S)).toHaveLength(1);
    expect(matches(at([0, 0], [5, 1]), steps, 10 * S)).toEqual([]);
    // Too long ago counts as absent.
    expect(matches(at([0, 0], [11, 1]), steps, 10 * S)).toHaveLength(1);
    // After it is no matter.
    expect(matches(at([0, 1], [1, 0]), steps, 10 * S)).toHaveLength(1);
  });

  it('asks for what must not be there whatever the key, as if each key had it', () => {
    const when = fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(when, when, (there, own) => {
        const steps = [absent, present(1)];
        const merged = [...there.map((second): [number, number] => [second, 0]), ...own.map((second): [number, number] => [second, 1])].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        const fields = (found: ReturnType<typeof matches>): number[] => found.map(({ from }) => from);
        expect(fields(matches(at(...own.map((second): [number, number] => [second, 1])), steps, 10 * S, [Float64Array.from(there, (second) => second * S)]))).toEqual(fields(matches(at(...merged), steps, 10 * S)));
      }),
    );
  });

  it('never tells a match whose steps are missing, out of order or too far apart', () => {
    const event = fc.record({ gap: fc.integer({ min: 0, max: 20 }), step: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (list, least) => {
        let time = 0;
        const events = list.map(({ gap, step }, id) => ({ time: (time += gap) * S, step, id }));
        const found = matches(at(...events.map((each): [number, number] => [each.time / S, each.step])), [present(least), present(1), present(1)], 10 * S);
        let end = -1;
        for (const match of found) {
          const taken = match.events.map((id) => events[id]);
          expect(taken[0].id).toBeGreaterThan(end);
          end = taken[taken.length - 1].id;
          const steps = taken.map(({ step }) => step);
          if (match.count <= 20) {
            expect(steps).toEqual([...steps].sort((a, b) => a - b));
            expect(steps.filter((step) => step === 0).length).toBeGreaterThanOrEqual(least);
            expect(new Set(steps)).toEqual(new Set([0, 1, 2]));
            for (let i = 1; i < taken.length; i++) expect(taken[i].time - taken[i - 1].time).toBeLessThanOrEqual(10 * S);
          }
        }
      }),
    );
  });
});
