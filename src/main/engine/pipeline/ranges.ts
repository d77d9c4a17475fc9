/** Plain files read in ranges by all workers at once, committed in the order of the file, hashed on the way. */
import type { WorkerIds, CaseStore } from '../store/case-store.ts';
import type { FromWorker, NewTask } from '../workers/parse-protocol.ts';
import type { BuiltBatch } from './batch.ts';
import { allCommitted, halfGiven, type FileEntry, type Job, type Part, type RangedReading, type Reading } from './job.ts';
import type { WorkerHandle } from './worker-pool.ts';

/** Smaller files are read in one task. */
export const LEAST_RANGED = 512 << 10;
/** The first range is small so that the first rows are there at once; the others are large enough to fill segments. */
const FIRST_RANGE = 96 << 10;
const RANGE = 8 << 20;
/** Ranges that may wait for one before them to be committed. */
const MAX_WAITING = 8;

/** What the manager does for it. */
export interface RangesContext {
  store: CaseStore;
  give(job: Job, path: string, task: NewTask, on: (message: FromWorker, worker: WorkerHandle) => void): void;
  giveHash(job: Job, file: FileEntry, size: number, then: { known(sha256: string): void; failed(error: string): void }): void;
  commit(job: Job, reading: Reading, ids: WorkerIds, batch: BuiltBatch, end: number, part: Part): void;
  /** there may be more to hand out */
  pump(): void;
  /** a reading is through, or was given up */
  ended(job: Job, reading: RangedReading, state: 'done' | 'failed', error: string): void;
}

export class Ranges {
  readonly #context: RangesContext;

  constructor(context: RangesContext) {
    this.#context = context;
  }

  /** Hands out one task of a job's ranged files; false when there is none to hand out now. */
  giveNext(job: Job): boolean {
    // Hashing a big file takes a while, so it begins in the middle of reading: at its end all workers would wait for one.
    const half = job.ranges.find((reading) => !reading.hashAsked && halfGiven(reading));
    if (half) {
      this.#giveHash(job, half);
      return true;
    }
    for (const reading of job.ranges) {
      const part = reading.parts.find(({ nextStart, end, waiting }) => nextStart < end && waiting.size < MAX_WAITING);
      if (!part) continue;
      this.#giveRange(job, reading, part);
      return true;
    }
    return false;
  }

  #giveRange(job: Job, reading: RangedReading, part: Part): void {
    const index = part.nextIndex++;
    const start = part.nextStart;
    const stopAt = Math.min(part.end, start + (index === 0 ? FIRST_RANGE : RANGE));
    part.nextStart = stopAt;
    part.inFlight++;
    const { path } = reading.file;
    const { modified, format, head } = reading.message;
    this.#context.give(job, path, { kind: 'range', path, shownPath: path, modified, options: { ...job.options, format }, head, start, stopAt, size: part.end }, (message, worker) => {
      if (message.type === 'batch') {
        part.waiting.set(index, { batch: message.batch, end: Math.max(message.end, stopAt), ids: worker.ids });
        this.#commitInOrder(job, reading, part);
      } else if (message.type === 'end') {
        part.inFlight--;
        if (message.error) this.#fail(job, reading, message.error);
        else this.#endIfThrough(job, reading);
      }
    });
  }

  #commitInOrder(job: Job, reading: RangedReading, part: Part): void {
    for (let next = part.waiting.get(part.commitIndex); next; next = part.waiting.get(part.commitIndex)) {
      if (job.cancelled) return;
      part.waiting.delete(part.commitIndex);
      part.commitIndex++;
      // The checkpoint is where the next record starts, which may lie behind the border of the range.
      this.#context.commit(job, reading, next.ids, next.batch, next.end, part);
      job.bytes += Math.max(0, next.end - part.committedTo);
      part.committedTo = next.end;
      this.#context.pump();
    }
  }

  #giveHash(job: Job, reading: RangedReading): void {
    reading.hashAsked = true;
    this.#context.giveHash(job, reading.file, reading.file.size, {
      known: (sha256) => {
        reading.sha256 = sha256;
        this.#endIfThrough(job, reading);
      },
      failed: (error) => this.#fail(job, reading, error),
    });
  }

  #endIfThrough(job: Job, reading: RangedReading): void {
    if (job.cancelled || !job.ranges.includes(reading) || reading.sha256 === null || !allCommitted(reading)) return;
    const { store, ended } = this.#context;
    if (store.holes(reading.source).length > 0) {
      ended(job, reading, 'failed', 'a lost part of it could not be read again');
      return;
    }
    store.setHash(reading.source, reading.sha256, reading.file.size);
    ended(job, reading, 'done', '');
  }

  #fail(job: Job, reading: RangedReading, error: string): void {
    if (!job.cancelled && job.ranges.includes(reading)) this.#context.ended(job, reading, 'failed', error);
  }
}
