/** One file inside an archive, as its reader hands it out. */
export interface ArchiveEntry {
  /** as written in the archive: hostile text */
  name: string;
  /** bytes, null when the archive does not say */
  size: number | null;
  /** microseconds UTC, null when the archive does not say */
  modified: number | null;
  /** its bytes, once; they may end with an InputError. Unread ones are skipped when the next entry is asked for. */
  data: AsyncGenerator<Uint8Array, void, void>;
}

/** An entry's data when it cannot be given. */
// eslint-disable-next-line require-yield -- it only throws
export async function* failing(error: Error): AsyncGenerator<Uint8Array, void, void> {
  throw error;
}
