/** Cuts a stream into lines, for decoders that read line by line. */

/** A longer line is cut: its rest is left out. */
const MAX_LINE_BYTES = 16 << 20;

export interface ByteLine {
  /** without the line feed */
  bytes: Uint8Array;
  /** of its first byte in the stream */
  offset: number;
  /** from 1 */
  number: number;
}

export async function* byteLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ByteLine, void, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let begin = 0;
  let position = 0;
  let number = 0;
  const keep = (chunk: Uint8Array, from: number, to: number): void => {
    const stop = Math.min(to, from + MAX_LINE_BYTES - length);
    if (stop <= from) return;
    parts.push(chunk.slice(from, stop));
    length += stop - from;
  };
  const line = (): ByteLine => {
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const found = { bytes, offset: begin, number: ++number };
    parts = [];
    length = 0;
    return found;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      keep(chunk, from, at);
      yield line();
      from = at + 1;
      begin = position + from;
    }
    keep(chunk, from, chunk.length);
    position += chunk.length;
  }
  if (length > 0) yield line();
}
