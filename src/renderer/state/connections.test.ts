import { describe, expect, it } from 'vitest';
import { STEP_MS, STEPS, heard, storedBySteps } from './connections.ts';
import type { StoredHistory } from './connections.ts';

/** Counts at times in seconds. */
const history = (...told: [seconds: number, stored: number][]): StoredHistory | undefined =>
  told.reduce<StoredHistory | undefined>((before, [seconds, stored]) => heard(before, stored, seconds * 1000), undefined);

describe('what a connection stored in the last minutes', () => {
  it('is not known before it was first heard of, and nothing where nothing was told', () => {
    const steps = storedBySteps(history([1000, 400], [1001, 410], [1012, 425]), 1020_000);
    expect(steps.length).toBe(STEPS);
    expect(steps.slice(-6)).toEqual([null, 10, 0, 15, 0, 0]);
    expect(steps.filter((step) => step !== null).length).toBe(5);
    expect(storedBySteps(undefined, 1000).every((step) => step === null)).toBe(true);
  });
  it('lets go of what is older, and still counts from where it was', () => {
    let all: StoredHistory | undefined;
    for (let second = 0; second < 2000; second++) all = heard(all, second * 3, second * 1000);
    expect(all?.counts.length).toBeLessThanOrEqual(STEPS);
    const steps = storedBySteps(all, 1999_000);
    expect(new Set(steps)).toEqual(new Set([(STEP_MS / 1000) * 3]));
    expect(storedBySteps(all, 1999_000 + 2 * STEPS * STEP_MS)).toEqual(Array.from({ length: STEPS }, () => 0));
  });
  it('begins anew when the count does', () => {
    expect(storedBySteps(history([100, 0], [105, 900], [110, 20]), 110_000).slice(-3)).toEqual([0, 900, 20]);
  });
});
