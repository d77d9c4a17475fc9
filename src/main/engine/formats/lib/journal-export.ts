/**
 * The Journal Export Format (systemd, JOURNAL_EXPORT_FORMATS): entries between blank lines; a field is NAME=text and a line end, or its name, a line
 * end, its length in eight bytes (little-endian), that many bytes, and a line end.
 */
import { fitLine } from './fit-line.ts';
import { undecodable } from './undecodable.ts';

/** So much of a value is kept, and of all values of an entry: core dumps are fields too. */
const VALUE_BYTES = 256 << 10;
const ENTRY_BYTES = 4 << 20;
/** So many fields of an entry are kept. */
const ENTRY_FIELDS = 4096;
/** No field is longer (journald.conf allows 768 MiB): what says so is damaged. */
const FIELD_BYTES = 2 ** 31;
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;
/** How every entry begins: by this the next one is found behind damage. */
const BEGINS = /^__(?:CURSOR|REALTIME_TIMESTAMP)=/;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ascii = new TextDecoder('latin1');
const encoder = new TextEncoder();

interface Piece {
  /** at most as many as were to be kept */
  bytes: Uint8Array;
  /** how many there were */
  length: number;
  /** false: the stream ended before */
  whole: boolean;
}

/** Takes lines and counted bytes out of a stream. */
class Bytes {
  /** of the next byte in the stream */
  position = 0;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  private async more(): Promise<boolean> {
    while (this.at >= this.chunk.length) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.chunk = next.value;
      this.at = 0;
    }
    return true;
  }
  private take(count: number): Uint8Array {
    const part = this.chunk.subarray(this.at, this.at + count);
    this.at += part.length;
    this.position += part.length;
    return part;
  }

  /** The next line without its end; null at the end of the stream. */
  async line(keep: number): Promise<Piece | null> {
    if (!(await this.more())) return null;
    const parts: Uint8Array[] = [];
    let kept = 0;
    let length = 0;
    do {
      const newline = this.chunk.indexOf(10, this.at);
      const part = this.take((newline < 0 ? this.chunk.length : newline) - this.at);
      if (kept < keep) kept += parts[parts.push(part.slice(0, keep - kept)) - 1].length;
      length += part.length;
      if (newline >= 0) {
        this.take(1);
        return { bytes: joined(parts, kept), length, whole: true };
      }
    } while (await this.more());
    return { bytes: joined(parts, kept), length, whole: false };
  }

  /** The next `count` bytes. */
  async exactly(count: number, keep: number): Promise<Piece> {
    const parts: Uint8Array[] = [];
    let kept = 0;
    let length = 0;
    while (length < count && (await this.more())) {
      const part = this.take(count - length);
      if (kept < keep) kept += parts[parts.push(part.slice(0, keep - kept)) - 1].length;
      length += part.length;
    }
    return { bytes: joined(parts, kept), length, whole: length === count };
  }
}
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

class Entry {
  private fields = new Map<string, unknown>();
  private bytes = 0;
  private offset = 0;
  private cut = '';

  get empty(): boolean {
    return this.fields.size === 0;
  }
  /** How much of the next value is to be kept. */
  get room(): number {
    return Math.min(VALUE_BYTES, Math.max(0, ENTRY_BYTES - this.bytes));
  }

  /** A field whose value stands behind `from` of the piece; `offset` is where the field begins. */
  add(name: string, piece: Piece, from: number, offset: number): void {
    if (this.empty) this.offset = offset;
    const before = this.fields.get(name);
    if (this.fields.size >= ENTRY_FIELDS || (Array.isArray(before) && before.length >= ENTRY_FIELDS)) {
      this.cut = `Only ${ENTRY_FIELDS} fields were kept.`;
      return;
    }
    if (piece.bytes.length < piece.length) this.cut = `${name} was cut: it has ${piece.length - from} bytes.`;
    this.bytes += piece.bytes.length;
    const value = utf8.decode(piece.bytes.subarray(from));
    // A field may come several times.
    if (Array.isArray(before)) before.push(value);
    else this.fields.set(name, before === undefined ? value : [before, value]);
  }

  /** The entry as a line; the next one begins. */
  end(): Uint8Array {
    const entries = this.fields;
    entries.set('log.offset', this.offset);
    if (this.cut !== '') entries.set('record.cut', this.cut);
    this.fields = new Map();
    this.bytes = 0;
    this.cut = '';
    return encoder.encode(fitLine(entries));
  }
}

/** The entries of a stream in Journal Export Format, as lines. Keeps one entry of at most 4 MiB in memory. */
export async function* decodeJournal(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const input = new Bytes(chunks);
  const entry = new Entry();
  let lost = false;
  for (;;) {
    const offset = input.position;
    const line = await input.line(entry.room + 128);
    if (line === null) break;
    if (lost) {
      if (!BEGINS.test(ascii.decode(line.bytes.subarray(0, 64)))) continue;
      lost = false;
    }
    if (line.length === 0) {
      if (!entry.empty) yield entry.end();
      continue;
    }
    const equals = line.bytes.indexOf(61);
    const name = ascii.decode(line.bytes.subarray(0, Math.min(equals < 0 ? line.bytes.length : equals, 80)));
    let reason = NAME.test(name) ? '' : 'This is no field of a journal entry.';
    if (reason === '' && equals >= 0) entry.add(name, line, equals + 1, offset);
    else if (reason === '') reason = await addCounted(input, entry, name, offset);
    if (reason === '') continue;
    if (!entry.empty) yield entry.end();
    yield encoder.encode(undecodable(reason, offset, line.bytes));
    lost = true;
  }
  if (!entry.empty) yield entry.end();
}

/** Reads a field that tells its length; why it cannot be read, or ''. */
async function addCounted(input: Bytes, entry: Entry, name: string, offset: number): Promise<string> {
  const { bytes, whole } = await input.exactly(8, 8);
  if (!whole) return `The file ends in the length of the field ${name}.`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > FIELD_BYTES) return `The field ${name} says it has ${length} bytes, which cannot be.`;
  const value = await input.exactly(length, entry.room);
  if (!value.whole) return `The file ends in the field ${name}: ${value.length} of its ${length} bytes are there.`;
  entry.add(name, value, 0, offset);
  const end = await input.exactly(1, 1);
  return end.whole && end.bytes[0] !== 10 ? `The field ${name} does not end where its length says.` : '';
}
