import { describe, expect, it } from 'vitest';
import { objectiveOf } from './objectives.ts';
import { CELL, type Minute } from './tallies.ts';

const MINUTE = 60e6;
const objective = { availability: 0.99, latencyMs: 500, latencyShare: 0.95 };
function minute(at: number, requests: number, failed: number, late = 0): Minute {
  const cell = new Uint32Array(8);
  cell[CELL.events] = cell[CELL.requests] = cell[CELL.timed] = requests;
  cell[CELL.errors] = cell[CELL.failed] = failed;
  cell[CELL.late] = late;
  return { minute: at, first: at * MINUTE, last: at * MINUTE, cell };
}
const of = (minutes: Minute[]): ReturnType<typeof objectiveOf> => objectiveOf({ minutes, basis: 'requests', from: 0, step: MINUTE, least: 10 }, objective);

describe('an objective', () => {
  it('has a budget, and a rate at which it is spent', () => {
    // 12 hours of 100 requests a minute, 99 % to be good: 720 may fail. In one hour 6 a minute do.
    const told = of(Array.from({ length: 720 }, (_, at) => minute(at, 100, at >= 300 && at < 360 ? 6 : 0, 2)));
    expect(told).toMatchObject({ failed: 360, reached: 1 - 360 / 72_000, minutes: 720, fast: 0.98, met: true });
    expect(told.allowed).toBeCloseTo(720, 6);
    expect(told.left).toBeCloseTo(0.5, 6);
    expect(told.burn).toBeCloseTo(0.5, 6);
    expect(told.worst).toEqual({ from: 300 * MINUTE, to: 360 * MINUTE, burn: expect.closeTo(6, 6) as number });
    expect(told.uptime).toBeCloseTo(660 / 720, 6);
  });
  it('is missed by errors, and by slowness', () => {
    expect(of([minute(0, 100, 2)])).toMatchObject({ met: false, left: expect.closeTo(-1, 6) as number, uptime: 0 });
    expect(of([minute(0, 100, 0, 6)])).toMatchObject({ met: false, uptime: 1, fast: 0.94 });
  });
  it('says nothing of nothing', () => {
    expect(of([])).toMatchObject({ left: 1, burn: 0, worst: null, minutes: 0, fast: null, met: true });
  });
});
