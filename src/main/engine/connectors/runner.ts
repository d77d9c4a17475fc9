/**
 * Runs one connection: asks its connector, stores what it brings, waits and tries again when it fails, and tells how it is. A chunk is asked
 * for when the one before is stored, so a slow disk slows the counterpart and nothing piles up (back-pressure).
 *
 * States: starting (nothing heard yet), ok, degraded (failed; it will be tried again), open (the breaker keeps it from being tried),
 * stopped (by a person, or because trying again is no use: then `error` says why).
 *
 * Waits grow exponentially with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015); the circuit breaker has
 * three states (Nygard, "Release It!", 2007). Both are cockatiel's. All waits are the runner's own timers, so that a wall clock that jumps
 * neither shortens nor lengthens them. A connection has one chunk on its way at most, whatever its counterpart sends (bulkhead).
 */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, ExponentialBackoff, fullJitterGenerator, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import type { ConnectionState, ConnectionStatus } from '../../../shared/contract/connectors.ts';
import { FatalError, RetryLater, type Chunk, type Connector, type Kept, type ReadContext } from './connector.ts';
import { Pace } from './lib/pace.ts';

export interface RunnerPolicy {
  /** failures in a row that open the breaker */
  failures: number;
  /** milliseconds until an open breaker lets one try through */
  halfOpenAfter: number;
  /** milliseconds of the first wait and of the longest, before jitter */
  firstWait: number;
  longestWait: number;
  /** milliseconds in which a pull connector must bring something or say that it is idle */
  patience: number;
  /** milliseconds after which a counterpart that answers without bringing anything is there again */
  steady: number;
  /** milliseconds that a counterpart may ask for at most before it is tried again */
  longestAsked: number;
  /** milliseconds in which a live connector that is stopped may bring what it holds */
  grace: number;
}
const POLICY: RunnerPolicy = { failures: 5, halfOpenAfter: 30_000, firstWait: 500, longestWait: 60_000, patience: 120_000, steady: 10_000, longestAsked: 3_600_000, grace: 10_000 };

export interface RunnerOptions {
  connector: Connector;
  config: unknown;
  cursor: string;
  /** Stores a chunk and its cursor. Throws when the store cannot: the connection stops. */
  write(chunk: Chunk): Promise<Kept>;
  /** ReadContext.complete */
  complete(lines: Uint8Array): number;
  /** called when anything of the status changed */
  changed(): void;
  policy?: Partial<RunnerPolicy>;
}

export type RunnerStatus = Pick<ConnectionStatus, 'state' | 'since' | 'breaker' | 'error' | 'note' | 'failures' | 'failuresTotal' | 'nextTry' | 'heardAt' | 'queued'>;

