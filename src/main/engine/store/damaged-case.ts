/**
 * The tables of a damaged case, without SQLite: rows by following each table's tree, and rows of leaves that the damage cut off from
 * their tree, told by the types of their values or by the checksums of segments.
 */
import Database from 'better-sqlite3';
import zlib from 'node:zlib';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { readRow, readTree, rowidOf, strayLeaves, type Cell, type Value } from './btree.ts';
import { ownSum, PARTS, type Part, type Sums } from './checksums.ts';
import { nativeBinding } from './native-binding.ts';
import { PageFile } from './page-file.ts';
import { APPLICATION_ID, MIGRATIONS, PAGE_SIZE, SCHEMA_VERSION } from './schema.ts';

interface Column {
  name: string;
  type: string;
  required: boolean;
}
export interface Table {
  name: string;
  /** in the order in which a row holds them */
  columns: Column[];
  rowids: boolean;
  /** position of the column that is the rowid; -1 = none */
  key: number;
}
/** What of a table could be read. */
export interface Found {
  cells: Cell[];
  /** pages of the table that are missing, and rows that are broken: 0 = the table is whole */
  unreadable: number;
}

const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);
/** Tables whose rows cannot be told from those of others by their shape, or that are not worth it. */
const NOT_FROM_STRAYS = new Set(['meta', 'view', 'seg_check', 'hole']);

export class DamagedCase {
  readonly file: PageFile;
  readonly tables = new Map<string, Table>();
  readonly found = new Map<string, Found>();
  readonly #sums = new Map<number, Sums>();

  /** `strays`: also look at every page for rows that no tree leads to any more. Throws not_a_case and newer, and what the file system throws; never for damage. */
  constructor(path: string, { strays }: { strays: boolean }) {
    this.file = new PageFile(path);
    try {
      this.#requireCase(path);
      const model = emptyCase();
      try {
        for (const table of tablesOf(model)) this.tables.set(table.name, table);
        this.#readTrees(rootsOf(model));
      } finally {
        model.close();
      }
      for (const { values } of this.rows('seg_check')) {
        const [id, own, ...sums] = values.map(Number);
        const read = Object.fromEntries(PARTS.map((part, i) => [part, sums[i]])) as Sums;
        // Checksums that are damaged themselves must not condemn a segment.
        if (ownSum(id, read) === own) this.#sums.set(id, read);
      }
      if (strays && [...this.found.values()].some(({ unreadable }) => unreadable > 0)) this.#readStrays();
    } catch (error) {
      this.file.close();
      throw error;
    }
  }

  close(): void {
    this.file.close();
  }

  sums(id: number): Sums | null {
    return this.#sums.get(id) ?? null;
  }
  get checkedIds(): Iterable<number> {
    return this.#sums.keys();
  }

  /** Rows of a table, values in the order of its columns. Broken ones are counted and left out. */
  *rows(name: string): Generator<{ values: Value[] }, void, void> {
    const table = this.tables.get(name);
    const found = this.found.get(name);
    if (!table || !found) return;
    for (const cell of found.cells) {
      const values = this.#values(table, cell);
      if (values) yield { values };
      else found.unreadable++;
    }
  }

  /** Where the rows of a part of the segments lie. */
  segmentCells(part: Part): Map<number, Cell> {
    const cells = new Map<number, Cell>();
    for (const cell of this.found.get(part)?.cells ?? []) {
      const id = rowidOf(this.file, cell);
      if (id !== null && id > 0 && !cells.has(id)) cells.set(id, cell);
    }
    return cells;
  }

  /** A row by its place; null when it is broken. */
  row(name: string, cell: Cell): Value[] | null {
    const table = this.tables.get(name);
    return table ? this.#values(table, cell) : null;
  }

