/** What people typed in, as they typed it, and every change of it. Each such event is a segment of its own, so it can be written anew in its place. */
import type { Database } from 'better-sqlite3';
import type { TypedEvent, TypedEventChange } from '../../../shared/contract/typed.ts';
import type { StoredSegment } from './checksums.ts';
import { hasTable } from './tables.ts';

export interface TypedRow {
  segment: number;
  event: TypedEvent;
  /** microseconds UTC */
  createdAt: number;
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
  /** null = it is there */
  removedAt: number | null;
}
interface Raw extends Omit<TypedRow, 'event'> {
  body: string;
}

const MAX_HISTORY = 200;

/** Segments of typed events that were deleted: they are in no answer. Empty for a case from before there were any. */
export function removedSegments(db: Database): number[] {
  return hasTable(db, 'typed_event') ? db.prepare<[], number>('SELECT segment FROM typed_event WHERE removed_at IS NOT NULL').pluck().all() : [];
}

/** Every method that writes is to be called inside the caller's transaction. */
export class TypedEventStore {
  readonly #db: Database;
  /** a case that was opened read-only may be from before there were any */
  readonly #there: boolean;

  constructor(db: Database) {
    this.#db = db;
    this.#there = hasTable(db, 'typed_event');
  }

  get(segment: number): TypedRow | undefined {
    if (!this.#there) return undefined;
    const row = this.#db
      .prepare<[number], Raw>('SELECT segment, body, created_at AS createdAt, created_by AS createdBy, updated_at AS updatedAt, updated_by AS updatedBy, removed_at AS removedAt FROM typed_event WHERE segment = ?')
      .get(segment);
    if (!row) return undefined;
    const { body, ...rest } = row;
    return { ...rest, event: JSON.parse(body) as TypedEvent };
  }

  add(segment: number, event: TypedEvent, by: string, at: number): void {
    this.#db.prepare('INSERT INTO typed_event (segment, body, created_at, created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, ?, ?)').run(segment, JSON.stringify(event), at, by, at, by);
    this.#record(segment, at, by, 'typed', '');
  }

  update(before: TypedRow, event: TypedEvent, by: string, at: number): void {
    this.#db.prepare('UPDATE typed_event SET body = ?, updated_at = ?, updated_by = ? WHERE segment = ?').run(JSON.stringify(event), at, by, before.segment);
    this.#record(before.segment, at, by, 'changed', JSON.stringify(before.event));
  }

  setRemoved(before: TypedRow, removed: boolean, by: string, at: number): void {
    this.#db.prepare('UPDATE typed_event SET removed_at = ? WHERE segment = ?').run(removed ? at : null, before.segment);
    this.#record(before.segment, at, by, removed ? 'removed' : 'restored', JSON.stringify(before.event));
  }

  #record(segment: number, at: number, by: string, what: TypedEventChange['what'], before: string): void {
    this.#db.prepare('INSERT INTO typed_change (segment, at, by, what, before) VALUES (?, ?, ?, ?, ?)').run(segment, at, by, what, before);
  }

  /** Newest first. */
  history(segment: number): TypedEventChange[] {
    if (!this.#there) return [];
    return this.#db
      .prepare<[number, number], Omit<TypedEventChange, 'before'> & { before: string }>('SELECT at, by, what, before FROM typed_change WHERE segment = ? ORDER BY id DESC LIMIT ?')
      .all(segment, MAX_HISTORY)
      .map((row) => ({ ...row, before: row.before === '' ? null : (JSON.parse(row.before) as TypedEvent) }));
  }

  /** How many are deleted. */
  removedCount(): number {
    return this.#there ? (this.#db.prepare<[], number>('SELECT count(*) FROM typed_event WHERE removed_at IS NOT NULL').pluck().get() ?? 0) : 0;
  }

  /** The source that a person's events go to, if there is one. */
  sourceOf(by: string): number | undefined {
    return this.#db.prepare<[string], number>("SELECT id FROM source WHERE format = 'typed' AND ingested_by = ? ORDER BY id LIMIT 1").pluck().get(by);
  }

  /** The source of a segment. */
  sourceOfSegment(segment: number): number | undefined {
    return this.#db.prepare<[number], number>('SELECT source FROM seg WHERE id = ?').pluck().get(segment);
  }

  /** Says anew from when to when a source of typed events goes: one that was corrected or deleted may have been its first or last. */
  settleExtent(source: number): void {
    this.#db
      .prepare(
        `UPDATE source SET (t0, t1) = (SELECT min(b0), max(b1) FROM seg LEFT JOIN typed_event ON typed_event.segment = seg.id WHERE seg.source = source.id AND removed_at IS NULL)
         WHERE id = ?`,
      )
      .run(source);
  }

  /** The stored columns of a segment; undefined when a part of it is lost. */
  stored(segment: number): StoredSegment | undefined {
    return this.#db
      .prepare<[number], StoredSegment>(
        `SELECT seg.id, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot, seg_cold.data AS cold, seg_msg.data AS msg, seg_rest.data AS rest, seg_words.starts, seg_words.data AS words
         FROM seg JOIN seg_cold USING (id) JOIN seg_msg USING (id) JOIN seg_rest USING (id) JOIN seg_words USING (id) WHERE seg.id = ?`,
      )
      .get(segment);
  }
}
