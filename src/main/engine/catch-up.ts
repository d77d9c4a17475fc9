/**
 * Brings stored events up to date with lists or rules that came after them: works through the segments that were not compared with the newest,
 * one run at a time. How far it is stands in the case, so that a run that was stopped goes on where it was.
 */
import { TidemarkError } from '../../shared/contract/rpc.ts';

/** Events that come in are not asked after more often. */
const KICK_MS = 2000;

export interface WaitingSegment {
  id: number;
  /** the newest that it was compared with; 0 = with nothing */
  generation: number;
}

/** What the case knows of it. */
export interface Backlog {
  /** the newest list or rule; 0 = there is none */
  generation(): number;
  /** segments that were not compared with `generation`, in the order of their ids, behind the one of the id `behind` */
  waiting(generation: number, behind: number, limit: number): WaitingSegment[];
  countWaiting(generation: number): number;
}

export interface CatchUpWork {
  segmentsAtOnce: number;
  /** begins the sentence that says why a run ended early */
  what: string;
  /** Compares some of `waiting` and keeps what was found. Returns the ids of those, in their order; none when the run is to end. */
  compare(waiting: readonly WaitingSegment[], generation: number, signal: AbortSignal): Promise<readonly number[]>;
  /** Nothing waits any more. */
  through?(signal: AbortSignal): Promise<void>;
  progressed(): void;
  /** A run is over, for whatever reason but the closing of the case. */
  ended(): void;
}

export class CatchUp {
  readonly #backlog: Backlog;
  readonly #work: CatchUpWork;
  readonly #closing = new AbortController();
  #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #run: Promise<void> | null = null;
  #progress: { done: number; total: number } | null = null;
  #error = '';

  constructor(backlog: Backlog, work: CatchUpWork) {
    this.#backlog = backlog;
    this.#work = work;
  }

  /** Segments of the run that is under way; null = there is none. */
  get progress(): { done: number; total: number } | null {
    return this.#progress;
  }
  /** Why the last run ended early, '' = it did not. */
  get error(): string {
    return this.#error;
  }

  /** Resolves when nothing waits, or the run was stopped or ended early. */
  async run(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#run === null) {
      this.#stop = new AbortController();
      this.#run = this.#runAll(AbortSignal.any([this.#stop.signal, this.#closing.signal])).finally(() => {
        this.#run = null;
        this.#progress = null;
        if (!this.#closing.signal.aborted) this.#work.ended();
      });
    }
    await this.#run;
  }

  /** Runs until nothing waits or `signal` stops it. Throws cancelled then, and internal when the run ended early. */
  async settled(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.run();
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) throw new TidemarkError('cancelled', 'Looking through the events was stopped; it goes on where it was.');
    if (this.#error !== '') throw new TidemarkError('internal', this.#error);
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Events were stored: they are looked through soon after, many at a time. */
  kick(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#run === null && this.#backlog.generation() > 0) void this.run();
    }, KICK_MS);
  }

  async #runAll(signal: AbortSignal): Promise<void> {
    this.#error = '';
    let done = 0;
    let total = 0;
    let counted = 0;
    let behind = 0;
    try {
      while (!signal.aborted) {
        const generation = this.#backlog.generation();
        const waiting = this.#backlog.waiting(generation, behind, this.#work.segmentsAtOnce);
        if (waiting.length === 0) {
          // Something newer, or events that came in behind.
          if (this.#backlog.countWaiting(generation) === 0) break;
          behind = 0;
          continue;
        }
        if (counted !== generation) total = done + this.#backlog.countWaiting(generation);
        counted = generation;
        this.#progress = { done, total: Math.max(total, done + waiting.length) };
        this.#work.progressed();
        const compared = await this.#work.compare(waiting, generation, signal);
        if (compared.length === 0) return;
        done += compared.length;
        behind = compared[compared.length - 1];
      }
      if (!signal.aborted) await this.#work.through?.(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#error = `${this.#work.what} ended early: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** Stops for good; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#run?.catch(() => undefined);
  }
}
