import { z } from 'zod';
import { call, push } from './rpc.ts';

/** What can change in a case, by what the window shows of it; `rules` are those of detection, `patterns` what people made of patterns. */
export type ChangedTable =
  | 'events' | 'series' | 'sources' | 'rejects' | 'investigations' | 'pins' | 'notes' | 'indicators'
  | 'findings' | 'patterns' | 'rules' | 'alerts' | 'anomalies' | 'models' | 'services' | 'snapshots' | 'retention';

/** What is open. */
export interface CaseInfo {
  path: string;
  name: string;
  readOnly: boolean;
  /** why it is read-only, '' when it is not */
  readOnlyReason: string;
  schemaVersion: number;
  createdAt: number;
  bytes: number;
  events: number;
  sources: number;
  /** believable first and last event; null when empty */
  from: number | null;
  to: number | null;
  /** grows whenever events were stored or erased: a cheap key for caches */
  version: number;
}
export interface RecentCase {
  path: string;
  name: string;
  openedAt: number;
  exists: boolean;
  bytes: number;
}
/** What a salvage could and could not take over; kept in the salvaged case. Counts of what is lost are the least it can be. */
export interface SalvageAccount {
  /** the damaged file */
  from: string;
  /** microseconds UTC */
  at: number;
  by: string;
  toolVersion: string;
  /** pages of the file that are missing or destroyed where a table should be */
  unreadable: number;
  events: { kept: number; lost: number };
  /** segments (groups of up to 4,096 events); reasons: which part was damaged, and how many segments of each; unverified: kept, but what would prove them unchanged is lost */
  segments: { kept: number; lost: number; unverified: number; reasons: { reason: string; segments: number }[] };
  /** sources that lost something */
  sources: {
    id: number;
    path: string;
    kept: number;
    lost: number;
    /** stretches of the source's stream, in bytes, in which the lost records lie; empty = it is not known where */
    ranges: { from: number; to: number }[];
    /** the records can be read again from the file, each exactly once, as long as it is there unchanged */
    readable: boolean;
  }[];
  /** tables, segments aside, that lost rows */
  tables: { name: string; title: string; kept: number; lost: number }[];
  /** pins and notes about events that are lost */
  stranded: number;
  /** rollups were counted anew */
  recounted: boolean;
}
/** Whether a case is whole. */
export interface CheckReport {
  ok: boolean;
  /** what was found, in sentences; at most 100 */
  problems: string[];
  /** segments read, those among them that have checksums, and damaged ones */
  segments: { total: number; checked: number; damaged: number };
  /** events of damaged segments */
  eventsDamaged: number;
  /** bytes of the file */
  bytes: number;
  seconds: number;
}
const path = z.string().min(1).max(4096);

export const cases = {
  /** Makes a new case file and opens it (closing what was open). Fails if the file exists. */
  create: call(z.object({ path })).returns<CaseInfo>(),
  /** Opens a case. `readOnly` also serves a locked or damaged file as far as it goes. */
  open: call(z.object({ path, readOnly: z.boolean().default(false) })).returns<CaseInfo>(),
  close: call(z.object({})).returns<void>(),
  /** null when nothing is open */
  info: call(z.object({})).returns<CaseInfo | null>(),
  /** Writes a consistent copy while open. */
  copy: call(z.object({ path })).returns<{ bytes: number }>(),
  /** Copies what can be read of a damaged case into a new file and opens that. The account says what is not there. */
  salvage: call(z.object({ path, into: path })).returns<{ info: CaseInfo; account: SalvageAccount }>(),
  /** The account of the salvage that made the open case; null when it was not made by one. */
  salvaged: call(z.object({})).returns<SalvageAccount | null>(),
  /** Reads all of the open case and compares it with its checksums. */
  check: call(z.object({})).returns<CheckReport>(),
  recent: call(z.object({})).returns<RecentCase[]>(),
  forget: call(z.object({ path })).returns<void>(),
  /** The canvas layout and other view state that is saved in the case. */
  getView: call(z.object({ key: z.string().max(100) })).returns<unknown>(),
  setView: call(z.object({ key: z.string().max(100), value: z.unknown() })).returns<void>(),
  /** Something in the case changed; ask again for what you show. */
  changed: push<{ tables: ChangedTable[]; version: number; from: number | null; to: number | null }>(),
  /** Another case was opened, or none is open any more (null). */
  opened: push<CaseInfo | null>(),
};
