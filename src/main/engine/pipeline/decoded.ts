/** Streams whose format takes records out of them: the first bytes of what it makes of them, and the rest. */
import type { DecodeContext, Format } from '../formats/format.ts';

/** A stream of which the first bytes were read already. */
export interface Begun {
  /** what was read, whole chunks */
  begin: Uint8Array;
  /** the stream had no more */
  ended: boolean;
  rest: AsyncIterator<Uint8Array>;
}

/** Reads at least `bytes` bytes of a stream, or all of it. */
export async function begin(rest: AsyncIterator<Uint8Array>, bytes: number): Promise<Begun> {
  const first: Uint8Array[] = [];
  let have = 0;
  let ended = false;
  while (have < bytes) {
    const step = await rest.next();
    if (step.done) {
      ended = true;
      break;
    }
    first.push(step.value);
    have += step.value.length;
  }
  return { begin: Buffer.concat(first), ended, rest };
}

/** What the format's decoder makes of a stream that has begun; the stream as it is when it has none. */
export async function decoded(format: Format, stream: Begun, context: DecodeContext, bytes: number): Promise<Begun> {
  if (!format.decode) return stream;
  return await begin(format.decode(whole(stream), context)[Symbol.asyncIterator](), bytes);
}

/** The stream from its start. */
export async function* whole({ begin: first, ended, rest }: Begun): AsyncGenerator<Uint8Array, void, void> {
  if (first.length > 0) yield first;
  while (!ended) {
    const step = await rest.next();
    if (step.done) return;
    yield step.value;
  }
}
