import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangedTable } from '../../shared/contract/cases.ts';
import { ChangePush } from './change-push.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function pushes(): { push: ChangePush; told: ChangedTable[][] } {
  const told: ChangedTable[][] = [];
  return { push: new ChangePush((tables) => void told.push(tables)), told };
}

describe('telling what changed', () => {
  it('tells changes together, and the first of them soon', () => {
    const { push, told } = pushes();
    push.add(['events', 'sources']);
    push.add(['rejects']);
    vi.advanceTimersByTime(100);
    expect(told).toEqual([['events', 'sources', 'rejects']]);
    vi.advanceTimersByTime(5000);
    expect(told).toHaveLength(1);
  });

  it('tells less often the longer events come in, always after the last of them, and often again after a pause', () => {
    const { push, told } = pushes();
    const comeIn = (ms: number): number => {
      const before = told.length;
      for (let t = 0; t < ms; t += 20) {
        push.add(['events']);
        vi.advanceTimersByTime(20);
      }
      return told.length - before;
    };
    const first = comeIn(1000);
    comeIn(10_000);
    const later = comeIn(3000) / 3;
    expect(first).toBeGreaterThanOrEqual(8);
    expect(later).toBeLessThanOrEqual(2);
    push.add(['events']);
    const before = told.length;
    vi.advanceTimersByTime(600);
    expect(told.length).toBeGreaterThan(before);
    vi.advanceTimersByTime(3000);
    expect(comeIn(1000)).toBeGreaterThanOrEqual(8);
  });

  it('does not keep what is done by hand waiting for what comes in', () => {
    const { push, told } = pushes();
    for (let t = 0; t < 12_000; t += 20) {
      push.add(['events']);
      vi.advanceTimersByTime(20);
    }
    push.add(['pins']);
    for (let i = 0; i < 4; i++) push.add(['pins', 'events']);
    vi.advanceTimersByTime(100);
    expect(told.at(-1)).toContain('pins');
    push.add(['pins']);
    push.stop();
    const count = told.length;
    vi.advanceTimersByTime(2000);
    expect(told).toHaveLength(count);
  });
});
