import { crc32 } from 'node:zlib';
import { getFileNameLowLevel } from 'yauzl';
import { oneStream as bzip2 } from './bzip2.ts';
import type { ByteReader } from './byte-reader.ts';
import { inflateRaw } from './inflate.ts';
import { InputError } from './input-error.ts';
import type { Meter } from './limits.ts';
import { unxz } from './xz.ts';
import { oneFrame as zstd } from './zstd.ts';

/** Bits of the general purpose flags (APPNOTE 4.4.4). */
export const ENCRYPTED = 0x1;
export const HAS_DESCRIPTOR = 0x8;

/** Methods whose data has no end of its own: stored, and xz, which would take what follows for another stream. */
export const TO_THE_END: readonly number[] = [0, 95];

export interface ExtraField {
  id: number;
  data: Buffer;
}

/** Decodes an entry's bytes by its method (APPNOTE 4.4.5); the reader is left on the byte after them, or for methods in `TO_THE_END` at its end. */
export function decodeMethod(method: number, reader: ByteReader, meter: Meter): AsyncGenerator<Uint8Array, void, void> {
  switch (method) {
    case 0:
      return reader.rest();
    case 8:
      return inflateRaw(reader);
    case 12:
      return bzip2(reader);
    case 93:
      return zstd(reader, meter.limits.windowBytes);
    case 95:
      return unxz(reader);
    default:
      throw new InputError('unsupported', `It is packed with zip method ${method}, which is not supported. Unpack the archive and read the result.`);
  }
}

/** Passes chunks on, counts them, and compares checksum and size at the end. null: not known. */
export async function* checked(chunks: AsyncIterable<Uint8Array>, meter: Meter, expected: () => { crc: number; size: number } | null): AsyncGenerator<Uint8Array, void, void> {
  let crc = 0;
  let size = 0;
  for await (const chunk of chunks) {
    meter.addDecoded(chunk.length);
    crc = crc32(chunk, crc);
    size += chunk.length;
    yield chunk;
  }
  const want = expected();
  if (want === null) return;
  if (size < want.size) throw new InputError('truncated', `The entry has ${size} bytes, the zip declares ${want.size}: it is cut off or damaged.`, { offset: size });
  if (size > want.size || crc !== want.crc) throw new InputError('corrupt', `The entry does not match the size or checksum in the zip (${size} bytes read, ${want.size} declared): its bytes may be wrong.`, { offset: size });
}

/** The error for an encrypted entry. */
export function encrypted(): InputError {
  return new InputError('encrypted', 'It is encrypted. Unpack the archive with its password and read the result.');
}

/** The name: Unicode extra field, UTF-8 or CP437, as the flags say. */
export function entryName(flags: number, raw: Buffer, extra: ExtraField[]): string {
  return getFileNameLowLevel(flags, raw, extra, false);
}

/**
 * When the entry was modified, in microseconds UTC: the Unix extra field, else the DOS fields. DOS fields have no zone; they are
 * taken as UTC, which is at most half a day wrong and the same on every machine.
 */
export function entryModified(date: number, time: number, extra: ExtraField[]): number | null {
  for (const { id, data } of extra) if (id === 0x5455 && data.length >= 5 && (data[0] & 1) !== 0) return data.readInt32LE(1) * 1e6;
  if (date === 0) return null;
  return Date.UTC((date >> 9) + 1980, ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2) * 1000;
}
