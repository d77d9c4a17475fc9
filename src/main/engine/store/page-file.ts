/**
 * The pages of a damaged SQLite file, read without SQLite: https://www.sqlite.org/fileformat.html sections 1.3 and 4. Pages that a
 * write-ahead log beside the file has committed are taken from there. What is missing is null, and nothing here throws for damage.
 */
import fs from 'node:fs';
import { PAGE_SIZE } from './schema.ts';

const MAGIC = 'SQLite format 3\0';
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** A log longer than this is not one that Tidemark wrote. */
const MAX_WAL = 4 * 2 ** 30;

/** What the first 100 bytes of a file say; null when they are not those of an SQLite file. */
export interface Header {
  pageSize: number;
  /** bytes at the end of each page that are not SQLite's */
  reserved: number;
  /** pages as the file counts them; 0 when it does not say */
  pages: number;
  applicationId: number;
  userVersion: number;
  /** first page of the list of free pages, 0 = none */
  freeList: number;
}

export function readHeader(head: Buffer): Header | null {
  if (head.length < 100 || head.toString('latin1', 0, 16) !== MAGIC) return null;
  const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return null;
  return { pageSize, reserved: head[20], pages: head.readUInt32BE(28), applicationId: head.readUInt32BE(68), userVersion: head.readUInt32BE(60), freeList: head.readUInt32BE(32) };
}

export class PageFile {
  readonly pageSize: number;
  /** bytes of a page that hold content */
  readonly usable: number;
  /** null when the first page is destroyed; the page size is then the one Tidemark writes */
  readonly header: Header | null;
  /** highest page number that the file says it has, or has */
  readonly pages: number;
  /** highest page number of which there can be anything to read: a damaged header may claim any number */
  readonly present: number;
  readonly bytes: number;
  readonly #fd: number;
  readonly #wal: Wal | null;
  /** rows of a page are asked for one after the other */
  #last: { n: number; page: Uint8Array } | null = null;

  /** Throws what the file system throws. */
  constructor(file: string) {
    this.#fd = fs.openSync(file, 'r');
    this.bytes = fs.fstatSync(this.#fd).size;
    const onDisk = readHeader(readAt(this.#fd, 0, 100));
    this.#wal = openWal(`${file}-wal`, onDisk?.pageSize ?? PAGE_SIZE);
    this.pageSize = onDisk?.pageSize ?? PAGE_SIZE;
    const first = this.#wal?.frames.has(1) ? this.read(1) : null;
    this.header = first ? readHeader(Buffer.from(first.buffer, first.byteOffset, first.byteLength)) : onDisk;
    this.usable = this.pageSize - (this.header?.reserved ?? 0);
    this.present = [...(this.#wal?.frames.keys() ?? [])].reduce((most, page) => Math.max(most, page), Math.ceil(this.bytes / this.pageSize));
    this.pages = Math.max(this.present, this.header?.pages ?? 0);
  }

  /** Page `n`, counted from 1; null when the file ends before its end. */
  read(n: number): Uint8Array | null {
    if (n < 1) return null;
    if (this.#last?.n === n) return this.#last.page;
    const frame = this.#wal?.frames.get(n);
    const page = this.#wal && frame !== undefined ? readAt(this.#wal.fd, frame, this.pageSize) : readAt(this.#fd, (n - 1) * this.pageSize, this.pageSize);
    if (page.length < this.pageSize) return null;
    this.#last = { n, page };
    return page;
  }

  /** Pages that no table uses any more: they may still hold rows of long ago. `whole` = the list could be followed to its end. */
  freePages(): { pages: Set<number>; whole: boolean } {
    const pages = new Set<number>();
    let trunk = this.header?.freeList ?? 0;
    while (trunk !== 0) {
      const page = pages.has(trunk) || trunk > this.pages ? null : this.read(trunk);
      if (!page) return { pages, whole: false };
      pages.add(trunk);
      const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
      const count = view.getUint32(4);
      if (count > this.usable / 4 - 2) return { pages, whole: false };
      for (let i = 0; i < count; i++) pages.add(view.getUint32(8 + i * 4));
      trunk = view.getUint32(0);
    }
    return { pages, whole: this.header !== null };
  }

  close(): void {
    fs.closeSync(this.#fd);
    if (this.#wal) fs.closeSync(this.#wal.fd);
  }
}

interface Wal {
  fd: number;
  /** where in the log the newest committed copy of a page lies */
  frames: Map<number, number>;
}

/** Committed frames of a log. Salts and running checksums tell which frames are of this log, as SQLite itself tells it. */
function openWal(file: string, pageSize: number): Wal | null {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < WAL_HEADER || size > MAX_WAL) return null;
  const fd = fs.openSync(file, 'r');
  const head = readAt(fd, 0, WAL_HEADER);
  const magic = head.length === WAL_HEADER ? head.readUInt32BE(0) : 0;
  const little = magic === 0x377f0682;
  let sums: [number, number] = walSums(head.subarray(0, 24), [0, 0], little);
  if ((!little && magic !== 0x377f0683) || head.readUInt32BE(8) !== pageSize || sums[0] !== head.readUInt32BE(24) || sums[1] !== head.readUInt32BE(28)) {
    fs.closeSync(fd);
    return null;
  }
  const frames = new Map<number, number>();
  let open: [number, number][] = [];
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= size; at += FRAME_HEADER + pageSize) {
    const frame = readAt(fd, at, FRAME_HEADER + pageSize);
    if (frame.length < FRAME_HEADER + pageSize || frame.compare(head, 16, 24, 8, 16) !== 0) break;
    sums = walSums(frame.subarray(FRAME_HEADER), walSums(frame.subarray(0, 8), sums, little), little);
    if (sums[0] !== frame.readUInt32BE(16) || sums[1] !== frame.readUInt32BE(20)) break;
    open.push([frame.readUInt32BE(0), at + FRAME_HEADER]);
    // Pages of the file after this transaction; 0 = it goes on.
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [page, place] of open) frames.set(page, place);
    open = [];
  }
  return { fd, frames };
}

/** The checksum of the log: https://www.sqlite.org/fileformat.html section 4.2. */
function walSums(bytes: Buffer, [a, b]: [number, number], little: boolean): [number, number] {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0;
    b = (b + (little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

/** Up to `length` bytes; fewer at the end of the file, none where the disk cannot be read. */
function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, at));
  } catch {
    // A bad sector is damage like any other.
    return bytes.subarray(0, 0);
  }
}
