/**
 * Distinct values of the fields of one segment, as bytes: the same bytes of the same field get the same small code, from 1.
 * Open addressing over one arena, emptied for each segment, so that it stays in the processor's cache.
 */
import { sameBytes } from './same-bytes.ts';
import { FNV_PRIME, FNV_SEED } from './words.ts';
import type { ValueList } from '../store/segment.ts';

export class ValueTable {
  #slots = new Int32Array(1 << 14);
  #mask = (1 << 14) - 1;
  #hash = new Int32Array(1 << 12);
  #field = new Uint8Array(1 << 12);
  #start = new Uint32Array(1 << 12);
  #length = new Uint32Array(1 << 12);
  #code = new Uint16Array(1 << 12);
  #entries = 1;
  #arena = new Uint8Array(1 << 16);
  #arenaView: DataView = new DataView(this.#arena.buffer);
  #used = 0;
  readonly #sizes: Uint32Array;

  constructor(fields: number) {
    this.#sizes = new Uint32Array(fields).fill(1);
  }

  /** Number of codes of a field, code 0 (absent) included. */
  size(field: number): number {
    return this.#sizes[field];
  }

  /** `view` is over the same bytes. */
  intern(field: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    // Four bytes at a time; the multiplication spreads upwards, so each step folds back down.
    let h = Math.imul(field ^ length, FNV_PRIME);
    let i = start;
    for (; i + 4 <= end; i += 4) {
      h = Math.imul(h ^ view.getInt32(i, true), 0x9e3779b1 | 0);
      h ^= h >>> 15;
    }
    for (; i < end; i++) h = Math.imul(h ^ bytes[i], FNV_PRIME);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h ^= h >>> 13;
    let slot = h & this.#mask;
    for (;;) {
      const entry = this.#slots[slot];
      if (entry === 0) break;
      if (this.#hash[entry] === h && this.#field[entry] === field && this.#length[entry] === length && sameBytes(bytes, view, start, end, this.#arena, this.#arenaView, this.#start[entry])) return this.#code[entry];
      slot = (slot + 1) & this.#mask;
    }
    return this.#add(slot, h, field, bytes, start, length);
  }

  #add(slot: number, h: number, field: number, bytes: Uint8Array, start: number, length: number): number {
    if (this.#entries === this.#hash.length) this.#growEntries();
    if (this.#used + length > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, this.#used + length));
      larger.set(this.#arena.subarray(0, this.#used));
      this.#arena = larger;
      this.#arenaView = new DataView(larger.buffer);
    }
    const entry = this.#entries++;
    const code = this.#sizes[field]++;
    this.#hash[entry] = h;
    this.#field[entry] = field;
    this.#start[entry] = this.#used;
    this.#length[entry] = length;
    this.#code[entry] = code;
    for (let i = 0; i < length; i++) this.#arena[this.#used + i] = bytes[start + i];
    this.#used += length;
    this.#slots[slot] = entry;
    if (this.#entries * 2 > this.#mask) this.#growSlots();
    return code;
  }

  #growEntries(): void {
    const size = this.#hash.length * 2;
    const grow = <T extends Int32Array | Uint8Array | Uint32Array | Uint16Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#hash = grow(this.#hash, new Int32Array(size));
    this.#field = grow(this.#field, new Uint8Array(size));
    this.#start = grow(this.#start, new Uint32Array(size));
    this.#length = grow(this.#length, new Uint32Array(size));
    this.#code = grow(this.#code, new Uint16Array(size));
  }

  #growSlots(): void {
    this.#mask = (this.#mask + 1) * 2 - 1;
    this.#slots = new Int32Array(this.#mask + 1);
    for (let entry = 1; entry < this.#entries; entry++) {
      let slot = this.#hash[entry] & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = entry;
    }
  }

  /** Values of a field by code; entry 0 is empty. Codes are given in the order in which values are met. */
  list(field: number): Uint8Array[] {
    const values: Uint8Array[] = [new Uint8Array(0)];
    for (let entry = 1; entry < this.#entries; entry++) {
      if (this.#field[entry] === field) values[this.#code[entry]] = this.#arena.slice(this.#start[entry], this.#start[entry] + this.#length[entry]);
    }
    return values;
  }

  /** The same in one piece. */
  pack(field: number): ValueList {
    const count = this.#sizes[field];
    const lengths = new Uint32Array(count);
    let size = 0;
    let code = 1;
    for (let entry = 1; entry < this.#entries; entry++) {
      if (this.#field[entry] !== field) continue;
      lengths[code++] = this.#length[entry];
      size += this.#length[entry];
    }
    const bytes = new Uint8Array(size);
    for (let entry = 1, at = 0; at < size; entry++) {
      if (this.#field[entry] !== field) continue;
      const from = this.#start[entry];
      const length = this.#length[entry];
      if (length < 48) for (let i = 0; i < length; i++) bytes[at + i] = this.#arena[from + i];
      else bytes.set(this.#arena.subarray(from, from + length), at);
      at += length;
    }
    return { count, lengths, bytes };
  }

  /** Hash of each value of a field by code, the same in every segment. */
  hashes(field: number): Uint32Array {
    const hashes = new Uint32Array(this.#sizes[field]);
    for (let entry = 1; entry < this.#entries; entry++) {
      if (this.#field[entry] !== field) continue;
      let h = FNV_SEED;
      for (let i = this.#start[entry], end = i + this.#length[entry]; i < end; i++) h = Math.imul(h ^ this.#arena[i], FNV_PRIME);
      hashes[this.#code[entry]] = h;
    }
    return hashes;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#entries = 1;
    this.#used = 0;
    this.#sizes.fill(1);
  }
}