  #values(table: Table, cell: Cell): Value[] | null {
    const row = cell.table === table.rowids ? readRow(this.file, cell) : null;
    return row && fitted(table, row.values, row.rowid);
  }

  #requireCase(path: string): void {
    const { header, bytes } = this.file;
    if (bytes === 0) throw new TidemarkError('not_a_case', `${path} is empty: there is nothing in it to copy.`);
    if (header && header.applicationId !== APPLICATION_ID) throw new TidemarkError('not_a_case', `${path} is an SQLite file, but not a Tidemark case.`);
    if (header && header.userVersion > SCHEMA_VERSION) throw new TidemarkError('newer', `${path} was written by a newer Tidemark (schema ${header.userVersion}, this one knows ${SCHEMA_VERSION}). Use that one to copy what can be read.`);
  }

  /** By the schema in the file; where that is destroyed, by where a case of this version has its tables. */
  #readTrees(usual: ReadonlyMap<string, number>): void {
    const taken = new Set<number>();
    const roots = this.#roots(taken);
    for (const table of this.tables.values()) {
      if (roots.size > 0 && !roots.has(table.name) && this.#isOlderThan(table.name)) {
        this.found.set(table.name, { cells: [], unreadable: 0 });
        continue;
      }
      this.found.set(table.name, { cells: [], unreadable: 1 });
      for (const root of new Set([roots.get(table.name), usual.get(table.name)])) {
        if (root === undefined) continue;
        const tree = readTree(this.file, root, table.rowids, taken);
        const empty = tree.cells.length === 0 && tree.unreadable === 0;
        if (empty || tree.cells.some((cell) => this.#values(table, cell))) {
          this.found.set(table.name, { cells: tree.cells, unreadable: tree.unreadable });
          break;
        }
        // Not the root of this table: its pages may be somebody else's.
        for (const page of tree.pages) taken.delete(page);
      }
    }
    this.#taken = taken;
  }
  #taken = new Set<number>();

  /** Whether the table came with a migration that the case has not had yet. */
  #isOlderThan(table: string): boolean {
    const version = this.file.header?.userVersion ?? SCHEMA_VERSION;
    return MIGRATIONS.slice(version).some((sql) => sql.includes(`CREATE TABLE ${table} `));
  }

  #roots(taken: Set<number>): Map<string, number> {
    const roots = new Map<string, number>();
    for (const cell of readTree(this.file, 1, true, taken).cells) {
      // type, name, tbl_name, rootpage, sql
      const values = readRow(this.file, cell)?.values;
      if (values?.length === 5 && typeof values[1] === 'string' && typeof values[3] === 'number') {
        if (values[0] === 'table') roots.set(values[1], values[3]);
        // Indexes are made anew; their pages must not be taken for rows.
        else if (values[3] > 0) readTree(this.file, values[3], false, taken);
      }
    }
    return roots;
  }

  #readStrays(): void {
    const free = this.file.freePages();
    const known = new Map([...this.tables.values()].map((table) => [table.name, new Set(this.#keysOf(table))]));
    const skipped = new Set(this.#taken);
    for (const page of free.pages) skipped.add(page);
    for (const cells of strayLeaves(this.file, skipped)) {
      for (const cell of cells) {
        const table = this.#tableOf(cell, free.whole);
        if (!table) continue;
        const key = this.#keyOf(table, cell);
        const keys = known.get(table.name);
        if (key === null || !keys || keys.has(key)) continue;
        keys.add(key);
        this.found.get(table.name)?.cells.push(cell);
      }
    }
  }

  #keysOf(table: Table): string[] {
    return (this.found.get(table.name)?.cells ?? []).flatMap((cell) => this.#keyOf(table, cell) ?? []);
  }
  #keyOf(table: Table, cell: Cell): string | null {
    if (table.rowids) {
      const rowid = rowidOf(this.file, cell);
      return rowid === null ? null : String(rowid);
    }
    const values = this.#values(table, cell);
    // Keys of these tables are their first two columns at most.
    return values && JSON.stringify(values.slice(0, 2).map(String));
  }

  /** The one table a stray row can be of; undefined when it is none, or more than one. */
  #tableOf(cell: Cell, freeListWhole: boolean): Table | undefined {
    const row = readRow(this.file, cell);
    if (!row) return undefined;
    const fitting = [...this.tables.values()].filter((table) => !NOT_FROM_STRAYS.has(table.name) && (this.found.get(table.name)?.unreadable ?? 0) > 0 && table.rowids === cell.table && row.values.length === table.columns.length && fitted(table, row.values, row.rowid));
    // Rejects that were replayed are deleted; without the list of free pages old rows of theirs look like living ones.
    if (fitting.length === 1) return fitting[0].name === 'reject' && !freeListWhole ? undefined : fitting[0];
    const sums = this.#sums.get(row.rowid);
    const blob = row.values.at(-1);
    if (!sums || !(blob instanceof Uint8Array)) return undefined;
    const sum = zlib.crc32(blob);
    return fitting.find((table) => isPart(table.name) && sums[table.name] === sum);
  }
}

/** The values as columns of the table; null when their types are not those of the table (all are STRICT). */
function fitted(table: Table, values: readonly Value[], rowid: number): Value[] | null {
  if (values.length > table.columns.length) return null;
  const row = table.columns.map((_column, i) => (i === table.key ? rowid : (values[i] ?? null)));
  if (table.key >= 0 && (values[table.key] !== null || rowid <= 0)) return null;
  return table.columns.every((column, i) => (row[i] === null ? !column.required : typeFits(column.type, row[i]))) ? row : null;
}
function typeFits(type: string, value: Value): boolean {
  if (type === 'TEXT') return typeof value === 'string';
  if (type === 'BLOB') return value instanceof Uint8Array;
  // Whole numbers of a REAL column are kept as integers.
  return typeof value === 'bigint' || (typeof value === 'number' && (type === 'REAL' || Number.isSafeInteger(value)));
}

/** A case of this version with nothing in it: where its tables lie is where those of every case lie. */
function emptyCase(): Database.Database {
  const db = new Database(':memory:', nativeBinding());
  db.pragma(`page_size = ${PAGE_SIZE}`);
  for (const sql of MIGRATIONS) db.exec(sql);
  return db;
}
function rootsOf(db: Database.Database): Map<string, number> {
  return new Map(db.prepare<[], { name: string; rootpage: number }>("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'").all().map(({ name, rootpage }) => [name, rootpage]));
}
/** Tables of a case and their columns as rows hold them. */
function tablesOf(db: Database.Database): Table[] {
  const names = db.prepare<[], { name: string; wr: number }>("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  return names.map(({ name, wr }) => {
    const columns = db.prepare<[string], { name: string; type: string; notnull: number; pk: number }>('SELECT name, type, "notnull", pk FROM pragma_table_info(?)').all(name);
    const rowids = wr === 0;
    return {
      name,
      columns: columns.map((column) => ({ name: column.name, type: column.type, required: column.notnull === 1 || column.pk > 0 })),
      rowids,
      key: rowids ? columns.findIndex((column) => column.pk === 1 && column.type === 'INTEGER') : -1,
    };
  });
}
