/** The books of one ingest job: its files, what is under way, what was counted, and what is said about it. */
import type { Ledger } from '../../../shared/event.ts';
import type { IngestOptions, IngestSummary, JobStatus } from '../../../shared/contract/ingest.ts';
import type { ErrorCode } from '../../../shared/contract/rpc.ts';
import type { CaseStore, SourceRow, WorkerIds } from '../store/case-store.ts';
import type { Stretch } from '../store/holes.ts';
import type { MemberFound } from '../workers/parse-protocol.ts';
import type { BuiltBatch } from './batch.ts';
import { Rate } from './rate.ts';
import type { BuiltSamples } from './sample-builder.ts';

export interface FileEntry {
  path: string;
  /** bytes when it was found: no more than these are read in ranges */
  size: number;
  /** us UTC */
  modified: number;
}

/** A source being read. */
export interface Reading {
  source: number;
  file: FileEntry;
  message: MemberFound;
}

/** A plain file being read in ranges. It is through when all its parts are committed and its hash is known. */
export interface RangedReading extends Reading {
  /** all of it from its checkpoint on; of one with lost stretches each of these too */
  parts: Part[];
  hashAsked: boolean;
  /** of the bytes that were there when reading began; null until it is known */
  sha256: string | null;
}

/** Bytes [start, end) of a file that are read in ranges and committed in their order. */
export interface Part {
  /** the lost stretch that is read again; null = the source is read on from its checkpoint */
  hole: Stretch | null;
  start: number;
  end: number;
  /** the range that is handed out next */
  nextStart: number;
  nextIndex: number;
  inFlight: number;
  /** the range that is committed next, and finished ones waiting for their turn */
  commitIndex: number;
  waiting: Map<number, { batch: BuiltBatch; end: number; ids: WorkerIds }>;
  /** stream offset up to which it is committed */
  committedTo: number;
}
export function newPart(start: number, end: number, hole: Stretch | null): Part {
  return { hole, start, end, nextStart: start, nextIndex: 0, inFlight: 0, commitIndex: 0, waiting: new Map(), committedTo: start };
}

/** Whether at least half of the bytes have been handed out. */
export function halfGiven({ parts }: RangedReading): boolean {
  return parts.reduce((sum, { start, end, nextStart }) => sum + 2 * (nextStart - start) - (end - start), 0) >= 0;
}
export function allCommitted({ parts }: RangedReading): boolean {
  return parts.every(({ inFlight, nextStart, end, waiting }) => inFlight === 0 && nextStart >= end && waiting.size === 0);
}

export class Job {
  readonly id: number;
  readonly options: IngestOptions;
  /** 1 = give up; workers look at it */
  readonly cancel = new Int32Array(new SharedArrayBuffer(4));
  readonly startedAt = Date.now() * 1000;
  readonly done: Promise<void>;
  readonly finish: () => void;
  state: JobStatus['state'] = 'running';
  error = '';
  errorCode: ErrorCode = 'internal';

  discovering = true;
  readonly files: FileEntry[] = [];
  #nextFile = 0;
  /** files that had to wait for another one and can be looked at again */
  readonly again: FileEntry[] = [];
  /** files that wait for one that begins alike */
  waiting = 0;
  filesDone = 0;
  /** shown as what is being read */
  current = '';
  ranges: RangedReading[] = [];
  /** tasks that workers have */
  tasks = 0;
  /** credit that was kept back while the job was paused */
  readonly held: (() => void)[] = [];

  bytes = 0;
  totalBytes = 0;
  readonly ledger: Ledger = { read: 0, stored: 0, duplicates: 0, rejected: 0 };
  readonly problems: { path: string; error: string }[] = [];
  lastProgress = 0;
  readonly #touched = new Map<number, { before: Ledger; error: string }>();
  readonly #rate = new Rate();
  /** milliseconds before the last pause, and when work began after it */
  #worked = 0;
  #since = performance.now();

  constructor(id: number, options: IngestOptions) {
    this.id = id;
    this.options = options;
    let finish = (): void => undefined;
    this.done = new Promise<void>((resolve) => (finish = resolve));
    this.finish = finish;
  }

  get cancelled(): boolean {
    return this.cancel[0] !== 0;
  }

  nextFile(): FileEntry | undefined {
    if (this.again.length > 0) return this.again.shift();
    return this.#nextFile < this.files.length ? this.files[this.#nextFile++] : undefined;
  }

  /** Whether there is nothing left to hand out or to wait for. */
  get through(): boolean {
    return this.tasks === 0 && !this.discovering && this.#nextFile >= this.files.length && this.again.length === 0 && this.waiting === 0 && this.ranges.length === 0;
  }

  /** Leaves `running` for another state; the clock stops. */
  stop(state: Exclude<JobStatus['state'], 'running'>): void {
    if (this.state === 'running') this.#worked += performance.now() - this.#since;
    this.state = state;
  }
  resume(): void {
    this.state = 'running';
    this.#since = performance.now();
  }

  /** To be called before anything of a source is counted. */
  touch(source: SourceRow): void {
    if (!this.#touched.has(source.id)) this.#touched.set(source.id, { before: source.ledger, error: '' });
  }
  get touched(): Iterable<number> {
    return this.#touched.keys();
  }
  setError(source: number, error: string): void {
    const touched = this.#touched.get(source);
    if (touched) touched.error = error;
  }

  count(batch: BuiltBatch): void {
    let stored = 0;
    for (const segment of batch.segments) stored += segment.n;
    this.ledger.read += batch.read;
    this.ledger.stored += stored;
    this.ledger.duplicates += batch.duplicates;
    this.ledger.rejected += batch.rejects.length;
    this.#rate.add(performance.now(), stored);
  }

  countSamples({ read, stored, rejects }: BuiltSamples): void {
    this.ledger.read += read;
    this.ledger.stored += stored;
    this.ledger.rejected += rejects.length;
    this.#rate.add(performance.now(), stored);
  }

  get #seconds(): number {
    return (this.#worked + (this.state === 'running' ? performance.now() - this.#since : 0)) / 1000;
  }

  summary(store: CaseStore): IngestSummary {
    const sources = [...this.#touched].map(([id, { before, error }]) => {
      const source = store.source(id);
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
    for (const problem of this.problems) sources.push({ path: problem.path, format: '', read: 0, stored: 0, duplicates: 0, rejected: 0, from: null, to: null, error: problem.error });
    return { ...this.ledger, bytes: this.bytes, seconds: this.#seconds, sources };
  }

  status(): JobStatus {
    const seconds = this.#seconds;
    const bytesPerSecond = seconds > 0 ? this.bytes / seconds : 0;
    return {
      job: this.id,
      state: this.state,
      error: this.error,
      startedAt: this.startedAt,
      seconds,
      files: this.files.length,
      filesDone: this.filesDone,
      current: this.current,
      bytes: this.bytes,
      totalBytes: this.discovering ? 0 : this.totalBytes,
      ledger: { ...this.ledger },
      eventsPerSecond: this.#rate.perSecond(performance.now()),
      bytesPerSecond,
      // Honest only once enough is known: the sizes, and a second of work.
      secondsLeft: this.state !== 'running' || this.discovering || seconds < 1 || bytesPerSecond === 0 ? null : (this.totalBytes - this.bytes) / bytesPerSecond,
    };
  }
}
