/**
 * The parse workers: hands out tasks, keeps each worker busy, and starts another one where one died.
 *
 * Files and connections are kept apart (bulkhead; Nygard, "Release It!", 2007): a large archive may keep every worker for minutes, and what is live must not
 * wait for it. Short tasks wait in one line for a worker of their own, or for one that has nothing to do. A connection has one chunk on its way at
 * most, so the line gives each a turn, however much one of them brings.
 */
import os from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Worker } from 'node:worker_threads';
import type { TableParts } from '../enrich/table.ts';
import { newWorkerIds, type WorkerIds } from '../store/case-store.ts';
import { fileError } from '../store/database.ts';
import type { DeclaredFile, FromWorker, NewTask, Task, ToWorker } from '../workers/parse-protocol.ts';
import { startWorker } from '../workers/start.ts';

/** A worker gets its next task while it still works on this one, so that it never waits for the writer. */
const AHEAD = 2;
/** bytes of a file that is read or hashed in one task, from which on that takes long */
const LONG = 8 << 20;

/** Workers leave a core to the window on large machines; on small ones both cores read. */
export function parseWorkers(): number {
  return Math.max(1, Math.min(8, os.availableParallelism() <= 2 ? 2 : os.availableParallelism() - 1));
}

/** The worker that has a task. */
export interface WorkerHandle {
  /** ids of its names; a new worker starts with none */
  ids: WorkerIds;
  send(message: ToWorker): void;
}

type Listener = (message: FromWorker, worker: WorkerHandle) => void;
/** What is to be stored of a task. */
export type Built = Extract<FromWorker, { type: 'batch' | 'samples' }>;

interface Slot {
  worker: Worker;
  tasks: Map<number, { listener: (message: FromWorker) => void; weight: number }>;
  ids: WorkerIds;
}

/** A worker has room below AHEAD. Nothing is queued behind what takes long: a range there would keep those after it from being committed. */
function weightOf(task: Task): number {
  return (task.kind === 'file' || task.kind === 'hash') && task.size > LONG ? AHEAD : 1;
}
/** What somebody waits for and takes a moment: what a connection brought, dead letters that are tried again. */
function isShort(task: Task): boolean {
  return task.kind === 'lines' || task.kind === 'retry';
}
function load(slot: Slot): number {
  let sum = 0;
  for (const { weight } of slot.tasks.values()) sum += weight;
  return sum;
}

export class WorkerPool {
  readonly #slots: Slot[] = [];
  /** for short tasks; started when one finds no worker that has nothing to do */
  #own: Slot | null = null;
  readonly #line: { task: Task; listener: Listener }[] = [];
  readonly #workerDir: URL | string | undefined;
  #declared: readonly DeclaredFile[] = [];
  #indicators: TableParts | null = null;
  #closed = false;
  #nextTask = 1;
  /** called when a worker can take more */
  onRoom: () => void = () => undefined;

  constructor(size: number, workerDir: URL | string | undefined) {
    this.#workerDir = workerDir;
    for (let i = 0; i < size; i++) this.#slots.push(this.#start());
  }

  #start(): Slot {
    const slot: Slot = { worker: startWorker('parse', this.#workerDir, {}), tasks: new Map(), ids: newWorkerIds() };
    slot.worker.on('message', (message: FromWorker) => {
      const task = slot.tasks.get(message.task);
      if (message.type === 'end') slot.tasks.delete(message.task);
      task?.listener(message);
      if (message.type === 'end') this.#room();
    });
    slot.worker.on('error', (error) => this.#died(slot, error.message));
    slot.worker.on('exit', (code) => this.#died(slot, `the worker ended with code ${code}`));
    if (this.#indicators) this.#send(slot, { type: 'indicators', table: this.#indicators });
    if (this.#declared.length > 0) this.#send(slot, { type: 'formats', declared: this.#declared });
    return slot;
  }

  #died(slot: Slot, reason: string): void {
    const index = this.#slots.indexOf(slot);
    if ((index < 0 && slot !== this.#own) || this.#closed) return;
    if (index < 0) this.#own = null;
    else this.#slots[index] = this.#start();
    for (const [task, { listener }] of slot.tasks) listener({ type: 'end', task, error: `reading stopped: ${reason}` });
    this.#room();
  }

  /** A worker can take more: those in line first, each is through in a moment. */
  #room(): void {
    this.#serve();
    this.onRoom();
  }

  #send(slot: Slot, message: ToWorker): void {
    slot.worker.postMessage(message);
  }

  get #all(): Slot[] {
    return this.#own ? [...this.#slots, this.#own] : this.#slots;
  }

  /** Whether some worker would take a task now. */
  get room(): boolean {
    return this.#slots.some((slot) => load(slot) < AHEAD);
  }
  get inFlight(): number {
    return this.#all.reduce((sum, slot) => sum + slot.tasks.size, this.#line.length);
  }

  /** The declared formats of the tasks to come. */
  setDeclared(declared: readonly DeclaredFile[]): void {
    if (isDeepStrictEqual(declared, this.#declared)) return;
    this.#declared = declared;
    for (const slot of this.#all) this.#send(slot, { type: 'formats', declared });
  }

  /** What the events of tasks to come are compared with. */
  setIndicators(table: TableParts | null): void {
    if (table === this.#indicators) return;
    this.#indicators = table;
    for (const slot of this.#slots) this.#send(slot, { type: 'indicators', table });
  }

  /** Lets the workers prepare for their first task while there is none. */
  prepare(): void {
    for (const slot of this.#slots) this.#send(slot, { type: 'prepare' });
  }

  /**
   * Gives a task to the least busy worker, or a short one to the end of their line. `cancel`: Int32Array(1) that becomes non-zero to have it
   * given up.
   */
  give(unnumbered: NewTask, cancel: SharedArrayBuffer, listener: Listener): void {
    const task: Task = { ...unnumbered, task: this.#nextTask++, cancel };
    if (isShort(task)) {
      this.#line.push({ task, listener });
      this.#serve();
    } else {
      this.#hand(this.#slots.reduce((best, candidate) => (load(candidate) < load(best) ? candidate : best)), task, listener);
    }
  }

  /**
   * Has a task done that nobody gives up; resolves when it has ended.
   * @param take stores what came of it in the case `file`
   * @throws TidemarkError for what `take` throws; Error with what the worker says
   */
  async run(task: NewTask, file: string, take: (built: Built, worker: WorkerHandle) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.give(task, new SharedArrayBuffer(4), (message, worker) => {
        if (message.type === 'end') {
          if (message.error) reject(new Error(message.error));
          else resolve();
        }
        if (message.type !== 'batch' && message.type !== 'samples') return;
        try {
          take(message, worker);
        } catch (error) {
          reject(fileError(error, file));
        }
      });
    });
  }

  #serve(): void {
    while (this.#line.length > 0) {
      // Never behind another one: who stands there would miss turns that go to those who came later.
      const slot = this.#slots.find(({ tasks }) => tasks.size === 0) ?? (this.#own ??= this.#start());
      if (slot.tasks.size > 0) return;
      const next = this.#line.shift();
      if (next) this.#hand(slot, next.task, next.listener);
    }
  }

  #hand(slot: Slot, task: Task, listener: Listener): void {
    const handle: WorkerHandle = { ids: slot.ids, send: (message: ToWorker): void => this.#send(slot, message) };
    slot.tasks.set(task.task, { listener: (message) => listener(message, handle), weight: weightOf(task) });
    this.#send(slot, { type: 'task', task });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#all.map(async (slot) => await slot.worker.terminate()));
  }
}
