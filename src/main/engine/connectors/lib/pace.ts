/** Keeps a connection to so many records a second (token bucket of one second; Tanenbaum, "Computer Networks"): waits when it is ahead. */
import { setTimeout as wait } from 'node:timers/promises';

/** Records of so many milliseconds may come at once. */
const BURST_MS = 1000;

export class Pace {
  readonly #perSecond: number;
  /** when all that came would have come at the pace, on the monotonic clock (ms) */
  #due = 0;

  /** @param perSecond 0 = no limit */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts records that came at `now`; gives the milliseconds to wait before the next. */
  count(records: number, now: number): number {
    if (this.#perSecond === 0) return 0;
    this.#due = Math.max(this.#due, now - BURST_MS) + (records / this.#perSecond) * 1000;
    return Math.max(0, this.#due - now);
  }

  /** Resolves when more may come, or when it is aborted. */
  async after(records: number, signal: AbortSignal): Promise<void> {
    const ms = this.count(records, performance.now());
    if (ms <= 0 || signal.aborted) return;
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
