/** The sliding-window deduplicator (I10): whether the same bytes were among the last `size` records. */
export class Dedup {
  readonly #ring: Float64Array;
  readonly #set = new Set<number>();
  #next = 0;
  constructor(size: number) {
    this.#ring = new Float64Array(size).fill(-1);
  }
  seen(bytes: Uint8Array, start: number, end: number): boolean {
    let a = 0xdeadbeef | 0;
    let b = 0x41c6ce57 | 0;
    for (let i = start; i < end; i++) {
      a = Math.imul(a ^ bytes[i], 0x9e3779b1);
      b = Math.imul(b ^ bytes[i], 0x5f356495);
    }
    a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
    b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
    const hash = 4294967296 * (b & 0x1fffff) + (a >>> 0);
    if (this.#set.has(hash)) return true;
    const old = this.#ring[this.#next];
    if (old >= 0) this.#set.delete(old);
    this.#ring[this.#next] = hash;
    this.#set.add(hash);
    this.#next = (this.#next + 1) % this.#ring.length;
    return false;
  }
}