/** The store refused a chunk: that is not the counterpart's fault, and another try would lose nothing but time. */
class StoreError extends Error {}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #policy: RunnerPolicy;
  #breaker: CircuitBreakerPolicy;
  readonly #backoff: ExponentialBackoff<unknown>;
  #wait: ReturnType<ExponentialBackoff<unknown>['next']> | null = null;
  #cursor: string;
  #abort: AbortController | null = null;
  #done: Promise<void> = Promise.resolve();
  /** tells the breaker that something came of the run under way */
  #heard: () => void = () => undefined;
  /** ends a wait before its time */
  #wake: () => void = () => undefined;
  #config: unknown;
  #state: ConnectionState = 'stopped';
  #since = now();
  #error = '';
  #note = '';
  #failures = 0;
  #failuresTotal = 0;
  #nextTry: number | null = null;
  #heardAt: number | null = null;
  #queued = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#policy = { ...POLICY, ...options.policy };
    this.#cursor = options.cursor;
    this.#breaker = this.#newBreaker();
    this.#config = options.config;
    this.#backoff = new ExponentialBackoff({ generator: fullJitterGenerator, initialDelay: this.#policy.firstWait, maxDelay: this.#policy.longestWait });
  }

  get #stopping(): boolean {
    return this.#abort?.signal.aborted ?? true;
  }

  get status(): RunnerStatus {
    const { state } = this.#breaker;
    return {
      state: this.#state, since: this.#since, breaker: state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open', error: this.#error, note: this.#note,
      failures: this.#failures, failuresTotal: this.#failuresTotal, nextTry: this.#nextTry, heardAt: this.#heardAt, queued: this.#queued,
    };
  }

  #newBreaker(): CircuitBreakerPolicy {
    return circuitBreaker(handleWhen((error) => !(error instanceof StoreError) && !(error instanceof FatalError) && !this.#stopping), {
      // It would measure with the wall clock: the wait before the next try is made here.
      halfOpenAfter: Number.NEGATIVE_INFINITY, breaker: new ConsecutiveBreaker(this.#policy.failures),
    });
  }

  /** Starts it, or has it tried now when it waits; `config` from then on, when it is given. */
  start(config: unknown = this.#config): void {
    this.#config = config;
    if (this.#abort) {
      // A person who says "now" means it, whatever the breaker thinks.
      this.#breaker = this.#newBreaker();
      this.#wake();
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#error = '';
    this.#to('starting');
    this.#done = this.#run(abort.signal).finally(() => {
      this.#abort = null;
      this.#nextTry = null;
      this.#to('stopped');
    });
  }

  /** Resolves when nothing of it runs any more. What was brought and not stored is brought again next time; a live one brings the rest first. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    this.#wake();
    await this.#done;
  }

  #to(state: ConnectionState): void {
    if (state !== this.#state) this.#since = now();
    this.#state = state;
    this.#options.changed();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { connector } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#attempt(signal);
        if (signal.aborted) return;
        this.#worked();
        const every = connector.every(this.#config) * 1000;
        if (every <= 0) return;
        await this.#pause(every, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof FatalError || error instanceof StoreError) {
          this.#error = error.message;
          return;
        }
        this.#failures++;
        this.#failuresTotal++;
        this.#error = error instanceof Error && error.message !== '' ? error.message : String(error);
        const open = this.#breaker.state === CircuitState.Open;
        this.#to(open ? 'open' : 'degraded');
        const asked = error instanceof RetryLater ? Math.min(error.afterMs, this.#policy.longestAsked) : 0;
        await this.#pause(Math.max(open ? this.#policy.halfOpenAfter : this.#nextWait(), asked), signal);
      }
    }
  }

  /** One run. For the breaker it went well when something came of it: a live one may then run for days. */
  async #attempt(signal: AbortSignal): Promise<void> {
    let run = Promise.resolve();
    await this.#breaker.execute(async () => {
      const heard = new Promise<void>((resolve) => (this.#heard = resolve));
      run = this.#once(signal);
      await Promise.race([heard, run]);
    });
    await run;
  }

  #nextWait(): number {
    this.#wait = this.#wait ? this.#wait.next(undefined) : this.#backoff.next();
    return this.#wait.duration;
  }

  /** The counterpart answers. That alone ends no series of failures: it may answer the first question of each run and fail at the second. */
  #answers(): void {
    this.#heardAt = now();
    this.#error = '';
    if (this.#state !== 'ok') this.#to('ok');
  }

  /** It brought something, or has been there for a while: failures are counted anew. */
  #worked(): void {
    this.#heard();
    this.#failures = 0;
    this.#wait = null;
    this.#answers();
    this.#options.changed();
  }

  /** Asks the connector until it has nothing more. A run that brought something before it failed begins the count of failures anew. */
  async #once(signal: AbortSignal): Promise<void> {
    const { connector, write, complete } = this.#options;
    const live = connector.mode === 'live';
    const pace = new Pace(connector.mostPerSecond(this.#config));
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    // What ends the step that is under way: the step is not awaited in a race, which would keep a little of every step for as long as it runs.
    let fail: (error: Error) => void = () => undefined;
    let quit: () => void = () => undefined;
    let over = false;
    const end = (): void => {
      abort.abort();
      if (!live) leave();
      else timer = setTimeout(leave, this.#policy.grace);
    };
    const leave = (): void => {
      over = true;
      quit();
    };
    const watch = (): void => {
      if (live) return;
      clearTimeout(timer);
      timer = setTimeout(() => fail(new Error(`nothing was heard for ${this.#policy.patience / 1000} s`)), this.#policy.patience);
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    let steady: NodeJS.Timeout | undefined;
    const idle = (): void => {
      this.#answers();
      steady ??= setTimeout(() => this.#worked(), this.#policy.steady);
      watch();
    };
    const context: ReadContext = { signal: abort.signal, cursor: this.#cursor, complete, idle, note: (text) => this.#say(text) };
    const chunks = connector.read(this.#config, context)[Symbol.asyncIterator]();
    try {
      while (!over) {
        watch();
        const step = await new Promise<IteratorResult<Chunk>>((resolve, reject) => {
          fail = reject;
          quit = () => resolve({ done: true, value: undefined });
          chunks.next().then(resolve, reject);
        });
        if (!live) clearTimeout(timer);
        if (step.done || over) return;
        const { lines, waiting = lines.length } = step.value;
        this.#queued = waiting;
        let kept: Kept;
        try {
          kept = await write(step.value);
          this.#queued = waiting - lines.length;
        } catch (error) {
          throw new StoreError(error instanceof Error ? error.message : String(error));
        }
        this.#cursor = step.value.cursor;
        this.#worked();
        await step.value.stored?.(kept);
        await pace.after(kept.read, abort.signal);
      }
    } finally {
      clearTimeout(timer);
      clearTimeout(steady);
      signal.removeEventListener('abort', end);
      abort.abort();
      this.#queued = 0;
      this.#say('');
      // A connector that hangs does not come back from this either: it is not waited for.
      void Promise.resolve(chunks.return?.()).catch(() => undefined);
    }
  }

  #say(note: string): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#options.changed();
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    this.#nextTry = now() + ms * 1000;
    this.#options.changed();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal.aborted) this.#wake();
    });
    this.#wake = () => undefined;
    this.#nextTry = null;
  }
}

/** microseconds UTC */
function now(): number {
  return Date.now() * 1000;
}
