/**
 * The query cache behind useAsk: rows live here, intent lives in zustand.
 *
 * One entry a key. Several askers of one key share a request; when the last one leaves, the request is aborted. Answers stay in
 * an LRU so that going back is instant. A push from the engine makes entries stale: those on screen are asked again (at most
 * one request in flight, and not more often than REFRESH_MS), the others when they are next shown.
 */
import type { ChangedTable } from '../../shared/contract/cases.ts';
import type { TidemarkError } from '../../shared/contract/rpc.ts';

export interface Answer<T> {
  /** the last answer known; undefined until the first one */
  data: T | undefined;
  error: Error | undefined;
  /** a request is under way */
  loading: boolean;
  /** `data` is not known to be current: it is being asked again, is partial, or belongs to the key before */
  stale: boolean;
  /** the case changed in what `outdatedBy` names since this was asked, and it is not asked again by itself */
  outdated: boolean;
}
export interface AskOptions {
  /** false: do not ask, answer with nothing */
  enabled?: boolean;
  /** which changes in the case make the answer old; default: events and sources */
  on?: readonly ChangedTable[];
  /** which changes are only told (`outdated`), because asking again takes long; default: none */
  outdatedBy?: readonly ChangedTable[];
  /** milliseconds between asks even when nothing changed (health figures); partial answers are polled by themselves */
  poll?: number;
  /** false: do not show the answer of the key before while the new one loads. Default true. */
  keep?: boolean;
}

const MAX_ENTRIES = 300;
const REFRESH_MS = 250;
const PARTIAL_FIRST_MS = 60;
const PARTIAL_MAX_MS = 500;
const EMPTY: Answer<never> = Object.freeze({ data: undefined, error: undefined, loading: false, stale: false, outdated: false });

interface Entry {
  key: string;
  answer: Answer<unknown>;
  ask: (signal: AbortSignal) => Promise<unknown>;
  on: readonly ChangedTable[];
  outdatedBy: readonly ChangedTable[];
  poll: number | undefined;
  listeners: Set<() => void>;
  request: AbortController | null;
  timer: ReturnType<typeof setTimeout> | null;
  /** when the timer goes off */
  due: number;
  dirty: boolean;
  askedAt: number;
  partials: number;
}

export interface Subscription {
  ask: (signal: AbortSignal) => Promise<unknown>;
  on: readonly ChangedTable[];
  outdatedBy: readonly ChangedTable[];
  poll: number | undefined;
}

