/**
 * Texts of a segment with what repeats left out. A shape is a text with holes; an event keeps the number of its shape and what fills
 * the holes. A hole is filled with bytes of the event's own, or with what a column says already: its time, a field, its message.
 * The idea is that of CLP (Rodrigues, Luo, Yuan: Compressed Log Processor, OSDI 2021), done while the record is still at hand.
 *
 * Blob, little-endian: blocks u32, end of each block u32, end of the shapes u32, packed shapes, packed blocks.
 * Shapes: count u32, then each: length of its entry u32, holes u16, and for each hole its kind u8 and the bytes before it u16, then
 * the bytes between the holes. Block: the shape of each event u16 (0 = the text stands in full), then what fills the holes, event
 * after event, each with its length in front (LEB128).
 */
import { pack, packedRaw, unpack } from './compression.ts';

/** Kinds of holes. */
export const HOLE = {
  /** bytes of the event's own */
  value: 0,
  /** the message, which is kept elsewhere */
  message: 1,
  /** the time in form k (store/time-forms.ts) */
  time: 8,
  /** the value of field k (formats/format.ts) */
  field: 32,
} as const;

/** Blocks that would take more than this an event are compressed; below, a compressor costs more time than it saves bytes. */
const LEAN = 40;

/** Packs bytes that stand for n events. */
export function packText(bytes: Uint8Array, n: number): Uint8Array {
  return bytes.length > n * LEAN ? pack(bytes) : packedRaw(bytes);
}

export interface TextBlock {
  /** start of text i is starts[i], its end starts[i + 1] - 1 (a line feed stands between) */
  starts: Uint32Array;
  bytes: Uint8Array;
  /** where the hole of the message lies in text i, counted from its start; -1 = it has none */
  messageAt: Int32Array;
}

/** Writes what fills a hole of event `i` (within the block) into `out` at `at`, and returns how many bytes; `room` makes room for n. */
export interface Fillers {
  time(form: number, i: number): Uint8Array;
  field(code: number, i: number): Uint8Array;
}

/** Unpacks block `index` of a blob; `n` is how many texts it holds. Throws when the bytes are damaged. */
export function textBlock(blob: Uint8Array, index: number, n: number, fillers?: Fillers): TextBlock {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const blocks = view.getUint32(0, true);
  if (index >= blocks) throw new Error('a block of texts is missing');
  const head = 8 + blocks * 4;
  const shapesEnd = head + view.getUint32(4 + blocks * 4, true);
  const from = shapesEnd + (index === 0 ? 0 : view.getUint32(index * 4, true));
  const shapes = unpackShapes(unpack(blob.subarray(head, shapesEnd)));
  return new Filler(shapes, unpack(blob.subarray(from, shapesEnd + view.getUint32(4 + index * 4, true))), n, fillers).run();
}

interface Shape {
  kinds: Uint8Array;
  /** bytes[from, to) between the holes, one more than holes */
  pieces: Uint8Array[];
}

const FULL: Shape = { kinds: Uint8Array.of(HOLE.value), pieces: [new Uint8Array(0), new Uint8Array(0)] };

/** Shapes by number; those that nobody asks for are not read. */
function unpackShapes(bytes: Uint8Array): (code: number) => Shape {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const starts = new Uint32Array(count + 1);
  let at = 4;
  for (let i = 0; i < count; i++) {
    starts[i] = at;
    at += view.getUint32(at, true);
  }
  starts[count] = at;
  const known: (Shape | undefined)[] = [FULL];
  return (code) => {
    let shape = known[code];
    if (shape !== undefined) return shape;
    if (code > count) throw new Error('a shape is missing');
    let p = starts[code - 1] + 4;
    const holes = view.getUint16(p, true);
    p += 2;
    const kinds = new Uint8Array(holes);
    const pieces: Uint8Array[] = [];
    let text = p + holes * 3;
    for (let h = 0; h < holes; h++, p += 3) {
      kinds[h] = view.getUint8(p);
      const length = view.getUint16(p + 1, true);
      pieces.push(bytes.subarray(text, text + length));
      text += length;
    }
    pieces.push(bytes.subarray(text, starts[code]));
    known[code] = shape = { kinds, pieces };
    return shape;
  };
}

class Filler {
  readonly #shapes: (code: number) => Shape;
  readonly #block: Uint8Array;
  readonly #n: number;
  readonly #fillers: Fillers | undefined;
  #out: Uint8Array;
  #used = 0;

  constructor(shapes: (code: number) => Shape, block: Uint8Array, n: number, fillers: Fillers | undefined) {
    this.#shapes = shapes;
    this.#block = block;
    this.#n = n;
    this.#fillers = fillers;
    this.#out = new Uint8Array(block.length * 3 + n * 64);
  }

  #put(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.#used + length + 1 > this.#out.length) {
      const larger = new Uint8Array(Math.max(this.#out.length * 2, this.#used + length + 1));
      larger.set(this.#out.subarray(0, this.#used));
      this.#out = larger;
    }
    const out = this.#out;
    const at = this.#used;
    // Short stretches are copied faster by hand than through a view.
    if (length < 32) for (let i = 0; i < length; i++) out[at + i] = bytes[from + i];
    else out.set(bytes.subarray(from, to), at);
    this.#used = at + length;
  }

  run(): TextBlock {
    const n = this.#n;
    const block = this.#block;
    const starts = new Uint32Array(n + 1);
    const messageAt = new Int32Array(n).fill(-1);
    if (block.length < n * 2) throw new Error('a block of texts is cut off');
    let at = n * 2;
    for (let i = 0; i < n; i++) {
      const start = this.#used;
      starts[i] = start;
      const { kinds, pieces } = this.#shapes(block[i * 2] | (block[i * 2 + 1] << 8));
      for (let h = 0; h < kinds.length; h++) {
        const piece = pieces[h];
        this.#put(piece, 0, piece.length);
        const kind = kinds[h];
        if (kind === HOLE.value) {
          let length = 0;
          for (let scale = 1; ; scale *= 128) {
            if (at >= block.length) throw new Error('a block of texts is cut off');
            const byte = block[at++];
            length += (byte & 127) * scale;
            if (byte < 128) break;
          }
          if (at + length > block.length) throw new Error('a block of texts is cut off');
          this.#put(block, at, at + length);
          at += length;
        } else if (kind === HOLE.message) {
          messageAt[i] = this.#used - start;
        } else {
          if (!this.#fillers) throw new Error('texts are filled from columns that are not at hand');
          const bytes = kind >= HOLE.field ? this.#fillers.field(kind - HOLE.field, i) : this.#fillers.time(kind - HOLE.time, i);
          this.#put(bytes, 0, bytes.length);
        }
      }
      const last = pieces[kinds.length];
      this.#put(last, 0, last.length);
      this.#put(LINE_FEED, 0, 1);
    }
    starts[n] = this.#used;
    return { starts, bytes: this.#out.subarray(0, this.#used), messageAt };
  }
}
const LINE_FEED = Uint8Array.of(10);
