import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { DiskFile } from './disk-file.ts';

const HASH_STEP = 1 << 20;

/**
 * SHA-256 of a file as it lies on disk, taken while it is being read for another purpose: give `see` to `members` as `onRead`.
 * Bytes that were not seen in order (a zip is read by its directory, a reader may stop early) are read from disk in `finish`.
 */
export class HashingPass {
  readonly #hash = createHash('sha256');
  #position = 0;

  /** How many bytes from the start are in the hash. */
  get position(): number {
    return this.#position;
  }

  /** Takes a run of bytes and where in the file it lies; runs out of order are left for `finish`. */
  readonly see = (bytes: Uint8Array, position: number): void => {
    if (position > this.#position || position + bytes.length <= this.#position) return;
    const fresh = bytes.subarray(this.#position - position);
    this.#hash.update(fresh);
    this.#position += fresh.length;
  };

  /** Reads what is missing and returns the hash (hex) and the bytes it covers. Once only. */
  async finish(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
    const file = await DiskFile.open(path, { signal });
    try {
      for await (const chunk of file.range(this.#position, Infinity)) {
        this.#hash.update(chunk);
        this.#position += chunk.length;
      }
    } finally {
      await file.close();
    }
    return { sha256: this.#hash.digest('hex'), bytes: this.#position };
  }
}

/** SHA-256 of a file, hex. Throws an InputError of kind 'unreadable', or the signal's reason. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  return (await new HashingPass().finish(path, signal)).sha256;
}

/**
 * SHA-256 of the first `size` bytes of a file, hex; '' when there are fewer, or `stopped` says so. In this thread and in large steps: beside
 * busy workers every wait is long.
 */
export function prefixSha256(path: string, size: number, stopped: () => boolean): string {
  const sha256 = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(size, HASH_STEP));
  const fd = fs.openSync(path, 'r');
  try {
    for (let at = 0; at < size; ) {
      const got = stopped() ? 0 : fs.readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at);
      if (got === 0) return '';
      sha256.update(buffer.subarray(0, got));
      at += got;
    }
  } finally {
    fs.closeSync(fd);
  }
  return sha256.digest('hex');
}
