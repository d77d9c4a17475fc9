/** Both ends of a decoder: the beginning of the stream it is given, and its lines as bytes. */

const PIECE_CHARACTERS = 256 << 10;

/** Lines as UTF-8, in pieces worth handing on; what is bytes already goes on as it is. */
export async function* encodedLines(lines: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const line of lines) {
    const ready = typeof line !== 'string';
    if (!ready) text += line;
    if (text !== '' && (ready || text.length >= PIECE_CHARACTERS)) {
      yield encoder.encode(text);
      text = '';
    }
    if (ready) yield line;
  }
  if (text !== '') yield encoder.encode(text);
}

/** The first `bytes` bytes of a stream (fewer only when it ends before), and the whole stream again. */
export async function withHead(stream: AsyncIterable<Uint8Array>, bytes: number): Promise<{ head: Uint8Array; chunks: AsyncIterable<Uint8Array> }> {
  const rest = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let have = 0;
  let ended = false;
  while (have < bytes && !ended) {
    const step = await rest.next();
    if (step.done) {
      ended = true;
    } else {
      first.push(step.value.slice());
      have += step.value.length;
    }
  }
  const begin = new Uint8Array(have);
  let at = 0;
  for (const chunk of first) {
    begin.set(chunk, at);
    at += chunk.length;
  }
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    try {
      if (have > 0) yield begin;
      while (!ended) {
        const step = await rest.next();
        ended = step.done === true;
        if (!step.done) yield step.value;
      }
    } finally {
      // Who stops early, closes the file.
      if (!ended) await rest.return?.();
    }
  }
  return { head: begin.subarray(0, bytes), chunks: chunks() };
}
