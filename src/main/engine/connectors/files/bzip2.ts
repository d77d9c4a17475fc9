import type { ByteReader } from './byte-reader.ts';
import { decodeBlock, OutOfBits, Bits } from './bzip2-block.ts';
import { InputError, reasonOf } from './input-error.ts';

/** No block of 900,000 symbols takes more: 20 bits a symbol, selectors and tables. */
const MAX_BLOCK_BYTES = 2_400_000;
const BLOCK = 0x314159265359;
const END = 0x177245385090;

/**
 * Decodes all streams of a bzip2 file (pbzip2 and `cat a.bz2 b.bz2` write several).
 *
 * Our own decoder, and not unbzip2-stream, because that one keeps a block's output as an array of numbers (up to 46 million),
 * and a damaged run length makes it count down from a negative number, which takes minutes per block.
 */
export async function* bunzip2(reader: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  do {
    yield* oneStream(reader);
  } while (!(await reader.atEnd()));
}

/** Decodes one bzip2 stream and leaves the reader on the byte after it. */
export async function* oneStream(reader: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  const start = reader.offset;
  const magic = await reader.take(4);
  if (magic === null) throw truncated(start);
  if (magic[0] !== 0x42 || magic[1] !== 0x5a || magic[2] !== 0x68 || magic[3] < 0x31 || magic[3] > 0x39) {
    throw new InputError('corrupt', `No bzip2 stream begins at offset ${start}; the rest was not read.`, { offset: start });
  }
  const capacity = (magic[3] - 0x30) * 100_000;
  const work = new Uint32Array(capacity);
  let combined = 0;
  let bit = 0;
  for (;;) {
    const at = reader.offset;
    const bytes = await reader.peek(MAX_BLOCK_BYTES);
    const bits = new Bits(bytes, bit);
    let crc: number;
    let over: boolean;
    try {
      const kind = bits.read(24) * 2 ** 24 + bits.read(24);
      over = kind === END;
      if (kind !== BLOCK && !over) throw new Error('no block begins here');
      crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
      if (!over) {
        const block = decodeBlock(bits, work);
        yield* block.output();
        if (block.crc() !== crc) throw new Error('checksum mismatch: the last block may be wrong');
        combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
      }
    } catch (error) {
      if (error instanceof OutOfBits) {
        await reader.skip(bytes.length); // an error of the source comes before our own
        await reader.atEnd();
        throw truncated(at + bytes.length);
      }
      throw new InputError('corrupt', `The bzip2 stream is damaged in the block at offset ${at} (${reasonOf(error)}).`, { offset: at, cause: error });
    }
    await reader.skip(over ? bits.bytesTouched : bits.bytesFinished);
    bit = over ? 0 : bits.bitInByte;
    if (over) {
      if (crc !== combined) throw new InputError('corrupt', `The bzip2 stream that ends at offset ${reader.offset} does not match its checksum.`, { offset: reader.offset });
      return;
    }
  }
}

function truncated(offset: number): InputError {
  return new InputError('truncated', `The bzip2 stream stops in the middle, at offset ${offset}: the file is cut off or still being written.`, { offset });
}
