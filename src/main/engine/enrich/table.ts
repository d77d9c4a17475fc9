/**
 * All indicators of a case in memory that threads share: open addressing over 32-bit hashes, behind a Bloom filter so that what is not
 * in it costs one look at memory that mostly stays in the processor's cache. A key that is found is compared byte by byte.
 */
import { finishHash, FNV_PRIME } from '../pipeline/words.ts';
import { HASH_TAIL, hashKey, KEY, seedOf, type KeyKind } from './keys.ts';

/** What is posted to a worker; all of it is shared, nothing is copied. */
export interface TableParts {
  /** what is in it: the id of the newest list */
  generation: number;
  entries: number;
  slots: Int32Array;
  hash: Int32Array;
  /** where each entry's kind and key stand in `arena`; one more than entries */
  start: Uint32Array;
  /** the indicator of each entry, and the entry with the same key that comes next (0 = none) */
  indicator: Uint32Array;
  next: Uint32Array;
  arena: Uint8Array;
  bloom: Uint32Array;
  /** bits by the hash of a last label: other names end in none of the list's */
  labels: Uint32Array;
  /** bits by the first half of an address of version 4: some block covers a part of it */
  near4: Uint32Array;
  /** lengths of prefixes that occur, longest first */
  prefixes4: Uint8Array;
  prefixes6: Uint8Array;
  /** 1: pages, 2: addresses of version 6, 4: hashes, 8: names, 16: addresses of version 4 and blocks of them */
  has: number;
}
export const HAS = { url: 1, ipv6: 2, hash: 4, domain: 8, ipv4: 16 } as const;

/** Bits of the Bloom filter an entry. */
const BLOOM_BITS = 16;
const LABELS = 1 << 16;

function shared<T>(make: (buffer: SharedArrayBuffer) => T, bytes: number): T {
  return make(new SharedArrayBuffer(Math.max(4, bytes)));
}
const u32 = (n: number): Uint32Array => shared((buffer) => new Uint32Array(buffer), n * 4);
const i32 = (n: number): Int32Array => shared((buffer) => new Int32Array(buffer), n * 4);

export class TableBuilder {
  #hash = new Int32Array(1 << 12);
  #start = new Uint32Array(1 << 12);
  #indicator = new Uint32Array(1 << 12);
  #arena = new Uint8Array(1 << 16);
  #used = 0;
  #entries = 0;

