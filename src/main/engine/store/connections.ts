/** Connections of a case: what is read that is no file, and how far. */
import type { Database } from 'better-sqlite3';

export interface ConnectionRow {
  id: number;
  connector: string;
  name: string;
  /** as its connector's schema has it, without secrets */
  config: unknown;
  source: number | null;
  cursor: string;
  /** microseconds UTC */
  createdAt: number;
  createdBy: string;
}

interface Raw {
  id: number;
  connector: string;
  name: string;
  config: string;
  source: number | null;
  cursor: string;
  created_at: number;
  created_by: string;
}
const COLUMNS = 'id, connector, name, config, source, cursor, created_at, created_by';

export class ConnectionStore {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Those that were not removed, oldest first. */
  list(): ConnectionRow[] {
    return this.#db.prepare<[], Raw>(`SELECT ${COLUMNS} FROM connection WHERE removed_at IS NULL ORDER BY id`).all().map(toRow);
  }

  get(id: number): ConnectionRow | undefined {
    const row = this.#db.prepare<[number], Raw>(`SELECT ${COLUMNS} FROM connection WHERE id = ? AND removed_at IS NULL`).get(id);
    return row && toRow(row);
  }

  add(connector: string, name: string, config: unknown, by: string): ConnectionRow {
    const result = this.#db.prepare('INSERT INTO connection (connector, name, config, created_at, created_by) VALUES (?, ?, ?, ?, ?)').run(connector, name, JSON.stringify(config), Date.now() * 1000, by);
    const row = this.get(Number(result.lastInsertRowid));
    if (!row) throw new Error('the connection was not stored');
    return row;
  }

  setSource(id: number, source: number): void {
    this.#db.prepare('UPDATE connection SET source = ? WHERE id = ?').run(source, id);
  }

  /** To be called in the transaction that stores what came before the cursor. */
  setCursor(id: number, cursor: string): void {
    this.#db.prepare('UPDATE connection SET cursor = ? WHERE id = ?').run(cursor, id);
  }

  remove(id: number): void {
    this.#db.prepare('UPDATE connection SET removed_at = ? WHERE id = ?').run(Date.now() * 1000, id);
  }
}

function toRow(row: Raw): ConnectionRow {
  return { id: row.id, connector: row.connector, name: row.name, config: JSON.parse(row.config) as unknown, source: row.source, cursor: row.cursor, createdAt: row.created_at, createdBy: row.created_by };
}
