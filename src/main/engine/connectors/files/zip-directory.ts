import { RandomAccessReader, fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl';
import { failing, type ArchiveEntry } from './archive-entry.ts';
import { ByteReader } from './byte-reader.ts';
import type { DiskFile } from './disk-file.ts';
import { InputError, reasonOf } from './input-error.ts';
import type { Meter } from './limits.ts';
import { ENCRYPTED, checked, decodeMethod, encrypted, entryModified, entryName } from './zip-entry.ts';

/** Lets yauzl read from a DiskFile. Only `read` is used: entries' data is read by ranges here. */
class DiskReader extends RandomAccessReader {
  readonly #file: DiskFile;
  /** why a read failed: the disk or a cancel, not the zip */
  failure: unknown;

  constructor(file: DiskFile) {
    super();
    this.#file = file;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null, bytesRead?: number) => void): void {
    if (!(position >= 0 && position < this.#file.size)) {
      // A hostile offset is a short read, which yauzl reports; the disk would report a bad argument.
      setImmediate(callback, null, 0);
      return;
    }
    this.#file.readAt(buffer.subarray(offset, offset + length), position).then(
      (bytesRead) => callback(null, bytesRead),
      (error: unknown) => {
        this.failure = error;
        callback(error instanceof Error ? error : new Error(reasonOf(error)));
      },
    );
  }

  /** The file belongs to whoever opened it. */
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

/** A zip whose central directory was found. */
export interface ZipDirectory {
  file: DiskFile;
  disk: DiskReader;
  zip: ZipFile;
}

/** Opens the central directory of a zip; null when there is none that can be used. */
export async function openDirectory(file: DiskFile): Promise<ZipDirectory | null> {
  const disk = new DiskReader(file);
  try {
    const zip = await fromRandomAccessReaderPromise(disk, file.size, { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false });
    return { file, disk, zip };
  } catch {
    if (disk.failure !== undefined) throw disk.failure;
    // Cut off, or bytes after its end: whoever asked reads it from the front and says so.
    return null;
  }
}

/** Files of a zip by its central directory. A damaged entry ends with an InputError of its own, the next ones can still be read. */
export async function* directoryEntries(directory: ZipDirectory, meter: Meter): AsyncGenerator<ArchiveEntry, void, void> {
  const { disk, zip } = directory;
  try {
    for await (const entry of zip.eachEntry()) {
      // With decodeStrings off the names are the raw bytes, whatever the types say.
      const name = entryName(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields);
      if (isFile(entry, name)) {
        yield {
          name,
          size: entry.uncompressedSize,
          modified: entryModified(entry.lastModFileDate, entry.lastModFileTime, entry.extraFields),
          data: (entry.generalPurposeBitFlag & ENCRYPTED) === 0 ? entryData(directory, entry, meter) : failing(encrypted()),
        };
      }
    }
  } catch (error) {
    if (disk.failure !== undefined) throw disk.failure;
    if (error instanceof InputError) throw error;
    if (reasonOf(error).includes('strong encryption')) throw encrypted();
    throw new InputError('corrupt', `The directory of the zip is damaged (${reasonOf(error)}).`, { cause: error });
  } finally {
    zip.close();
  }
}

async function* entryData({ file, disk, zip }: ZipDirectory, entry: Entry, meter: Meter): AsyncGenerator<Uint8Array, void, void> {
  let start: number;
  try {
    start = (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
  } catch (error) {
    if (disk.failure !== undefined) throw disk.failure;
    throw new InputError('corrupt', `The entry is not where the directory of the zip says (${reasonOf(error)}).`, { offset: entry.relativeOffsetOfLocalHeader, cause: error });
  }
  const reader = new ByteReader(file.range(start, start + entry.compressedSize));
  try {
    yield* checked(decodeMethod(entry.compressionMethod, reader, meter), meter, () => ({ crc: entry.crc32, size: entry.uncompressedSize }));
  } finally {
    await reader.close();
  }
}

/** Not a folder and not a symbolic link (the upper half of the attributes is the Unix mode). */
function isFile(entry: Entry, name: string): boolean {
  return !name.endsWith('/') && ((entry.externalFileAttributes >>> 16) & 0xf000) !== 0xa000;
}
