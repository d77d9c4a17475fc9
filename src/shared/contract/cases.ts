import { z } from 'zod';
import { call, push } from './rpc.ts';

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
  /** Copies what can be read of a damaged case into a new file and opens that. */
  salvage: call(z.object({ path, into: path })).returns<CaseInfo>(),
  recent: call(z.object({})).returns<RecentCase[]>(),
  forget: call(z.object({ path })).returns<void>(),
  /** The canvas layout and other view state that is saved in the case. */
  getView: call(z.object({ key: z.string().max(100) })).returns<unknown>(),
  setView: call(z.object({ key: z.string().max(100), value: z.unknown() })).returns<void>(),
  /** Something in the case changed; ask again for what you show. */
  changed: push<{ tables: ('events' | 'sources' | 'rejects' | 'investigations' | 'pins' | 'notes')[]; version: number; from: number | null; to: number | null }>(),
  /** Another case was opened, or none is open any more (null). */
  opened: push<CaseInfo | null>(),
};
