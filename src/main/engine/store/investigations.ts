/** What people write about a case: investigations, pins and notes, with every edit kept. SQL only; it knows no events. */
import type { InvestigationEdit } from '../../../shared/contract/investigations.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Investigation, InvestigationChange, InvestigationStatus, Note, Pin } from '../../../shared/event.ts';
import { fileError, type Database } from './database.ts';

/** A pin without what its event says. */
export type StoredPin = Pick<Pin, 'id' | 'investigationId' | 'eventId' | 'pinnedAt' | 'pinnedBy' | 'note'>;

/** A reply holds at most this many rows, whatever was written. */
const MAX_ROWS = 100_000;

const COLUMNS = {
  title: 'title',
  status: 'status',
  severity: 'severity',
  team: 'team',
  impactDomain: 'impact_domain',
  businessImpact: 'business_impact',
  estimatedMttrMinutes: 'estimated_mttr_minutes',
  automationPotential: 'automation_potential',
  summary: 'summary',
} as const satisfies Record<keyof InvestigationEdit, string>;
const EDITABLE = Object.keys(COLUMNS) as (keyof InvestigationEdit)[];

const INVESTIGATION = `SELECT id, title, status, severity, team, impact_domain AS impactDomain, business_impact AS businessImpact,
  estimated_mttr_minutes AS estimatedMttrMinutes, automation_potential AS automationPotential, summary, created_at AS createdAt, updated_at AS updatedAt,
  (SELECT count(*) FROM pin WHERE investigation_id = investigation.id AND removed_at IS NULL) AS pins,
  (SELECT count(*) FROM note WHERE investigation_id = investigation.id AND removed_at IS NULL) AS notes
  FROM investigation`;
const PIN = 'SELECT id, investigation_id AS investigationId, event_id AS eventId, pinned_at AS pinnedAt, pinned_by AS pinnedBy, note FROM pin';
const NOTE = 'SELECT id, investigation_id AS investigationId, event_id AS eventId, time, body, created_at AS createdAt, updated_at AS updatedAt, author FROM note';
const CHANGE = 'SELECT id, at, by, field, subject, old, new FROM investigation_event';

export class InvestigationStore {
  readonly #db: Database;
  readonly #author: string;
  #lastWrite = 0;

  /** `author` is written to everything made through this store. */
  constructor(db: Database, author: string) {
    this.#db = db;
    this.#author = author;
  }

  /** Last edited first. `text`: words that must all occur in the title, team, business impact or summary, in any case. */
  list({ text, status }: { text: string; status: InvestigationStatus | 'all' }): Investigation[] {
    const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const found: Investigation[] = [];
    // In JavaScript because SQLite folds the case of ASCII only.
    for (const row of this.#db.prepare<[], Investigation>(`${INVESTIGATION} WHERE removed_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT ${MAX_ROWS}`).iterate()) {
      if (status !== 'all' && row.status !== status) continue;
      const haystack = words.length === 0 ? '' : [row.title, row.team, row.businessImpact, row.summary].join('\n').toLowerCase();
      if (words.every((word) => haystack.includes(word))) found.push(row);
    }
    return found;
  }

  /** Throws not_found for one that never was or was removed. */
  get(id: number): Investigation {
    const row = this.#db.prepare<[number], Investigation>(`${INVESTIGATION} WHERE id = ? AND removed_at IS NULL`).get(id);
    if (!row) throw new TidemarkError('not_found', `There is no investigation ${id} in this case.`);
    return row;
  }

