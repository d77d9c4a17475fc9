/** How far the counting anew of rollups is (store/recount.ts). */
import type { Database } from 'better-sqlite3';
import { hasTable } from './tables.ts';

export interface RecountState {
  /** highest segment that is counted, and the highest to be counted; later ones are counted when they are stored */
  done: number;
  last: number;
}

/** null when the rollups are as they should be. */
export function pendingRecount(db: Database): RecountState | null {
  const known = hasTable(db, 'recount');
  return (known && db.prepare<[], RecountState>('SELECT done, last FROM recount').get()) || null;
}

/** Marks the rollups as wrong, in the caller's transaction; from now on new events are counted in rollup_next. */
export function beginRecount(db: Database): void {
  db.exec('DELETE FROM rollup_next; INSERT OR REPLACE INTO recount (id, done, last) VALUES (1, 0, (SELECT coalesce(max(id), 0) FROM seg))');
}
