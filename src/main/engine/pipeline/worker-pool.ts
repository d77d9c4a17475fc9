/** The parse workers: hands out tasks, keeps each worker busy, and starts another one where one died. */
import os from 'node:os';
import type { Worker } from 'node:worker_threads';
import { newWorkerIds, type WorkerIds } from '../store/case-store.ts';
import type { FromWorker, Task, ToWorker } from '../workers/parse-protocol.ts';
import { startWorker } from '../workers/start.ts';

/** A worker gets its next task while it still works on this one, so that it never waits for the writer. */
const AHEAD = 2;

/** Workers leave a core to the window on large machines; on small ones both cores read. */
export function parseWorkers(): number {
  return Math.max(1, Math.min(8, os.availableParallelism() <= 2 ? 2 : os.availableParallelism() - 1));
}

interface Slot {
  worker: Worker;
  tasks: Map<number, (message: FromWorker) => void>;
  /** ids of this worker's names; a new worker starts with none */
  ids: WorkerIds;
}

export class WorkerPool {
  readonly #slots: Slot[] = [];
  readonly #workerDir: URL | string | undefined;
  #declared: { file: string; json: unknown }[] = [];
  #closed = false;
  /** called when a worker can take more */
  onRoom: () => void = () => undefined;

  constructor(size: number, workerDir: URL | string | undefined, declared: { file: string; json: unknown }[]) {
    this.#workerDir = workerDir;
    this.#declared = declared;
    for (let i = 0; i < size; i++) this.#slots.push(this.#start());
  }

  #start(): Slot {
    const slot: Slot = { worker: startWorker('parse', this.#workerDir, {}), tasks: new Map(), ids: newWorkerIds() };
    slot.worker.on('message', (message: FromWorker) => {
      const listener = slot.tasks.get(message.task);
      if (message.type === 'end') {
        slot.tasks.delete(message.task);
        listener?.(message);
        this.onRoom();
      } else listener?.(message);
    });
    slot.worker.on('error', (error) => this.#died(slot, error.message));
    slot.worker.on('exit', (code) => this.#died(slot, `the worker ended with code ${code}`));
    this.#send(slot, { type: 'init', declared: this.#declared });
    return slot;
  }

  #died(slot: Slot, reason: string): void {
    const index = this.#slots.indexOf(slot);
    if (index < 0 || this.#closed) return;
    this.#slots[index] = this.#start();
    for (const [task, listener] of slot.tasks) listener({ type: 'end', task, error: `reading stopped: ${reason}` });
    this.onRoom();
  }

  #send(slot: Slot, message: ToWorker): void {
    slot.worker.postMessage(message);
  }

  /** Whether some worker would take a task now. */
  get room(): boolean {
    return this.#slots.some((slot) => slot.tasks.size < AHEAD);
  }
  get inFlight(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.tasks.size, 0);
  }

  setDeclared(declared: { file: string; json: unknown }[]): void {
    this.#declared = declared;
    for (const slot of this.#slots) this.#send(slot, { type: 'init', declared });
  }

  /** Gives a task to the least busy worker. */
  give(task: Task, listener: (message: FromWorker, worker: { ids: WorkerIds; send: (message: ToWorker) => void }) => void): void {
    const slot = this.#slots.reduce((best, candidate) => (candidate.tasks.size < best.tasks.size ? candidate : best));
    const handle = { ids: slot.ids, send: (message: ToWorker): void => this.#send(slot, message) };
    slot.tasks.set(task.task, (message) => listener(message, handle));
    this.#send(slot, { type: 'task', task });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#slots.map(async (slot) => await slot.worker.terminate()));
  }
}
