/**
 * Says which tables changed, but not each time: at most ten times a second, and less often the longer events have been coming in,
 * because each time the window asks everything that it shows again, on processors that have files to read.
 */
import type { ChangedTable } from '../../shared/contract/cases.ts';

/** What changes by itself while files are read; the rest is done by hand, and is told soon. */
const ARRIVING: readonly ChangedTable[] = ['events', 'series', 'sources', 'rejects'];
const SOON_MS = 100;
const LATEST_MS = 600;
/** After such a pause what comes in is something new. */
const PAUSE_MS = 2000;

export class ChangePush {
  readonly #push: (tables: ChangedTable[]) => void;
  readonly #pending = new Set<ChangedTable>();
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  #since = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(push: (tables: ChangedTable[]) => void) {
    this.#push = push;
  }

  add(tables: readonly ChangedTable[]): void {
    for (const table of tables) this.#pending.add(table);
    const now = performance.now();
    let wait = SOON_MS;
    if (tables.every((table) => ARRIVING.includes(table))) {
      if (now - this.#last > PAUSE_MS) this.#since = now;
      this.#last = now;
      wait = Math.min(LATEST_MS, Math.max(SOON_MS, (now - this.#since) / 10));
    }
    if (this.#timer && this.#due <= now + wait) return;
    this.stop();
    this.#due = now + wait;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const pending = [...this.#pending];
      this.#pending.clear();
      this.#push(pending);
    }, wait);
  }

  /** Says no more of what was added. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
