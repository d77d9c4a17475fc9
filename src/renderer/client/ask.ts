import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { askCache } from './ask-cache.ts';
import type { ChangedTable } from '../../shared/contract/cases.ts';
import type { Answer, AskOptions } from './ask-cache.ts';

export type { Answer, AskOptions } from './ask-cache.ts';

const DEFAULT_ON = ['events', 'sources'] as const;
const NONE = [] as const;
const NOTHING: Answer<never> = Object.freeze({ data: undefined, error: undefined, loading: false, stale: false, outdated: false });

/** A key that depends on everything the question depends on; any JSON. Start it with the name of the call. */
export type AskKey = readonly unknown[];

/**
 * Asks the engine and shows the answer: `useAsk(['events.facets', scope], (signal) => engine.events.facets({scope, ...}, {signal}))`.
 *
 * - The last answer stays (marked `stale`) while a new one loads, also when the key changed: nothing flickers to empty.
 * - A key that changes, or a component that goes away, aborts the request.
 * - When the case changes, what is on screen is asked again. A partial answer (`complete: false`) is polled until complete.
 */
export function useAsk<T>(key: AskKey, ask: (signal: AbortSignal) => Promise<T>, options: AskOptions = {}): Answer<T> & { retry: () => void } {
  const { enabled = true, on = DEFAULT_ON, outdatedBy = NONE, poll, keep = true } = options;
  const text = JSON.stringify(key);
  const tables = on.join();
  const tellers = outdatedBy.join();
  const latest = useRef(ask);
  const before = useRef<{ data: T; generation: number } | null>(null);
  useEffect(() => {
    latest.current = ask;
  });

  const subscribe = useCallback(
    (listener: () => void) => {
      if (!enabled) return () => undefined;
      // The question as it was when the key became this one: later renders may already ask for another key.
      return askCache.subscribe(text, { ask: latest.current, on: tables.split(',') as ChangedTable[], outdatedBy: tellers.split(',') as ChangedTable[], poll }, listener);
    },
    [text, tables, tellers, enabled, poll],
  );
  const read = useCallback(() => (enabled ? askCache.read(text) : NOTHING) as Answer<T>, [text, enabled]);
  const answer = useSyncExternalStore(subscribe, read);
  const retry = useCallback(() => askCache.refresh(text), [text]);

  useEffect(() => {
    if (answer.data !== undefined) before.current = { data: answer.data, generation: askCache.generation };
    else if (!enabled) before.current = null;
  }, [answer, enabled]);

  if (answer.data === undefined && enabled && keep && !answer.error && before.current?.generation === askCache.generation) {
    return { data: before.current.data, error: undefined, loading: true, stale: true, outdated: false, retry };
  }
  return { ...answer, loading: answer.loading || (enabled && answer.data === undefined && !answer.error), retry };
}