function isPartial(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'complete' in data && data.complete === false;
}
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export class AskCache {
  readonly #entries = new Map<string, Entry>();
  /** grows when another case was opened: answers from before are another case's */
  generation = 0;

  /** What is known now; the same object until something changes. */
  read(key: string): Answer<unknown> {
    return this.#entries.get(key)?.answer ?? EMPTY;
  }

  /** Shows interest in a key; asks when there is no current answer. Returns the way to stop. */
  subscribe(key: string, subscription: Subscription, listener: () => void): () => void {
    let entry = this.#entries.get(key);
    if (entry) this.#entries.delete(key);
    else {
      entry = {
        key, answer: EMPTY, ...subscription, listeners: new Set(), request: null, timer: null, due: 0, dirty: true, askedAt: -Infinity, partials: 0,
      };
    }
    Object.assign(entry, subscription);
    this.#entries.set(key, entry);
    entry.listeners.add(listener);
    this.#trim();
    if (!entry.request && !entry.timer) {
      if (entry.dirty || entry.answer.error || isPartial(entry.answer.data)) this.#start(entry);
      else this.#planPoll(entry);
    }
    const subscribed = entry;
    return () => {
      subscribed.listeners.delete(listener);
      if (subscribed.listeners.size === 0) this.#stop(subscribed);
    };
  }

  /** Something in the case changed: what is shown of it is asked again. */
  changed(tables: readonly ChangedTable[]): void {
    for (const entry of this.#entries.values()) {
      if (!entry.answer.outdated && (entry.request || entry.answer.data !== undefined) && entry.outdatedBy.some((table) => tables.includes(table))) this.#answer(entry, { outdated: true });
      if (!entry.on.some((table) => tables.includes(table))) continue;
      entry.dirty = true;
      if (entry.listeners.size === 0) continue;
      if (!entry.answer.stale) this.#answer(entry, { stale: true });
      if (!entry.request) this.#plan(entry, Math.max(0, entry.askedAt + REFRESH_MS - performance.now()));
    }
  }

  /** Asks one key again now (a Retry button). */
  refresh(key: string): void {
    const entry = this.#entries.get(key);
    if (entry && !entry.request) this.#start(entry);
  }

  /** Another case: nothing known holds any more. */
  clear(): void {
    this.generation++;
    for (const entry of [...this.#entries.values()]) {
      this.#stop(entry);
      entry.dirty = true;
      this.#answer(entry, { ...EMPTY });
      if (entry.listeners.size > 0) this.#start(entry);
      else this.#entries.delete(entry.key);
    }
  }

  #answer(entry: Entry, change: Partial<Answer<unknown>>): void {
    entry.answer = { ...entry.answer, ...change };
    for (const listener of [...entry.listeners]) listener();
  }

  #start(entry: Entry): void {
    this.#unplan(entry);
    const request = new AbortController();
    entry.request = request;
    entry.dirty = false;
    entry.askedAt = performance.now();
    this.#answer(entry, { loading: true, stale: entry.answer.data !== undefined, outdated: false });
    entry.ask(request.signal).then(
      (data) => {
        if (entry.request !== request) return;
        entry.request = null;
        const partial = isPartial(data);
        entry.partials = partial ? entry.partials + 1 : 0;
        this.#answer(entry, { data, error: undefined, loading: partial, stale: partial || entry.dirty });
        if (entry.listeners.size === 0) return;
        if (entry.dirty) this.#plan(entry, REFRESH_MS);
        else if (partial) this.#plan(entry, Math.min(PARTIAL_MAX_MS, PARTIAL_FIRST_MS * entry.partials));
        else this.#planPoll(entry);
      },
      (thrown: unknown) => {
        if (entry.request !== request) return;
        entry.request = null;
        const error = asError(thrown);
        // The engine cancelled it (superseded, case closing), or went away, which the banner says: not an error to show, ask again.
        const { code } = error as Partial<TidemarkError>;
        const cancelled = code === 'cancelled' || code === 'unavailable';
        entry.dirty = entry.dirty || cancelled;
        this.#answer(entry, { error: cancelled ? undefined : error, loading: false, stale: entry.answer.data !== undefined });
        if (entry.listeners.size > 0) {
          if (cancelled) this.#plan(entry, REFRESH_MS);
          else this.#planPoll(entry);
        }
      },
    );
  }

  #stop(entry: Entry): void {
    this.#unplan(entry);
    if (!entry.request) return;
    entry.request.abort();
    entry.request = null;
    entry.dirty = true;
    entry.answer = { ...entry.answer, loading: false };
  }

  #plan(entry: Entry, milliseconds: number): void {
    const due = performance.now() + milliseconds;
    // A poll that is far away does not keep a change waiting.
    if (entry.timer && entry.due <= due) return;
    this.#unplan(entry);
    entry.due = due;
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (!entry.request && entry.listeners.size > 0) this.#start(entry);
    }, milliseconds);
  }
  #planPoll(entry: Entry): void {
    if (entry.poll !== undefined) this.#plan(entry, entry.poll);
  }
  #unplan(entry: Entry): void {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
  }

  #trim(): void {
    if (this.#entries.size <= MAX_ENTRIES) return;
    for (const entry of this.#entries.values()) {
      if (entry.listeners.size > 0) continue;
      this.#entries.delete(entry.key);
      if (this.#entries.size <= MAX_ENTRIES) return;
    }
  }
}

export const askCache = new AskCache();
