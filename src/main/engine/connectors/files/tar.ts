import { failing, type ArchiveEntry } from './archive-entry.ts';
import type { ByteReader } from './byte-reader.ts';
import { tarChecksumHolds } from './container.ts';
import { InputError } from './input-error.ts';

const BLOCK = 512;
/** Long names and pax records are a few hundred bytes; an attacker's are not. */
const MAX_EXTENSION = 1 << 20;

interface Header {
  name: string;
  size: number;
  /** microseconds UTC, null when the field is empty or nonsense */
  modified: number | null;
  type: string;
  /** GNU sparse: more header blocks follow */
  extended: boolean;
}

/**
 * Regular files of a tar, in order: v7, POSIX ustar and pax, GNU. Old sparse files are listed but cannot be read.
 *
 * Our own reader, and not tar-stream, because a cut-off archive has to give up every byte before the cut and then say where it is
 * (tar-stream drops what it had buffered when it fails), and v7 headers and pax times are read too.
 */
export async function* tarEntries(reader: ByteReader): AsyncGenerator<ArchiveEntry, void, void> {
  const globals = new Map<string, string>();
  let local = new Map<string, string>();
  let longName = '';
  let ended = false;
  for (;;) {
    const at = reader.offset;
    const block = await reader.take(BLOCK);
    if (block === null) {
      const rest = await reader.peek(BLOCK);
      if (ended || (rest.length > 0 && rest.every((byte) => byte === 0))) return;
      throw truncated(at + rest.length);
    }
    if (block.every((byte) => byte === 0)) {
      ended = true;
      continue;
    }
    if (!tarChecksumHolds(block)) {
      throw new InputError('corrupt', ended ? `Bytes that are not tar follow the end of the archive at offset ${at}; they were not read.` : `The tar archive is damaged at offset ${at}: no entry begins here.`, { offset: at });
    }
    ended = false;
    const header = parseHeader(block);
    if (!Number.isSafeInteger(header.size) || header.size < 0) throw new InputError('corrupt', `The tar archive is damaged at offset ${at}: an entry without a size.`, { offset: at });
    if ('xgLK'.includes(header.type)) {
      const body = await extension(reader, header.size, at);
      if (header.type === 'x') local = paxRecords(body);
      else if (header.type === 'g') for (const [key, value] of paxRecords(body)) globals.set(key, value);
      else if (header.type === 'L') longName = text(body);
      continue;
    }
    for (let more = header.type === 'S' && header.extended; more; ) {
      const extra = await reader.take(BLOCK);
      if (extra === null) throw truncated(reader.offset);
      more = extra[504] !== 0;
    }
    const pax = (key: string): string | undefined => local.get(key) ?? globals.get(key);
    const size = header.type === '5' || '12346'.includes(header.type) ? 0 : Number(pax('size') ?? header.size);
    if (!Number.isSafeInteger(size) || size < 0) throw new InputError('corrupt', `The tar archive is damaged at offset ${at}: an entry without a size.`, { offset: at });
    const end = reader.offset + size;
    const name = pax('path') ?? (longName === '' ? header.name : longName);
    const modified = paxTime(pax('mtime')) ?? header.modified;
    if (isFile(header.type) && !(header.type !== 'S' && name.endsWith('/'))) {
      yield { name, size, modified, data: header.type === 'S' ? failing(sparse(name)) : body(reader, end) };
    }
    local = new Map();
    longName = '';
    await skipTo(reader, end);
    // The last entry may lack its padding; the missing end mark is told above.
    await reader.skip((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function isFile(type: string): boolean {
  return type === '0' || type === '\0' || type === '7' || type === 'S';
}

async function* body(reader: ByteReader, end: number): AsyncGenerator<Uint8Array, void, void> {
  while (reader.offset < end) {
    const bytes = await reader.next(end - reader.offset);
    if (bytes === null) throw truncated(reader.offset);
    yield bytes;
  }
}

function sparse(name: string): InputError {
  return new InputError('unsupported', `${name} is stored as a sparse file in the old GNU format, which is not supported. Unpack the archive with tar and read the result.`);
}

async function skipTo(reader: ByteReader, end: number): Promise<void> {
  const left = end - reader.offset;
  if ((await reader.skip(left)) < left) throw truncated(reader.offset);
}

async function extension(reader: ByteReader, size: number, at: number): Promise<Uint8Array> {
  if (size > MAX_EXTENSION) throw new InputError('corrupt', `The tar archive is damaged at offset ${at}: a name or attribute of ${size} bytes.`, { offset: at });
  const bytes = await reader.take(Math.ceil(size / BLOCK) * BLOCK);
  if (bytes === null) throw truncated(reader.offset);
  return bytes.subarray(0, size);
}

function truncated(offset: number): InputError {
  return new InputError('truncated', `The tar archive stops at offset ${offset} without its end mark: the file is cut off or still being written.`, { offset });
}

function parseHeader(block: Uint8Array): Header {
  const magic = text(block.subarray(257, 263));
  const posix = magic === 'ustar';
  const prefix = posix ? text(block.subarray(345, 500)) : '';
  const name = text(block.subarray(0, 100));
  const seconds = number(block.subarray(136, 148));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: number(block.subarray(124, 136)),
    modified: Number.isFinite(seconds) && seconds > 0 ? seconds * 1e6 : null,
    type: String.fromCharCode(block[156]),
    extended: block[482] !== 0,
  };
}

/** Text up to the first NUL. Bytes that are not UTF-8 become U+FFFD. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.buffer, bytes.byteOffset, end < 0 ? bytes.length : end).toString('utf8');
}

/** Octal digits, or (GNU) big-endian base 256 when the first bit is set. NaN when it is neither; an empty field is 0. */
function number(bytes: Uint8Array): number {
  if ((bytes[0] & 0x80) !== 0) {
    if (bytes[0] === 0xff) return Number.NaN; // negative
    return bytes.reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & 0x7f : byte), 0);
  }
  const digits = text(bytes).trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Records of the form "LENGTH KEY=VALUE\n" (POSIX.1-2001); stops at the first that is not one. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    if (space < 0 || space - at > 8) break;
    const length = Number(text(bytes.subarray(at, space)));
    if (!Number.isSafeInteger(length) || length <= space - at + 1 || at + length > bytes.length) break;
    const record = Buffer.from(bytes.subarray(space + 1, at + length - 1)).toString('utf8');
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Decimal seconds to microseconds. */
function paxTime(value: string | undefined): number | null {
  const match = value === undefined ? null : /^(\d{1,12})(?:\.(\d+))?$/.exec(value);
  if (match === null) return null;
  return Number(match[1]) * 1e6 + Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'));
}
