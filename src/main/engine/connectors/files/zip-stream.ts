import { failing, type ArchiveEntry } from './archive-entry.ts';
import { ByteReader } from './byte-reader.ts';
import { InputError } from './input-error.ts';
import type { Meter } from './limits.ts';
import { ENCRYPTED, HAS_DESCRIPTOR, TO_THE_END, checked, decodeMethod, encrypted, entryModified, entryName, type ExtraField } from './zip-entry.ts';

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const SPANNED = 0x08074b50;

interface Local {
  flags: number;
  method: number;
  crc: number;
  /** null: told after the data */
  packed: number | null;
  size: number | null;
  name: string;
  modified: number | null;
  zip64: boolean;
}

/**
 * Files of a zip read from front to back by their local headers: a zip inside another archive, which cannot be sought in, and
 * one whose directory is missing because it was cut off. Throws 'truncated' when the zip ends before its end record.
 */
export async function* streamEntries(reader: ByteReader, meter: Meter): AsyncGenerator<ArchiveEntry, void, void> {
  const start = await signature(reader);
  if (start === SPANNED) await reader.skip(4);
  for (;;) {
    const at = reader.offset;
    const kind = await signature(reader);
    if (kind !== LOCAL) break;
    const local = await localHeader(reader, at);
    if (local.packed === null && ((local.flags & ENCRYPTED) !== 0 || TO_THE_END.includes(local.method))) {
      throw new InputError('unsupported', `${local.name} in the zip does not say how long it is, and without the directory at its end the rest cannot be found. Unpack it and read the result.`, { offset: at });
    }
    const bounded = local.packed === null ? null : new ByteReader(upTo(reader, reader.offset + local.packed));
    const end = local.packed === null ? null : reader.offset + local.packed;
    let told: { crc: number; size: number } | null = end === null ? null : { crc: local.crc, size: local.size ?? 0 };
    const data =
      (local.flags & ENCRYPTED) === 0
        ? checked(decoded(local, bounded ?? reader, meter, async (packed) => {
            if (end === null) told = await descriptor(reader, packed, local.zip64);
          }), meter, () => told)
        : failing(encrypted());
    if (!local.name.endsWith('/')) yield { name: local.name, size: local.size, modified: local.modified, data: passOn(data) };
    await bounded?.close();
    if (end === null) for await (const unread of data) void unread; // its end is where the decoder says
    else {
      const left = end - reader.offset;
      if ((await reader.skip(left)) < left) throw truncated(reader.offset);
    }
  }
  await directory(reader);
}

/** Passes the decoder's output on and, after it, tells how many packed bytes it took. */
async function* decoded(local: Local, reader: ByteReader, meter: Meter, done: (packed: number) => Promise<void>): AsyncGenerator<Uint8Array, void, void> {
  const start = reader.offset;
  yield* decodeMethod(local.method, reader, meter);
  await done(reader.offset - start);
}

async function* upTo(reader: ByteReader, end: number): AsyncGenerator<Uint8Array, void, void> {
  while (reader.offset < end) {
    const bytes = await reader.next(end - reader.offset);
    if (bytes === null) throw truncated(reader.offset);
    yield bytes;
  }
}

/** The same chunks, but leaving this does not end the source: the entry's end has still to be found. */
async function* passOn(data: AsyncGenerator<Uint8Array, void, void>): AsyncGenerator<Uint8Array, void, void> {
  for (let next = await data.next(); next.done !== true; next = await data.next()) yield next.value;
}

/** The next four bytes as a signature, not taken; 0 when there are fewer. */
async function signature(reader: ByteReader): Promise<number> {
  const bytes = await reader.peek(4);
  return bytes.length < 4 ? 0 : view(bytes).readUInt32LE(0);
}

