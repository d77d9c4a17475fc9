/**
 * Turns texts into shapes and what fills their holes (store/shaped-text.ts). The caller says where the holes are; the coder finds the
 * shape among those it knows, comparing every byte, so that each text comes back exactly. A shape gets a number of its own when it is
 * met a second time: texts that occur once stand in full.
 */
import { DELIMITER_BYTE } from '../analysis/templates/miner.ts';
import { HOLE, packText } from '../store/shaped-text.ts';
import { sameBytes } from './same-bytes.ts';

/** Texts longer than this outside their holes stand in full. */
const MAX_SHAPE = 4096;
const MAX_HOLES = 200;
/** Past these the known shapes are forgotten at the end of a segment. */
const MAX_SHAPES = 1 << 15;
const MAX_ARENA = 8 << 20;
const PROBES = 8;
const SEEN = 1 << 15;

export class ShapeCoder {
  // Known shapes, for the life of the worker: open addressing, key -> shape (from 1).
  #slots = new Int32Array(1 << 12);
  #key = new Int32Array(1 << 10);
  #holes = new Uint16Array(1 << 10);
  /** where its holes begin in #kinds and #pieces, and its bytes in #arena */
  #holesAt = new Uint32Array(1 << 10);
  #textAt = new Uint32Array(1 << 10);
  #textLength = new Uint16Array(1 << 10);
  #count = 1;
  #kinds = new Uint8Array(1 << 12);
  #pieces = new Uint16Array(1 << 12);
  #holesUsed = 0;
  #arena = new Uint8Array(1 << 16);
  #arenaView = new DataView(this.#arena.buffer);
  #arenaUsed = 0;
  /** keys met once */
  readonly #seen = new Int32Array(SEEN);

  // The open segment: number of each shape in it, valid when the stamp is the segment's.
  #code = new Uint16Array(1 << 10);
  #stamped = new Uint32Array(1 << 10);
  #stamp = 1;
  #used: number[] = [];
  // The open block.
  readonly #codes = new Uint16Array(4096);
  #inBlock = 0;
  #values = new Uint8Array(1 << 16);
  #valuesUsed = 0;
  readonly #blocks: Uint8Array[] = [];

  // Holes of the next text, in ascending order, none touching.
  readonly start = new Int32Array(MAX_HOLES);
  readonly end = new Int32Array(MAX_HOLES);
  readonly kind = new Uint8Array(MAX_HOLES);
  count = 0;
  /** how many the text taken last had: they stand in start, end and kind until the next is set */
  laid = 0;

  /** Texts in the open block. */
  get inBlock(): number {
    return this.#inBlock;
  }

  /** Adds a hole behind the others. */
  hole(start: number, end: number, kind: number): void {
    const h = this.count;
    if (h === MAX_HOLES) return;
    this.start[h] = start;
    this.end[h] = end;
    this.kind[h] = kind;
    this.count = h + 1;
  }

  /**
   * Takes bytes[from, to) with the holes set; `seed` tells texts apart whose holes alone are alike. Gives the number of the shape for
   * the life of the coder, 0 when the text stands in full. The holes are gone afterwards.
   */
  add(bytes: Uint8Array, view: DataView, from: number, to: number, seed: number): number {
    const { start, end, kind, count } = this;
    this.laid = count;
    this.count = 0;
    // The key is made of where holes lie and the seed; the bytes are compared.
    let key = seed ^ count;
    let fixed = to - from;
    let at = from;
    for (let h = 0; h < count; h++) {
      key = Math.imul(key ^ ((start[h] - at) * 256 + kind[h]), 0x01000193);
      fixed -= end[h] - start[h];
      at = end[h];
    }
    key = Math.imul(key ^ fixed, 0x85ebca6b);
    key ^= key >>> 15;
    const shape = fixed > MAX_SHAPE ? 0 : this.#find(bytes, view, from, to, key, count, fixed);
    if (shape === 0) {
      this.#codes[this.#inBlock++] = 0;
      this.#value(bytes, from, to);
      return 0;
    }
    this.#take(shape, bytes, count);
    return shape;
  }

  /** Adds a text of a known shape whose holes stand in start, end and kind. */
  #take(shape: number, bytes: Uint8Array, count: number): void {
    let code: number;
    if (this.#stamped[shape] === this.#stamp) code = this.#code[shape];
    else {
      this.#stamped[shape] = this.#stamp;
      this.#code[shape] = code = this.#used.push(shape);
    }
    this.#codes[this.#inBlock++] = code;
    const { start, end, kind } = this;
    for (let h = 0; h < count; h++) if (kind[h] === HOLE.value) this.#value(bytes, start[h], end[h]);
  }

