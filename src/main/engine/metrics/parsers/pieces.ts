/** The stream in pieces of the same size, so that what a parser sees at once does not depend on how the stream came. */

export const PIECE_BYTES = 1 << 20;

/** Pieces of PIECE_BYTES, the last one smaller. Each is a copy of its own. */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(PIECE_BYTES);
  let used = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE_BYTES - used);
      piece.set(part, used);
      used += part.length;
      at += part.length;
      if (used < PIECE_BYTES) continue;
      yield piece;
      piece = new Uint8Array(PIECE_BYTES);
      used = 0;
    }
  }
  if (used > 0) yield piece.subarray(0, used);
}
