/**
 * The ingest manager: hands the files of its jobs to parse workers, and commits what they read in the right order. Big plain files
 * of formats that can be entered in the middle are read in ranges by all workers at once; everything else is one task a file.
 * Batches of a source are committed strictly in the order of the file, so one checkpoint says all.
 */
import type { IngestOptions, IngestSummary, JobStatus } from '../../../shared/contract/ingest.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { discover } from '../connectors/files/discover.ts';
import { fileError } from '../store/database.ts';
import type { Committed, SourceRow, WorkerIds } from '../store/case-store.ts';
import type { SeriesStore } from '../store/series-store.ts';
import type { FromWorker, MemberAnswer, MemberFound, NewTask } from '../workers/parse-protocol.ts';
import { admit, type Custody } from './admit.ts';
import type { BuiltBatch } from './batch.ts';
import { Job, newPart, type FileEntry, type Part, type Reading } from './job.ts';
import { LEAST_RANGED, Ranges } from './ranges.ts';
import { FilesUnderWay } from './under-way.ts';
import type { BuiltSamples } from './sample-builder.ts';
import type { WorkerHandle, WorkerPool } from './worker-pool.ts';

export interface IngestContext extends Custody {
  pool: WorkerPool;
  /** called before a job begins: declared formats may have changed */
  refreshFormats(): void;
  committed(what: Committed): void;
  progress(status: JobStatus): void;
  sourcesChanged(): void;
  series: SeriesStore;
  samplesCommitted(): void;
}

export class Ingest {
  readonly #context: IngestContext;
  readonly #jobs: Job[] = [];
  readonly #underWay = new FilesUnderWay();
  readonly #ranges: Ranges;
  #nextJob = 1;

