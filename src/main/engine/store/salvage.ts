/** Copies what can be read of a damaged case into a new one: table by table, row by row, leaving out what the damage took. */
import Database from 'better-sqlite3';
import { openReader } from './database.ts';

/** Tables in an order that keeps references whole. */
const TABLES = ['meta', 'source', 'seg', 'seg_cold', 'seg_msg', 'seg_rest', 'seg_words', 'dict', 'template', 'rollup', 'reject', 'view', 'investigation', 'investigation_event', 'pin', 'note'];

/** Throws what SQLite throws when not even the schema can be read. */
export function salvage(damaged: string, into: Database.Database): { rows: number; lostTables: string[] } {
  const from = openReader(damaged);
  let rows = 0;
  const lostTables: string[] = [];
  try {
    from.prepare('SELECT count(*) FROM sqlite_schema').get();
    into.pragma('foreign_keys = OFF');
    for (const table of TABLES) if (!copyTable(from, into, table, (n) => (rows += n))) lostTables.push(table);
    // A segment is of use only when all its parts survived.
    for (const part of ['seg_cold', 'seg_msg', 'seg_rest', 'seg_words']) into.exec(`DELETE FROM seg WHERE id NOT IN (SELECT id FROM ${part})`);
    into.exec(`UPDATE source SET stored = (SELECT coalesce(sum(n), 0) FROM seg WHERE seg.source = source.id),
      read = (SELECT coalesce(sum(n), 0) FROM seg WHERE seg.source = source.id) + duplicates + rejected`);
    into.pragma('foreign_keys = ON');
  } finally {
    from.close();
  }
  return { rows, lostTables };
}

/** Forward as far as the damage lets it go, then backward from the other end. False when rows were lost. */
function copyTable(from: Database.Database, into: Database.Database, table: string, count: (n: number) => void): boolean {
  const columns = into.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  if (columns.length === 0) return true;
  const insert = into.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  let whole = true;
  for (const direction of ['ASC', 'DESC']) {
    const order = columns[0] === 'id' ? `ORDER BY id ${direction}` : '';
    try {
      into.transaction(() => {
        for (const row of from.prepare(`SELECT ${columns.join(', ')} FROM ${table} ${order}`).raw().iterate() as IterableIterator<unknown[]>) count(insert.run(...row).changes);
      })();
      return whole;
    } catch {
      // Damage met: rows read until here were rolled back with the transaction, so copy them one by one.
      whole = false;
      copyOneByOne(from, into, table, columns, insert, direction, count);
    }
    if (order === '') return whole;
  }
  return whole;
}

function copyOneByOne(from: Database.Database, into: Database.Database, table: string, columns: string[], insert: Database.Statement, direction: string, count: (n: number) => void): void {
  const order = columns[0] === 'id' ? `ORDER BY id ${direction}` : '';
  into.exec('BEGIN');
  try {
    for (const row of from.prepare(`SELECT ${columns.join(', ')} FROM ${table} ${order}`).raw().iterate() as IterableIterator<unknown[]>) count(insert.run(...row).changes);
  } catch {
    // The end of what can be read in this direction.
  }
  into.exec('COMMIT');
}