  create(edit: Partial<InvestigationEdit> & { title: string }): Investigation {
    const full: InvestigationEdit = {
      status: 'open', severity: 'medium', team: '', impactDomain: '', businessImpact: '', estimatedMttrMinutes: null, automationPotential: null, summary: '',
      ...withoutUndefined(edit),
      title: edit.title,
    };
    return this.#write((now) => {
      const { lastInsertRowid } = this.#db
        .prepare(`INSERT INTO investigation (${EDITABLE.map((key) => COLUMNS[key]).join(', ')}, created_at, created_by, updated_at) VALUES (${EDITABLE.map(() => '?').join(', ')}, ?, ?, ?)`)
        .run(...EDITABLE.map((key) => full[key]), now, this.#author, now);
      const id = Number(lastInsertRowid);
      this.#record(id, now, 'created', null, '', full.title);
      return this.get(id);
    });
  }

  /** Any status may follow any other; each change is kept. Fields that already have their value are no change. */
  update(id: number, edit: Partial<InvestigationEdit>): Investigation {
    return this.#write((now) => {
      const before = this.get(id);
      for (const key of EDITABLE) {
        const value = edit[key];
        if (value === undefined || value === before[key]) continue;
        this.#db.prepare(`UPDATE investigation SET ${COLUMNS[key]} = ?, updated_at = ? WHERE id = ?`).run(value, now, id);
        this.#record(id, now, key, null, textOf(before[key]), textOf(value));
      }
      return this.get(id);
    });
  }

  /** Hides it with its pins and notes, under one time stamp by which `restore` knows them again. */
  remove(id: number): void {
    this.#write((now) => {
      const { title } = this.get(id);
      for (const table of ['pin', 'note']) this.#db.prepare(`UPDATE ${table} SET removed_at = ? WHERE investigation_id = ? AND removed_at IS NULL`).run(now, id);
      this.#db.prepare('UPDATE investigation SET removed_at = ? WHERE id = ?').run(now, id);
      this.#record(id, now, 'removed', null, title, '');
    });
  }

  restore(id: number): Investigation {
    return this.#write((now) => {
      const removedAt = this.#db.prepare<[number], number | null>('SELECT removed_at FROM investigation WHERE id = ?').pluck().get(id);
      // Restoring what is there already is no change.
      if (removedAt === undefined || removedAt === null) return this.get(id);
      for (const table of ['pin', 'note']) this.#db.prepare(`UPDATE ${table} SET removed_at = NULL WHERE investigation_id = ? AND removed_at = ?`).run(id, removedAt);
      this.#db.prepare('UPDATE investigation SET removed_at = NULL, updated_at = ? WHERE id = ?').run(now, id);
      const back = this.get(id);
      this.#record(id, now, 'restored', null, '', back.title);
      return back;
    });
  }

  pins(id: number): StoredPin[] {
    this.get(id);
    return this.#db.prepare<[number], StoredPin>(`${PIN} WHERE investigation_id = ? AND removed_at IS NULL ORDER BY id LIMIT ${MAX_ROWS}`).all(id);
  }

  /** Pins events that are not pinned yet. One that was unpinned comes back with its note; a note given here replaces it. */
  pin(id: number, eventIds: readonly number[], note: string): StoredPin[] {
    return this.#write((now) => {
      this.get(id);
      const put = this.#db.prepare(`INSERT INTO pin (investigation_id, event_id, pinned_at, pinned_by, note) VALUES (@id, @eventId, @now, @author, @note)
        ON CONFLICT (investigation_id, event_id) DO UPDATE SET pinned_at = @now, pinned_by = @author, note = CASE WHEN @note = '' THEN note ELSE @note END, removed_at = NULL
        WHERE removed_at IS NOT NULL`);
      const added = eventIds.filter((eventId) => put.run({ id, eventId, now, author: this.#author, note }).changes > 0);
      if (added.length > 0) this.#record(id, now, 'pinned', null, '', added.join(' '));
      return this.pins(id);
    });
  }

  unpin(id: number, eventIds: readonly number[]): void {
    this.#write((now) => {
      this.get(id);
      const take = this.#db.prepare('UPDATE pin SET removed_at = ? WHERE investigation_id = ? AND event_id = ? AND removed_at IS NULL');
      const taken = eventIds.filter((eventId) => take.run(now, id, eventId).changes > 0);
      if (taken.length > 0) this.#record(id, now, 'unpinned', null, taken.join(' '), '');
    });
  }

  setPinNote(id: number, eventId: number, note: string): StoredPin {
    return this.#write((now) => {
      this.get(id);
      const find = this.#db.prepare<[number, number], StoredPin>(`${PIN} WHERE investigation_id = ? AND event_id = ? AND removed_at IS NULL`);
      const before = find.get(id, eventId);
      if (!before) throw new TidemarkError('not_found', `Event ${eventId} is not pinned in investigation ${id}.`);
      if (before.note === note) return before;
      this.#db.prepare('UPDATE pin SET note = ? WHERE id = ?').run(note, before.id);
      this.#record(id, now, 'pinNote', eventId, before.note, note);
      return { ...before, note };
    });
  }

  /** Every pin of the case, in the order in which they were made. */
  pinned(): { eventId: number; investigationId: number }[] {
    return this.#db
      .prepare<[], { eventId: number; investigationId: number }>(`SELECT event_id AS eventId, investigation_id AS investigationId FROM pin WHERE removed_at IS NULL ORDER BY id LIMIT ${MAX_ROWS}`)
      .all();
  }

  /** Oldest first. */
  notes(id: number): Note[] {
    this.get(id);
    return this.#db.prepare<[number], Note>(`${NOTE} WHERE investigation_id = ? AND removed_at IS NULL ORDER BY id LIMIT ${MAX_ROWS}`).all(id);
  }

  addNote(id: number, body: string, eventId: number | null, time: number | null): Note {
    return this.#write((now) => {
      this.get(id);
      const { lastInsertRowid } = this.#db
        .prepare('INSERT INTO note (investigation_id, event_id, time, body, created_at, updated_at, author) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(id, eventId, time, body, now, now, this.#author);
      const noteId = Number(lastInsertRowid);
      this.#record(id, now, 'noteAdded', noteId, '', body);
      return this.#note(noteId).note;
    });
  }

  updateNote(noteId: number, body: string): Note {
    return this.#write((now) => {
      const { note } = this.#note(noteId);
      if (note.body === body) return note;
      this.#db.prepare('UPDATE note SET body = ?, updated_at = ? WHERE id = ?').run(body, now, noteId);
      this.#record(note.investigationId, now, 'noteChanged', noteId, note.body, body);
      return this.#note(noteId).note;
    });
  }

  removeNote(noteId: number): void {
    this.#write((now) => {
      const { note } = this.#note(noteId);
      this.#db.prepare('UPDATE note SET removed_at = ? WHERE id = ?').run(now, noteId);
      this.#record(note.investigationId, now, 'noteRemoved', noteId, note.body, '');
    });
  }

  restoreNote(noteId: number): Note {
    return this.#write((now) => {
      const { note, removed } = this.#note(noteId, true);
      this.get(note.investigationId);
      if (!removed) return note;
      this.#db.prepare('UPDATE note SET removed_at = NULL WHERE id = ?').run(noteId);
      this.#record(note.investigationId, now, 'noteRestored', noteId, '', note.body);
      return note;
    });
  }

  /** The newest `limit` edits, oldest of them first, and how many there are in all. */
  history(id: number, limit: number): { changes: InvestigationChange[]; total: number } {
    this.get(id);
    const total = this.#db.prepare<[number], number>('SELECT count(*) FROM investigation_event WHERE investigation_id = ?').pluck().get(id) ?? 0;
    const changes = this.#db.prepare<[number, number], InvestigationChange>(`${CHANGE} WHERE investigation_id = ? ORDER BY id DESC LIMIT ?`).all(id, limit);
    return { changes: changes.reverse(), total };
  }

  #note(noteId: number, evenRemoved = false): { note: Note; removed: boolean } {
    const note = this.#db.prepare<[number], Note>(`${NOTE} WHERE id = ?`).get(noteId);
    const removed = note !== undefined && this.#db.prepare<[number], number | null>('SELECT removed_at FROM note WHERE id = ?').pluck().get(noteId) !== null;
    if (!note || (removed && !evenRemoved)) throw new TidemarkError('not_found', `There is no note ${noteId} in this case.`);
    return { note, removed };
  }

  #record(id: number, at: number, field: string, subject: number | null, old: string, next: string): void {
    this.#db.prepare('INSERT INTO investigation_event (investigation_id, at, by, field, subject, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)').run(id, at, this.#author, field, subject, old, next);
    this.#db.prepare('UPDATE investigation SET updated_at = ? WHERE id = ?').run(at, id);
  }

  /** All or nothing; errors of the disk become something a person can act on. */
  #write<R>(work: (now: number) => R): R {
    if (this.#db.readonly) throw new TidemarkError('read_only', 'This case is read-only. Copy it to work on it.');
    try {
      // Never twice the same: a time stamp of removal tells what was removed together.
      this.#lastWrite = Math.max(Date.now() * 1000, this.#lastWrite + 1);
      return this.#db.transaction(work)(this.#lastWrite);
    } catch (error) {
      throw fileError(error, this.#db.name);
    }
  }
}

function textOf(value: string | number | null): string {
  return value === null ? '' : String(value);
}
function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
