/** The query workers of an open case, asked from the engine. */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { CheckReport } from '../../../shared/contract/cases.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { TableParts } from '../enrich/table.ts';
import type { Hit } from '../enrich/watch.ts';
import type { Committed } from '../store/case-store.ts';
import type { FromQuery, QueryRole, ToQuery } from './query-protocol.ts';
import { startWorker } from './start.ts';

/** A worker that is to end has this long for what it is at. */
const END_MS = 1500;

type Progress = (share: number, what: string) => void;
interface Asked {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  progress: Progress | undefined;
}

class QueryWorker {
  readonly worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #next = 1;
  #ended = false;
  readonly loaded: Promise<void>;

  constructor(role: QueryRole, file: string, workerDir: URL | string | undefined) {
    this.worker = startWorker('query', workerDir, { file, role });
    let ready = (): void => undefined;
    this.loaded = new Promise((resolve) => (ready = resolve));
    this.worker.on('message', (message: FromQuery) => {
      if (message.type === 'loaded') {
        ready();
        return;
      }
      const asked = this.#asked.get(message.id);
      if (message.type === 'progress') {
        asked?.progress?.(message.share, message.what);
        return;
      }
      this.#asked.delete(message.id);
      if ('error' in message) asked?.reject(new TidemarkError(message.error.code, message.error.message, message.error.position));
      else asked?.resolve(message.ok);
    });
    const ended = (reason: string): void => {
      this.#ended = true;
      ready();
      for (const asked of this.#asked.values()) asked.reject(new TidemarkError('internal', reason));
      this.#asked.clear();
    };
    this.worker.on('error', (error) => ended(`the query worker failed: ${error.message}`));
    this.worker.on('exit', () => ended('the query worker has ended'));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Lets it finish what it is at and close its connection; ends it by force when that takes long. */
  async end(): Promise<void> {
    if (this.#ended) return;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    this.send({ type: 'finish' });
    const force = setTimeout(() => void this.worker.terminate(), END_MS);
    await exited;
    clearTimeout(force);
  }

  send(message: ToQuery, transfer: MessagePort[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  async ask<R>(method: string, input: unknown, signal?: AbortSignal, progress?: Progress): Promise<R> {
    if (this.#ended) throw new TidemarkError('internal', 'the query worker has ended');
    const id = this.#next++;
    const onAbort = (): void => this.send({ type: 'cancel', id });
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<R>((resolve, reject) => {
        this.#asked.set(id, { resolve: resolve as (value: unknown) => void, reject, progress });
        this.send({ type: 'ask', id, method, input });
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

type LateRole = 'sql' | 'analyse';
interface Readers {
  search: QueryWorker;
  scan: QueryWorker;
}

/** Its workers are started with `start`, else with the first question. */
export class QueryPool {
  readonly #file: string;
  readonly #workerDir: URL | string | undefined;
  readonly #onLoaded: () => void;
  readonly #checks = new Set<QueryWorker>();
  #readers: Readers | null = null;
  /** those that are started when they are first needed */
  readonly #late = new Map<LateRole, Promise<QueryWorker>>();
  #closed = false;
  #asked = Number.NEGATIVE_INFINITY;

  /** `onLoaded`: the case is in memory, answers are complete from now on */
  constructor(file: string, workerDir: URL | string | undefined, onLoaded: () => void) {
    this.#file = file;
    this.#workerDir = workerDir;
    this.#onLoaded = onLoaded;
  }

  start(): void {
    this.#ready();
  }

  #ready(): Readers {
    if (this.#closed) throw new TidemarkError('no_case', 'The case has been closed.');
    if (this.#readers) return this.#readers;
    const search = new QueryWorker('search', this.#file, this.#workerDir);
    const scan = new QueryWorker('scan', this.#file, this.#workerDir);
    this.#readers = { search, scan };
    const { port1, port2 } = new MessageChannel();
    void search.loaded.then(async () => {
      try {
        if (!this.#closed) this.#onLoaded();
        await this.#share(scan);
        scan.send({ type: 'helper', port: port2 }, [port2]);
        search.send({ type: 'helper', port: port1 }, [port1]);
      } catch {
        // The case was closed meanwhile.
        port1.close();
        port2.close();
      }
    });
    return this.#readers;
  }

  /** Gives a starting worker everything that is in memory already. */
  async #share(worker: QueryWorker): Promise<void> {
    const everything = await this.#ready().search.ask<Omit<Extract<ToQuery, { type: 'committed' }>, 'type'>>('catalog', {});
    worker.send({ type: 'committed', ...everything });
  }

  /** Milliseconds since somebody asked; what can wait lets questions go first. */
  get quietFor(): number {
    return performance.now() - this.#asked;
  }

  /** Asks the search worker. */
  async ask<R>(method: string, input: unknown, signal?: AbortSignal): Promise<R> {
    this.#asked = performance.now();
    return await this.#ready().search.ask<R>(method, input, signal);
  }

  /** Runs SQL in a worker of its own, which is ended when the caller gives up or the time is over. */
  async sql<R>(method: string, input: unknown, signal: AbortSignal | undefined, timeoutMs: number): Promise<R> {
    const worker = await this.#started('sql');
    let timer: NodeJS.Timeout | undefined;
    const stopped = new Promise<never>((_, reject) => {
      const stop = (code: 'timeout' | 'cancelled', message: string): void => {
        this.#late.delete('sql');
        void worker.worker.terminate();
        reject(new TidemarkError(code, message));
      };
      timer = setTimeout(() => stop('timeout', `The statement took longer than ${timeoutMs / 1000} s and was stopped. Narrow it with a WHERE, or raise the limit.`), timeoutMs);
      signal?.addEventListener('abort', () => stop('cancelled', 'The statement was stopped.'), { once: true });
    });
    try {
      return await Promise.race([worker.ask<R>(method, input), stopped]);
    } finally {
      clearTimeout(timer);
      stopped.catch(() => undefined);
      if (worker.ended) this.#late.delete('sql');
    }
  }

  /**
   * Answers what takes long in a worker of its own, so that searches do not wait for it.
   * @param analysis a name of analysis/registry.ts
   */
  async analyse<R>(analysis: string, input: unknown, signal?: AbortSignal, progress?: Progress): Promise<R> {
    const worker = await this.#started('analyse');
    try {
      return await worker.ask<R>('analyse', { analysis, input }, signal, progress);
    } finally {
      if (worker.ended) this.#late.delete('analyse');
    }
  }

  #started(role: LateRole): Promise<QueryWorker> {
    let worker = this.#late.get(role);
    if (!worker) {
      worker = this.#start(role);
      this.#late.set(role, worker);
      worker.catch(() => this.#late.delete(role));
    }
    return worker;
  }
  async #start(role: LateRole): Promise<QueryWorker> {
    if (this.#closed) throw new TidemarkError('no_case', 'The case has been closed.');
    const worker = new QueryWorker(role, this.#file, this.#workerDir);
    // Where nobody searches yet, as on the command line, it need not wait for those who would.
    if (this.#readers) await this.#share(worker);
    else worker.send({ type: 'load' });
    return worker;
  }

  /** Reads the whole case in a worker of its own, which is ended when the caller gives up. */
  async check(signal: AbortSignal): Promise<CheckReport> {
    const worker = new QueryWorker('check', this.#file, this.#workerDir);
    this.#checks.add(worker);
    const end = (): void => void worker.worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await worker.ask<CheckReport>('check', {});
    } catch (error) {
      throw signal.aborted ? new TidemarkError('cancelled', 'The check was cancelled.') : error;
    } finally {
      signal.removeEventListener('abort', end);
      this.#checks.delete(worker);
      await worker.end();
    }
  }

  /** Tells all what the writer committed. Workers that start later find it in the case. */
  committed(what: Committed): void {
    this.#tell({ type: 'committed', ...what });
  }

  /** Says what stored events are to be compared with. */
  setIndicators(table: TableParts): void {
    this.#ready().scan.send({ type: 'indicators', table });
  }
  /** Compares the events of segments with those indicators. */
  async match(segments: readonly number[], signal: AbortSignal): Promise<{ segment: number; hits: Hit[] }[]> {
    return await this.#ready().scan.ask('match', { segments }, signal);
  }
  /** What is known of addresses, hosts and services is other than before. */
  lookupsChanged(): void {
    this.#tell({ type: 'lookups' });
  }
  /** Tells hits of segments, or of all. */
  hitsChanged(hits: [number, readonly Hit[]][], all: boolean): void {
    this.#tell({ type: 'hits', hits, all });
  }

  /** Tells that what rules matched in these segments, or in all, is other than before: it is read from the case when it is asked for. */
  ruleHitsChanged(segments: readonly number[] | null): void {
    this.#tell({ type: 'ruleHits', segments });
  }

  pinsChanged(): void {
    this.#tell({ type: 'pins' });
  }

  /** Templates were grouped anew, or patterns were merged or split. */
  patternsChanged(): void {
    this.#tell({ type: 'patterns' });
  }

  clocksChanged(): void {
    this.#tell({ type: 'clocks' });
  }

  #tell(message: ToQuery): void {
    this.#readers?.search.send(message);
    this.#readers?.scan.send(message);
    for (const late of this.#late.values()) void late.then((worker) => worker.send(message), () => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const late = await Promise.all([...this.#late.values()].map(async (worker) => await worker.catch(() => null)));
    const workers = [this.#readers?.search, this.#readers?.scan, ...late, ...this.#checks];
    await Promise.all(workers.map(async (worker) => await worker?.end()));
  }
}
