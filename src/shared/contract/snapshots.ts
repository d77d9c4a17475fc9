/** Copies of a case as it was at a moment, kept beside it; restoring one can be taken back, because the present is kept first. */
import { z } from 'zod';
import type { CaseInfo } from './cases.ts';
import { call, push } from './rpc.ts';

/** the moment it was taken, to the millisecond: 20261121T140259123Z */
export const snapshotId = z.string().regex(/^\d{8}T\d{9}Z$/);

export interface Snapshot {
  id: string;
  name: string;
  description: string;
  /** microseconds UTC */
  takenAt: number;
  takenBy: string;
  toolVersion: string;
  /** asked for by a person, or made before another one was restored */
  reason: 'asked' | 'before-restore';
  bytes: number;
  /** of the file */
  sha256: string;
  events: number;
  sources: number;
  pins: number;
  notes: number;
  investigations: number;
  /** something was being read: the snapshot holds what was stored by then, and reading can be continued from it */
  reading: boolean;
  /** missing: the file is gone; changed: it has another size. Whether it is what was written is looked at before it is restored. */
  state: 'kept' | 'missing' | 'changed';
}

/** What one state of a case has and another has not. */
export interface Change {
  kind: 'source' | 'investigation' | 'pin' | 'note' | 'typed' | 'indicators' | 'finding';
  /** changed: there before, but other */
  change: 'added' | 'changed' | 'removed';
  /** what it is, in words */
  title: string;
  /** what is other: "1,204 events more", "open, was closed" */
  what: string;
  /** its event, where it has one that is there now */
  event: number | null;
}
export interface SnapshotComparison {
  before: { id: string; name: string; takenAt: number; events: number };
  /** '' = the case as it is now */
  after: { id: string; name: string; takenAt: number; events: number };
  /** at most MOST_CHANGES of them */
  changes: Change[];
  more: number;
}
export const MOST_CHANGES = 1000;

export interface SnapshotProgress {
  what: string;
  /** 0..1 */
  share: number;
}

export const snapshots = {
  /** Newest first. */
  list: call(z.object({})).returns<Snapshot[]>(),
  /** While something is read, too. Throws disk_full when there is no room; nothing is left of it then. */
  take: call(z.object({ name: z.string().trim().max(200).default(''), description: z.string().max(10_000).default('') })).returns<Snapshot>(),
  /** What is there now, or in a later snapshot, that was not in this one. */
  compare: call(z.object({ id: snapshotId, against: snapshotId.nullable().default(null) })).returns<SnapshotComparison>(),
  /** Makes the case what it was. The present is kept first, as a snapshot. Throws corrupt when the snapshot is not what was written, busy while something is read. */
  restore: call(z.object({ id: snapshotId })).returns<{ info: CaseInfo; before: Snapshot }>(),
  /** For good. */
  remove: call(z.object({ id: snapshotId })).returns<void>(),
  progress: push<SnapshotProgress | null>(),
};