  constructor(context: IngestContext) {
    this.#context = context;
    context.pool.onRoom = () => this.#pump();
    this.#ranges = new Ranges({
      store: context.store,
      give: (...task) => this.#give(...task),
      giveHash: (...hash) => this.#giveHash(...hash),
      commit: (...batch) => this.#commit(...batch),
      pump: () => this.#pump(),
      ended: (job, reading, state, error) => {
        job.ranges = job.ranges.filter((candidate) => candidate !== reading);
        job.filesDone++;
        this.#underWay.leave(reading.file);
        this.#setState(job, reading.source, state, error);
      },
    });
  }

  /** Starts a job over files and folders. */
  start(paths: string[], options: IngestOptions): number {
    this.#context.refreshFormats();
    const job = new Job(this.#nextJob++, options);
    this.#jobs.unshift(job);
    void this.#discover(job, paths);
    return job.id;
  }

  async #discover(job: Job, paths: string[]): Promise<void> {
    const abort = new AbortController();
    try {
      for await (const found of discover(paths, { signal: abort.signal })) {
        if (job.cancelled) abort.abort();
        if (found.kind === 'problem') job.problems.push({ path: found.path, error: found.message });
        else {
          job.files.push({ path: found.path, size: found.size, modified: found.modified });
          job.totalBytes += found.size;
          this.#pump();
        }
      }
    } catch (error) {
      if (!job.cancelled) job.problems.push({ path: paths.join(', '), error: fileError(error, paths[0]).message });
    }
    job.discovering = false;
    this.#pump();
    this.#settle(job);
  }

  #job(id: number): Job {
    const job = this.#jobs.find((candidate) => candidate.id === id);
    if (!job) throw new TidemarkError('not_found', `There is no job ${id}.`);
    return job;
  }

  pause(id: number): void {
    const job = this.#job(id);
    if (job.state !== 'running') return;
    job.stop('paused');
    this.#report(job, true);
  }

  resume(id: number): void {
    const job = this.#job(id);
    if (job.state !== 'paused') return;
    job.resume();
    for (const go of job.held.splice(0)) go();
    this.#pump();
    this.#report(job, true);
    // Everything may have been read before the pause took hold.
    this.#settle(job);
  }

  cancel(id: number): void {
    const job = this.#job(id);
    if (job.state === 'running' || job.state === 'paused') this.#stop(job, 'cancelled', '');
  }

  /** Ends a job early: workers give up, what is committed stays, sources can be continued. */
  #stop(job: Job, state: 'cancelled' | 'failed', error: string): void {
    job.stop(state);
    job.error = error;
    Atomics.store(job.cancel, 0, 1);
    for (const go of job.held.splice(0)) go();
    this.#settle(job);
    this.#report(job, true);
  }

  statuses(): JobStatus[] {
    return this.#jobs.map((job) => job.status());
  }

  async finished(id: number): Promise<IngestSummary> {
    const job = this.#job(id);
    await job.done;
    if (job.state === 'failed') throw new TidemarkError(job.errorCode, job.error);
    return job.summary(this.#context.store);
  }

  get busy(): boolean {
    return this.#jobs.some((job) => job.state === 'running' || job.state === 'paused');
  }

  /** Cancels everything and waits until no worker works for it any more. */
  async close(): Promise<void> {
    for (const job of this.#jobs) this.cancel(job.id);
    await Promise.all(this.#jobs.map(async (job) => await job.done));
  }

  // ---- handing out work

  #pump(): void {
    const { pool } = this.#context;
    for (const job of this.#jobs) {
      if (job.state !== 'running') continue;
      while (pool.room && (this.#ranges.giveNext(job) || this.#giveNextFile(job)));
    }
  }

  /** Gives a task of a job to a worker. Every task ends with one 'end'. */
  #give(job: Job, path: string, task: NewTask, on: (message: FromWorker, worker: WorkerHandle) => void): void {
    job.tasks++;
    this.#context.pool.give(task, job.cancel.buffer as SharedArrayBuffer, (message, worker) => {
      if (message.type === 'end') job.tasks--;
      try {
        on(message, worker);
      } catch (error) {
        this.#broken(job, error, path);
      }
      if (message.type === 'end') this.#settle(job);
      this.#report(job);
    });
  }

  #giveNextFile(job: Job): boolean {
    const file = job.nextFile();
    if (file) this.#giveFile(job, file);
    return file !== undefined;
  }

  #giveFile(job: Job, file: FileEntry): void {
    const { path, size, modified } = file;
    /** sources of this file that are being read, by suffix */
    const open = new Map<string, Reading>();
    job.current = file.path;
    let met = false;
    // What goes on when this task ends: ranges, a hash, or the whole file later.
    let hashing = false;
    let ranged = false;
    let later = false;
    let counted = 0;
    this.#give(job, path, { kind: 'file', path, size, modified, options: job.options }, (message, worker) => {
      switch (message.type) {
        case 'member': {
          if (!met) later = !this.#underWay.enter(file, message, () => this.#again(job, file));
          met = true;
          if (later) job.waiting++;
          const answer: MemberAnswer = later ? { action: 'later' } : this.#member(job, file, message, open);
          ranged ||= answer.action === 'ranges';
          worker.send({ type: 'answer', task: message.task, answer });
          if (ranged) this.#pump();
          break;
        }
        case 'batch': {
          const reading = open.get(message.suffix);
          if (reading && !job.cancelled) this.#commit(job, reading, worker.ids, message.batch, message.end);
          this.#grant(job, () => worker.send({ type: 'credit', task: message.task }));
          // Bytes of compressed files cannot be told from the stream; plain ones can.
          if (message.suffix === '' && file.size > 0) {
            const now = Math.min(file.size, message.end);
            job.bytes += Math.max(0, now - counted);
            counted = Math.max(counted, now);
          }
          break;
        }
        case 'samples': {
          const reading = open.get(message.suffix);
          if (reading && !job.cancelled) this.#commitSamples(job, reading, message.batch);
          this.#grant(job, () => worker.send({ type: 'credit', task: message.task }));
          break;
        }
        case 'member-end':
          hashing ||= this.#memberEnd(job, message, open);
          break;
        case 'end':
          if (later) break;
          if (!hashing && !ranged) this.#underWay.leave(file);
          if (!ranged) {
            job.filesDone++;
            job.bytes += file.size - counted;
          }
          if (message.error) this.#fail(job, file, open, message.error);
          break;
        case 'hash':
          break;
      }
    });
  }

  /** A file that waited for its twin may be looked at. */
  #again(job: Job, file: FileEntry): void {
    job.waiting--;
    job.again.push(file);
    this.#pump();
  }

  /** Grants a stream more credit, or keeps it back while the job is paused. */
  #grant(job: Job, go: () => void): void {
    if (job.state === 'paused') job.held.push(go);
    else go();
  }

  /** Custody of a plain file that was read in one task. The source is done when its hash is known. */
  #hashRead(job: Job, source: number, file: FileEntry, size: number): void {
    this.#giveHash(job, file, size, {
      known: (sha256) => {
        this.#context.store.setHash(source, sha256, size);
        this.#setState(job, source, 'done', '');
        this.#underWay.leave(file);
      },
      failed: (error) => {
        this.#setState(job, source, 'failed', error);
        this.#underWay.leave(file);
      },
    });
  }

  /** SHA-256 of the first `size` bytes: exactly what is read of a plain file. */
  #giveHash(job: Job, file: FileEntry, size: number, then: { known: (sha256: string) => void; failed: (error: string) => void }): void {
    this.#give(job, file.path, { kind: 'hash', path: file.path, size }, (message) => {
      // What is read in ranges is given up when all of them have ended.
      if (job.cancelled && message.type === 'end' && !job.ranges.some((reading) => reading.file === file)) this.#underWay.leave(file);
      if (job.cancelled) return;
      if (message.type === 'hash' && message.sha256 !== '') then.known(message.sha256);
      else if (message.type === 'hash') then.failed('the file became shorter while it was read');
      else if (message.type === 'end' && message.error) then.failed(message.error);
    });
  }

  // ---- what workers find

  #member(job: Job, file: FileEntry, message: MemberFound, open: Map<string, Reading>): MemberAnswer {
    const admission = admit(this.#context, job, file, message);
    if (admission.action === 'end') {
      this.#setState(job, admission.source, admission.state, admission.error);
      return { action: 'skip' };
    }
    if (admission.action === 'verify' || admission.action === 'skip') return admission;
    const { source, from } = admission;
    this.#setState(job, source, 'reading', '');
    const parts = admission.action === 'fill' ? admission.holes.map((hole) => newPart(hole.start, Math.min(hole.stop, file.size), hole)) : [];
    if (admission.action === 'fill' || (message.plain && message.parallel && file.size - from > LEAST_RANGED)) {
      if (from < file.size) parts.push(newPart(from, file.size, null));
      job.ranges.push({ source, file, message, parts, hashAsked: false, sha256: null });
      return { action: 'ranges' };
    }
    // Samples of a reading that was cut short are read again from the start of the file.
    if (message.signal === 'metrics') this.#context.series.clear(source);
    open.set(message.suffix, { source, file, message });
    return { action: 'read', from };
  }

  /** Returns whether a hash goes on. */
  #memberEnd(job: Job, message: FromWorker & { type: 'member-end' }, open: Map<string, Reading>): boolean {
    const reading = open.get(message.suffix);
    open.delete(message.suffix);
    if (!reading || job.cancelled) return false;
    if (message.error) this.#setState(job, reading.source, 'failed', message.error);
    else if (reading.message.plain) {
      this.#hashRead(job, reading.source, reading.file, message.bytes);
      return true;
    } else this.#setState(job, reading.source, 'done', '');
    return false;
  }

  #commit(job: Job, reading: Reading, ids: WorkerIds, batch: BuiltBatch, end: number, part?: Part): void {
    const { store } = this.#context;
    const hole = part?.hole;
    const committed = hole ? store.commitHole(reading.source, ids, batch, hole, Math.min(end, hole.stop)) : store.commit(reading.source, ids, batch, end);
    if (part && hole) part.hole = { start: Math.min(end, hole.stop), stop: hole.stop };
    job.count(batch);
    job.current = reading.file.path + reading.message.suffix;
    if (committed.segments.length > 0 || batch.rejects.length > 0) this.#context.committed(committed);
  }

  #commitSamples(job: Job, reading: Reading, batch: BuiltSamples): void {
    this.#context.series.commit(reading.source, batch);
    job.countSamples(batch);
    job.current = reading.file.path + reading.message.suffix;
    this.#context.samplesCommitted();
  }

  // ---- ends, good and bad

  #fail(job: Job, file: FileEntry, open: Map<string, Reading>, error: string): void {
    if (open.size === 0) job.problems.push({ path: file.path, error });
    for (const reading of open.values()) this.#setState(job, reading.source, 'failed', error);
    open.clear();
  }

  /** The store cannot take more: stop cleanly, keep what is committed. */
  #broken(job: Job, error: unknown, path: string): void {
    if (job.state !== 'running' && job.state !== 'paused') return;
    const reason = fileError(error, this.#context.store.db.name);
    job.errorCode = reason.code;
    this.#stop(job, 'failed', reason.code === 'internal' ? `${path}: ${reason.message}` : reason.message);
  }

  #setState(job: Job, source: number, state: SourceRow['state'], error: string): void {
    this.#context.store.setState(source, state, error);
    job.setError(source, error);
    this.#context.sourcesChanged();
  }

  /** Ends the job when nothing of it is left. */
  #settle(job: Job): void {
    if (job.tasks > 0 || job.discovering || job.state === 'paused') return;
    if (job.state === 'running') {
      if (!job.through) return;
      job.stop('done');
    }
    // Sources that were under way when the job was stopped can be continued.
    try {
      for (const id of job.touched) {
        const source = this.#context.store.source(id);
        if (source && (source.state === 'reading' || source.state === 'waiting')) this.#context.store.setState(id, 'stopped', job.error || 'reading was cancelled; continue to read the rest');
      }
    } catch {
      // The disk may be too full even for this; the states are settled when the case is opened next.
    }
    for (const reading of job.ranges.splice(0)) this.#underWay.leave(reading.file);
    this.#context.sourcesChanged();
    job.finish();
    this.#report(job, true);
  }

  #report(job: Job, now = false): void {
    const at = performance.now();
    if (!now && at - job.lastProgress < 100) return;
    job.lastProgress = at;
    this.#context.progress(job.status());
  }
}
