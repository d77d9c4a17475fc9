/**
 * How producers may compress their batches besides gzip, which kafkajs knows: snappy (the format of blocks,
 * https://github.com/google/snappy/blob/main/format_description.txt, bare or in the framing of Java's snappy library, whose magic is
 * 82 "SNAPPY" 00), lz4 (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md) and zstd.
 * Checksums are not looked at: Kafka has one around the whole batch, and TCP below it.
 */
import { Decompress } from 'fzstd';

/** Of one batch: brokers take batches of 1 MiB, unless told otherwise. */
const MAX_OUT = 64 << 20;
const FIRST_OUT = 1 << 20;

const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** magic, version and lowest compatible version */
const XERIAL_HEADER = 16;
const LZ4_MAGIC = 0x184d2204;

class DamagedBatch extends Error {
  constructor(codec: string, why: string) {
    super(`A batch compressed with ${codec} is damaged: ${why}`);
  }
}

/** What was decompressed so far; copies reach back into it. */
class Output {
  readonly #codec: string;
  #buffer = Buffer.allocUnsafe(FIRST_OUT);
  #length = 0;

  constructor(codec: string) {
    this.#codec = codec;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #room(more: number): void {
    const wanted = this.#length + more;
    if (wanted > MAX_OUT) throw new DamagedBatch(this.#codec, `it is longer than ${MAX_OUT >> 20} MiB`);
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(MAX_OUT, Math.max(wanted, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  literal(from: Uint8Array, start: number, length: number): void {
    if (start + length > from.length) throw new DamagedBatch(this.#codec, 'it ends too early');
    this.#room(length);
    this.#buffer.set(from.subarray(start, start + length), this.#length);
    this.#length += length;
  }

  /** Repeats what was written `distance` bytes ago; may reach into what it writes itself. */
  copy(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw new DamagedBatch(this.#codec, 'it refers to what is not there');
    this.#room(length);
    const buffer = this.#buffer;
    let to = this.#length;
    this.#length += length;
    if (distance >= length) buffer.copyWithin(to, to - distance, to - distance + length);
    else for (let from = to - distance; to < this.#length; ) buffer[to++] = buffer[from++];
  }
}

export function unsnappy(data: Buffer): Buffer {
  const out = new Output('snappy');
  if (!data.subarray(0, XERIAL.length).equals(XERIAL)) {
    snappyBlock(data, out);
    return out.bytes;
  }
  for (let at = XERIAL_HEADER; at < data.length; ) {
    if (at + 4 > data.length) throw new DamagedBatch('snappy', 'it ends too early');
    const length = data.readUInt32BE(at);
    if (at + 4 + length > data.length) throw new DamagedBatch('snappy', 'it ends too early');
    snappyBlock(data.subarray(at + 4, at + 4 + length), out);
    at += 4 + length;
  }
  return out.bytes;
}

function snappyBlock(data: Buffer, out: Output): void {
  let at = 0;
  // Its length, seven bits in each byte: what comes is believed instead.
  while (at < data.length && data[at] >= 0x80) at++;
  at++;
  while (at < data.length) {
    const tag = data[at++];
    const high = tag >> 2;
    const bytes = [high < 60 ? 0 : high - 59, 1, 2, 4][tag & 3];
    if (at + bytes > data.length) throw new DamagedBatch('snappy', 'it ends too early');
    const number = bytes === 0 ? 0 : data.readUIntLE(at, bytes);
    at += bytes;
    switch (tag & 3) {
      case 0: {
        const length = (bytes === 0 ? high : number) + 1;
        out.literal(data, at, length);
        at += length;
        break;
      }
      case 1:
        out.copy(((tag >> 5) << 8) | number, (high & 7) + 4);
        break;
      default:
        out.copy(number, high + 1);
    }
  }
}

export function unlz4(data: Buffer): Buffer {
  const out = new Output('lz4');
  const early = (): DamagedBatch => new DamagedBatch('lz4', 'it ends too early');
  if (data.length < 7 || data.readUInt32LE(0) !== LZ4_MAGIC) throw new DamagedBatch('lz4', 'it does not begin like one');
  const flags = data[4];
  const blockChecksum = (flags & 0x10) !== 0;
  // flags, block size, [content size], [dictionary], checksum of this header
  let at = 6 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) + 1;
  for (;;) {
    if (at + 4 > data.length) throw early();
    const word = data.readUInt32LE(at);
    at += 4;
    if (word === 0) return out.bytes;
    const length = word & 0x7fffffff;
    if (at + length > data.length) throw early();
    if (word >>> 31 === 1) out.literal(data, at, length);
    else lz4Block(data.subarray(at, at + length), out);
    at += length + (blockChecksum ? 4 : 0);
  }
}

function lz4Block(data: Buffer, out: Output): void {
  let at = 0;
  /** 15 in the token: bytes follow that are added, up to the first that is not 255 */
  const longer = (short: number): number => {
    let length = short;
    if (short !== 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= data.length) throw new DamagedBatch('lz4', 'it ends too early');
      byte = data[at++];
    }
    return length;
  };
  while (at < data.length) {
    const token = data[at++];
    const literals = longer(token >> 4);
    out.literal(data, at, literals);
    at += literals;
    // The last sequence of a block has no copy.
    if (at === data.length) return;
    if (at + 2 > data.length) throw new DamagedBatch('lz4', 'it ends too early');
    const distance = data.readUInt16LE(at);
    at += 2;
    out.copy(distance, longer(token & 15) + 4);
  }
}

export function unzstd(data: Buffer): Buffer {
  const out = new Output('zstd');
  let ended = false;
  new Decompress((part, final) => {
    out.literal(part, 0, part.length);
    ended ||= final === true;
  }).push(data, true);
  if (!ended) throw new DamagedBatch('zstd', 'it ends too early');
  return out.bytes;
}
