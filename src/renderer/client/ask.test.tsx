// @vitest-environment jsdom
import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { useAsk } from './ask.ts';
import { AskCache, askCache } from './ask-cache.ts';

/** A question whose answers the test gives by hand. */
function manual<T>() {
  const asked: { signal: AbortSignal; resolve: (value: T) => void; reject: (error: unknown) => void }[] = [];
  const ask = vi.fn((signal: AbortSignal) => new Promise<T>((resolve, reject) => asked.push({ signal, resolve, reject })));
  return { ask, asked };
}
const settle = () => act(async () => {
  await Promise.resolve();
});

beforeEach(() => {
  vi.useFakeTimers();
  askCache.clear();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('useAsk', () => {
  it('keeps the old answer, marked stale, while the answer for a new key loads', async () => {
    const { ask, asked } = manual<string>();
    const hook = renderHook(({ key }) => useAsk(['keep', key], ask), { initialProps: { key: 'a' } });
    expect(hook.result.current).toMatchObject({ data: undefined, loading: true });
    asked[0].resolve('A');
    await settle();
    expect(hook.result.current).toMatchObject({ data: 'A', stale: false, loading: false });
    hook.rerender({ key: 'b' });
    expect(hook.result.current).toMatchObject({ data: 'A', stale: true, loading: true });
    asked[1].resolve('B');
    await settle();
    expect(hook.result.current).toMatchObject({ data: 'B', stale: false });
    hook.rerender({ key: 'a' });
    expect(hook.result.current).toMatchObject({ data: 'A', stale: false });
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('aborts the question when the key changes and when it goes away', async () => {
    const { ask, asked } = manual<string>();
    const hook = renderHook(({ key }) => useAsk(['abort', key], ask), { initialProps: { key: 1 } });
    hook.rerender({ key: 2 });
    expect(asked[0].signal.aborted).toBe(true);
    expect(asked[1].signal.aborted).toBe(false);
    hook.unmount();
    expect(asked[1].signal.aborted).toBe(true);
  });

  it('asks again when the case changed, at most every 250 ms, and only for its tables', async () => {
    const { ask, asked } = manual<number>();
    const hook = renderHook(() => useAsk(['changed'], ask, { on: ['pins'] }));
    asked[0].resolve(1);
    await settle();
    act(() => askCache.changed(['events']));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(ask).toHaveBeenCalledTimes(1);
    act(() => {
      askCache.changed(['pins']);
      askCache.changed(['pins']);
    });
    expect(hook.result.current).toMatchObject({ data: 1, stale: true });
    await act(() => vi.advanceTimersByTimeAsync(300));
    expect(ask).toHaveBeenCalledTimes(2);
    act(() => askCache.changed(['pins']));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(ask, 'not while one is under way').toHaveBeenCalledTimes(2);
    asked[1].resolve(2);
    await act(() => vi.advanceTimersByTimeAsync(300));
    expect(hook.result.current.data).toBe(2);
    expect(ask, 'once more, for the change that came during the question').toHaveBeenCalledTimes(3);
  });

  it('polls a partial answer until it is complete', async () => {
    const { ask, asked } = manual<{ complete: boolean; total: number }>();
    const hook = renderHook(() => useAsk(['partial'], ask));
    asked[0].resolve({ complete: false, total: 5 });
    await settle();
    expect(hook.result.current).toMatchObject({ data: { total: 5 }, stale: true, loading: true });
    await act(() => vi.advanceTimersByTimeAsync(600));
    asked[1].resolve({ complete: true, total: 9 });
    await settle();
    expect(hook.result.current).toMatchObject({ data: { total: 9 }, stale: false, loading: false });
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('shows an error beside the last answer, and asks again on retry', async () => {
    const { ask, asked } = manual<string>();
    const hook = renderHook(() => useAsk(['error'], ask));
    asked[0].reject(new TidemarkError('timeout', 'too slow'));
    await settle();
    expect(hook.result.current).toMatchObject({ data: undefined, loading: false });
    expect(hook.result.current.error?.message).toBe('too slow');
    act(() => hook.result.current.retry());
    asked[1].resolve('fine');
    await settle();
    expect(hook.result.current).toMatchObject({ data: 'fine', error: undefined });
  });

  it('never shows an answer of the case before', async () => {
    const { ask, asked } = manual<string>();
    const hook = renderHook(({ key }) => useAsk(['case', key], ask), { initialProps: { key: 1 } });
    asked[0].resolve('old case');
    await settle();
    act(() => askCache.clear());
    expect(hook.result.current.data).toBeUndefined();
    hook.rerender({ key: 2 });
    expect(hook.result.current.data).toBeUndefined();
  });

  it('answers two askers of one key with one question', async () => {
    const { ask, asked } = manual<string>();
    const One = () => <p>{useAsk(['shared'], ask).data}</p>;
    render(<><One /><One /></>);
    expect(ask).toHaveBeenCalledTimes(1);
    asked[0].resolve('twice');
    await settle();
    expect(screen.getAllByText('twice')).toHaveLength(2);
  });
});

describe('AskCache', () => {
  it('forgets the least recently shown beyond its size, never what is shown', async () => {
    const cache = new AskCache();
    const ask = (key: string) => ({ ask: async () => key, on: ['events'] as const, outdatedBy: [], poll: undefined });
    const stop = cache.subscribe('shown', ask('shown'), () => undefined);
    for (let index = 0; index < 400; index++) cache.subscribe(`k${index}`, ask(`k${index}`), () => undefined)();
    await vi.advanceTimersByTimeAsync(1);
    expect(cache.read('shown').data).toBe('shown');
    expect(cache.read('k0').data).toBeUndefined();
    stop();
  });
});
