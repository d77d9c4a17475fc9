/** What can be told of a case's soundness without reading it. */
import type { Database } from 'better-sqlite3';
import { PARTS } from './checksums.ts';
import { MIGRATIONS } from './schema.ts';

/**
 * What is wrong with the outline of a case: tables missing, or segments of which not every table has the newest. '' = nothing. Costs a
 * few pages however large the case is. Throws what SQLite throws when not even that can be read.
 */
export function outlineProblem(db: Database): string {
  const version = Math.min(MIGRATIONS.length, db.pragma('user_version', { simple: true }) as number);
  if (version === 0) return 'it has no tables';
  const there = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const wanted = MIGRATIONS.slice(0, version).flatMap((sql) => [...sql.matchAll(/CREATE TABLE (\w+)/g)].map((match) => match[1]));
  const missing = wanted.filter((name) => !there.has(name));
  if (missing.length > 0) return `it lacks ${missing.join(', ')}`;
  const [seg, ...others] = PARTS.map((part) => newest(db, part));
  const behind = PARTS.slice(1).filter((_part, i) => others[i] !== seg);
  return behind.length > 0 ? `${behind.join(', ')} and seg do not hold the same segments` : '';
}
function newest(db: Database, part: string): number {
  return db.prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${part}`).pluck().get() ?? 0;
}
