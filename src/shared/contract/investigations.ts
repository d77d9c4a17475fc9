import { z } from 'zod';
import { IMPACT_DOMAINS, INVESTIGATION_STATUSES, SEVERITIES } from '../event.ts';
import type { Investigation, InvestigationChange, Note, Pin } from '../event.ts';
import { call } from './rpc.ts';

const markdown = z.string().max(1 << 20);
const investigationEdit = z.object({
  title: z.string().trim().min(1).max(300),
  status: z.enum(INVESTIGATION_STATUSES),
  severity: z.enum(SEVERITIES),
  team: z.string().max(200),
  impactDomain: z.enum([...IMPACT_DOMAINS, '']),
  businessImpact: z.string().max(10_000),
  estimatedMttrMinutes: z.number().min(0).max(1e7).nullable(),
  automationPotential: z.number().min(0).max(100).nullable(),
  summary: markdown,
});
export type InvestigationEdit = z.infer<typeof investigationEdit>;
const id = z.number().int().positive();

export const investigations = {
  list: call(z.object({ text: z.string().default(''), status: z.enum([...INVESTIGATION_STATUSES, 'all']).default('all') })).returns<Investigation[]>(),
  get: call(z.object({ id })).returns<Investigation>(),
  create: call(investigationEdit.partial().extend({ title: investigationEdit.shape.title })).returns<Investigation>(),
  update: call(z.object({ id, edit: investigationEdit.partial() })).returns<Investigation>(),
  /** Hides it; `restore` brings it back with its pins and notes. */
  remove: call(z.object({ id })).returns<void>(),
  restore: call(z.object({ id })).returns<Investigation>(),
  pins: call(z.object({ id })).returns<Pin[]>(),
  /** Pinning twice is one pin. */
  pin: call(z.object({ id, eventIds: z.array(z.number()).min(1).max(10_000), note: markdown.default('') })).returns<Pin[]>(),
  unpin: call(z.object({ id, eventIds: z.array(z.number()).min(1).max(10_000) })).returns<void>(),
  setPinNote: call(z.object({ id, eventId: z.number(), note: markdown })).returns<Pin>(),
  /** Event ids pinned anywhere in the case, for marks on the timeline. */
  pinned: call(z.object({})).returns<{ eventId: number; investigationId: number; time: number }[]>(),
  notes: call(z.object({ id })).returns<Note[]>(),
  addNote: call(z.object({ id, body: markdown, eventId: z.number().nullable().default(null), time: z.number().nullable().default(null) })).returns<Note>(),
  updateNote: call(z.object({ noteId: id, body: markdown })).returns<Note>(),
  removeNote: call(z.object({ noteId: id })).returns<void>(),
  restoreNote: call(z.object({ noteId: id })).returns<Note>(),
  /** Who changed what and when: the newest `limit` edits, oldest of them first, and how many there are. */
  history: call(z.object({ id, limit: z.number().int().min(1).max(10_000).default(1000) })).returns<{ changes: InvestigationChange[]; total: number }>(),
};
