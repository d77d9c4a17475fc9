/** What is done with a file or a member that a worker has opened: is it known, is there more of it, can it be read at all? */
import type { CaseStore, SourceRow } from '../store/case-store.ts';
import type { Stretch } from '../store/holes.ts';
import type { MemberAnswer, MemberFound } from '../workers/parse-protocol.ts';
import type { FileEntry, Job } from './job.ts';
import { HEAD_IDENTITY, hashOf, headOf } from './under-way.ts';

/** SHA-256 of nothing: FIPS 180-4. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export interface Custody {
  store: CaseStore;
  user: string;
  toolVersion: string;
  /** definition of a declared format, null for a built-in one */
  declaredOf(format: string): string | null;
}

export type Admission =
  | Extract<MemberAnswer, { action: 'verify' | 'skip' }>
  /** read a source from a stream offset */
  | { action: 'read'; source: number; from: number }
  /** read the lost stretches of a source again, and what comes after its checkpoint */
  | { action: 'fill'; source: number; holes: Stretch[]; from: number }
  /** there is nothing to be read of a source */
  | { action: 'end'; source: number; state: 'done' | 'failed'; error: string };

/** Finds the source that a member is, or makes one; what is met again is counted. */
export function admit(custody: Custody, job: Job, file: FileEntry, message: MemberFound): Admission {
  const { store } = custody;
  const known = knownSource(store, file, message);
  if (known) {
    const holes = store.holes(known.id);
    // What is skipped, or put between and behind kept parts, must be of the same file. Of a source that lost its end with a damaged case the hash is that of all that was once read.
    if (known.sha256 !== '' && message.plain && known.sha256 !== message.verified) return { action: 'verify', length: known.state === 'done' && holes.length === 0 ? known.checkpoint : known.size, sha256: known.sha256 };
    job.touch(known);
    if (holes.length > 0) {
      if (message.plain && message.parallel && holes.every(({ stop }) => stop > 0)) return { action: 'fill', source: known.id, holes, from: known.checkpoint };
      return { action: 'end', source: known.id, state: 'failed', error: 'a part of it was lost with a damaged case file and cannot be read again by itself: read the file into a case of its own' };
    }
    if (known.state !== 'done') return { action: 'read', source: known.id, from: known.checkpoint };
    // Everything up to the checkpoint was read before: it is met again, and counted so.
    const before = known.ledger.read - known.ledger.duplicates;
    store.countDuplicates(known.id, before);
    job.ledger.read += before;
    job.ledger.duplicates += before;
    if (!message.plain || known.checkpoint >= file.size) return { action: 'skip' };
    return { action: 'read', source: known.id, from: known.checkpoint };
  }
  const source = newSource(custody, job, file, message);
  if (message.format !== '') return { action: 'read', source, from: 0 };
  if (message.head.length > 0) return { action: 'end', source, state: 'failed', error: message.reason };
  // An empty file is a source all the same: it was there.
  if (message.plain) store.setHash(source, EMPTY_SHA256, 0);
  return { action: 'end', source, state: 'done', error: '' };
}

/** Many files may begin alike (a long header); each that is not the same costs a pass over as many bytes as it had. */
const MAX_VERIFIED = 8;

/** The source of an earlier reading that this is again: same content so far, wherever the file lies now. A plain one has yet to be verified. */
function knownSource(store: CaseStore, file: FileEntry, message: MemberFound): SourceRow | undefined {
  if (message.refused.length >= MAX_VERIFIED) return undefined;
  const path = file.path + message.suffix;
  const found: SourceRow[] = [];
  for (const length of store.headLengths()) {
    if (length > message.head.length) continue;
    const whole = length === Math.min(HEAD_IDENTITY, message.head.length);
    for (const source of store.sourcesByHead(length, hashOf(message.head.subarray(0, length)))) {
      if (source.suffix !== message.suffix || source.state === 'reading') continue;
      // One that lost events is known even where they cannot be read again: what is left of it must not be stored twice.
      if (source.state === 'failed' && store.holes(source.id).length === 0) continue;
      // So few bytes say little: an empty file, or one that was shorter then, is known by its path too.
      if ((length === 0 || !whole) && source.path !== path) continue;
      if (!message.plain) {
        if (source.sha256 === message.fileSha256) return source;
      } else if (source.checkpoint > file.size) continue;
      // With a hash its content is verified before anything is done with it, so it may have been moved.
      else if (source.sha256 !== '' ? !message.refused.includes(source.sha256) : source.state !== 'done' && source.diskPath === file.path) found.push(source);
    }
  }
  const likely = (source: SourceRow): number => (source.sha256 !== '' && source.sha256 === message.verified ? 3 : source.path === path ? 2 : source.checkpoint === file.size ? 1 : 0);
  return found.sort((a, b) => likely(b) - likely(a))[0];
}

function newSource({ store, user, toolVersion, declaredOf }: Custody, job: Job, file: FileEntry, message: MemberFound): number {
  const head = headOf(message);
  const id = store.addSource({
    signal: job.options.notes && message.signal !== 'metrics' ? 'manual' : message.signal,
    path: file.path + message.suffix,
    diskPath: file.path,
    suffix: message.suffix,
    format: message.format,
    formatTitle: message.formatTitle,
    formatReason: message.reason,
    declared: declaredOf(message.format),
    service: job.options.service,
    zone: job.options.zone,
    dedupWindow: job.options.dedupWindow,
    head: message.head,
    headHash: head.hash,
    headLength: head.length,
    sha256: message.fileSha256,
    size: message.size ?? file.size,
    modified: message.modified,
    ingestedBy: user,
    toolVersion,
  });
  const row = store.source(id);
  if (row) job.touch(row);
  return id;
}