  /**
   * Adds bytes[from, to) if it is of that shape, all of whose holes are words from a place on (the rule of maskWord() in
   * analysis/templates/miner.ts): a hole holds a digit, no delimiter before it, and ends at a blank. False when it is not of that shape.
   */
  addIfLike(shape: number, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    const count = this.#holes[shape];
    const pieces = this.#pieces;
    const { start, end, kind } = this;
    const holes = this.#holesAt[shape];
    let held = this.#textAt[shape];
    const heldEnd = held + this.#textLength[shape];
    let at = from;
    for (let h = 0; ; h++) {
      const length = h < count ? pieces[holes + h] : heldEnd - held;
      const stop = at + length;
      if (stop > to || !sameBytes(bytes, view, at, stop, this.#arena, this.#arenaView, held)) return false;
      held += length;
      at = stop;
      if (h === count) break;
      for (;; at++) {
        if (at >= to) return false;
        const c = bytes[at];
        if (c >= 48 && c <= 57) break;
        if (c <= 32 || DELIMITER_BYTE[c] === 1) return false;
      }
      while (++at < to && bytes[at] > 32);
      start[h] = stop;
      end[h] = at;
      kind[h] = HOLE.value;
    }
    if (at !== to) return false;
    this.laid = count;
    this.#take(shape, bytes, count);
    return true;
  }

  #find(bytes: Uint8Array, view: DataView, from: number, to: number, key: number, count: number, fixed: number): number {
    const mask = this.#slots.length - 1;
    let slot = key & mask;
    for (let probe = 0; probe < PROBES; probe++) {
      const shape = this.#slots[slot];
      if (shape === 0) return this.#meet(slot, bytes, from, to, key, count, fixed);
      if (this.#key[shape] === key && this.#holes[shape] === count && this.#textLength[shape] === fixed && this.#same(shape, bytes, view, from, to, count)) return shape;
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  #same(shape: number, bytes: Uint8Array, view: DataView, from: number, to: number, count: number): boolean {
    const { start, end, kind } = this;
    const kinds = this.#kinds;
    const pieces = this.#pieces;
    let held = this.#textAt[shape];
    const holes = this.#holesAt[shape];
    let at = from;
    for (let h = 0; h <= count; h++) {
      const stop = h < count ? start[h] : to;
      if (h < count && (pieces[holes + h] !== stop - at || kinds[holes + h] !== kind[h])) return false;
      if (!sameBytes(bytes, view, at, stop, this.#arena, this.#arenaView, held)) return false;
      held += stop - at;
      if (h < count) at = end[h];
    }
    return true;
  }

  /** A shape nobody knows: remembered the first time, known from the second on. */
  #meet(slot: number, bytes: Uint8Array, from: number, to: number, key: number, count: number, fixed: number): number {
    const place = key & (SEEN - 1);
    if (this.#seen[place] !== key) {
      this.#seen[place] = key;
      return 0;
    }
    if (this.#count === this.#key.length) this.#growShapes();
    const shape = this.#count++;
    this.#slots[slot] = shape;
    this.#key[shape] = key;
    this.#holes[shape] = count;
    this.#holesAt[shape] = this.#holesUsed;
    this.#textAt[shape] = this.#arenaUsed;
    this.#textLength[shape] = fixed;
    if (this.#holesUsed + count > this.#kinds.length) {
      const size = this.#kinds.length * 2;
      this.#kinds = enlarged(this.#kinds, new Uint8Array(size));
      this.#pieces = enlarged(this.#pieces, new Uint16Array(size));
    }
    if (this.#arenaUsed + fixed > this.#arena.length) {
      this.#arena = enlarged(this.#arena, new Uint8Array(this.#arena.length * 2));
      this.#arenaView = new DataView(this.#arena.buffer);
    }
    let at = from;
    for (let h = 0; h <= count; h++) {
      const stop = h < count ? this.start[h] : to;
      if (h < count) {
        this.#kinds[this.#holesUsed] = this.kind[h];
        this.#pieces[this.#holesUsed++] = stop - at;
      }
      while (at < stop) this.#arena[this.#arenaUsed++] = bytes[at++];
      if (h < count) at = this.end[h];
    }
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return shape;
  }

  #growShapes(): void {
    const size = this.#key.length * 2;
    this.#key = enlarged(this.#key, new Int32Array(size));
    this.#holes = enlarged(this.#holes, new Uint16Array(size));
    this.#holesAt = enlarged(this.#holesAt, new Uint32Array(size));
    this.#textAt = enlarged(this.#textAt, new Uint32Array(size));
    this.#textLength = enlarged(this.#textLength, new Uint16Array(size));
    this.#code = enlarged(this.#code, new Uint16Array(size));
    this.#stamped = enlarged(this.#stamped, new Uint32Array(size));
  }
  #growSlots(): void {
    const mask = this.#slots.length * 2 - 1;
    this.#slots = new Int32Array(mask + 1);
    for (let shape = 1; shape < this.#count; shape++) {
      let slot = this.#key[shape] & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = shape;
    }
  }

  #value(bytes: Uint8Array, from: number, to: number): void {
    let length = to - from;
    if (this.#valuesUsed + length + 5 > this.#values.length) this.#values = enlarged(this.#values, new Uint8Array(Math.max(this.#values.length * 2, this.#valuesUsed + length + 5)));
    const values = this.#values;
    let used = this.#valuesUsed;
    for (; length > 127; length >>>= 7) values[used++] = (length & 127) | 128;
    values[used++] = length;
    // Short stretches are copied faster by hand than through a view.
    if (to - from < 48) for (let i = from; i < to; i++) values[used++] = bytes[i];
    else {
      values.set(bytes.subarray(from, to), used);
      used += to - from;
    }
    this.#valuesUsed = used;
  }

  closeBlock(): void {
    const n = this.#inBlock;
    if (n === 0) return;
    const block = new Uint8Array(n * 2 + this.#valuesUsed);
    for (let i = 0; i < n; i++) {
      block[i * 2] = this.#codes[i];
      block[i * 2 + 1] = this.#codes[i] >>> 8;
    }
    block.set(this.#values.subarray(0, this.#valuesUsed), n * 2);
    this.#blocks.push(packText(block, n));
    this.#inBlock = 0;
    this.#valuesUsed = 0;
    if (this.#values.length > 8 << 20) this.#values = new Uint8Array(1 << 16);
  }

  /** The segment's texts as a blob; `n` is how many there are. Closes the open block. */
  take(n: number): Uint8Array {
    this.closeBlock();
    const blocks = this.#blocks;
    const shapes = packText(this.#shapes(), n);
    const head = 8 + blocks.length * 4;
    const out = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, head + shapes.length));
    const view = new DataView(out.buffer);
    view.setUint32(0, blocks.length, true);
    view.setUint32(4 + blocks.length * 4, shapes.length, true);
    out.set(shapes, head);
    let at = head + shapes.length;
    for (let i = 0; i < blocks.length; i++) {
      out.set(blocks[i], at);
      at += blocks[i].length;
      view.setUint32(4 + i * 4, at - head - shapes.length, true);
    }
    blocks.length = 0;
    this.#used = [];
    this.#stamp++;
    if (this.#count > MAX_SHAPES || this.#arenaUsed > MAX_ARENA) this.#forget();
    return out;
  }

  #shapes(): Uint8Array {
    let size = 4;
    for (const shape of this.#used) size += 6 + this.#holes[shape] * 3 + this.#textLength[shape];
    const out = new Uint8Array(size);
    const view = new DataView(out.buffer);
    view.setUint32(0, this.#used.length, true);
    let at = 4;
    for (const shape of this.#used) {
      const holes = this.#holes[shape];
      view.setUint32(at, 6 + holes * 3 + this.#textLength[shape], true);
      view.setUint16(at + 4, holes, true);
      at += 6;
      for (let h = this.#holesAt[shape]; h < this.#holesAt[shape] + holes; h++, at += 3) {
        out[at] = this.#kinds[h];
        view.setUint16(at + 1, this.#pieces[h], true);
      }
      out.set(this.#arena.subarray(this.#textAt[shape], this.#textAt[shape] + this.#textLength[shape]), at);
      at += this.#textLength[shape];
    }
    return out;
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#stamped.fill(0);
    this.#count = 1;
    this.#holesUsed = 0;
    this.#arenaUsed = 0;
    this.epoch++;
  }

  /** Grows when numbers of shapes are given out anew. */
  epoch = 0;
}

function enlarged<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
