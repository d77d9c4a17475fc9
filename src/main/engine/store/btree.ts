/**
 * Rows of a damaged SQLite file, read page by page: https://www.sqlite.org/fileformat.html sections 1.6 and 2.1. A tree is followed as
 * far as it goes; leaves that the damage cut off from their tree are found by looking at every page.
 */
import type { PageFile } from './page-file.ts';

export type Value = null | number | bigint | string | Uint8Array;
export interface Row {
  rowid: number;
  values: Value[];
}
/** Where a row lies; `values` reads it again, so that a large table need not be in memory. */
export interface Cell {
  page: number;
  at: number;
  /** of a table with rowids (true), or of an index or a table without rowids */
  table: boolean;
}

const INDEX_INTERIOR = 2;
const TABLE_INTERIOR = 5;
const INDEX_LEAF = 10;
const TABLE_LEAF = 13;
const MAX_COLUMNS = 200;
const MAX_DEPTH = 20;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The cells of a tree, and what of it could not be read. */
export interface Tree {
  cells: Cell[];
  pages: number[];
  /** pages that are missing or are not what the tree says */
  unreadable: number;
}

/** Follows a tree from its root. `taken` holds pages that are known to belong somewhere; each page is read once. */
export function readTree(file: PageFile, root: number, table: boolean, taken: Set<number>): Tree {
  const tree: Tree = { cells: [], pages: [], unreadable: 0 };
  const walk = (n: number, depth: number): void => {
    if (n < 1 || n > file.pages || taken.has(n) || depth > MAX_DEPTH) {
      tree.unreadable++;
      return;
    }
    const page = pageAt(file, n);
    if (!page || page.isTable !== table) {
      tree.unreadable++;
      return;
    }
    taken.add(n);
    tree.pages.push(n);
    for (const at of page.cells) {
      if (page.leaf || !table) tree.cells.push({ page: n, at, table });
      if (!page.leaf) walk(page.view.getUint32(at), depth + 1);
    }
    tree.unreadable += page.badCells;
    if (!page.leaf) walk(page.view.getUint32(page.start + 8), depth + 1);
  };
  walk(root, 0);
  return tree;
}

/** Leaves that no tree reached, as cells by page. */
export function* strayLeaves(file: PageFile, taken: ReadonlySet<number>): Generator<Cell[], void, void> {
  for (let n = 2; n <= file.present; n++) {
    if (taken.has(n)) continue;
    const page = pageAt(file, n);
    if (page?.leaf && page.cells.length > 0) yield page.cells.map((at) => ({ page: n, at, table: page.isTable }));
  }
}

interface Page {
  view: DataView;
  isTable: boolean;
  leaf: boolean;
  /** where the page's header begins: the first page begins with that of the file */
  start: number;
  cells: number[];
  badCells: number;
}

/** null when the page is missing or is none of a tree. */
function pageAt(file: PageFile, n: number): Page | null {
  const bytes = file.read(n);
  if (!bytes) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = n === 1 ? 100 : 0;
  const type = bytes[start];
  if (type !== INDEX_INTERIOR && type !== TABLE_INTERIOR && type !== INDEX_LEAF && type !== TABLE_LEAF) return null;
  const leaf = type === INDEX_LEAF || type === TABLE_LEAF;
  const first = start + (leaf ? 8 : 12);
  const count = view.getUint16(start + 3);
  if (first + count * 2 > file.usable) return null;
  const cells: number[] = [];
  let badCells = 0;
  for (let i = 0; i < count; i++) {
    const at = view.getUint16(first + i * 2);
    if (at >= first + count * 2 && at <= file.usable - 4) cells.push(at);
    else badCells++;
  }
  return { view, isTable: type === TABLE_INTERIOR || type === TABLE_LEAF, leaf, start, cells, badCells };
}

