/**
 * What becomes of old events. Age is counted back from the newest event of the case. Hot: everything is kept. Warm: counts by second go, events
 * stay. Cold: events go into an archive file, from which they can be restored; counts from the minute on stay, and all metrics. Archive: of
 * counts only those by hour and day stay. Nothing of it happens by itself unless a person says so for the case.
 */
import { z } from 'zod';
import { call, push } from './rpc.ts';

const days = z.number().min(0).max(36_500);
export const retentionPolicy = z
  .object({
    /** applied by itself, hourly while the case is open in the window and nothing is read */
    enabled: z.boolean().default(false),
    /** while an investigation is open, too */
    evenOpen: z.boolean().default(false),
    /** older than so many days is warm, cold, archive */
    hotDays: days.default(1),
    warmDays: days.default(7),
    coldDays: days.default(30),
    /** where archives are put; '' = NAME.archive beside the case */
    folder: z.string().max(4096).default(''),
  })
  .refine(({ hotDays, warmDays, coldDays }) => hotDays <= warmDays && warmDays <= coldDays, 'hot ends before warm, and warm before cold');
export type RetentionPolicy = z.infer<typeof retentionPolicy>;

export type Tier = 'hot' | 'warm' | 'cold' | 'archive';

export interface TierPreview {
  tier: Tier;
  /** microseconds UTC, half-open; null = from the first event */
  from: number | null;
  to: number;
  /** events that are in the case and stand there */
  events: number;
  /** they take so many bytes of the file */
  bytes: number;
  /** of those, what would be archived */
  goes: { events: number; bytes: number };
  /** rows of counts that would be taken away */
  counts: number;
}
/** Why events that are old enough stay. */
export interface Kept {
  reason: 'pin' | 'note' | 'mark' | 'typed' | 'live' | 'undated';
  /** how many such things */
  things: number;
  /** events kept because of them, their neighbours with them */
  events: number;
}
export interface RetentionPreview {
  policy: RetentionPolicy;
  /** the newest event: age is counted back from there; null = no event has a time */
  newest: number | null;
  tiers: TierPreview[];
  goes: { events: number; bytes: number; from: number | null; to: number | null; sources: { id: number; path: string; events: number }[]; more: number };
  kept: Kept[];
  /** hits in events that would go: they are told again when the events are restored */
  hits: { indicators: number; rules: number };
  /** findings people judged and alerts that are about a time in which events would go */
  about: { alerts: number };
  /** investigations that are open: nothing goes without its being said explicitly */
  open: { id: number; title: string }[];
  /** the folder of archives */
  folder: string;
}

export interface Archive {
  id: number;
  path: string;
  sha256: string;
  bytes: number;
  /** of the events in it, believable times */
  from: number | null;
  to: number | null;
  /** events that are in it, and how many of them are not in the case now */
  events: number;
  archived: number;
  createdAt: number;
  createdBy: string;
  /** null = its events are in the archive only, or some of them still are */
  restoredAt: number | null;
  state: 'kept' | 'missing' | 'changed';
}
export interface Applied {
  /** null = no event was old enough */
  archive: Archive | null;
  events: number;
  /** rows of counts that were taken away */
  counts: number;
}
export interface RetentionProgress {
  what: string;
  share: number;
}

export const retention = {
  policy: call(z.object({})).returns<RetentionPolicy>(),
  setPolicy: call(z.object({ policy: retentionPolicy })).returns<RetentionPolicy>(),
  /** What would happen now; with a policy that is only thought of, too. */
  preview: call(z.object({ policy: retentionPolicy.nullable().default(null) })).returns<RetentionPreview>(),
  /** Archives and thins. Throws busy while an investigation is open and `evenOpen` is not given. `compact`: gives the room back to the disk. */
  apply: call(z.object({ policy: retentionPolicy.nullable().default(null), evenOpen: z.boolean().default(false), compact: z.boolean().default(false) })).returns<Applied>(),
  /** Newest first. */
  archives: call(z.object({})).returns<Archive[]>(),
  /** Puts the events of an archive back as they were. `path`: where the file is, when it is not where it was put. Throws corrupt when it is not what was written. */
  restore: call(z.object({ id: z.number().int().nullable().default(null), path: z.string().max(4096).default('') })).returns<{ events: number; archive: Archive }>(),
  progress: push<RetentionProgress | null>(),
};
