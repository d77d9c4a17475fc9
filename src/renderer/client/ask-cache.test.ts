import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskCache } from './ask-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a question that is asked now and then', () => {
  it('is asked soon after the case changed, not only when its time has come', async () => {
    const cache = new AskCache();
    let asked = 0;
    const stop = cache.subscribe('health', { ask: async () => await Promise.resolve(++asked), on: ['sources'], poll: 60_000 }, () => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(1);
    cache.changed(['notes']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(1);
    cache.changed(['sources']);
    cache.changed(['sources']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(2);
    expect(cache.read('health')).toMatchObject({ data: 2, stale: false });
    // And then again when its time has come.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(3);
  });
});
