/** Messages between the ingest manager and its parse workers. Every task ends with exactly one 'end'. */
import type { Signal } from '../../../shared/event.ts';
import type { TableParts } from '../enrich/table.ts';
import type { BuiltBatch } from '../pipeline/batch.ts';
import type { Letter } from '../store/rejects.ts';
import type { BuiltSamples } from '../pipeline/sample-builder.ts';

interface ParseOptions {
  /** format id, '' = recognise */
  format: string;
  zone: string;
  service: string;
  dedupWindow: number;
}
export interface FileTask {
  kind: 'file';
  task: number;
  path: string;
  size: number;
  modified: number;
  options: ParseOptions;
  /** Int32Array(1): non-zero = give up */
  cancel: SharedArrayBuffer;
}
export interface RangeTask {
  kind: 'range';
  task: number;
  path: string;
  /** shown in formats' context */
  shownPath: string;
  modified: number;
  options: ParseOptions;
  head: Uint8Array;
  start: number;
  /** records that start before this belong to the range */
  stopAt: number;
  /** bytes of the file that are read at all: what was there when reading began */
  size: number;
  cancel: SharedArrayBuffer;
}
/** SHA-256 of the first `size` bytes of a file. */
export interface HashTask {
  kind: 'hash';
  task: number;
  path: string;
  size: number;
  cancel: SharedArrayBuffer;
}
/** Dead letters tried again with other settings. */
export interface RetryTask {
  kind: 'retry';
  task: number;
  shownPath: string;
  modified: number;
  options: ParseOptions;
  head: Uint8Array;
  /** the format is that of the source */
  own: boolean;
  /** the lines of the source were written by a decoder or a connector */
  written: boolean;
  letters: Letter[];
  cancel: SharedArrayBuffer;
}
/** What a connection brought at once. */
export interface BroughtLines {
  /** where they begin in the stream of the connection */
  start: number;
  bytes: Uint8Array;
  /** when they came, microseconds UTC */
  modified: number;
}
/** Whole lines of a connection, which no file holds. */
export interface LinesTask extends BroughtLines {
  kind: 'lines';
  task: number;
  shownPath: string;
  options: ParseOptions;
  head: Uint8Array;
  /** what is in the case already, as one segment of so many events that is to go on */
  carried: { events: number; parts: readonly BroughtLines[] };
  cancel: SharedArrayBuffer;
}
export type Task = FileTask | RangeTask | HashTask | RetryTask | LinesTask;
type Unnumbered<T> = T extends Task ? Omit<T, 'task' | 'cancel'> : never;
/** A task before its job hands it out. */
export type NewTask = Unnumbered<Task>;

/** A declared format as its file has it. */
export interface DeclaredFile {
  file: string;
  json: unknown;
}

export type ToWorker =
  /** the declared formats from the next task on; a worker starts with none */
  | { type: 'formats'; declared: readonly DeclaredFile[] }
  /** what events are compared with from the next task on; a worker starts with nothing */
  | { type: 'indicators'; table: TableParts | null }
  /** nobody waits yet: be quick when somebody does */
  | { type: 'prepare' }
  | { type: 'task'; task: Task }
  | { type: 'answer'; task: number; answer: MemberAnswer }
  | { type: 'credit'; task: number };

/** What to do with a member that the worker has opened. */
export type MemberAnswer =
  | { action: 'skip' }
  /** leave the file; it is given out again when another file that begins alike has been read */
  | { action: 'later' }
  /** read on in this task from a stream offset */
  | { action: 'read'; from: number }
  /** the manager hands the file out in ranges */
  | { action: 'ranges' }
  /** is the SHA-256 of the first `length` bytes this? then ask again */
  | { action: 'verify'; length: number; sha256: string };

export interface MemberFound {
  type: 'member';
  task: number;
  /** '' for the file itself, '!inner/path' inside an archive */
  suffix: string;
  size: number | null;
  modified: number;
  /** a file as it lies on disk: can be read in ranges */
  plain: boolean;
  head: Uint8Array;
  /** SHA-256 of the whole file on disk; '' for plain files (and only those), whose hash comes when they are read */
  fileSha256: string;
  /** '' = cannot be read as events; `reason` says why */
  format: string;
  formatTitle: string;
  signal: Signal;
  parallel: boolean;
  confidence: number;
  reason: string;
  /** the hash of its first bytes that was asked for and is right, '' before; and those that are wrong */
  verified: string;
  refused: string[];
}
export type FromWorker =
  | MemberFound
  /** records of one member or range; `end` is the stream offset up to which everything is in this and earlier batches */
  | { type: 'batch'; task: number; suffix: string; end: number; batch: BuiltBatch }
  /** samples of a member that is metrics */
  | { type: 'samples'; task: number; suffix: string; batch: BuiltSamples }
  /** a member is through; `error` says why it ended early */
  | { type: 'member-end'; task: number; suffix: string; error: string; bytes: number }
  | { type: 'hash'; task: number; sha256: string }
  | { type: 'end'; task: number; error: string };
