/**
 * The keys a JSON source has used so far, so that a key that comes again is recognised by comparing its bytes and nothing else.
 *
 * A node is one spelling of one key in one place. Each node remembers which node followed it last time: records of one logger have
 * the same keys in the same order, so the guess is nearly always right, and it is always checked. A wrong guess is looked up in an open-addressing
 * hash table; a key never seen is resolved once through spellings.ts. Memory is bounded: past the limits keys are resolved each time.
 */
import { meaningOf, Places } from './spellings.ts';
import { decodeJsonString } from './json-text.ts';

const MAX_NODES = 4096;
const MAX_POOL = 1 << 17;
const SLOTS = 1 << 14;
/** Keys up to 4 * WORDS - 1 bytes are compared four bytes at a time. */
export const WORDS = 8;
/** Node 0 is the record itself, node 1 stands in for keys that no longer fit. */
const TRANSIENT = 1;

export class JsonKeys {
  /** the key's bytes (raw, escapes left in) are pool[offset, offset + length) */
  readonly pool = new Uint8Array(MAX_POOL);
  readonly offset = new Int32Array(MAX_NODES);
  readonly length = new Int32Array(MAX_NODES);
  /** the key and its closing quote as WORDS little-endian words, the last one cut by `mask`; `wordCount` 0 = too long for them */
  readonly words = new Int32Array(MAX_NODES * WORDS);
  readonly wordCount = new Uint8Array(MAX_NODES);
  readonly mask = new Int32Array(MAX_NODES);
  /** MEANING or -1 */
  readonly meaning = new Int8Array(MAX_NODES).fill(-1);
  readonly rank = new Uint8Array(MAX_NODES);
  readonly parameter = new Float64Array(MAX_NODES);
  readonly marks = new Uint8Array(MAX_NODES);
  /** place of the keys inside its value, -1 when they mean nothing */
  readonly inside = new Int16Array(MAX_NODES).fill(-1);
  /** guess[2n]: the node that followed n; guess[2n + 1]: the first node inside n. -1 = none. */
  readonly guess = new Int32Array(MAX_NODES * 2).fill(-1);
  private readonly place = new Int16Array(MAX_NODES);
  private readonly slots = new Int32Array(SLOTS);
  private readonly places = new Places();
  private count = 2;
  private poolEnd = 0;

  /** The node of the key buf[start, end) in a place; `link` is where in `guess` to remember it. */
  find(buf: Uint8Array, start: number, end: number, place: number, link: number): number {
    let hash = Math.imul(place + 1, 0x9e3779b1) ^ (end - start);
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ buf[i], 16777619);
    hash ^= hash >>> 15;
    let slot = hash & (SLOTS - 1);
    for (; this.slots[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      const node = this.slots[slot];
      if (this.place[node] === place && this.equals(node, buf, start, end)) {
        this.guess[link] = node;
        return node;
      }
    }
    const fits = this.count < MAX_NODES && this.poolEnd + (end - start) <= MAX_POOL;
    const node = fits ? this.count++ : TRANSIENT;
    this.length[node] = end - start;
    this.describe(node, decodeJsonString(buf, start, end), place);
    if (!fits) {
      this.guess[2 * TRANSIENT] = this.guess[2 * TRANSIENT + 1] = this.guess[link] = -1;
      return node;
    }
    this.pool.set(buf.subarray(start, end), this.poolEnd);
    this.offset[node] = this.poolEnd;
    this.poolEnd += end - start;
    this.place[node] = place;
    this.setWords(node, buf, start, end);
    this.slots[slot] = node;
    this.guess[link] = node;
    return node;
  }

  private equals(node: number, buf: Uint8Array, start: number, end: number): boolean {
    if (this.length[node] !== end - start) return false;
    for (let i = start, p = this.offset[node]; i < end; i++, p++) if (buf[i] !== this.pool[p]) return false;
    return true;
  }

  private setWords(node: number, buf: Uint8Array, start: number, end: number): void {
    const length = end - start + 1;
    if (length > 4 * WORDS) return;
    for (let i = 0; i < length; i++) this.words[node * WORDS + (i >> 2)] |= (i + start < end ? buf[start + i] : 34) << (8 * (i & 3));
    this.wordCount[node] = (length + 3) >> 2;
    this.mask[node] = length % 4 === 0 ? -1 : (1 << (8 * (length % 4))) - 1;
  }

  private describe(node: number, key: string, place: number): void {
    const { spelling, marks, inside } = meaningOf(key, this.places.get(place));
    this.meaning[node] = spelling ? spelling.meaning : -1;
    this.rank[node] = spelling ? spelling.rank : 0;
    this.parameter[node] = spelling ? spelling.parameter : 0;
    this.marks[node] = marks;
    this.inside[node] = this.places.numberOf(inside);
  }
}
