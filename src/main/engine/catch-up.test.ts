import { describe, expect, it } from 'vitest';
import { CatchUp, type Backlog, type CatchUpWork } from './catch-up.ts';

/** Segments 1 to `n`, and what each was compared with. */
class Segments implements Backlog {
  readonly with = new Map<number, number>();
  newest = 1;

  constructor(n: number) {
    for (let id = 1; id <= n; id++) this.with.set(id, 0);
  }
  generation(): number {
    return this.newest;
  }
  waiting(generation: number, behind: number, limit: number): { id: number; generation: number }[] {
    return [...this.with].map(([id, at]) => ({ id, generation: at })).filter((each) => each.id > behind && each.generation < generation).slice(0, limit);
  }
  countWaiting(generation: number): number {
    return this.waiting(generation, 0, Number.POSITIVE_INFINITY).length;
  }
}

function catchUp(segments: Segments, work: Partial<CatchUpWork> = {}): { of: CatchUp; seen: string[] } {
  const seen: string[] = [];
  const of: CatchUp = new CatchUp(segments, {
    segmentsAtOnce: 2, what: 'Comparing',
    compare: async (waiting, generation) => {
      for (const { id } of waiting) segments.with.set(id, generation);
      seen.push(`${waiting.map(({ id }) => id).join('+')} with ${generation}`);
      return await Promise.resolve(waiting.map(({ id }) => id));
    },
    through: async () => await Promise.resolve(void seen.push('through')),
    progressed: () => seen.push(`${of.progress?.done} of ${of.progress?.total}`),
    ended: () => seen.push('ended'),
    ...work,
  });
  return { of, seen };
}
const never = new AbortController().signal;

describe('catching up', () => {
  it('goes through all that waits, says how far it is, and once it is through', async () => {
    const { of, seen } = catchUp(new Segments(3));
    await Promise.all([of.settled(never), of.run()]);
    expect(seen).toEqual(['0 of 3', '1+2 with 1', '2 of 3', '3 with 1', 'through', 'ended']);
    expect([of.progress, of.error]).toEqual([null, '']);
  });

  it('goes on with what came meanwhile, in front of where it is and behind', async () => {
    const segments = new Segments(3);
    const { of, seen } = catchUp(segments, {
      compare: async (waiting, generation) => {
        seen.push(`${waiting.map(({ id }) => id).join('+')} with ${generation}`);
        for (const { id } of waiting) segments.with.set(id, generation);
        if (segments.newest === 1) segments.newest = 2;
        return await Promise.resolve(waiting.map(({ id }) => id));
      },
    });
    await of.settled(never);
    expect(seen).toEqual(['0 of 3', '1+2 with 1', '2 of 5', '3 with 2', '3 of 5', '1+2 with 2', 'through', 'ended']);
  });

  it('is stopped and goes on where it was', async () => {
    const segments = new Segments(4);
    const stop = new AbortController();
    const { of, seen } = catchUp(segments, { progressed: () => stop.abort() });
    await expect(of.settled(stop.signal)).rejects.toThrow('was stopped');
    expect(seen).toEqual(['1+2 with 1', 'ended']);
    await of.settled(never);
    expect(seen).toEqual(['1+2 with 1', 'ended', '3+4 with 1', 'through', 'ended']);
  });

  it('says why it ended early, and can be tried again', async () => {
    let broken = true;
    const segments = new Segments(1);
    const { of } = catchUp(segments, {
      compare: async ([{ id }], generation) => {
        if (broken) throw new Error('the disk is full');
        segments.with.set(id, generation);
        return await Promise.resolve([id]);
      },
    });
    await expect(of.settled(never)).rejects.toThrow('Comparing ended early: the disk is full');
    broken = false;
    await of.settled(never);
    expect(of.error).toBe('');
  });

  it('does nothing after it was closed', async () => {
    const { of, seen } = catchUp(new Segments(1));
    await of.close();
    of.kick();
    await of.run();
    expect(seen).toEqual([]);
  });
});
