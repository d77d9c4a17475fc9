import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRow, readTree, rowidOf, strayLeaves, type Value } from './btree.ts';
import { PageFile } from './page-file.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-btree-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Values as SQLite gives them back: numbers that are whole come as integers, of any size. */
const value = fc.oneof(fc.constant(null), fc.integer(), fc.constantFrom(0, 1, -1, 127, -128, 32_767, -32_769, 8_388_607, -8_388_609, 2 ** 47, -(2 ** 47) - 1, 2 ** 53 - 1, -(2 ** 53) + 1), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)), fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0')));
const blob = fc.tuple(fc.constantFrom(0, 1, 100, 470, 900, 5000, 40_000), fc.nat(255)).map(([length, fill]) => Buffer.alloc(length, fill));
const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2 ** 31 - 1 }), value, blob), { selector: ([id]) => id, minLength: 1, maxLength: 60 });

function make(file: string, pageSize: number, content: [number, Value, Buffer][], wal: boolean): void {
  const db = new Database(file);
  db.pragma(`page_size = ${pageSize}`);
  if (wal) db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE plain (id INTEGER PRIMARY KEY, v, b); CREATE TABLE keyed (id, v, b, PRIMARY KEY (id)) WITHOUT ROWID');
  db.pragma('synchronous = OFF');
  db.transaction(() => {
    for (const table of ['plain', 'keyed']) for (const row of content) db.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`).run(...row);
  })();
  if (!wal) db.close();
  else {
    // As after a crash: what was committed last is in the log only.
    for (const end of ['', '-wal']) fs.copyFileSync(file + end, `${file}.crashed${end}`);
    db.close();
  }
}
function rootOf(file: PageFile, name: string): number {
  for (const cell of readTree(file, 1, true, new Set()).cells) {
    const values = readRow(file, cell)?.values;
    if (values?.[1] === name) return Number(values[3]);
  }
  throw new Error(`${name} is not in the schema`);
}
const bytesOf = (bytes: Value): Buffer => Buffer.from(bytes as Uint8Array);

describe('rows read without SQLite', () => {
  it.each([[512, false], [4096, false], [16_384, false], [65_536, false], [4096, true]])('are those that SQLite wrote, in pages of %i bytes, log: %s', (pageSize, wal) => {
    let run = 0;
    fc.assert(
      fc.property(rows, (content) => {
        const name = path.join(folder, `${run++}.db`);
        make(name, pageSize, content, wal);
        const file = new PageFile(wal ? `${name}.crashed` : name);
        try {
          const sorted = content.toSorted((a, b) => a[0] - b[0]);
          const plain = readTree(file, rootOf(file, 'plain'), true, new Set());
          expect(plain.unreadable).toBe(0);
          const read = plain.cells.map((cell) => readRow(file, cell));
          expect(read.map((row) => [row?.rowid, row?.values[1], bytesOf(row?.values[2] ?? null)])).toEqual(sorted);
          expect(plain.cells.map((cell) => rowidOf(file, cell))).toEqual(sorted.map(([id]) => id));
          const keyed = readTree(file, rootOf(file, 'keyed'), false, new Set());
          expect(keyed.unreadable).toBe(0);
          const found = keyed.cells.map((cell) => readRow(file, cell)?.values ?? []);
          expect(found.map(([id, v, b]) => [id, v, bytesOf(b)]).toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual(sorted);
        } finally {
          file.close();
        }
      }),
      { numRuns: pageSize === 65_536 ? 4 : 8 },
    );
  });

  it('are found without the pages that led to them', () => {
    const name = path.join(folder, 'x.db');
    make(name, 512, Array.from({ length: 300 }, (_, i) => [i + 1, i, Buffer.alloc(50, i)]), false);
    const whole = new PageFile(name);
    const root = rootOf(whole, 'plain');
    whole.close();
    const bytes = fs.readFileSync(name);
    bytes.fill(255, (root - 1) * 512, root * 512);
    fs.writeFileSync(name, bytes);
    const file = new PageFile(name);
    expect(readTree(file, root, true, new Set())).toEqual({ cells: [], pages: [], unreadable: 1 });
    const ids = [...strayLeaves(file, new Set())].flat().flatMap((cell) => rowidOf(file, cell) ?? []);
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    file.close();
  });

  it('are never a reason to throw, to hang or to take much memory, whatever the bytes are', () => {
    const name = path.join(folder, 'x.db');
    make(name, 512, Array.from({ length: 100 }, (_, i) => [i + 1, i, Buffer.alloc(i * 20, i)]), false);
    const whole = fs.readFileSync(name);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 200 }), fc.nat(whole.length), (flips, length) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        for (const [at, to] of flips) if (at < length) bytes[at] = to;
        fs.writeFileSync(name, bytes);
        const file = new PageFile(name);
        try {
          file.freePages();
          for (let root = 1; root <= Math.min(20, file.pages); root++) for (const table of [true, false]) for (const cell of readTree(file, root, table, new Set()).cells) readRow(file, cell);
          for (const cells of strayLeaves(file, new Set())) for (const cell of cells) readRow(file, cell);
        } finally {
          file.close();
        }
      }),
      { numRuns: 150 },
    );
  });
});
