/** Windows event logs (.evtx) to lines: the file's header, then chunk by chunk. Keeps one chunk and the lines of it. */
import { undecodable } from '../undecodable.ts';
import { Chunk, CHUNK_BYTES, isChunk, isText } from './chunk.ts';
import { JsonOutput } from './json-output.ts';
import { Names } from './names.ts';
import { Templates } from './templates.ts';

const HEADER_BYTES = 4096;
/** How much of what is no chunk is kept. */
const GAP_KEPT = 4096;
const encoder = new TextEncoder();

/** Whether a log begins here: its header, or a chunk of one that was cut out or carved. */
export function isEventLog(bytes: Uint8Array): boolean {
  return isText(bytes, 0, 'ElfFile\0') || isChunk(bytes, 0);
}

/** Lines of the stream; see Format.decode. Throws when it is no event log. */
export async function* decodeEventLog(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const blocks = new Blocks(chunks);
  let block = await blocks.fill(HEADER_BYTES);
  if (!isEventLog(block)) throw new Error('This is no Windows event log (.evtx): it does not begin with "ElfFile". Choose another format.');
  // How many chunks the header names; one that was not closed names too few.
  let named = 0;
  if (!isChunk(block, 0)) {
    if (block.length < HEADER_BYTES) throw new Error(`The event log is cut off: only ${block.length} bytes of its header of ${HEADER_BYTES} bytes are left, and no records.`);
    named = block[42] | (block[43] << 8);
    blocks.take(HEADER_BYTES);
  }
  const out = new JsonOutput();
  const shared = { names: new Names(), templates: new Templates() };
  let found = 0;
  let gap: Gap | null = null;
  for (;;) {
    block = await blocks.fill(CHUNK_BYTES);
    out.at = 0;
    const { offset } = blocks;
    const chunk = isChunk(block, 0);
    // Space that was set aside for more chunks is zero; anything else is damage, behind which chunks may go on at another offset.
    const next = chunk ? block.length : nextChunk(block);
    const garbage = !chunk && block.subarray(0, next).some((c) => c !== 0);
    if (gap && !garbage) {
      out.literal(encoder.encode(undecodable(`${gap.length} bytes are no chunk of an event log.`, gap.offset, gap.head)));
      gap = null;
    }
    if (garbage) {
      gap ??= { offset, length: 0, head: block.slice(0, Math.min(next, GAP_KEPT)) };
      gap.length += next;
    }
    if (chunk) {
      found++;
      new Chunk(wholeChunk(block), block.length, offset, out, shared).decode();
    }
    if (block.length === 0 && found < named) {
      out.literal(encoder.encode(undecodable(`The header of the event log names ${named} chunks of records, of which ${found} are here.`, offset, block)));
    }
    if (out.at > 0) yield out.bytes.slice(0, out.at);
    if (block.length === 0) return;
    blocks.take(next);
  }
}

/** Bytes one behind the other that are no chunk: one dead letter, however many there are. */
interface Gap {
  offset: number;
  length: number;
  /** the first of them */
  head: Uint8Array;
}

function wholeChunk(block: Uint8Array): Uint8Array {
  if (block.length === CHUNK_BYTES) return block;
  const whole = new Uint8Array(CHUNK_BYTES);
  whole.set(block);
  return whole;
}
/** Where the next chunk may begin, at most the block's end less what a signature cut in two needs. */
function nextChunk(block: Uint8Array): number {
  for (let at = block.indexOf(0x45, 1); at > 0; at = block.indexOf(0x45, at + 1)) {
    if (isChunk(block, at)) return at;
  }
  return block.length < CHUNK_BYTES ? block.length : block.length - 7;
}

/** The stream in blocks of the size that is asked for. */
class Blocks {
  /** where the next block begins in the stream */
  offset = 0;
  private readonly input: AsyncIterator<Uint8Array>;
  private readonly buffer = new Uint8Array(CHUNK_BYTES);
  private have = 0;
  private waiting: Uint8Array = new Uint8Array(0);
  private ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.input = chunks[Symbol.asyncIterator]();
  }

  /** The next `bytes` bytes (fewer at the end), valid until the next call. */
  async fill(bytes: number): Promise<Uint8Array> {
    while (this.have < bytes) {
      if (this.waiting.length === 0) {
        if (this.ended) break;
        const step = await this.input.next();
        if (step.done) this.ended = true;
        else this.waiting = step.value;
        continue;
      }
      const part = this.waiting.subarray(0, bytes - this.have);
      this.buffer.set(part, this.have);
      this.have += part.length;
      this.waiting = this.waiting.subarray(part.length);
    }
    return this.buffer.subarray(0, Math.min(this.have, bytes));
  }

  take(bytes: number): void {
    this.buffer.copyWithin(0, bytes, this.have);
    this.have -= bytes;
    this.offset += bytes;
  }
}
