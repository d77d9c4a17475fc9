import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { AskCache } from './ask-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a question that is asked now and then', () => {
  it('is asked soon after the case changed, not only when its time has come', async () => {
    const cache = new AskCache();
    let asked = 0;
    const stop = cache.subscribe('health', { ask: async () => await Promise.resolve(++asked), on: ['sources'], outdatedBy: [], poll: 60_000 }, () => undefined);
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

describe('a question that the engine did not live to answer', () => {
  it('is asked again, and is no error meanwhile; what the engine says is one', async () => {
    const cache = new AskCache();
    let asked = 0;
    const ask = async (): Promise<string> => {
      asked++;
      if (asked === 1) throw new TidemarkError('unavailable', 'The engine stopped.');
      if (asked === 3) throw new TidemarkError('internal', 'It broke.');
      return await Promise.resolve('there');
    };
    cache.subscribe('page', { ask, on: ['events'], outdatedBy: [], poll: undefined }, () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(cache.read('page')).toMatchObject({ data: undefined, error: undefined });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toBe(2);
    expect(cache.read('page')).toMatchObject({ data: 'there', error: undefined, stale: false });
    cache.changed(['events']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(cache.read('page').error).toMatchObject({ message: 'It broke.' });
  });
});

describe('a question that takes long', () => {
  it('is told to be outdated, also by what comes while it is looked for, and not asked again by itself', async () => {
    const cache = new AskCache();
    let asked = 0;
    let answer = (_data: string): void => undefined;
    const ask = async (): Promise<string> => {
      asked++;
      return await new Promise((resolve) => (answer = resolve));
    };
    cache.subscribe('cause', { ask, on: [], outdatedBy: ['events'], poll: undefined }, () => undefined);
    cache.changed(['notes']);
    answer('first');
    await vi.advanceTimersByTimeAsync(1000);
    expect(cache.read('cause')).toMatchObject({ data: 'first', outdated: false, loading: false });
    cache.changed(['events']);
    await vi.advanceTimersByTimeAsync(1000);
    expect([cache.read('cause').outdated, asked]).toEqual([true, 1]);
    cache.refresh('cause');
    expect(cache.read('cause').outdated).toBe(false);
    cache.changed(['events']);
    answer('second');
    await vi.advanceTimersByTimeAsync(1000);
    expect([cache.read('cause').data, cache.read('cause').outdated, asked]).toEqual(['second', true, 2]);
  });
});
