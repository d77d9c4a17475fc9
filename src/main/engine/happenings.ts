/**
 * What happens in an open case, for those parts of the engine that follow it: `on('events.committed', …)`, or `on('alerts.*', …)` for all of a kind.
 * Who has the higher priority hears it first; among equals, who came first. Listeners run at once, one after the other, so what the first one does is done
 * when the next one hears.
 */
import type { Committed } from './store/case-store.ts';
import type { FiredAlert } from './alert-watch.ts';

export interface Happenings {
  /** stored, and in the file */
  'events.committed': Committed;
  'samples.committed': undefined;
  'alerts.fired': FiredAlert[];
  'alerts.settled': { raised: number; resolved: number; withdrawn: number };
}
export type Happening = keyof Happenings;
export type Pattern = Happening | `${Happening extends `${infer Kind}.${string}` ? Kind : never}.*`;
/** What a pattern takes in. */
type Matched<P extends Pattern> = P extends Happening ? P : P extends `${infer Kind}.*` ? Extract<Happening, `${Kind}.${string}`> : never;
/** Name and value, told together so that one tells the other's type. */
export type Heard<P extends Pattern> = { [N in Matched<P>]: { name: N; value: Happenings[N] } }[Matched<P>];

/** Query workers must know of events before anybody asks about them. */
export const FIRST = 100;

interface Listener {
  matches(name: Happening): boolean;
  hear(heard: { name: Happening; value: unknown }): void;
  priority: number;
}

export class HappeningBus {
  #listeners: Listener[] = [];

  /** Returns what ends it. */
  on<P extends Pattern>(pattern: P, listener: (heard: Heard<P>) => void, priority = 0): () => void {
    const kind = pattern.endsWith('.*') ? pattern.slice(0, -1) : null;
    const one: Listener = { matches: (name) => (kind === null ? name === pattern : name.startsWith(kind)), hear: listener as Listener['hear'], priority };
    // Sorting is stable: among equals the order in which they came stays.
    this.#listeners = [...this.#listeners, one].sort((a, b) => b.priority - a.priority);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== one);
    };
  }

  /** An error of a listener is the caller's; the listeners behind it do not hear. */
  tell<N extends Happening>(name: N, value: Happenings[N]): void {
    for (const listener of this.#listeners) if (listener.matches(name)) listener.hear({ name, value });
  }
}
