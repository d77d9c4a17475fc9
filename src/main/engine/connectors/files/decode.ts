import { TextDecoder } from 'node:util';

const LITTLE = 1;
const BIG = 2;
const DETECT_BYTES = 4096;

/**
 * Turns UTF-16 text into UTF-8 as it streams by; everything else passes as it is, the same buffers. UTF-16 is known by its BOM
 * (which is dropped), or, without one, by NUL bytes in every other place of the first 4 KiB. A UTF-8 BOM is left for the caller.
 * Lone surrogates become U+FFFD. Offsets after this are offsets in the UTF-8 text.
 */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let encoding: Encoding | undefined;
  let decoder: TextDecoder | undefined;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const chunk of chunks) {
    if (encoding === undefined) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      // Four bytes tell nearly every file that is not UTF-16 apart; only doubtful ones wait for more.
      encoding = detect(waiting.length === 1 ? chunk : Buffer.concat(waiting), waitingBytes >= DETECT_BYTES);
      if (encoding === undefined) continue;
      decoder = decoderFor(encoding);
      for (const part of waiting) if (part.length > 0) yield* convert(part, decoder);
      waiting = [];
    } else yield* convert(chunk, decoder);
  }
  if (encoding === undefined && waiting.length > 0) {
    decoder = decoderFor(detect(Buffer.concat(waiting), true) ?? 'other');
    for (const part of waiting) if (part.length > 0) yield* convert(part, decoder);
  }
  const last = decoder?.decode() ?? '';
  if (last !== '') yield Buffer.from(last, 'utf8');
}

type Encoding = 'utf-16le' | 'utf-16be' | 'other';

/** A `TextDecoder` drops the BOM of its encoding and keeps half a character for the next chunk. */
function decoderFor(encoding: Encoding): TextDecoder | undefined {
  return encoding === 'other' ? undefined : new TextDecoder(encoding);
}

function* convert(chunk: Uint8Array, decoder: TextDecoder | undefined): Generator<Uint8Array, void, void> {
  if (decoder === undefined) {
    yield chunk;
    return;
  }
  const text = decoder.decode(chunk, { stream: true });
  if (text !== '') yield Buffer.from(text, 'utf8');
}

/** undefined: more bytes are needed. */
function detect(head: Uint8Array, complete: boolean): Encoding | undefined {
  if (head.length < 4 && !complete) return undefined;
  if (head[0] === 0xff && head[1] === 0xfe) return head[2] === 0 && head[3] === 0 ? 'other' : 'utf-16le'; // FF FE 00 00 is UTF-32
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const bytes = Math.min(head.length, DETECT_BYTES);
  // A NUL in one half of every pair and never in the other, from the first pair on: ASCII written as UTF-16.
  const half = head[1] === 0 && head[0] !== 0 ? LITTLE : head[0] === 0 && head[1] !== 0 ? BIG : 0;
  if (half === 0 || head.length < 4) return 'other';
  if (head.length < DETECT_BYTES && !complete) return undefined;
  let narrow = 0;
  const pairs = bytes >> 1;
  for (let i = 0; i < pairs; i++) {
    const high = head[2 * i + (half === LITTLE ? 1 : 0)];
    const low = head[2 * i + (half === LITTLE ? 0 : 1)];
    if (high === 0 && low === 0) return 'other';
    if (high === 0) narrow++;
  }
  if (narrow * 10 < pairs * 7) return 'other';
  return half === LITTLE ? 'utf-16le' : 'utf-16be';
}
