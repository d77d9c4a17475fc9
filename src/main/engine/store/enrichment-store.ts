/** Databases of places and maps that belong to a case. */
import type { Database } from './database.ts';
import type { Enrichment } from '../../../shared/contract/enrichment.ts';
import type { MapRow } from '../enrich/service-map.ts';
import { hasTable } from './tables.ts';

interface Raw {
  id: number; kind: Enrichment['kind']; name: string; path: string; sha256: string; size: number; added_at: number; added_by: string; tool_version: string; rows: number; rejected: string; about: string; enabled: number;
}
export type StoredEnrichment = Omit<Enrichment, 'fields' | 'trouble' | 'error'>;
export type NewEnrichment = Omit<StoredEnrichment, 'id' | 'addedAt' | 'enabled'>;

/** None in a case of an older version that is only looked at. */
export function enrichmentsOf(db: Database): StoredEnrichment[] {
  if (!hasTable(db, 'enrichment')) return [];
  return db.prepare<[], Raw>('SELECT * FROM enrichment WHERE removed_at IS NULL ORDER BY id').all().map((row) => ({
    id: row.id, kind: row.kind, name: row.name, path: row.path, sha256: row.sha256, size: row.size, addedAt: row.added_at, addedBy: row.added_by, toolVersion: row.tool_version, rows: row.rows,
    rejected: JSON.parse(row.rejected) as Enrichment['rejected'], about: row.about, enabled: row.enabled === 1,
  }));
}
export function mapRows(db: Database, id: number): MapRow[] {
  return db.prepare<[number], { field: MapRow['column']; name: string; labels: string }>('SELECT field, name, labels FROM enrichment_row WHERE enrichment = ? ORDER BY id').all(id).map(({ field, name, labels }) => ({ column: field, key: name, labels: JSON.parse(labels) as Record<string, string> }));
}

export function addEnrichment(db: Database, one: NewEnrichment, rows: readonly MapRow[]): number {
  return db.transaction(() => {
    const { lastInsertRowid } = db
      .prepare('INSERT INTO enrichment (kind, name, path, sha256, size, added_at, added_by, tool_version, rows, rejected, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(one.kind, one.name, one.path, one.sha256, one.size, Date.now() * 1000, one.addedBy, one.toolVersion, one.rows, JSON.stringify(one.rejected), one.about);
    const insert = db.prepare('INSERT INTO enrichment_row (enrichment, field, name, labels) VALUES (?, ?, ?, ?)');
    for (const { column, key, labels } of rows) insert.run(lastInsertRowid, column, key, JSON.stringify(labels));
    return Number(lastInsertRowid);
  })();
}
/** False when there is none. */
export function enableEnrichment(db: Database, id: number, enabled: boolean): boolean {
  return db.prepare('UPDATE enrichment SET enabled = ? WHERE id = ? AND removed_at IS NULL').run(enabled ? 1 : 0, id).changes > 0;
}
/** Takes it away; its row stays, to say that it was there. False when there is none. */
export function removeEnrichment(db: Database, id: number): boolean {
  return db.prepare('UPDATE enrichment SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(Date.now() * 1000, id).changes > 0;
}
