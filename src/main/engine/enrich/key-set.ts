/** A set of keys as bytes: millions of strings in a Set take ten times the memory, which stays with the process. */
import { finishHash, FNV_PRIME, FNV_SEED } from '../pipeline/words.ts';

export class KeySet {
  #slots = new Int32Array(1 << 12);
  #hash = new Int32Array(1 << 11);
  #start = new Uint32Array((1 << 11) + 1);
  #arena = new Uint8Array(1 << 16);
  size = 0;

  /** Adds a key; false when it was there. */
  add(key: Uint8Array): boolean {
    let h = FNV_SEED;
    for (const byte of key) h = Math.imul(h ^ byte, FNV_PRIME);
    h = finishHash(h);
    const mask = this.#slots.length - 1;
    let slot = h & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] - 1;
      if (this.#hash[entry] === h && this.#same(entry, key)) return false;
    }
    const at = this.#start[this.size];
    if (at + key.length > this.#arena.length) this.#arena = enlarged(this.#arena, new Uint8Array(Math.max(this.#arena.length * 2, at + key.length)));
    this.#arena.set(key, at);
    this.#hash[this.size] = h;
    this.#start[++this.size] = at + key.length;
    this.#slots[slot] = this.size;
    if (this.size === this.#hash.length) this.#grow();
    return true;
  }

  #same(entry: number, key: Uint8Array): boolean {
    const start = this.#start[entry];
    if (this.#start[entry + 1] - start !== key.length) return false;
    for (let i = 0; i < key.length; i++) if (this.#arena[start + i] !== key[i]) return false;
    return true;
  }

  #grow(): void {
    const size = this.#hash.length * 2;
    this.#hash = enlarged(this.#hash, new Int32Array(size));
    this.#start = enlarged(this.#start, new Uint32Array(size + 1));
    this.#slots = new Int32Array(size * 2);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.#hash[entry] & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}

function enlarged<T extends Uint8Array | Int32Array | Uint32Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