/** The rowid of a cell without its content; null when it cannot be read, or is negative, which no rowid of a case is. */
export function rowidOf(file: PageFile, cell: Cell): number | null {
  const bytes = cell.table ? file.read(cell.page) : null;
  if (!bytes) return null;
  const reader = new VarintReader(bytes, cell.at);
  reader.next();
  const rowid = reader.next();
  return reader.failed || !Number.isSafeInteger(rowid) ? null : rowid;
}

/** Reads a row; null when a part of it is missing or it is no row. */
export function readRow(file: PageFile, cell: Cell): Row | null {
  const bytes = file.read(cell.page);
  if (!bytes) return null;
  const interior = bytes[cell.page === 1 ? 100 : 0] === INDEX_INTERIOR;
  const reader = new VarintReader(bytes, cell.at + (interior ? 4 : 0));
  const size = reader.next();
  const rowid = cell.table ? reader.next() : 0;
  if (reader.failed || !Number.isSafeInteger(rowid) || size > file.present * file.pageSize) return null;
  const payload = payloadOf(file, bytes, reader.at, size, cell.table);
  const values = payload && recordOf(payload);
  return values && { rowid, values };
}

/** Content of a cell, its overflow pages included. */
function payloadOf(file: PageFile, page: Uint8Array, at: number, size: number, table: boolean): Uint8Array | null {
  const u = file.usable;
  const most = table ? u - 35 : Math.floor(((u - 12) * 64) / 255) - 23;
  const least = Math.floor(((u - 12) * 32) / 255) - 23;
  const rest = least + ((size - least) % (u - 4));
  const local = size <= most ? size : rest <= most ? rest : least;
  if (at + local + (size > most ? 4 : 0) > u) return null;
  if (size <= most) return page.subarray(at, at + size);
  const out = new Uint8Array(size);
  out.set(page.subarray(at, at + local));
  let next = uint32(page, at + local);
  for (let have = local; have < size; ) {
    const overflow = next > 1 && next <= file.pages ? file.read(next) : null;
    if (!overflow) return null;
    const part = overflow.subarray(4, Math.min(u, 4 + size - have));
    out.set(part, have);
    have += part.length;
    next = uint32(overflow, 0);
  }
  // A chain that goes on is one of something else.
  return next === 0 ? out : null;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}

function recordOf(payload: Uint8Array): Value[] | null {
  const reader = new VarintReader(payload, 0);
  const headerEnd = reader.next();
  if (reader.failed || headerEnd > payload.length) return null;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const values: Value[] = [];
  let at = headerEnd;
  while (reader.at < headerEnd) {
    const type = reader.next();
    const length = lengthOf(type);
    if (reader.failed || length < 0 || at + length > payload.length || values.length >= MAX_COLUMNS) return null;
    try {
      values.push(valueAt(view, payload, at, type, length));
    } catch {
      // Text that is not UTF-8: Tidemark never stores such.
      return null;
    }
    at += length;
  }
  return reader.at === headerEnd && at === payload.length ? values : null;
}

/** Bytes of a value by its serial type; -1 for types that no file has. */
function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1][type];
}

function valueAt(view: DataView, bytes: Uint8Array, at: number, type: number, length: number): Value {
  switch (type) {
    case 0:
      return null;
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getInt16(at);
    case 3:
      return view.getInt8(at) * 65_536 + view.getUint16(at + 1);
    case 4:
      return view.getInt32(at);
    case 5:
      return view.getInt16(at) * 2 ** 32 + view.getUint32(at + 2);
    case 6: {
      const value = view.getBigInt64(at);
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    case 7:
      return view.getFloat64(at);
    case 8:
      return 0;
    case 9:
      return 1;
    default:
      return type % 2 === 0 ? bytes.slice(at, at + length) : utf8.decode(bytes.subarray(at, at + length));
  }
}

/** SQLite's variable-length integers, big-endian, at most nine bytes. Beyond what a double holds exactly they count as failed. */
class VarintReader {
  readonly #bytes: Uint8Array;
  at: number;
  failed = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) break;
      value = value * 128 + (byte & 127);
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    this.failed = true;
    return 0;
  }
}
