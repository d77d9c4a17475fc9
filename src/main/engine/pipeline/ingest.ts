/**
 * The ingest manager: jobs, their files, and the order in which what workers read is committed. Big plain files of formats that can
 * be entered in the middle are read in ranges by all workers at once; everything else is one task a file. Batches of a source are
 * committed strictly in the order of the file, so one checkpoint says all.
 */
import { createHash } from 'node:crypto';
import type { Ledger } from '../../../shared/event.ts';
import type { IngestOptions, IngestSummary, JobStatus } from '../../../shared/contract/ingest.ts';
import { TidemarkError, type ErrorCode } from '../../../shared/contract/rpc.ts';
import { discover } from '../connectors/files/discover.ts';
import { fileError } from '../store/database.ts';
import type { CaseStore, Committed, SourceRow, WorkerIds } from '../store/case-store.ts';
import type { Stretch } from '../store/holes.ts';
import type { FromWorker, MemberAnswer, MemberFound, RangeTask, Task } from '../workers/parse-protocol.ts';
import type { BuiltBatch } from './batch.ts';
import { Rate } from './rate.ts';
import type { WorkerPool } from './worker-pool.ts';

/** The first range is small so that the first rows are there at once; the others are large enough to fill segments. */
const FIRST_RANGE = 256 << 10;
const RANGE = 8 << 20;
const HEAD_IDENTITY = 4096;

export interface IngestContext {
  store: CaseStore;
  pool: WorkerPool;
  user: string;
  toolVersion: string;
  /** definition of a declared format, null for a built-in one */
  declaredOf(format: string): string | null;
  committed(what: Committed): void;
  progress(status: JobStatus): void;
  sourcesChanged(): void;
}

interface FileEntry {
  path: string;
  size: number;
  modified: number;
}

/** A source being read in this job. */
interface Reading {
  source: number;
  file: FileEntry;
  message: MemberFound;
  options: IngestOptions;
  /** plain file in ranges: where the next range starts, which range is committed next, finished ones waiting for their turn */
  nextStart: number;
  nextIndex: number;
  commitIndex: number;
  waiting: Map<number, { batch: BuiltBatch; end: number; ids: WorkerIds }>;
  inFlight: number;
  /** stream offset up to which it is committed, for the progress */
  committedTo: number;
  end: number;
  /** the lost stretch that is read again; null = the source is read on from its checkpoint */
  hole: Stretch | null;
}

interface Job {
  id: number;
  options: IngestOptions;
  cancel: Int32Array;
  state: JobStatus['state'];
  error: string;
  errorCode: ErrorCode;
  startedAt: number;
  worked: number;
  since: number;
  files: FileEntry[];
  nextFile: number;
  filesDone: number;
  discovering: boolean;
  current: string;
  bytes: number;
  totalBytes: number;
  ledger: Ledger;
  ranges: Reading[];
  tasks: number;
  held: (() => void)[];
  touched: Map<number, { before: Ledger; error: string }>;
  problems: { path: string; error: string }[];
  rate: Rate;
  lastProgress: number;
  done: Promise<void>;
  finish: () => void;
}

export class Ingest {
  readonly #context: IngestContext;
  readonly #jobs: Job[] = [];
  #nextJob = 1;
  #nextTask = 1;

  constructor(context: IngestContext) {
    this.#context = context;
    context.pool.onRoom = () => this.#pump();
  }

  /** Starts a job over files and folders. */
  start(paths: string[], options: IngestOptions): number {
    const job = this.#newJob(options);
    void this.#discover(job, paths);
    return job.id;
  }

