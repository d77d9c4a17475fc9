/** What people said of events: that they matter, or that they do not. A mark that is taken back or replaced stays with removed_at. */
import type { EventMark, MarksBefore } from '../../../shared/contract/models.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

/** All marks that hold, in the order in which they were made. */
export function eventMarks(db: Database): EventMark[] {
  if (!hasTable(db, 'event_mark')) return [];
  return db
    .prepare<[], { eventId: number; relevant: number; markedAt: number; markedBy: string }>('SELECT event_id AS eventId, relevant, marked_at AS markedAt, marked_by AS markedBy FROM event_mark WHERE removed_at IS NULL ORDER BY id')
    .all()
    .map((row) => ({ ...row, relevant: row.relevant === 1 }));
}

/** `relevant` null = takes the marks back. Tells what was said before; events of which the same was said are left as they are. */
export function markEvents(db: Database, eventIds: readonly number[], relevant: boolean | null, by: string, at: number): MarksBefore {
  return db.transaction(() => {
    const find = db.prepare<[number], number>('SELECT relevant FROM event_mark WHERE event_id = ? AND removed_at IS NULL').pluck();
    const take = db.prepare('UPDATE event_mark SET removed_at = ? WHERE event_id = ? AND removed_at IS NULL');
    const put = db.prepare('INSERT INTO event_mark (event_id, relevant, marked_at, marked_by) VALUES (?, ?, ?, ?)');
    return [...new Set(eventIds)].flatMap((eventId) => {
      const before = find.get(eventId);
      const said = before === undefined ? null : before === 1;
      if (said === relevant) return [];
      take.run(at, eventId);
      if (relevant !== null) put.run(eventId, Number(relevant), at, by);
      return [{ eventId, relevant: said }];
    });
  })();
}
