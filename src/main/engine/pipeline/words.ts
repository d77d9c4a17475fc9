/**
 * Words, hashed: what the block filters of the store hold. A word is a run of letters, digits and _ (bytes >= 0x80 count as letters),
 * ASCII upper case folded. The same bytes give the same hash at ingest and at search.
 */

/** 0 separator, otherwise the folded byte. */
export const FOLD = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const digit = c >= 48 && c <= 57;
  const lower = c >= 97 && c <= 122;
  const upper = c >= 65 && c <= 90;
  FOLD[c] = digit || lower || c === 95 || c >= 128 ? c : upper ? c + 32 : 0;
}

/** FNV-1a (Fowler, Noll, Vo). */
export const FNV_SEED = 0x811c9dc5 | 0;
export const FNV_PRIME = 0x01000193;

/** Spreads the bits of a running FNV-1a hash; never 0, which marks an empty slot. */
export function finishHash(h: number): number {
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h ^= h >>> 15;
  return h === 0 ? 1 : h;
}

/** The hash of one whole word given as bytes. FNV-1a (Fowler, Noll, Vo) with a finaliser. */
export function hashWord(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let h = FNV_SEED;
  for (let i = start; i < end; i++) h = Math.imul(h ^ FOLD[bytes[i]], FNV_PRIME);
  return finishHash(h);
}

const encoder = new TextEncoder();

/**
 * Hashes of the words in a search text, for asking block filters. A word with letters outside ASCII is left out: its case cannot be
 * folded byte by byte, so it must not be used to rule a block out.
 */
export function searchHashes(text: string): number[] {
  const bytes = encoder.encode(text);
  const hashes: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    if (FOLD[bytes[i]] === 0) {
      i++;
      continue;
    }
    const start = i;
    let ascii = true;
    while (i < bytes.length && FOLD[bytes[i]] !== 0) {
      if (bytes[i] >= 128) ascii = false;
      i++;
    }
    if (ascii) hashes.push(hashWord(bytes, start, i));
  }
  return hashes;
}

/**
 * What else is known of a text whose words were added: backslash (escapes may hide other words); dotted: there are dots or colons, as in
 * addresses and names; long: a word as long as a file's hash; parts: it is more than one word.
 */
export const TEXT = { backslash: 1, dotted: 2, long: 4, parts: 8 } as const;
const LONG_WORD = 32;
const TOLD = new Uint8Array(256).fill(TEXT.parts);
TOLD[92] |= TEXT.backslash;
TOLD[46] |= TEXT.dotted;
TOLD[58] |= TEXT.dotted;

/**
 * The distinct words of one block of events, and the Bloom filter made of them (Bloom 1970; 12 bits a word and 6 probes give
 * about 0.3 % false positives). The set is reused from block to block.
 */
export class WordSet {
  #table = new Int32Array(1 << 12);
  #mask = (1 << 12) - 1;
  #list = new Int32Array(1 << 12);
  count = 0;

  add(hash: number): void {
    const table = this.#table;
    let slot = hash & this.#mask;
    for (;;) {
      const held = table[slot];
      if (held === hash) return;
      if (held === 0) break;
      slot = (slot + 1) & this.#mask;
    }
    table[slot] = hash;
    if (this.count === this.#list.length) {
      const larger = new Int32Array(this.#list.length * 2);
      larger.set(this.#list);
      this.#list = larger;
    }
    this.#list[this.count++] = hash;
    if (this.count * 2 > this.#mask) this.#grow();
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    this.#mask = size - 1;
    this.#table = new Int32Array(size);
    for (let i = 0; i < this.count; i++) {
      let slot = this.#list[i] & this.#mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#table[slot] = this.#list[i];
    }
  }

  /** Adds every word of bytes[start, end); tells TEXT bits. */
  addText(bytes: Uint8Array, start: number, end: number): number {
    let h = FNV_SEED;
    let open = false;
    let told = 0;
    let from = start;
    for (let i = start; i < end; i++) {
      const c = FOLD[bytes[i]];
      if (c !== 0) {
        h = Math.imul(h ^ c, FNV_PRIME);
        open = true;
        continue;
      }
      if (open) {
        this.add(finishHash(h));
        h = FNV_SEED;
        open = false;
      }
      if (i - from >= LONG_WORD) told |= TEXT.long;
      from = i + 1;
      told |= TOLD[bytes[i]];
    }
    if (open) this.add(finishHash(h));
    return end - from >= LONG_WORD ? told | TEXT.long : told;
  }

  /** The filter of the words added since the last call, as 32-bit words; empties the set. */
  take(): Uint32Array {
    const words = Math.max(1, Math.ceil((this.count * 12) / 32));
    const filter = new Uint32Array(words);
    const bits = words * 32;
    for (let i = 0; i < this.count; i++) {
      let h = this.#list[i];
      const step = Math.imul(h, 0x9e3779b1) | 1;
      for (let k = 0; k < 6; k++) {
        const bit = (h >>> 0) % bits;
        filter[bit >>> 5] |= 1 << (bit & 31);
        h = (h + step) | 0;
      }
    }
    this.#table.fill(0);
    this.count = 0;
    return filter;
  }
}

/** Whether a word may be in a block; false is certain. `filter` is words[from, to) of a segment's filters. */
export function mayHold(filter: Uint32Array, from: number, to: number, hash: number): boolean {
  const bits = (to - from) * 32;
  let h = hash;
  const step = Math.imul(h, 0x9e3779b1) | 1;
  for (let k = 0; k < 6; k++) {
    const bit = (h >>> 0) % bits;
    if ((filter[from + (bit >>> 5)] & (1 << (bit & 31))) === 0) return false;
    h = (h + step) | 0;
  }
  return true;
}
