import { failing, type ArchiveEntry } from './archive-entry.ts';
import { ByteReader } from './byte-reader.ts';
import { SNIFF_BYTES, sniff, type Container } from './container.ts';
import { DiskFile, type DiskFileOptions } from './disk-file.ts';
import { InputError } from './input-error.ts';
import { DEFAULT_LIMITS, Meter, type Limits } from './limits.ts';

/** One run of bytes to be ingested: a file, what a compressed file decodes to, or a file inside an archive. */
export interface Member {
  /** '' for the file itself, else '!inner/path', once more for every nested archive. Unique in its file; text only, never a path to write to. */
  suffix: string;
  /** decoded bytes as declared; null when unknown. What arrives may differ. */
  size: number | null;
  /** microseconds UTC */
  modified: number | null;
  /** the bytes, once, in chunks of at most 1 MiB. May end with an InputError; what came before it is valid. */
  chunks: AsyncIterable<Uint8Array>;
}

export interface MembersOptions extends DiskFileOptions {
  limits?: Partial<Limits>;
}

interface Place {
  suffix: string;
  size: number | null;
  modified: number | null;
  depth: number;
  /** the bytes come straight out of a decompressor */
  decompressed: boolean;
}
interface Context {
  meter: Meter;
  /** suffixes given out, to keep them unique: a tar may hold the same name twice */
  names: Set<string>;
}

/**
 * Opens a file by its content and hands out what there is to read in it, in order. Each member is read, or left, before the
 * next is asked for. Errors are InputErrors: one thrown by a member's chunks concerns this member, and the next may still be
 * fine (zip); one thrown by the generator itself means that nothing more can be read from the file. A cut-off tar.gz throws both.
 * The file is closed when the generator ends, is left (`break`) or the signal aborts (then everything throws its reason).
 */
export async function* members(path: string, options: MembersOptions = {}): AsyncGenerator<Member, void, void> {
  let meter: Meter | undefined;
  const file = await DiskFile.open(path, {
    signal: options.signal,
    onRead: (bytes, position) => {
      if (meter !== undefined) meter.read += bytes.length;
      options.onRead?.(bytes, position);
    },
  });
  try {
    meter = new Meter({ ...DEFAULT_LIMITS, ...options.limits }, file.size, options.signal);
    const context = { meter, names: new Set<string>() };
    const reader = new ByteReader(file.range(0, Infinity));
    try {
      const place = { suffix: '', size: file.size, modified: file.modified, depth: 0, decompressed: false };
      if (sniff(await reader.peek(SNIFF_BYTES)) === 'zip') yield* zipOnDisk(file, reader, place, context);
      else yield* contents(reader, place, context);
    } finally {
      await reader.close();
    }
  } finally {
    await file.close();
  }
}

/** A zip that can be sought in is read by its directory; without one, what can be found from the front. */
async function* zipOnDisk(file: DiskFile, reader: ByteReader, place: Place, context: Context): AsyncGenerator<Member, void, void> {
  const { directoryEntries, openDirectory } = await import('./zip-directory.ts');
  const directory = await openDirectory(file);
  if (directory !== null) {
    yield* archive(directoryEntries(directory, context.meter), place, context);
    return;
  }
  yield* archive(await archiveEntries('zip', reader, context.meter), place, context);
  throw new InputError('corrupt', 'The directory at the end of the zip cannot be used; its entries were read from the front, and some may be missing.', { offset: reader.offset });
}

async function* contents(reader: ByteReader, place: Place, context: Context): AsyncGenerator<Member, void, void> {
  const kind = sniff(await reader.peek(SNIFF_BYTES));
  if (kind === 'plain') {
    yield { suffix: place.suffix, size: place.size, modified: place.modified, chunks: reader.rest() };
    return;
  }
  const isArchive = kind === 'tar' || kind === 'zip';
  const depth = place.depth + (isArchive || place.decompressed ? 1 : 0);
  const { limits } = context.meter;
  if (depth > limits.depth) {
    const error = new InputError('limit', `This ${kind} lies deeper than ${limits.depth} archives inside each other and was not opened. If the file is trusted, raise "depth" and read it again.`, { limit: 'depth' });
    yield { suffix: place.suffix, size: place.size, modified: place.modified, chunks: failing(error) };
  } else if (isArchive) {
    yield* archive(await archiveEntries(kind, reader, context.meter), { ...place, depth, decompressed: false }, context);
  } else {
    const inner = new ByteReader(counted(decompress(kind, reader, context.meter), context.meter));
    try {
      yield* contents(inner, { ...place, size: null, depth, decompressed: true }, context);
    } finally {
      await inner.close();
    }
  }
}

async function* archive(entries: AsyncGenerator<ArchiveEntry, void, void>, place: Place, context: Context): AsyncGenerator<Member, void, void> {
  // A zip on disk comes here without having passed `contents`.
  const depth = Math.max(1, place.depth);
  for await (const entry of entries) {
    context.meter.addMember();
    const { suffix, cut } = name(place.suffix, entry.name, context);
    const reader = new ByteReader(cut === null ? entry.data : failing(cut));
    try {
      yield* contents(reader, { suffix, size: entry.size, modified: entry.modified ?? place.modified, depth, decompressed: false }, context);
    } finally {
      await reader.close();
    }
  }
}

/** The suffix of an entry: control characters made visible, cut at the limit, numbered when it was given out before. */
function name(prefix: string, entry: string, context: Context): { suffix: string; cut: InputError | null } {
  const limit = context.meter.limits.pathLength;
  // eslint-disable-next-line no-control-regex -- these are what must not reach a terminal
  const full = `${prefix}!${entry.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
  const cut =
    full.length > limit ? new InputError('limit', `The name is ${full.length} characters long, the limit is ${limit}; the entry was not read. Raise "pathLength" and read it again if the file is trusted.`, { limit: 'pathLength' }) : null;
  const base = cut === null ? full : `${full.slice(0, limit)}…`;
  let suffix = base;
  for (let again = 2; context.names.has(suffix); again++) suffix = `${base}#${again}`;
  context.names.add(suffix);
  return { suffix, cut };
}

// Most files are plain, and every parse worker starts with this module: what opens the others is loaded when it is needed.

async function archiveEntries(kind: 'tar' | 'zip', reader: ByteReader, meter: Meter): Promise<AsyncGenerator<ArchiveEntry, void, void>> {
  return kind === 'tar' ? (await import('./tar.ts')).tarEntries(reader) : (await import('./zip-stream.ts')).streamEntries(reader, meter);
}

async function* decompress(kind: Exclude<Container, 'plain' | 'tar' | 'zip'>, reader: ByteReader, meter: Meter): AsyncGenerator<Uint8Array, void, void> {
  switch (kind) {
    case 'gzip':
      return yield* (await import('./inflate.ts')).gunzip(reader);
    case 'zstd':
      return yield* (await import('./zstd.ts')).unzstd(reader, meter.limits.windowBytes);
    case 'bzip2':
      return yield* (await import('./bzip2.ts')).bunzip2(reader);
    case 'xz':
      return yield* (await import('./xz.ts')).unxz(reader);
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, meter: Meter): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    meter.addDecoded(chunk.length);
    yield chunk;
  }
}
