import { createHash } from 'node:crypto';
import { DiskFile } from './disk-file.ts';

const HEAD_BYTES = 4096;

/** What a plain file is known by when it is read again: names change with rotation, the first bytes of a log do not. */
export interface FileIdentity {
  /** bytes */
  size: number;
  /** how many bytes `headHash` covers: min(size, 4096). A file that was shorter is compared by `prefixHash` of this length. */
  headLength: number;
  /** SHA-256 of the first `headLength` bytes, hex */
  headHash: string;
}

/** The identity of a file now. Throws an InputError of kind 'unreadable'. */
export async function identify(path: string, signal?: AbortSignal): Promise<FileIdentity> {
  const file = await DiskFile.open(path, { signal });
  try {
    const head = Buffer.alloc(Math.min(file.size, HEAD_BYTES));
    const headLength = await file.readAt(head, 0);
    return { size: file.size, headLength, headHash: createHash('sha256').update(head.subarray(0, headLength)).digest('hex') };
  } finally {
    await file.close();
  }
}

/** SHA-256 (hex) of the first `length` bytes, to see that a file only grew; null when it is shorter than that now. */
export async function prefixHash(path: string, length: number, signal?: AbortSignal): Promise<string | null> {
  const file = await DiskFile.open(path, { signal });
  try {
    const hash = createHash('sha256');
    let seen = 0;
    for await (const chunk of file.range(0, length)) {
      hash.update(chunk);
      seen += chunk.length;
    }
    return seen === length ? hash.digest('hex') : null;
  } finally {
    await file.close();
  }
}
