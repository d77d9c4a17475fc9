/** Takes a binary stream of OTLP apart. One ResourceSpans, ResourceLogs or ResourceMetrics is held at a time, at most ELEMENT_BYTES of it. */
import type { OtlpKind } from './fields.ts';
import { kindOf, varint, type Wire } from './wire.ts';

const ELEMENT_BYTES = 64 << 20;

/** What comes next in a stream. */
class ByteSource {
  offset = 0;
  private readonly rest: AsyncIterator<Uint8Array>;
  private have: Uint8Array = new Uint8Array(0);
  private ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.rest = chunks[Symbol.asyncIterator]();
  }

  /** At least `count` bytes unless the stream ends before; they stay. */
  async peek(count: number): Promise<Uint8Array> {
    if (this.have.length >= count || this.ended) return this.have;
    const parts = [this.have];
    let size = this.have.length;
    while (size < count) {
      const step = await this.rest.next();
      if (step.done) {
        this.ended = true;
        break;
      }
      parts.push(step.value);
      size += step.value.length;
    }
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.have = all;
    return all;
  }
  async close(): Promise<void> {
    if (!this.ended) await this.rest.return?.();
  }
  drop(count: number): void {
    this.have = this.have.subarray(count);
    this.offset += count;
  }
  /** Drops bytes without holding them; false when the stream ends before. */
  async pass(count: number): Promise<boolean> {
    while (count > 0) {
      const have = await this.peek(1);
      if (have.length === 0) return false;
      const step = Math.min(count, have.length);
      this.drop(step);
      count -= step;
    }
    return true;
  }
}

/** One resource with what it says, or what could not be read. */
export interface Part {
  kind: OtlpKind;
  /** in the stream */
  offset: number;
  /** the resource without its tag and length; of what is damaged its beginning */
  bytes: Uint8Array;
  /** why it cannot be read, '' when it can */
  damage: string;
}

/** The parts of the stream. Behind damage only the next message with a length of its own can be found; in one plain message nothing. */
export async function* binaryParts(chunks: AsyncIterable<Uint8Array>, wire: Wire): AsyncGenerator<Part, void, void> {
  const source = new ByteSource(chunks);
  try {
    yield* messages(source, wire);
  } finally {
    await source.close();
  }
}

const CUT = 'The file ends in the middle of a message: it is cut off here.';

async function* messages(source: ByteSource, { framing, kind: first }: Wire): AsyncGenerator<Part, void, void> {
  let kind = first;
  const broken = (damage: string, offset: number, bytes: Uint8Array): Part => ({ kind, offset, bytes, damage });
  /** where the message at hand ends */
  let messageEnd = framing === 'plain' ? Infinity : 0;
  for (;;) {
    const head = await source.peek(32);
    if (head.length === 0) {
      if (framing !== 'plain' && source.offset < messageEnd) yield broken(CUT, source.offset, head);
      return;
    }
    if (framing !== 'plain' && source.offset === messageEnd) {
      const length = framing === 'varint' ? varint(head, 0, head.length) : head.length >= 4 ? { value: new DataView(head.buffer, head.byteOffset).getUint32(0), at: 4 } : null;
      if (!length) return yield broken('The length of a message is damaged; nothing behind it can be read.', source.offset, head);
      source.drop(length.at);
      messageEnd = source.offset + length.value;
      if (length.value > 0) kind = kindOf(await source.peek(Math.min(length.value, 64 << 10)), 0, length.value) ?? kind;
      continue;
    }
    const tag = varint(head, 0, head.length);
    const length = tag && varint(head, tag.at, head.length);
    if (!tag || !length || (tag.value & 7) !== 2 || tag.value >>> 3 === 0 || source.offset + length.at + length.value > messageEnd) {
      const found = source.offset;
      if (messageEnd !== Infinity && (await source.pass(messageEnd - found))) {
        yield broken('A message is damaged; the next one is read again.', found, head);
        continue;
      }
      return yield broken('The message is damaged; nothing behind this can be read.', found, head);
    }
    const begins = source.offset;
    if (length.value > ELEMENT_BYTES || tag.value >>> 3 !== 1) {
      if (tag.value >>> 3 === 1) yield broken(`The records of one resource take ${length.value} bytes; up to ${ELEMENT_BYTES >> 20} MiB can be read.`, begins, head);
      if (await source.pass(length.at + length.value)) continue;
      return yield broken(CUT, begins, head);
    }
    const have = await source.peek(length.at + length.value);
    const bytes = have.subarray(length.at, length.at + length.value);
    if (bytes.length < length.value) return yield broken(CUT, begins, bytes);
    yield { kind, offset: begins, bytes, damage: '' };
    source.drop(length.at + length.value);
  }
}
