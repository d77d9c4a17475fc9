import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { InputError, unreadable } from './input-error.ts';

const READ_BYTES = 1 << 20;
const MIN_READ_BYTES = 64 << 10;

export interface DiskFileOptions {
  /** cancels reading and closes the file, even when nobody asks for the next chunk */
  signal?: AbortSignal;
  /** sees every run of bytes as read from disk, with its position in the file */
  onRead?: (bytes: Uint8Array, position: number) => void;
}

/** A regular file opened for reading by position. Every chunk is a buffer of its own, so it may be kept or transferred. */
export class DiskFile {
  readonly path: string;
  /** bytes when it was opened; it may have grown since */
  readonly size: number;
  /** microseconds UTC */
  readonly modified: number;
  readonly #handle: FileHandle;
  readonly #options: DiskFileOptions;
  readonly #onAbort: () => void;
  #closing: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle, size: number, modified: number, options: DiskFileOptions) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
    this.modified = modified;
    this.#options = options;
    this.#onAbort = () => void this.close();
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Opens a file; throws an InputError of kind 'unreadable' when that cannot be done or it is not a regular file. */
  static async open(path: string, options: DiskFileOptions = {}): Promise<DiskFile> {
    options.signal?.throwIfAborted();
    let handle: FileHandle | undefined;
    try {
      // Not blocking, because opening a FIFO that took the place of a file would wait for a writer for ever.
      handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw new InputError('unreadable', `${path} is not a regular file.`);
      options.signal?.throwIfAborted();
      return new DiskFile(path, handle, Number(stats.size), Number(stats.mtimeNs / 1000n), options);
    } catch (error) {
      await handle?.close();
      options.signal?.throwIfAborted();
      throw unreadable(path, error);
    }
  }

  /** The bytes [start, end) in chunks of at most 1 MiB; ends early at the end of the file. */
  async *range(start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
    for (let position = start; position < end; ) {
      const expected = Math.min(end, Math.max(this.size, position + 1)) - position;
      const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, Math.max(MIN_READ_BYTES, expected), end - position));
      const length = await this.readAt(buffer, position);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      position += length;
    }
  }

  /** Fills the buffer from a position; returns how many bytes there were. */
  async readAt(buffer: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      this.#options.signal?.throwIfAborted();
      let length: number;
      try {
        length = (await this.#handle.read(buffer, filled, buffer.length - filled, position + filled)).bytesRead;
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        throw unreadable(this.path, error);
      }
      if (length === 0) break;
      this.#options.onRead?.(buffer.subarray(filled, filled + length), position + filled);
      filled += length;
    }
    return filled;
  }

  /** Closes the file; more than once is fine. */
  close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    // Nothing was written, so a failed close loses nothing, and there is nobody to tell when it happens on abort.
    this.#closing ??= this.#handle.close().catch(() => undefined);
    return this.#closing;
  }
}
