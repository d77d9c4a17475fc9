import { createRequire } from 'node:module';
import type { ByteReader } from './byte-reader.ts';
import { InputError, reasonOf } from './input-error.ts';

/** What the C side of xz-decompress exports (xz-embedded compiled to WebAssembly). */
interface Exports {
  memory: { buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, length: number): void;
  get_next_output(context: number): number;
}
interface XzModule {
  XzReadableStream: { _moduleInstance: { exports: Exports } | undefined; _getModuleInstance(): Promise<void> };
}

// The words at the start of a context.
const BUFFER_SIZE = 0;
const INPUT = 1;
const INPUT_POSITION = 2;
const INPUT_SIZE = 3;
const OUTPUT = 4;
const OUTPUT_POSITION = 5;

// Results of xz-embedded.
const OK = 0;
const STREAM_END = 1;
const UNSUPPORTED_CHECK = 2;
const NO_MEMORY = 3;
const MEMORY_LIMIT = 4;
const BAD_OPTIONS = 6;
const NO_PROGRESS = 8;

let loading: Promise<Exports> | undefined;

/**
 * Decodes all streams of an xz file, padding between them included, to the end of the reader. The package's own ReadableStream is passed by, and the module inside it driven directly
 * (the version is pinned, xz.test.ts holds it to this): the stream lets one file decode at a time for the whole process and
 * frees the next only when read to its end, so an xz inside a tar.xz would wait for ever; and it dies of a TypeError at a cut-off.
 */
export async function* unxz(reader: ByteReader): AsyncGenerator<Uint8Array, void, void> {
  const xz = await load();
  const context = xz.create_context();
  if (context === 0) throw new InputError('unsupported', 'There is no memory left for reading an xz stream.');
  // Memory may grow, and with it the buffer be replaced, in any call.
  const words = (): Uint32Array => new Uint32Array(xz.memory.buffer, context, 6);
  let at = reader.offset;
  let usable = true;
  let ended = false;
  try {
    for (let full = false; ; ) {
      let state = words();
      if (!full && !ended && state[INPUT_POSITION] === state[INPUT_SIZE]) {
        at = reader.offset;
        const input = await reader.next(state[BUFFER_SIZE]);
        // An empty input says that there is no more: only then does the decoder know that no further stream follows.
        ended = input === null;
        if (input !== null) new Uint8Array(xz.memory.buffer, words()[INPUT], input.length).set(input);
        xz.supply_input(context, input?.length ?? 0);
      }
      usable = false; // until the call below returns: a trap leaves the module in an unknown state
      const result = xz.get_next_output(context);
      usable = true;
      state = words();
      const length = state[OUTPUT_POSITION];
      const out = new Uint8Array(xz.memory.buffer, state[OUTPUT], length).slice();
      full = length === state[BUFFER_SIZE];
      state[OUTPUT_POSITION] = 0;
      if (length > 0) yield out;
      if (result === STREAM_END) return;
      if (ended && !full) throw new InputError('truncated', `The xz stream stops in the middle, at offset ${at}: the file is cut off or still being written.`, { offset: at });
      if (result !== OK && result !== UNSUPPORTED_CHECK && result !== NO_PROGRESS) throw failed(result, at);
    }
  } catch (error) {
    if (usable) throw error;
    loading = undefined;
    throw new InputError('corrupt', `The xz stream is damaged after offset ${at} (${reasonOf(error)}).`, { offset: at, cause: error });
  } finally {
    if (usable) xz.destroy_context(context);
  }
}

function failed(result: number, offset: number): InputError {
  if (result === BAD_OPTIONS) return new InputError('unsupported', `The xz stream at offset ${offset} uses a filter or checksum that is not supported (only LZMA2 with CRC32, CRC64 or none). Unpack it with xz and read the result.`, { offset });
  if (result === NO_MEMORY || result === MEMORY_LIMIT) return new InputError('unsupported', `The xz stream at offset ${offset} asks for a larger dictionary than is supported (64 MiB). Unpack it with xz and read the result.`, { offset });
  return new InputError('corrupt', `The xz stream is damaged after offset ${offset} (decoder result ${result}).`, { offset });
}

/** One module for the process; every stream has a context of its own in it. */
function load(): Promise<Exports> {
  loading ??= (async () => {
    // The package is a UMD bundle, whose names Node cannot import.
    const { XzReadableStream } = createRequire(import.meta.url)('xz-decompress') as XzModule;
    await XzReadableStream._getModuleInstance();
    if (XzReadableStream._moduleInstance === undefined) throw new Error('xz-decompress did not load');
    return XzReadableStream._moduleInstance.exports;
  })();
  return loading;
}
