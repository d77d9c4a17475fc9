/** The models of a case, by what they are for. Versions are never changed or deleted; the current one is said by the model's row. */
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

export interface StoredVersion {
  version: number;
  /** the whole model, with its checksum */
  json: string;
  createdAt: number;
  createdBy: string;
}

const COLUMNS = 'version, json, created_at AS createdAt, created_by AS createdBy';

/** Newest first, without those that were put away. */
export function modelVersions(db: Database, model: string): StoredVersion[] {
  return hasTable(db, 'model_version') ? db.prepare<[string], StoredVersion>(`SELECT ${COLUMNS} FROM model_version WHERE model = ? AND removed_at IS NULL ORDER BY version DESC`).all(model) : [];
}

/** Throws not_found. */
export function modelVersion(db: Database, model: string, version: number): StoredVersion {
  const found = hasTable(db, 'model_version') ? db.prepare<[string, number], StoredVersion>(`SELECT ${COLUMNS} FROM model_version WHERE model = ? AND version = ? AND removed_at IS NULL`).get(model, version) : undefined;
  if (!found) throw new TidemarkError('not_found', `There is no version ${version} of this model.`);
  return found;
}

/** Number of the version that is used; null = none. */
export function currentVersion(db: Database, model: string): number | null {
  return hasTable(db, 'model') ? (db.prepare<[string], number | null>('SELECT current_version FROM model WHERE name = ?').pluck().get(model) ?? null) : null;
}

/** Stores a version and makes it the current one. */
export function addVersion(db: Database, model: string, json: string, sha256: string, by: string, at: number): number {
  return db.transaction(() => {
    const version = (db.prepare<[string], number | null>('SELECT max(version) FROM model_version WHERE model = ?').pluck().get(model) ?? 0) + 1;
    db.prepare('INSERT INTO model_version (model, version, json, sha256, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)').run(model, version, json, sha256, at, by);
    setCurrent(db, model, version);
    return version;
  })();
}

export function setCurrent(db: Database, model: string, version: number | null): void {
  if (version !== null) modelVersion(db, model, version);
  db.prepare('INSERT INTO model (name, current_version) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET current_version = excluded.current_version').run(model, version);
}

/** Puts a version away, or brings it back. */
export function putAway(db: Database, model: string, version: number, at: number | null): void {
  db.transaction(() => {
    if (db.prepare('UPDATE model_version SET removed_at = ? WHERE model = ? AND version = ?').run(at, model, version).changes === 0) throw new TidemarkError('not_found', `There is no version ${version} of this model.`);
    if (at !== null && currentVersion(db, model) === version) setCurrent(db, model, null);
  })();
}