async function localHeader(reader: ByteReader, at: number): Promise<Local> {
  const fixed = view(await mustTake(reader, 30));
  const flags = fixed.readUInt16LE(6);
  const raw = view(await mustTake(reader, fixed.readUInt16LE(26)));
  const extra = extraFields(view(await mustTake(reader, fixed.readUInt16LE(28))));
  let packed = fixed.readUInt32LE(18);
  let size = fixed.readUInt32LE(22);
  const wide = extra.find((field) => field.id === 1)?.data;
  if (wide !== undefined && wide.length >= 16 && (size === 0xffffffff || packed === 0xffffffff)) {
    size = Number(wide.readBigUInt64LE(0));
    packed = Number(wide.readBigUInt64LE(8));
  }
  if (!Number.isSafeInteger(packed)) throw new InputError('corrupt', `The zip is damaged at offset ${at}: an entry of impossible size.`, { offset: at });
  const unknown = (flags & HAS_DESCRIPTOR) !== 0 && packed === 0;
  return {
    flags,
    method: fixed.readUInt16LE(8),
    crc: fixed.readUInt32LE(14),
    packed: unknown ? null : packed,
    size: unknown ? null : size,
    name: entryName(flags, raw, extra),
    modified: entryModified(fixed.readUInt16LE(12), fixed.readUInt16LE(10), extra),
    zip64: wide !== undefined,
  };
}

/**
 * The record after an entry of unknown length: optional signature, checksum, packed size, size. Sizes are 8 bytes wide in zip64,
 * which not every writer declares, so the width is the one under which the packed size is right.
 */
async function descriptor(reader: ByteReader, packed: number, zip64: boolean): Promise<{ crc: number; size: number }> {
  if ((await signature(reader)) === DESCRIPTOR) await reader.skip(4);
  const bytes = view(await reader.peek(20));
  const narrow = bytes.length >= 12 && bytes.readUInt32LE(4) === packed;
  const wide = bytes.length >= 20 && Number(bytes.readBigUInt64LE(4)) === packed;
  if (wide && (zip64 || !narrow || bytes.readUInt32LE(8) === 0)) {
    await reader.skip(20);
    return { crc: bytes.readUInt32LE(0), size: Number(bytes.readBigUInt64LE(12)) };
  }
  if (narrow) {
    await reader.skip(12);
    return { crc: bytes.readUInt32LE(0), size: bytes.readUInt32LE(8) };
  }
  if (bytes.length < 12) throw truncated(reader.offset + bytes.length);
  throw new InputError('corrupt', `The zip is damaged at offset ${reader.offset}: the length of an entry is wrong.`, { offset: reader.offset });
}

/** Walks over the directory to the end record: only when that is there is the zip whole. */
async function directory(reader: ByteReader): Promise<void> {
  for (;;) {
    const at = reader.offset;
    const kind = await signature(reader);
    if (kind === END) {
      const end = view(await mustTake(reader, 22));
      const comment = end.readUInt16LE(20);
      if ((await reader.skip(comment)) < comment) throw truncated(reader.offset);
      return;
    }
    if (kind === CENTRAL) {
      const fixed = view(await mustTake(reader, 46));
      await mustTake(reader, fixed.readUInt16LE(28) + fixed.readUInt16LE(30) + fixed.readUInt16LE(32));
    } else if (kind === END64) {
      const length = Number(view(await mustTake(reader, 12)).readBigUInt64LE(4));
      if ((await reader.skip(length)) < length) throw truncated(reader.offset);
    } else if (kind === LOCATOR64) await mustTake(reader, 20);
    else if (kind === 0) {
      await mustTake(reader, 4); // tells a failed source from one that ended
      throw new InputError('corrupt', `The zip is damaged at offset ${at}.`, { offset: at });
    } else throw new InputError('corrupt', `The zip is damaged at offset ${at}: no entry begins here.`, { offset: at });
  }
}

function extraFields(bytes: Buffer): ExtraField[] {
  const fields: ExtraField[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (end > bytes.length) break;
    fields.push({ id: bytes.readUInt16LE(at), data: bytes.subarray(at + 4, end) });
    at = end;
  }
  return fields;
}

async function mustTake(reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes === null) throw truncated(reader.offset);
  return bytes;
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function truncated(offset: number): InputError {
  return new InputError('truncated', `The zip stops in the middle, at offset ${offset}: the file is cut off or still being written.`, { offset });
}
