import { Script, createContext } from 'node:vm';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import type { ByteReader } from './byte-reader.ts';
import { InputError, reasonOf } from './input-error.ts';
import { Pump } from './pump.ts';

/** A block never decodes to more (RFC 8878, 3.1.1.2.4). */
const MAX_BLOCK = 128 << 10;
/** A block decodes in milliseconds; only one made to hang the decoder takes this long. */
const BLOCK_TIMEOUT_MS = 5000;

interface FrameDecoder {
  /** `last` with the final piece of the frame */
  feed(piece: Uint8Array, last: boolean): AsyncGenerator<Uint8Array, void, void>;
  close(): void;
}

/**
 * Decodes all frames of a zstd stream (RFC 8878), skippable ones skipped. The frames are walked here and the decoder is fed one
 * block at a time: so a cut-off is told exactly, a block's output is bounded, and the memory a frame asks for is checked first.
 * @param windowBytes the largest window a frame may ask for
 * @param decoder the runtime's own where it has one
 */
export async function* unzstd(reader: ByteReader, windowBytes: number, decoder = runtimeDecoder): AsyncGenerator<Uint8Array, void, void> {
  while (!(await reader.atEnd())) yield* oneFrame(reader, windowBytes, decoder);
}

/** Decodes one frame and leaves the reader on the byte after it. */
export async function* oneFrame(reader: ByteReader, windowBytes: number, makeDecoder = runtimeDecoder): AsyncGenerator<Uint8Array, void, void> {
  const start = reader.offset;
  const head = Buffer.from(await reader.peek(18));
  if (head.length >= 4 && (head.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50) return skipFrame(reader);
  if (head.length >= 4 && head.readUInt32LE(0) !== 0xfd2fb528) throw new InputError('corrupt', `No zstd frame begins at offset ${start}; the rest was not read.`, { offset: start });
  const frame = frameHeader(head, start);
  if (frame === null) throw truncated(start + head.length);
  if (frame.window > windowBytes) {
    throw new InputError('limit', `The zstd frame at offset ${start} asks for ${frame.window} bytes of memory, the limit is ${windowBytes}. Raise "windowBytes" and read it again if the file is trusted.`, { offset: start, limit: 'windowBytes' });
  }
  const decoder = makeDecoder();
  try {
    yield* decoder.feed(await mustTake(reader, frame.length), false);
    for (let last = false; !last; ) {
      const at = reader.offset;
      const header = await mustTake(reader, 3);
      const bits = header[0] | (header[1] << 8) | (header[2] << 16);
      const type = (bits >> 1) & 3;
      const size = bits >> 3;
      if (type === 3 || size > MAX_BLOCK) throw damaged(at, 'bad block header');
      last = (bits & 1) === 1;
      const body = await mustTake(reader, (type === 1 ? 1 : size) + (last && frame.checksum ? 4 : 0));
      try {
        yield* decoder.feed(Buffer.concat([header, body]), last);
      } catch (error) {
        throw damaged(at, reasonOf(error), error);
      }
    }
  } finally {
    decoder.close();
  }
}

/** RFC 8878, 3.1.1.1. null when `head` is too short. */
function frameHeader(head: Buffer, offset: number): { length: number; window: number; checksum: boolean } | null {
  if (head.length < 6) return null;
  const descriptor = head[4];
  const single = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? single : 1 << sizeFlag;
  const length = 6 - single + dictionaryBytes + sizeBytes;
  if (head.length < length) return null;
  if ((descriptor & 8) !== 0) throw damaged(offset, 'reserved bit set');
  const dictionary = head.subarray(6 - single, 6 - single + dictionaryBytes);
  if (dictionary.some((byte) => byte !== 0)) throw new InputError('unsupported', `The zstd frame at offset ${offset} needs a dictionary that is not part of the file.`, { offset });
  let window: number;
  if (single === 1) {
    const at = 5 + dictionaryBytes;
    if (sizeBytes === 1) window = head[at];
    else if (sizeBytes === 2) window = head.readUInt16LE(at) + 256;
    else if (sizeBytes === 4) window = head.readUInt32LE(at);
    else window = Number(head.readBigUInt64LE(at));
  } else {
    const base = 2 ** (10 + (head[5] >> 3));
    window = base + (base / 8) * (head[5] & 7);
  }
  return { length, window, checksum: (descriptor & 4) !== 0 };
}

async function skipFrame(reader: ByteReader): Promise<void> {
  const size = Buffer.from(await mustTake(reader, 8)).readUInt32LE(4);
  if ((await reader.skip(size)) < size) throw truncated(reader.offset);
}

async function mustTake(reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes === null) throw truncated(reader.offset);
  return bytes;
}

function truncated(offset: number): InputError {
  return new InputError('truncated', `The zstd stream stops in the middle, at offset ${offset}: the file is cut off or still being written.`, { offset });
}

function damaged(offset: number, why: string, cause?: unknown): InputError {
  return cause instanceof InputError ? cause : new InputError('corrupt', `The zstd stream is damaged at offset ${offset} (${why}).`, { offset, cause });
}

/** Node 22.15 and later decode zstd natively and check its checksums; Electron 33 (Node 20) does not have it. */
export function hasNativeZstd(): boolean {
  return typeof zlib.createZstdDecompress === 'function';
}

function runtimeDecoder(): FrameDecoder {
  return hasNativeZstd() ? nativeDecoder() : scriptDecoder();
}

function nativeDecoder(): FrameDecoder {
  // The window was checked above, so zlib's own bound is lifted to the format's.
  const pump = new Pump(zlib.createZstdDecompress({ chunkSize: MAX_BLOCK, params: { [zlib.constants.ZSTD_d_windowLogMax]: 31 } }));
  return { feed: (piece) => pump.feed(piece), close: () => pump.close() };
}

let step: () => void = () => undefined;
const guarded = new Script('step()');
let guard: ReturnType<typeof createContext> | undefined;

/**
 * The decoder in JavaScript. It does not check checksums, and tables made by an attacker can keep it in a loop for ever, so
 * each block runs under the watchdog of node:vm, the only way to interrupt synchronous JavaScript.
 */
export function scriptDecoder(timeout = BLOCK_TIMEOUT_MS): FrameDecoder {
  const out: Uint8Array[] = [];
  const decoder = new Decompress((data) => {
    if (data.length > 0) out.push(data);
  });
  return {
    async *feed(piece, last) {
      guard ??= createContext({ step: () => step() });
      step = () => decoder.push(piece, last);
      try {
        guarded.runInContext(guard, { timeout });
      } finally {
        step = () => undefined;
      }
      yield* out.splice(0);
    },
    close: () => undefined,
  };
}
