/** Connections of a case: what is read that is no file, and how far. */
import type { Database } from 'better-sqlite3';

export interface ConnectionRow {
  id: number;
  connector: string;
  name: string;
  /** as its connector's schema has it, without secrets; and what else the engine keeps with it (connections.ts) */
  config: unknown;
  /** ids of its sources by the names of its streams, '' where it has only one; made with their first lines */
  sources: ReadonlyMap<string, number>;
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
  cursor: string;
  created_at: number;
  created_by: string;
}
const COLUMNS = 'id, connector, name, config, cursor, created_at, created_by';
/** No file is told by so many of its first bytes. */
export const NO_HEAD = -1;

export class ConnectionStore {
  readonly #db: Database;
  constructor(db: Database) {
    this.#db = db;
  }

  /** Those that were not removed, oldest first. */
  list(): ConnectionRow[] {
    return this.#db.prepare<[], Raw>(`SELECT ${COLUMNS} FROM connection WHERE removed_at IS NULL ORDER BY id`).all().map((raw) => this.#row(raw));
  }

  get(id: number): ConnectionRow | undefined {
    const row = this.#db.prepare<[number], Raw>(`SELECT ${COLUMNS} FROM connection WHERE id = ? AND removed_at IS NULL`).get(id);
    return row && this.#row(row);
  }

  add(connector: string, name: string, config: unknown, by: string): ConnectionRow {
    const result = this.#db.prepare('INSERT INTO connection (connector, name, config, created_at, created_by) VALUES (?, ?, ?, ?, ?)').run(connector, name, JSON.stringify(config), Date.now() * 1000, by);
    const row = this.get(Number(result.lastInsertRowid));
    if (!row) throw new Error('the connection was not stored');
    return row;
  }

  setConfig(id: number, config: unknown): void {
    this.#db.prepare('UPDATE connection SET config = ? WHERE id = ?').run(JSON.stringify(config), id);
  }

  /** The first of its sources. */
  setSource(id: number, source: number): void {
    this.#db.prepare('UPDATE connection SET source = ? WHERE id = ? AND source IS NULL').run(source, id);
  }

  /** To be called in the transaction that stores what came before the cursor. */
  setCursor(id: number, cursor: string): void {
    this.#db.prepare('UPDATE connection SET cursor = ? WHERE id = ?').run(cursor, id);
  }

  remove(id: number): void {
    this.#db.prepare('UPDATE connection SET removed_at = ? WHERE id = ?').run(Date.now() * 1000, id);
  }

  #row(row: Raw): ConnectionRow {
    return { id: row.id, connector: row.connector, name: row.name, config: JSON.parse(row.config) as unknown, sources: this.#sources(row.id), cursor: row.cursor, createdAt: row.created_at, createdBy: row.created_by };
  }

  #sources(id: number): ReadonlyMap<string, number> {
    const prefix = sourceKey(id, '');
    // '!' is the character behind the blank: all keys that go on with a blank.
    const rows = this.#db.prepare<[number, string, string, string], { id: number; head_hash: string }>('SELECT id, head_hash FROM source WHERE head_length = ? AND (head_hash = ? OR (head_hash >= ? AND head_hash < ?)) ORDER BY id DESC');
    return new Map(rows.all(NO_HEAD, prefix, `${prefix} `, `${prefix}!`).map((row) => [row.head_hash.slice(prefix.length + 1), row.id]));
  }
}

/** What stands in place of the hash of a file's head in a source of a connection: of which one it is, and of which of its streams. */
export function sourceKey(connection: number, stream: string): string {
  return stream === '' ? `connection ${connection}` : `connection ${connection} ${stream}`;
}
