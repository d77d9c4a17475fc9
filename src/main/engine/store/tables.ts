import type { Database } from './database.ts';

/** Whether a table is there: a case that was opened read-only may be from before there was one. */
export function hasTable(db: Database, name: string): boolean {
  return db.prepare<[string], number>('SELECT count(*) FROM sqlite_schema WHERE name = ?').pluck().get(name) === 1;
}
