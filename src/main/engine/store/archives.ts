/**
 * Events that were moved out of a case into archive files: which segments they are. A segment is in seg or in
 * archived_segment, never in both and never in none.
 */
import type { Archive } from '../../../shared/contract/retention.ts';
import { PARTS } from './checksums.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

/** The tables that hold a segment, and by which column. */
const SEGMENT_TABLES = [...PARTS, 'seg_check'] as const;
/** What was found in segments: it is found again when they are back. */
const FOUND_IN = ['indicator_hit', 'indicator_matched', 'sigma_hit', 'sigma_matched'] as const;

export interface ArchivedSegment {
  id: number;
  source: number;
  n: number;
  /** believable times as the source wrote them; null when there is none */
  t0: number | null;
  t1: number | null;
  /** where its records stand in the stream of its source */
  start: number;
  stop: number;
}
export interface NewArchive {
  path: string;
  sha256: string;
  bytes: number;
  t0: number | null;
  t1: number | null;
  by: string;
  toolVersion: string;
  at: number;
}
interface RawArchive {
  id: number; path: string; sha256: string; bytes: number; t0: number | null; t1: number | null; events: number; archived: number; created_at: number; created_by: string; restored_at: number | null;
}

/** Events in archives by source; empty for a case from before there were any. */
export function archivedEvents(db: Database): Map<number, number> {
  if (!hasTable(db, 'archived_segment')) return new Map();
  return new Map(db.prepare<[], { source: number; n: number }>('SELECT source, sum(n) AS n FROM archived_segment GROUP BY source').all().map(({ source, n }) => [source, n]));
}
export function archivedTotal(db: Database): number {
  return hasTable(db, 'archived_segment') ? (db.prepare<[], number>('SELECT coalesce(sum(n), 0) FROM archived_segment').pluck().get() ?? 0) : 0;
}
/** Ids of segments are never given again: the highest there was. */
export function highestSegment(db: Database): number {
  const highest = (table: string): number => db.prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get() ?? 0;
  return Math.max(highest('seg'), hasTable(db, 'archived_segment') ? highest('archived_segment') : 0);
}
export function archivedSegmentIds(db: Database): Set<number> {
  return new Set(hasTable(db, 'archived_segment') ? db.prepare<[], number>('SELECT id FROM archived_segment').pluck().all() : []);
}
/** Where records of a source stood that are in archives. */
export function archivedStretches(db: Database, source: number): { start: number; stop: number }[] {
  return hasTable(db, 'archived_segment') ? db.prepare<[number], { start: number; stop: number }>('SELECT start, stop FROM archived_segment WHERE source = ?').all(source) : [];
}

/** Times of events that are in archives now: what was found in them cannot be found again, and is as true as it was. */
export function archivedTimes(db: Database): { from: number; to: number }[] {
  if (!hasTable(db, 'archive')) return [];
  return db.prepare<[], { from: number; to: number }>('SELECT t0 AS "from", t1 AS "to" FROM archive WHERE t0 IS NOT NULL AND id IN (SELECT archive FROM archived_segment)').all();
}

/** Every archive of the case, newest first, without a look at its file. */
export function readArchives(db: Database): Omit<Archive, 'state'>[] {
  if (!hasTable(db, 'archive')) return [];
  return db
    .prepare<[], RawArchive>(
      `SELECT id, path, sha256, bytes, t0, t1, events, created_at, created_by, restored_at, (SELECT coalesce(sum(n), 0) FROM archived_segment WHERE archive = archive.id) AS archived FROM archive ORDER BY id DESC`,
    )
    .all()
    .map((row) => ({
      id: row.id, path: row.path, sha256: row.sha256, bytes: row.bytes, from: row.t0, to: row.t1, events: row.events, archived: row.archived, createdAt: row.created_at, createdBy: row.created_by, restoredAt: row.restored_at,
    }));
}

/** Moves segments out of the case, in the caller's transaction: they are on the disk in the archive already. */
export function moveOut(db: Database, archive: NewArchive, segments: readonly ArchivedSegment[]): number {
  const { lastInsertRowid } = db
    .prepare('INSERT INTO archive (path, sha256, bytes, t0, t1, events, created_at, created_by, tool_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(archive.path, archive.sha256, archive.bytes, archive.t0, archive.t1, segments.reduce((sum, { n }) => sum + n, 0), archive.at, archive.by, archive.toolVersion);
  const id = Number(lastInsertRowid);
  const insert = db.prepare('INSERT INTO archived_segment (id, archive, source, n, start, stop) VALUES (?, ?, ?, ?, ?, ?)');
  const remove = [...SEGMENT_TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE id = ?`)), ...FOUND_IN.map((table) => db.prepare(`DELETE FROM ${table} WHERE seg = ?`))];
  for (const segment of segments) {
    insert.run(segment.id, id, segment.source, segment.n, segment.start, segment.stop);
    for (const statement of remove) statement.run(segment.id);
  }
  return id;
}

/** One row of a segment's tables, as its columns are named. */
export type SegmentRow = Record<string, number | string | null | Uint8Array>;

/** The rows of a segment by table; null when a part of it is missing. */
export function segmentRows(db: Database): (id: number) => Map<string, SegmentRow> | null {
  const statements = SEGMENT_TABLES.map((table) => [table, db.prepare<[number], SegmentRow>(`SELECT * FROM ${table} WHERE id = ?`)] as const);
  return (id) => {
    const rows = new Map<string, SegmentRow>();
    for (const [table, statement] of statements) {
      const row = statement.get(id);
      if (row) rows.set(table, row);
      else if (table !== 'seg_check') return null;
    }
    return rows;
  };
}

/** Puts a segment back, in the caller's transaction; false when it is in no archive: then it is in the case. */
export function moveIn(db: Database, id: number, rows: ReadonlyMap<string, SegmentRow>): boolean {
  if (db.prepare('DELETE FROM archived_segment WHERE id = ?').run(id).changes === 0) return false;
  for (const table of SEGMENT_TABLES) {
    const row = rows.get(table);
    if (!row) continue;
    // Column names come from our own schema: an archive is read only when it is what this case wrote.
    const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table).filter((name) => name in row);
    db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...columns.map((name) => row[name]));
  }
  return true;
}
