import { z } from 'zod';
import type { Ledger, Reject, Source } from '../event.ts';
import { call, push } from './rpc.ts';

const ingestOptions = z.object({
  /** format id, or '' to recognise each file */
  format: z.string().default(''),
  /** IANA zone for records that write none, e.g. Europe/Berlin */
  zone: z.string().default('UTC'),
  /** service name for records that name none */
  service: z.string().default(''),
  /** window of the deduplicator in records; 0 = off. Identical lines can be real repeats, so it is a choice. */
  dedupWindow: z.number().int().min(0).max(1_000_000).default(0),
  /** these are notes of people (a timeline kept in a spreadsheet): their events are of signal manual. A file that was read before stays what it was. */
  notes: z.boolean().optional(),
});
export type IngestOptions = z.infer<typeof ingestOptions>;

/** What would be read, before anything is. */
export interface PreviewFile {
  path: string;
  bytes: number;
  format: string;
  formatTitle: string;
  /** why this format, in a sentence */
  reason: string;
  confidence: number;
  /** first record as it would be understood, or an error */
  firstMessage: string;
  error: string;
}
export interface JobStatus {
  job: number;
  state: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  /** the message to show when failed: what happened, what was kept, what to do */
  error: string;
  startedAt: number;
  /** seconds of work, pauses left out */
  seconds: number;
  files: number;
  filesDone: number;
  /** the file being read */
  current: string;
  /** bytes on disk; total is 0 while it is not known */
  bytes: number;
  totalBytes: number;
  ledger: Ledger;
  /** over the last seconds */
  eventsPerSecond: number;
  bytesPerSecond: number;
  /** null while it cannot be told honestly */
  secondsLeft: number | null;
}
export interface IngestSummary extends Ledger {
  bytes: number;
  seconds: number;
  sources: { path: string; format: string; read: number; stored: number; duplicates: number; rejected: number; from: number | null; to: number | null; error: string }[];
}

export const ingest = {
  /** Looks at files and folders (archives are opened) and says what each would be read as. */
  preview: call(z.object({ paths: z.array(z.string()).min(1).max(10_000), options: ingestOptions, limit: z.number().int().default(500) })).returns<{ files: PreviewFile[]; more: number }>(),
  /** Starts reading; progress comes as pushes. Files read before continue where they ended: nothing is stored twice. */
  start: call(z.object({ paths: z.array(z.string()).min(1).max(10_000), options: ingestOptions })).returns<{ job: number }>(),
  /** Ingests pasted text as a source of its own. */
  paste: call(z.object({ name: z.string().max(200), text: z.string().max(64 << 20), options: ingestOptions })).returns<{ job: number }>(),
  pause: call(z.object({ job: z.number() })).returns<void>(),
  resume: call(z.object({ job: z.number() })).returns<void>(),
  cancel: call(z.object({ job: z.number() })).returns<void>(),
  /** Jobs of this session, newest first. */
  jobs: call(z.object({})).returns<JobStatus[]>(),
  /** Waits for the end of a job. */
  finished: call(z.object({ job: z.number() })).returns<IngestSummary>(),
  /** Sources whose reading was cut short (crash, cancel, full disk) and can go on. */
  interrupted: call(z.object({})).returns<Source[]>(),
  /** Goes on with interrupted sources. */
  continue: call(z.object({ sources: z.array(z.number()).min(1) })).returns<{ job: number }>(),
  formats: call(z.object({})).returns<{ id: string; title: string; declared: boolean; description: string }[]>(),
  /** at most ten a second per job */
  progress: push<JobStatus>(),
};

export const rejects = {
  list: call(z.object({ sourceId: z.number().optional(), after: z.number().default(0), limit: z.number().int().min(1).max(1000).default(200) })).returns<{ rows: Reject[]; total: number; reasons: { reason: string; count: number }[] }>(),
  /**
   * What is kept of the bytes as they stood in the original (`kept` of them, at most 1 MiB), decoded leniently, and as hex for the first 4 KiB.
   * binary: they are no text.
   */
  get: call(z.object({ id: z.number() })).returns<Reject & { text: string; hex: string; kept: number; binary: boolean }>(),
  /** Tries again with other settings. What parses becomes events; what does not stays, with the new reason. `notes`: sentences on what could not be tried. */
  replay: call(z.object({ ids: z.array(z.number()).max(100_000).optional(), sourceId: z.number().optional(), format: z.string().default(''), zone: z.string().default('') })).returns<{ stored: number; rejected: number; notes: string[] }>(),
};