  #newJob(options: IngestOptions): Job {
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    const job: Job = {
      id: this.#nextJob++,
      options,
      cancel: new Int32Array(new SharedArrayBuffer(4)),
      state: 'running',
      error: '',
      errorCode: 'internal',
      startedAt: Date.now() * 1000,
      worked: 0,
      since: performance.now(),
      files: [],
      nextFile: 0,
      filesDone: 0,
      discovering: true,
      current: '',
      bytes: 0,
      totalBytes: 0,
      ledger: { read: 0, stored: 0, duplicates: 0, rejected: 0 },
      ranges: [],
      tasks: 0,
      held: [],
      touched: new Map(),
      problems: [],
      rate: new Rate(),
      lastProgress: 0,
      done,
      finish,
    };
    this.#jobs.unshift(job);
    return job;
  }

  async #discover(job: Job, paths: string[]): Promise<void> {
    const abort = new AbortController();
    try {
      for await (const found of discover(paths, { signal: abort.signal })) {
        if (job.cancel[0]) abort.abort();
        if (found.kind === 'problem') job.problems.push({ path: found.path, error: found.message });
        else {
          job.files.push({ path: found.path, size: found.size, modified: found.modified });
          job.totalBytes += found.size;
          this.#pump();
        }
      }
    } catch (error) {
      if (!job.cancel[0]) job.problems.push({ path: paths.join(', '), error: fileError(error, paths[0]).message });
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
    job.state = 'paused';
    job.worked += performance.now() - job.since;
    this.#report(job, true);
  }

  resume(id: number): void {
    const job = this.#job(id);
    if (job.state !== 'paused') return;
    job.state = 'running';
    job.since = performance.now();
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
    if (job.state === 'running') job.worked += performance.now() - job.since;
    job.state = state;
    job.error = error;
    Atomics.store(job.cancel, 0, 1);
    for (const go of job.held.splice(0)) go();
    this.#settle(job);
    this.#report(job, true);
  }

  statuses(): JobStatus[] {
    return this.#jobs.map((job) => this.#status(job));
  }

  async finished(id: number): Promise<IngestSummary> {
    const job = this.#job(id);
    await job.done;
    if (job.state === 'failed') throw new TidemarkError(job.errorCode, job.error);
    return this.#summary(job);
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
      while (pool.room) {
        const reading = job.ranges.find((candidate) => candidate.nextStart < candidate.end && candidate.waiting.size < 8);
        if (reading) this.#giveRange(job, reading);
        else if (job.nextFile < job.files.length) this.#giveFile(job, job.files[job.nextFile++]);
        else break;
      }
    }
  }

  #giveFile(job: Job, file: FileEntry): void {
    const task: Task = { kind: 'file', task: this.#nextTask++, path: file.path, size: file.size, modified: file.modified, options: job.options, cancel: job.cancel.buffer as SharedArrayBuffer };
    const open = new Map<string, Reading>();
    job.tasks++;
    job.current = file.path;
    let ranged = false;
    let counted = 0;
    this.#context.pool.give(task, (message, worker) => {
      try {
        switch (message.type) {
          case 'member': {
            const answer = this.#member(job, file, message, open);
            ranged ||= answer.action === 'ranges';
            worker.send({ type: 'answer', task: task.task, answer });
            if (answer.action === 'ranges') this.#pump();
            break;
          }
          case 'batch': {
            const reading = open.get(message.suffix);
            if (reading && job.cancel[0] === 0) this.#commit(job, reading, worker.ids, message.batch, message.end);
            this.#grant(job, () => worker.send({ type: 'credit', task: task.task }));
            // Bytes of compressed files cannot be told from the stream; plain ones can.
            if (message.suffix === '' && file.size > 0) {
              const now = Math.min(file.size, message.end);
              job.bytes += Math.max(0, now - counted);
              counted = Math.max(counted, now);
            }
            break;
          }
          case 'member-end':
            this.#memberEnd(job, file, message, open);
            break;
          case 'end': {
            job.tasks--;
            if (message.error) this.#fail(job, file, open, message.error);
            if (!ranged) {
              job.filesDone++;
              job.bytes += file.size - counted;
            }
            this.#settle(job);
            break;
          }
          case 'hash':
            break;
        }
      } catch (error) {
        this.#broken(job, error, file.path);
      }
      this.#report(job);
    });
  }

  /** Grants a stream more credit, or keeps it back while the job is paused. */
  #grant(job: Job, go: () => void): void {
    if (job.state === 'paused') job.held.push(go);
    else go();
  }

  #giveRange(job: Job, reading: Reading): void {
    const index = reading.nextIndex++;
    const start = reading.nextStart;
    const stopAt = Math.min(reading.end, start + (index === 0 ? FIRST_RANGE : RANGE));
    reading.nextStart = stopAt;
    reading.inFlight++;
    job.tasks++;
    const task: RangeTask = {
      kind: 'range',
      task: this.#nextTask++,
      path: reading.file.path,
      shownPath: reading.file.path,
      modified: reading.message.modified,
      options: { ...job.options, format: reading.message.format },
      head: reading.message.head,
      start,
      stopAt,
      size: reading.end,
      cancel: job.cancel.buffer as SharedArrayBuffer,
    };
    this.#context.pool.give(task, (message, worker) => {
      try {
        if (message.type === 'batch') {
          reading.waiting.set(index, { batch: message.batch, end: Math.max(message.end, stopAt), ids: worker.ids });
          this.#commitInOrder(job, reading);
        } else if (message.type === 'end') {
          job.tasks--;
          reading.inFlight--;
          if (message.error) this.#failReading(job, reading, message.error);
          else this.#rangeDone(job, reading);
          this.#settle(job);
        }
      } catch (error) {
        this.#broken(job, error, reading.file.path);
      }
      this.#report(job);
    });
  }

  #commitInOrder(job: Job, reading: Reading): void {
    for (let next = reading.waiting.get(reading.commitIndex); next; next = reading.waiting.get(reading.commitIndex)) {
      if (job.cancel[0] !== 0) return;
      reading.waiting.delete(reading.commitIndex);
      reading.commitIndex++;
      // The checkpoint is where the next record starts, which may lie behind the border of the range.
      this.#commit(job, reading, next.ids, next.batch, next.end);
      job.bytes += Math.max(0, next.end - reading.committedTo);
      reading.committedTo = next.end;
      this.#pump();
    }
  }

  #rangeDone(job: Job, reading: Reading): void {
    if (job.cancel[0] !== 0 || reading.inFlight > 0 || reading.nextStart < reading.end || reading.waiting.size > 0) return;
    job.ranges = job.ranges.filter((candidate) => candidate !== reading);
    // Of a source with lost stretches each is read on its own.
    if (job.ranges.some((candidate) => candidate.source === reading.source)) return;
    job.filesDone++;
    if (this.#context.store.holes(reading.source).length > 0) this.#setState(job, reading.source, 'failed', 'a lost part of it could not be read again');
    else this.#hash(job, reading.source, reading.file.path, reading.file.size);
  }

  /** Custody: SHA-256 of what was read of a plain file. The source is done when it is known. */
  #hash(job: Job, source: number, path: string, size: number): void {
    job.tasks++;
    const task: Task = { kind: 'hash', task: this.#nextTask++, path, size, cancel: job.cancel.buffer as SharedArrayBuffer };
    this.#context.pool.give(task, (message) => {
      try {
        if (message.type === 'hash') {
          this.#context.store.setHash(source, message.sha256, size);
          this.#setState(job, source, 'done', '');
        } else if (message.type === 'end') {
          job.tasks--;
          if (message.error) this.#setState(job, source, 'failed', message.error);
          this.#settle(job);
        }
      } catch (error) {
        this.#broken(job, error, path);
      }
      this.#report(job);
    });
  }

  // ---- what workers find

  #member(job: Job, file: FileEntry, message: MemberFound, open: Map<string, Reading>): MemberAnswer {
    const { store } = this.#context;
    const path = file.path + message.suffix;
    const known = this.#knownSource(file, message);
    const holes = known ? store.holes(known.id) : [];
    if (known && holes.length > 0) {
      // What is to be put between kept parts must come from the same file.
      if (known.sha256 !== '' && message.plain && message.verified === null) return { action: 'verify', length: known.size, sha256: known.sha256 };
      if (known.sha256 === '' || !message.plain || message.verified) return this.#fill(job, file, message, known, holes);
    } else if (known) {
      // Of a source that lost its end with a damaged case file the hash is that of all that was once read.
      if (known.sha256 !== '' && message.plain && message.verified === null) return { action: 'verify', length: known.state === 'done' ? known.checkpoint : known.size, sha256: known.sha256 };
      if (known.sha256 === '' || !message.plain || message.verified) {
        if (!job.touched.has(known.id)) this.#touch(job, known);
        // Everything up to the checkpoint was read before: it is met again, and counted so.
        const before = known.ledger.read - known.ledger.duplicates;
        if (known.state === 'done') {
          store.countDuplicates(known.id, before);
          job.ledger.read += before;
          job.ledger.duplicates += before;
        }
        if (known.state === 'done' && (!message.plain || known.checkpoint >= file.size)) return { action: 'skip' };
        return this.#read(job, file, message, open, known.id, known.checkpoint);
      }
    }
    const head = message.head.subarray(0, HEAD_IDENTITY);
    const source = store.addSource({
      signal: 'logs',
      path,
      diskPath: file.path,
      suffix: message.suffix,
      format: message.format,
      formatTitle: message.formatTitle,
      formatReason: message.reason,
      declared: this.#context.declaredOf(message.format),
      service: job.options.service,
      zone: job.options.zone,
      dedupWindow: job.options.dedupWindow,
      head: message.head,
      headHash: hashOf(head),
      headLength: head.length,
      sha256: message.fileSha256,
      size: message.size ?? file.size,
      modified: message.modified,
      ingestedBy: this.#context.user,
      toolVersion: this.#context.toolVersion,
    });
    const row = store.source(source);
    if (row) this.#touch(job, row);
    if (message.format === '') {
      if (message.head.length === 0) {
        if (message.plain) this.#hash(job, source, file.path, 0);
        else this.#setState(job, source, 'done', '');
      } else this.#setState(job, source, 'failed', message.reason);
      return { action: 'skip' };
    }
    return this.#read(job, file, message, open, source, 0);
  }

  /** Reads the lost stretches of a source again, and what comes after its checkpoint. */
  #fill(job: Job, file: FileEntry, message: MemberFound, known: SourceRow, holes: Stretch[]): MemberAnswer {
    if (!job.touched.has(known.id)) this.#touch(job, known);
    if (!message.plain || !message.parallel || holes.some(({ stop }) => stop === 0)) {
      this.#setState(job, known.id, 'failed', 'a part of it was lost with a damaged case file and cannot be read again by itself: read the file into a case of its own');
      return { action: 'skip' };
    }
    this.#setState(job, known.id, 'reading', '');
    const stretch = (from: number, end: number, hole: Stretch | null): Reading => ({
      source: known.id, file, message, options: job.options, nextStart: from, nextIndex: 0, commitIndex: 0, waiting: new Map(), inFlight: 0, committedTo: from, end, hole,
    });
    for (const hole of holes) job.ranges.push(stretch(hole.start, Math.min(hole.stop, file.size), hole));
    if (known.checkpoint < file.size) job.ranges.push(stretch(known.checkpoint, file.size, null));
    return { action: 'ranges' };
  }

  #read(job: Job, file: FileEntry, message: MemberFound, open: Map<string, Reading>, source: number, from: number): MemberAnswer {
    this.#setState(job, source, 'reading', '');
    const reading: Reading = { source, file, message, options: job.options, nextStart: from, nextIndex: 0, commitIndex: 0, waiting: new Map(), inFlight: 0, committedTo: from, end: file.size, hole: null };
    if (message.plain && message.parallel && file.size - from > FIRST_RANGE * 2) {
      job.ranges.push(reading);
      return { action: 'ranges' };
    }
    open.set(message.suffix, reading);
    return { action: 'read', from };
  }

  /** The source of an earlier reading that this is again: same content so far, wherever the file lies now. */
  #knownSource(file: FileEntry, message: MemberFound): SourceRow | undefined {
    const { store } = this.#context;
    for (const length of store.headLengths()) {
      if (length > message.head.length) continue;
      for (const source of store.sourcesByHead(length, hashOf(message.head.subarray(0, length)))) {
        if (source.suffix !== message.suffix || source.state === 'reading') continue;
        const holed = store.holes(source.id).length > 0;
        // One that lost events is known even where they cannot be read again: what is left of it must not be stored twice.
        if (source.state === 'failed' && !holed) continue;
        if (message.head.length === 0 && source.path !== file.path + message.suffix) continue;
        if (length < HEAD_IDENTITY && length < message.head.length && source.path !== file.path + message.suffix) continue;
        if (!message.plain) {
          if (source.sha256 === message.fileSha256) return source;
        } else if (source.sha256 !== '') {
          // Its content is verified before anything is done with it, so it may have been moved.
          if (source.checkpoint <= file.size) return source;
        } else if (source.diskPath === file.path && source.checkpoint <= file.size) return source;
      }
    }
    return undefined;
  }

  #memberEnd(job: Job, file: FileEntry, message: FromWorker & { type: 'member-end' }, open: Map<string, Reading>): void {
    const reading = open.get(message.suffix);
    open.delete(message.suffix);
    if (!reading || job.cancel[0] !== 0) return;
    if (message.error) this.#setState(job, reading.source, 'failed', message.error);
    else if (reading.message.plain) this.#hash(job, reading.source, file.path, message.bytes);
    else this.#setState(job, reading.source, 'done', '');
  }

  #commit(job: Job, reading: Reading, ids: WorkerIds, batch: BuiltBatch, end: number): void {
    const { store } = this.#context;
    const { hole } = reading;
    const committed = hole ? store.commitHole(reading.source, ids, batch, hole, Math.min(end, hole.stop)) : store.commit(reading.source, ids, batch, end);
    if (hole) reading.hole = { start: Math.min(end, hole.stop), stop: hole.stop };
    let stored = 0;
    for (const segment of batch.segments) stored += segment.n;
    job.ledger.read += batch.read;
    job.ledger.stored += stored;
    job.ledger.duplicates += batch.duplicates;
    job.ledger.rejected += batch.rejects.length;
    job.rate.add(performance.now(), stored);
    job.current = reading.file.path + reading.message.suffix;
    if (committed.segments.length > 0 || batch.rejects.length > 0) this.#context.committed(committed);
  }

  // ---- ends, good and bad

  #fail(job: Job, file: FileEntry, open: Map<string, Reading>, error: string): void {
    if (open.size === 0) job.problems.push({ path: file.path, error });
    for (const reading of open.values()) this.#setState(job, reading.source, 'failed', error);
    open.clear();
  }

  #failReading(job: Job, reading: Reading, error: string): void {
    if (!job.ranges.includes(reading)) return;
    job.ranges = job.ranges.filter((candidate) => candidate !== reading);
    job.filesDone++;
    this.#setState(job, reading.source, 'failed', error);
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
    const touched = job.touched.get(source);
    if (touched) touched.error = error;
    this.#context.sourcesChanged();
  }

  #touch(job: Job, source: SourceRow): void {
    job.touched.set(source.id, { before: source.ledger, error: '' });
  }

  #settle(job: Job): void {
    if (job.tasks > 0 || job.discovering) return;
    if (job.state === 'running') {
      if (job.nextFile < job.files.length || job.ranges.length > 0) return;
      job.worked += performance.now() - job.since;
      job.state = 'done';
    } else if (job.state === 'paused') return;
    // Sources that were under way when the job was stopped can be continued.
    try {
      for (const id of job.touched.keys()) {
        const source = this.#context.store.source(id);
        if (source && (source.state === 'reading' || source.state === 'waiting')) this.#context.store.setState(id, 'stopped', job.error || 'reading was cancelled; continue to read the rest');
      }
    } catch {
      // The disk may be too full even for this; the states are settled when the case is opened next.
    }
    this.#context.sourcesChanged();
    job.finish();
    this.#report(job, true);
  }

  #summary(job: Job): IngestSummary {
    const sources = [...job.touched].map(([id, { before, error }]) => {
      const source = this.#context.store.source(id);
      const now = source?.ledger ?? before;
      return {
        path: source?.path ?? '',
        format: source?.format ?? '',
        read: now.read - before.read,
        stored: now.stored - before.stored,
        duplicates: now.duplicates - before.duplicates,
        rejected: now.rejected - before.rejected,
        from: source?.from ?? null,
        to: source?.to ?? null,
        error,
      };
    });
    for (const problem of job.problems) sources.push({ path: problem.path, format: '', read: 0, stored: 0, duplicates: 0, rejected: 0, from: null, to: null, error: problem.error });
    return { ...job.ledger, bytes: job.bytes, seconds: job.worked / 1000, sources };
  }

  #status(job: Job): JobStatus {
    const seconds = (job.worked + (job.state === 'running' ? performance.now() - job.since : 0)) / 1000;
    const bytesPerSecond = seconds > 0 ? job.bytes / seconds : 0;
    const left = job.totalBytes - job.bytes;
    return {
      job: job.id,
      state: job.state,
      error: job.error,
      startedAt: job.startedAt,
      seconds,
      files: job.files.length,
      filesDone: job.filesDone,
      current: job.current,
      bytes: job.bytes,
      totalBytes: job.discovering ? 0 : job.totalBytes,
      ledger: { ...job.ledger },
      eventsPerSecond: job.rate.perSecond(performance.now()),
      bytesPerSecond,
      // Honest only once enough is known: the sizes, and a second of work.
      secondsLeft: job.state !== 'running' || job.discovering || seconds < 1 || bytesPerSecond === 0 ? null : left / bytesPerSecond,
    };
  }

  #report(job: Job, now = false): void {
    const at = performance.now();
    if (!now && at - job.lastProgress < 100) return;
    job.lastProgress = at;
    this.#context.progress(this.#status(job));
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
