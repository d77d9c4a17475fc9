import { InputError } from './input-error.ts';

/** Bounds on what one file on disk may turn into. All can be raised by the caller. */
export interface Limits {
  /** bytes decoded out of one file on disk, all layers added up */
  totalBytes: number;
  /** decoded bytes per byte on disk, judged only after `ratioGraceBytes` were decoded */
  ratio: number;
  ratioGraceBytes: number;
  /** entries looked at in one file on disk, nested archives included */
  members: number;
  /** archives inside archives: 1 reads a zip, 2 a zip in a tar, ... A compressed stream inside a compressed stream counts as one more. */
  depth: number;
  /** characters of a member's whole name */
  pathLength: number;
  /** bytes of history a zstd frame may ask for; it is held in memory */
  windowBytes: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  totalBytes: 256 * 2 ** 30,
  ratio: 1000,
  ratioGraceBytes: 64 << 20,
  members: 100_000,
  depth: 3,
  pathLength: 4096,
  windowBytes: 128 << 20,
};

/** Adds up what one file on disk costs and throws an InputError of kind 'limit' when it is too much. */
export class Meter {
  readonly limits: Readonly<Limits>;
  /** bytes decoded so far, all layers */
  decoded = 0;
  /** bytes read from disk; re-reading (overlapping zip entries) counts at most the size of the file */
  read = 0;
  #members = 0;
  readonly #fileSize: number;
  readonly #signal: AbortSignal | undefined;

  constructor(limits: Readonly<Limits>, fileSize: number, signal?: AbortSignal) {
    this.limits = limits;
    this.#fileSize = fileSize;
    this.#signal = signal;
  }

  /** Counts decoded bytes before they are handed out. */
  addDecoded(bytes: number): void {
    // A megabyte on disk can decode for seconds: cancelling must not wait for the next read.
    this.#signal?.throwIfAborted();
    this.decoded += bytes;
    const { totalBytes, ratio, ratioGraceBytes } = this.limits;
    if (this.decoded > totalBytes) throw this.#over('totalBytes', totalBytes, 'decoded bytes per file');
    const onDisk = Math.max(1, Math.min(this.read, this.#fileSize));
    if (this.decoded > ratioGraceBytes && this.decoded / onDisk > ratio) throw this.#over('ratio', ratio, 'expansion ratio');
  }

  /** Counts one entry of an archive. */
  addMember(): void {
    this.#members += 1;
    if (this.#members > this.limits.members) throw this.#over('members', this.limits.members, 'entries per archive');
  }

  #over(limit: keyof Limits, value: number, title: string): InputError {
    return new InputError(
      'limit',
      `Stopped at the limit of ${value} (${title}): ${this.decoded} bytes were decoded from ${Math.min(this.read, this.#fileSize)} bytes on disk. ` +
        `What was read so far is kept. If the file is trusted, raise "${limit}" and read it again.`,
      { limit, offset: this.decoded },
    );
  }
}
