/** The course of a connector that listens, from its first note to the last chunk. */
import type { Chunk, ReadContext } from '../connector.ts';
import type { Batcher } from './batcher.ts';

const NOTE_MS = 1000;

export interface Ears {
  /** what a person should know of it now, in a sentence */
  said(): string;
  /** Nothing more is taken. May be called again. */
  close(): void;
  /** why it ended although nobody told it to; null = it did not */
  failure(): Error | null;
}

/**
 * Hands out what the batcher gets until it is told to stop: then the ears are closed and the rest is handed out.
 * @param here the cursor: a receiver has no place to go on from
 */
export async function* receive(batcher: Batcher, here: string, { signal, cursor, note, idle }: ReadContext, { said, close, failure }: Ears): AsyncGenerator<Chunk & { group: string }, void, void> {
  const end = (): void => {
    close();
    batcher.end();
  };
  const tell = (): void => note(said());
  const teller = setInterval(tell, NOTE_MS);
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) end();
    tell();
    idle();
    if (here !== cursor) yield { lines: new Uint8Array(0), cursor: here, group: '' };
    yield* batcher.chunks(here);
    const wrong = failure();
    if (wrong) throw wrong;
  } finally {
    clearInterval(teller);
    signal.removeEventListener('abort', end);
    end();
  }
}