  /** Adds a key of an indicator; the bytes are copied. */
  add(kind: KeyKind, key: Uint8Array, indicator: number): void {
    if (this.#entries + 2 >= this.#hash.length) this.#grow();
    if (this.#used + key.length + 1 > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, this.#used + key.length + 1));
      larger.set(this.#arena.subarray(0, this.#used));
      this.#arena = larger;
    }
    const entry = ++this.#entries;
    this.#hash[entry] = hashKey(kind, key, 0, key.length);
    this.#start[entry] = this.#used;
    this.#indicator[entry] = indicator;
    this.#arena[this.#used++] = kind;
    this.#arena.set(key, this.#used);
    this.#used += key.length;
  }

  #grow(): void {
    const size = this.#hash.length * 2;
    const enlarged = <T extends Int32Array | Uint32Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#hash = enlarged(this.#hash, new Int32Array(size));
    this.#start = enlarged(this.#start, new Uint32Array(size));
    this.#indicator = enlarged(this.#indicator, new Uint32Array(size));
  }

  /** The table of what was added. */
  build(generation: number): TableParts {
    const entries = this.#entries;
    let size = 16;
    while (size < entries * 2) size *= 2;
    let bloomBits = 1 << 10;
    while (bloomBits < entries * BLOOM_BITS) bloomBits *= 2;
    const parts: TableParts = {
      generation, entries, slots: i32(size), hash: i32(entries + 1), start: u32(entries + 2), indicator: u32(entries + 1), next: u32(entries + 1),
      arena: shared((buffer) => new Uint8Array(buffer), this.#used), bloom: u32(bloomBits / 32), labels: u32(LABELS / 32), near4: u32((1 << 16) / 32),
      prefixes4: new Uint8Array(0), prefixes6: new Uint8Array(0), has: 0,
    };
    parts.hash.set(this.#hash.subarray(0, entries + 1));
    parts.start.set(this.#start.subarray(0, entries + 1));
    parts.start[entries + 1] = this.#used;
    parts.indicator.set(this.#indicator.subarray(0, entries + 1));
    parts.arena.set(this.#arena.subarray(0, this.#used));
    const table = new IndicatorTable(parts);
    const prefixes: [Set<number>, Set<number>] = [new Set(), new Set()];
    for (let entry = 1; entry <= entries; entry++) {
      table.place(entry);
      const from = parts.start[entry] + 1;
      const to = parts.start[entry + 1];
      const kind = parts.arena[from - 1];
      if (kind === KEY.domain) markLabel(parts.labels, parts.arena, from, to);
      if (kind === KEY.block4) markBlock(parts.near4, parts.arena, from);
      if (kind === KEY.block4 || kind === KEY.block6) prefixes[kind === KEY.block4 ? 0 : 1].add(parts.arena[to - 1]);
      parts.has |= hasOf(kind);
    }
    const ordered = prefixes.map((set) => Uint8Array.from([...set].sort((a, b) => b - a)));
    [parts.prefixes4, parts.prefixes6] = ordered;
    return parts;
  }
}

function hasOf(kind: number): number {
  if (kind === KEY.url) return HAS.url;
  if (kind === KEY.hash) return HAS.hash;
  if (kind === KEY.domain) return HAS.domain;
  return kind === KEY.ipv6 || kind === KEY.block6 ? HAS.ipv6 : HAS.ipv4;
}

/** Where the label that ends at `to` has its bit: the hash of a name as far as its last label. */
function labelBit(bytes: Uint8Array, from: number, to: number): number {
  let h = seedOf(KEY.domain);
  for (let i = to - 1; i >= from && bytes[i] !== 46; i--) h = Math.imul(h ^ bytes[i], FNV_PRIME);
  return finishHash(h) & (LABELS - 1);
}
function markLabel(bits: Uint32Array, bytes: Uint8Array, from: number, to: number): void {
  const bit = labelBit(bytes, from, to);
  bits[bit >>> 5] |= 1 << (bit & 31);
}
function markBlock(bits: Uint32Array, arena: Uint8Array, from: number): void {
  const first = arena[from] * 256 + arena[from + 1];
  const length = arena[from + 4];
  const last = length >= 16 ? first : first + (1 << (16 - length)) - 1;
  for (let half = first; half <= last; half++) bits[half >>> 5] |= 1 << (half & 31);
}

export class IndicatorTable {
  readonly parts: TableParts;

  constructor(parts: TableParts) {
    this.parts = parts;
  }

  /** Bytes of memory, shared by all threads. */
  get bytes(): number {
    const { slots, hash, start, indicator, next, arena, bloom, labels, near4 } = this.parts;
    return [slots, hash, start, indicator, next, arena, bloom, labels, near4].reduce((sum, part) => sum + part.byteLength, 0);
  }

  /** Puts an entry into its slot, or behind those with the same key. */
  place(entry: number): void {
    const { slots, hash, start, next, arena } = this.parts;
    const h = hash[entry];
    const mask = slots.length - 1;
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const held = slots[slot];
      if (held === 0) {
        slots[slot] = entry;
        break;
      }
      if (hash[held] !== h || !sameKey(arena, start[held], start[held + 1], start[entry], start[entry + 1])) continue;
      next[entry] = next[held];
      next[held] = entry;
      return;
    }
    this.#mark(h);
    if (arena[start[entry]] === KEY.hash) this.#mark(hashKey(KEY.hash, arena, start[entry + 1] - HASH_TAIL, start[entry + 1]));
  }
  #mark(h: number): void {
    const { bloom } = this.parts;
    const bits = bloom.length * 32 - 1;
    const other = Math.imul(h, 0x9e3779b1) >>> 7;
    bloom[(h & bits) >>> 5] |= 1 << (h & 31);
    bloom[(other & bits) >>> 5] |= 1 << (other & 31);
  }

  /** Whether a hash may be in the table; false is certain. */
  mayHold(h: number): boolean {
    const { bloom } = this.parts;
    const bits = bloom.length * 32 - 1;
    if ((bloom[(h & bits) >>> 5] & (1 << (h & 31))) === 0) return false;
    const other = Math.imul(h, 0x9e3779b1) >>> 7;
    return (bloom[(other & bits) >>> 5] & (1 << (other & 31))) !== 0;
  }

  /** The first entry with the key bytes[from, to) of hash h; 0 = there is none. `fold` maps each byte. */
  find(kind: KeyKind, bytes: Uint8Array, from: number, to: number, h: number, fold: Uint8Array): number {
    if (!this.mayHold(h)) return 0;
    const { slots, hash, start, arena } = this.parts;
    const mask = slots.length - 1;
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot];
      if (entry === 0) return 0;
      if (hash[entry] !== h) continue;
      let at = start[entry];
      if (arena[at] !== kind || start[entry + 1] - at - 1 !== to - from) continue;
      let i = from;
      while (i < to && arena[++at] === fold[bytes[i]]) i++;
      if (i === to) return entry;
    }
  }

  /** Whether some name may end in a label; `h` is the running hash of a name behind its last dot. */
  mayEnd(h: number): boolean {
    const bit = finishHash(h) & (LABELS - 1);
    return (this.parts.labels[bit >>> 5] & (1 << (bit & 31))) !== 0;
  }

  mayCover(ipv4: number): boolean {
    const half = ipv4 >>> 16;
    return (this.parts.near4[half >>> 5] & (1 << (half & 31))) !== 0;
  }
}

function sameKey(arena: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let i = 0; a + i < aEnd; i++) if (arena[a + i] !== arena[b + i]) return false;
  return true;
}
