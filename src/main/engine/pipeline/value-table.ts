/**
 * Distinct values of the fields of one segment, as bytes: the same bytes of the same field get the same small code, from 1.
 * Open addressing over one arena, emptied for each segment, so that it stays in the processor's cache.
 */
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
  #used = 0;
  readonly #sizes: Uint32Array;

  constructor(fields: number) {
    this.#sizes = new Uint32Array(fields).fill(1);
  }

  /** Number of codes of a field, code 0 (absent) included. */
  size(field: number): number {
    return this.#sizes[field];
  }

  intern(field: number, bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    let h = Math.imul(0x811c9dc5 ^ field, 0x01000193);
    for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i], 0x01000193);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h ^= h >>> 13;
    let slot = h & this.#mask;
    for (;;) {
      const entry = this.#slots[slot];
      if (entry === 0) break;
      if (this.#hash[entry] === h && this.#field[entry] === field && this.#length[entry] === length && this.#same(entry, bytes, start)) return this.#code[entry];
      slot = (slot + 1) & this.#mask;
    }
    return this.#add(slot, h, field, bytes, start, length);
  }

  #same(entry: number, bytes: Uint8Array, start: number): boolean {
    const arena = this.#arena;
    const from = this.#start[entry];
    const length = this.#length[entry];
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(slot: number, h: number, field: number, bytes: Uint8Array, start: number, length: number): number {
    if (this.#entries === this.#hash.length) this.#growEntries();
    if (this.#used + length > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, this.#used + length));
      larger.set(this.#arena.subarray(0, this.#used));
      this.#arena = larger;
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

  /** Values of a field by code; entry 0 is empty. */
  list(field: number): Uint8Array[] {
    const values: Uint8Array[] = [new Uint8Array(0)];
    for (let entry = 1; entry < this.#entries; entry++) {
      if (this.#field[entry] === field) values[this.#code[entry]] = this.#arena.slice(this.#start[entry], this.#start[entry] + this.#length[entry]);
    }
    return values;
  }

  /** Hash of each value of a field by code, the same in every segment. */
  hashes(field: number): Uint32Array {
    const hashes = new Uint32Array(this.#sizes[field]);
    for (let entry = 1; entry < this.#entries; entry++) if (this.#field[entry] === field) hashes[this.#code[entry]] = this.#hash[entry];
    return hashes;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#entries = 1;
    this.#used = 0;
    this.#sizes.fill(1);
  }
}
