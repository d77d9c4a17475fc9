/** What people said of findings. A mark that is taken back or replaced stays with removed_at. */
import type { FindingMark, Verdict } from '../../../shared/finding.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

const COLUMNS = 'id, about AS "like", key, title, verdict, note, marked_at AS markedAt, marked_by AS markedBy';

/** All marks that hold, newest first. */
export function findingMarks(db: Database): FindingMark[] {
  return hasTable(db, 'finding_mark') ? db.prepare<[], FindingMark>(`SELECT ${COLUMNS} FROM finding_mark WHERE removed_at IS NULL ORDER BY id DESC`).all() : [];
}
/** `like` of the findings that somebody called wrong. */
export function quietedLikes(db: Database): Set<string> {
  return new Set(findingMarks(db).filter(({ verdict }) => verdict === 'wrong').map(({ like }) => like));
}

export function markFinding(db: Database, mark: { like: string; key: string; title: string; verdict: Verdict; note: string }, by: string, at: number): FindingMark {
  return db.transaction(() => {
    db.prepare('UPDATE finding_mark SET removed_at = ? WHERE about = ? AND removed_at IS NULL').run(at, mark.like);
    const { lastInsertRowid } = db
      .prepare('INSERT INTO finding_mark (about, key, title, verdict, note, marked_at, marked_by) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(mark.like, mark.key, mark.title, mark.verdict, mark.note, at, by);
    return { id: Number(lastInsertRowid), ...mark, markedAt: at, markedBy: by };
  })();
}

/** Returns whether there was such a mark. */
export function unmarkFinding(db: Database, id: number, at: number): boolean {
  return db.prepare('UPDATE finding_mark SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(at, id).changes === 1;
}
