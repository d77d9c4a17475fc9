/** Applies the policy of a case by itself, where a person said so: soon after it is opened, then hourly, and never while something is read. */
import type { Retention } from './retention.ts';

const HOUR_MS = 3_600_000;
const SOON_MS = 60_000;

export class RetentionKeeper {
  readonly #retention: Retention;
  readonly #busy: () => boolean;
  readonly #timer: { soon: NodeJS.Timeout; hourly: NodeJS.Timeout };
  readonly #closing = new AbortController();

  constructor(retention: Retention, busy: () => boolean) {
    this.#retention = retention;
    this.#busy = busy;
    const run = (): void => void this.run();
    this.#timer = { soon: setTimeout(run, SOON_MS), hourly: setInterval(run, HOUR_MS) };
    this.#timer.soon.unref();
    this.#timer.hourly.unref();
  }

  /** Does nothing unless the policy is switched on; an open investigation holds it off unless the policy says otherwise. */
  async run(): Promise<void> {
    const policy = this.#retention.policy();
    if (!policy.enabled || this.#busy() || this.#closing.signal.aborted) return;
    try {
      const { open, goes, tiers } = this.#retention.preview(policy);
      if ((open.length > 0 && !policy.evenOpen) || (goes.events === 0 && tiers.every(({ counts }) => counts === 0))) return;
      await this.#retention.apply(policy, { evenOpen: policy.evenOpen, compact: false }, this.#closing.signal);
    } catch {
      // The case changed meanwhile, or the disk is full, which everything else tells too: it is tried again in an hour.
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer.soon);
    clearInterval(this.#timer.hourly);
    this.#closing.abort();
    await this.#retention.settled();
  }
}
