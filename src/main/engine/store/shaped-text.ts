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

/** What fills the holes that columns fill, for event `i` within the block; good until the next call. */
export interface Fillers {
  time(form: number, i: number): Uint8Array;
  field(code: number, i: number): Uint8Array;
}

/** Longer stretches than this are copied faster through a view than by hand. */
const BY_HAND = 64;
/** Where blocks are put together; grows as needed, since there is one at a time. */
let scratch = new Uint8Array(256 << 10);

/** The texts of a segment, opened for reading. Its memory is that of the blob, and of the shapes where they are compressed. */
export class ShapedTexts {
  readonly size: number;
  readonly #blob: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #blocksAt: number;
  readonly #shapes: Uint8Array;
  /** where the entry of each shape begins, one more than shapes */
  readonly #entries: Uint32Array;

  /** Throws when the bytes are damaged. */
  constructor(blob: Uint8Array) {
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
    const blocks = view.getUint32(0, true);
    const head = 8 + blocks * 4;
    if (head > blob.length) throw new Error('texts are cut off');
    this.#ends = Uint32Array.from({ length: blocks }, (_, i) => view.getUint32(4 + i * 4, true));
    this.#blocksAt = head + view.getUint32(4 + blocks * 4, true);
    this.#blob = blob;
    const shapes = unpack(blob.subarray(head, this.#blocksAt));
    const entries = new DataView(shapes.buffer, shapes.byteOffset, shapes.byteLength);
    const count = entries.getUint32(0, true);
    if (count * 6 > shapes.length) throw new Error('shapes are cut off');
    this.#entries = new Uint32Array(count + 1);
    let at = 4;
    for (let i = 0; i < count; i++) {
      this.#entries[i] = at;
      at += Math.max(6, entries.getUint32(at, true));
    }
    if (at > shapes.length) throw new Error('shapes are cut off');
    this.#entries[count] = at;
    this.#shapes = shapes;
    this.size = blob.length + shapes.length + count * 4;
  }

  /** What `tell` says of each shape, by its number, given what is fixed in it in lower case (a character a byte, holes left out); 0 for number 0, a text in full. */
  shapes(tell: (text: string) => number): Int32Array {
    const told = new Int32Array(this.#entries.length);
    for (let shape = 1; shape < told.length; shape++) {
      const entry = this.#entries[shape - 1];
      const holes = this.#shapes[entry + 4] | (this.#shapes[entry + 5] << 8);
      told[shape] = tell(Buffer.from(this.#shapes.subarray(Math.min(this.#entries[shape], entry + 6 + holes * 3), this.#entries[shape])).toString('latin1').toLowerCase());
    }
    return told;
  }

  /** The shape of each text of block `index` (two bytes each), what fills its holes, and its texts that stand in full, as they lie there. */
  filling(index: number): Uint8Array {
    if (index >= this.#ends.length) throw new Error('a block of texts is missing');
    return unpack(this.#blob.subarray(this.#blocksAt + (index === 0 ? 0 : this.#ends[index - 1]), this.#blocksAt + this.#ends[index]));
  }

  /** The first n texts of block `index`, which has `size`; without `keep` its bytes are good until the next call only. Throws when the bytes are damaged. */
  block(index: number, size: number, fillers?: Fillers, keep = true, n = size): TextBlock {
    const block = this.filling(index);
    if (n > size || block.length < size * 2) throw new Error('a block of texts is cut off');
    const shapes = this.#shapes;
    const entries = this.#entries;
    const starts = new Uint32Array(n + 1);
    const messageAt = new Int32Array(n).fill(-1);
    let out = scratch;
    let used = 0;
    let at = size * 2;
    // One loop over what comes next, whichever it is: a stretch of a shape, of the block or of a column.
    for (let i = 0; i < n; i++) {
      starts[i] = used;
      const code = block[i * 2] | (block[i * 2 + 1] << 8);
      if (code >= entries.length) throw new Error('a shape is missing');
      const end = code === 0 ? 0 : entries[code];
      let hole = code === 0 ? 0 : entries[code - 1] + 6;
      let text = code === 0 ? 0 : hole + (shapes[hole - 2] | (shapes[hole - 1] << 8)) * 3;
      const holesEnd = text;
      if (text > end) throw new Error('a shape is damaged');
      let kind = code === 0 ? HOLE.value : STRETCH;
      for (;;) {
        let bytes = shapes;
        let from = text;
        let to = end;
        if (kind === STRETCH) {
          if (hole < holesEnd) to = text + (shapes[hole + 1] | (shapes[hole + 2] << 8));
          if (to > end) throw new Error('a shape is damaged');
          text = to;
        } else if (kind === HOLE.value) {
          let length = 0;
          for (let scale = 1; ; scale *= 128) {
            if (at >= block.length) throw new Error('a block of texts is cut off');
            const byte = block[at++];
            length += (byte & 127) * scale;
            if (byte < 128) break;
          }
          bytes = block;
          from = at;
          to = at += length;
          if (at > block.length) throw new Error('a block of texts is cut off');
        } else if (kind === HOLE.message) {
          messageAt[i] = used - starts[i];
          to = from;
        } else {
          if (!fillers) throw new Error('texts are filled from columns that are not at hand');
          bytes = kind >= HOLE.field ? fillers.field(kind - HOLE.field, i) : fillers.time(kind - HOLE.time, i);
          from = 0;
          to = bytes.length;
        }
        const length = to - from;
        if (used + length + 1 > out.length) {
          scratch = new Uint8Array(Math.max(out.length * 2, used + length + 1));
          scratch.set(out.subarray(0, used));
          out = scratch;
        }
        if (length <= BY_HAND) while (from < to) out[used++] = bytes[from++];
        else {
          out.set(bytes.subarray(from, to), used);
          used += length;
        }
        if (kind !== STRETCH) {
          if (code === 0) break;
          kind = STRETCH;
        } else if (hole < holesEnd) {
          kind = shapes[hole];
          hole += 3;
        } else break;
      }
      out[used++] = 10;
    }
    starts[n] = used;
    const bytes = keep ? out.slice(0, used) : out.subarray(0, used);
    if (scratch.length > MAX_SCRATCH) scratch = new Uint8Array(256 << 10);
    return { starts, bytes, messageAt };
  }
}
/** In place of a kind: a stretch of the shape comes next. */
const STRETCH = 255;
const MAX_SCRATCH = 16 << 20;
