/** Events that people type in: a call, a door, what somebody said. They are events like any other, and can be corrected. */
import { z } from 'zod';
import { FIELDS, SEVERITIES } from '../event.ts';
import { resolveField } from '../query/names.ts';
import { call } from './rpc.ts';
import { time } from './scope.ts';

/** One line without control characters: only a message may have several. */
const line = (most: number) => z.string().trim().max(most).regex(/^\P{Cc}*$/u, 'This is one line, without control characters.');

/** Names that the record has already, so that no attribute may have them. */
const OWN_NAMES = new Set(['time', '@timestamp', 'timestamp', 'log', 'log.level', 'level', 'service', 'host', 'tags', 'evidence', 'typed_by', 'typed_at', 'edited_by', 'edited_at']);
const OWN_FIELDS = new Set<string>(['severity', 'service', 'host', 'level', 'message', 'template', 'source', 'format', 'signal', 'raw']);
const COLUMNS = new Set<string>(FIELDS.map(({ name }) => name));

/** Whether an attribute may be called so: not what the event has a field of its own for. */
function isFreeName(name: string): boolean {
  const field = resolveField(name);
  return !OWN_NAMES.has(name.toLowerCase()) && !(COLUMNS.has(field) && OWN_FIELDS.has(field));
}

export const typedEvent = z.object({
  /** whole microseconds UTC */
  time: time.int(),
  severity: z.enum(SEVERITIES).default('info'),
  service: line(200).default(''),
  host: line(200).default(''),
  message: z.string().trim().min(1, 'What happened is missing.').max(20_000),
  tags: z.array(line(100).refine((tag) => tag !== '' && !tag.includes(','), 'A tag has no comma and is not empty.')).max(50).default([]),
  /** where it is known from: a ticket, a person, a page */
  evidence: line(2000).default(''),
  /** any other names and values; names of columns (user, ip, trace_id ...) fill these */
  attributes: z
    .array(z.object({ name: line(100).min(1).refine(isFreeName, 'The event has a field of this name already.'), value: line(2000) }))
    .max(100)
    .refine((list) => new Set(list.map(({ name }) => name.toLowerCase())).size === list.length, 'A name is there twice.')
    .default([]),
});
export type TypedEvent = z.infer<typeof typedEvent>;

/** A typed event as it is now. */
export interface TypedEventState {
  /** its event id, which stays the same however often it is corrected */
  id: number;
  event: TypedEvent;
  /** microseconds UTC */
  createdAt: number;
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
  /** deleted: in no answer, kept in the case, can be restored */
  removed: boolean;
}
/** One change, as kept: nobody can change what was changed. */
export interface TypedEventChange {
  /** microseconds UTC */
  at: number;
  by: string;
  what: 'typed' | 'changed' | 'removed' | 'restored';
  /** what it said before; null when it was typed */
  before: TypedEvent | null;
}

const id = z.number().int().positive();
export const typed = {
  /** Stores an event in the source "Typed in by NAME". */
  add: call(typedEvent).returns<TypedEventState>(),
  /** null when nobody typed the event in: it was read. */
  get: call(z.object({ id })).returns<TypedEventState | null>(),
  /** Says it anew, under the same id: pins and notes stay with it. The former words are kept. */
  update: call(z.object({ id, event: typedEvent })).returns<TypedEventState>(),
  /** Takes it out of every answer; `restore` brings it back. */
  remove: call(z.object({ id })).returns<void>(),
  restore: call(z.object({ id })).returns<TypedEventState>(),
  /** Who changed what and when, newest first, at most 200. */
  history: call(z.object({ id })).returns<TypedEventChange[]>(),
};
