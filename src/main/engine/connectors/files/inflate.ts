import { crc32, createInflateRaw } from 'node:zlib';
import type { ByteReader } from './byte-reader.ts';
import { InputError, reasonOf } from './input-error.ts';
import { Pump } from './pump.ts';

/** zlib keeps what it decoded from the piece that turns out damaged to itself, so pieces are small... */
const INPUT_BYTES = 4 << 10;
/** ...and what they decode to is gathered before it is handed on. */
const OUTPUT_BYTES = 128 << 10;
/** Longest name or comment in a gzip header that is believed. */
const MAX_TEXT = 64 << 10;

/**
 * Decodes all members of a gzip stream (RFC 1952). The frame is read here and only the deflate inside is left to zlib: Node's
 * own gunzip drops the last of the good data when anything follows it. Zero padding at the end is fine, anything else is reported.
 */
export async function* gunzip(reader: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  for (let first = true; !(await reader.atEnd()); first = false) {
    const start = reader.offset;
    const magic = await reader.peek(2);
    if (!first && magic[0] === 0) return padding(reader);
    if (magic[0] !== 0x1f || (magic.length > 1 && magic[1] !== 0x8b)) throw new InputError('corrupt', `Bytes that are not gzip follow the end of the gzip stream at offset ${start}; they were not read.`, { offset: start });
    await skipHeader(reader);
    let crc = 0;
    let size = 0;
    for await (const chunk of inflate(reader, 'gzip')) {
      crc = crc32(chunk, crc);
      size = (size + chunk.length) % 2 ** 32;
      yield chunk;
    }
    const trailer = Buffer.from(await mustTake(reader, 8));
    if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== size) {
      throw new InputError('corrupt', `The gzip stream that ends at offset ${reader.offset} does not match its checksum: its bytes may be wrong.`, { offset: reader.offset });
    }
  }
}

/** Decodes one raw deflate stream (RFC 1951) and leaves the reader on the byte after it. */
export function inflateRaw(reader: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  return inflate(reader, 'deflate');
}

async function* inflate(reader: ByteReader, title: string): AsyncGenerator<Uint8Array, void, void> {
  const pump = new Pump(createInflateRaw({ chunkSize: 64 << 10 }));
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  const gather = (): Uint8Array => {
    const all = gathered.length === 1 ? gathered[0] : Buffer.concat(gathered);
    gathered = [];
    bytes = 0;
    return all;
  };
  let offset = reader.offset;
  let failure: unknown;
  try {
    for (let over = false; !over; ) {
      offset = reader.offset;
      const piece = await reader.next(INPUT_BYTES);
      for await (const out of piece === null ? pump.finish() : pump.feed(piece)) {
        gathered.push(out);
        bytes += out.length;
        if (bytes >= OUTPUT_BYTES) yield gather();
      }
      over = piece === null || pump.refused > 0;
      if (piece !== null && over) reader.unread(piece.subarray(piece.length - pump.refused));
    }
  } catch (error) {
    failure = explain(error, title, offset);
  } finally {
    pump.close();
  }
  if (bytes > 0) yield gather();
  if (failure !== undefined) throw failure;
}

/** zlib's errors carry a code; everything else (our own errors, a cancelled read) passes as it is. */
function explain(error: unknown, title: string, offset: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return truncated(title, offset, error);
  if (code.startsWith('Z_')) return new InputError('corrupt', `The ${title} stream is damaged after offset ${offset} (${reasonOf(error)}).`, { offset, cause: error });
  return error;
}

function truncated(title: string, offset: number, cause?: unknown): InputError {
  return new InputError('truncated', `The ${title} stream stops in the middle, at offset ${offset}: the file is cut off or still being written.`, { offset, cause });
}

async function skipHeader(reader: ByteReader): Promise<void> {
  const at = reader.offset;
  const fixed = await mustTake(reader, 10);
  const flags = fixed[3];
  if (fixed[2] !== 8 || (flags & 0xe0) !== 0) throw new InputError('corrupt', `The gzip header at offset ${at} is damaged.`, { offset: at });
  if ((flags & 4) !== 0) await mustTake(reader, Buffer.from(await mustTake(reader, 2)).readUInt16LE(0));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    let length = 0;
    while ((await mustTake(reader, 1))[0] !== 0) {
      if (++length > MAX_TEXT) throw new InputError('corrupt', `The gzip header at offset ${at} is damaged.`, { offset: at });
    }
  }
  if ((flags & 2) !== 0) await mustTake(reader, 2);
}

async function padding(reader: ByteReader): Promise<void> {
  const end = reader.offset;
  for await (const rest of reader.rest()) {
    if (rest.some((byte) => byte !== 0)) throw new InputError('corrupt', `Bytes that are not gzip follow the end of the gzip stream at offset ${end}; they were not read.`, { offset: end });
  }
}

async function mustTake(reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes === null) throw truncated('gzip', reader.offset);
  return bytes;
}
