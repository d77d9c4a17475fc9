/**
 * What a message says by its words: its shape (for the store), its template and what the template tells about it. The variable parts
 * are the same for all three, by the rule of maskWord() in analysis/templates/miner.ts.
 */
import { DELIMITER_BYTE, type TemplateMiner } from '../analysis/templates/miner.ts';
import { ShapeMiner } from '../analysis/templates/shape-miner.ts';
import { HOLE } from '../store/shaped-text.ts';
import { findExtractors, severityOfWording, type Extractor } from './extract.ts';
import { ShapeCoder } from './shape-coder.ts';
import { FNV_PRIME, FNV_SEED } from './words.ts';

/** Of a longer message only this much is looked at for its shape. */
export const MAX_SHAPED = 4000;
/** Words behind these are not looked at one by one. */
const MAX_WORDS = 64;
const STAR = 0x2a2a2a2a;
/** Ways of beginning that are told apart. */
const PLACES = 1 << 12;
const decoder = new TextDecoder('utf-8');

export class Messages {
  readonly coder = new ShapeCoder();
  readonly #miner: TemplateMiner = new ShapeMiner();
  // A kind is the messages of one template that have the same number of words, so that fields stand at the same word in all of them.
  readonly #kindOf = new Map<number, number>();
  readonly #templateOfKind: number[] = [];
  /** by kind: where fields stand in its messages, and the severity that its wording tells (-1 = none) */
  readonly #extractorsOf: (Extractor[] | null)[] = [];
  readonly #wordingOf: number[] = [];
  // Hashes of messages without their variable parts: two hashes -> kind + 1 (open addressing).
  #hashes = new Int32Array(2 << 15);
  #kinds = new Int32Array(1 << 15);
  #count = 0;
  /** kind of a shape, -1 = not known yet (always so for shape 0: texts that stand in full) */
  #shapeKind = new Int32Array(1 << 12).fill(-1);
  #epoch = 0;
  // Two shapes for each way in which messages begin, the one met last in front.
  readonly #likely = new Int32Array(2 * PLACES);
  /** whether the message had more words than are looked at */
  #manyWords = false;

  // The message read last.
  shape = 0;
  template = 0;
  /** where its fields stand */
  extractors: readonly Extractor[] | null = null;
  /** the severity that its wording tells, -1 = none */
  wording = -1;
  /** its blank-separated words, at most MAX_WORDS */
  readonly wordStart = new Int32Array(MAX_WORDS);
  readonly wordEnd = new Int32Array(MAX_WORDS);
  words = 0;
  #hash1 = 0;
  #hash2 = 0;

  /** Takes the message bytes[from, to); `view` is over the same bytes. */
  read(bytes: Uint8Array, view: DataView, from: number, to: number): void {
    const place = to - from > MAX_SHAPED ? -1 : placeOf(bytes, from, to);
    if (place >= 0 && this.#readAgain(this.#likely[place], bytes, view, from, to)) return;
    if (place >= 0 && this.#readAgain(this.#likely[place + 1], bytes, view, from, to)) return;
    this.#look(bytes, from, to);
    const shape = this.coder.add(bytes, view, from, to, this.#hash1);
    if (shape >= this.#shapeKind.length) {
      const larger = new Int32Array(shape * 2).fill(-1);
      larger.set(this.#shapeKind);
      this.#shapeKind = larger;
    }
    let kind = this.#shapeKind[shape];
    if (kind < 0) {
      kind = this.#kindOfMessage(bytes, from, to);
      if (shape !== 0) this.#shapeKind[shape] = kind;
    }
    this.shape = shape;
    this.#is(kind);
    if (shape !== 0 && place >= 0 && this.#manyWords === false && this.#likely[place] !== shape) {
      this.#likely[place + 1] = this.#likely[place];
      this.#likely[place] = shape;
    }
  }

  /** Takes a message that is of the shape of an earlier one that began alike; false when it is not. */
  #readAgain(shape: number, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    if (shape === 0 || !this.coder.addIfLike(shape, bytes, view, from, to)) return false;
    this.shape = shape;
    this.#is(this.#shapeKind[shape]);
    // Only who takes fields out of messages asks for their words.
    if (this.extractors !== null) this.#cutWords(bytes, from, to);
    return true;
  }

  #is(kind: number): void {
    this.template = this.#templateOfKind[kind];
    this.extractors = this.#extractorsOf[kind];
    this.wording = this.#wordingOf[kind];
  }

  #cutWords(bytes: Uint8Array, from: number, to: number): void {
    let words = 0;
    for (let i = from; i < to && words < MAX_WORDS; ) {
      if (bytes[i] <= 32) {
        i++;
        continue;
      }
      this.wordStart[words] = i;
      while (++i < to && bytes[i] > 32);
      this.wordEnd[words++] = i;
    }
    this.words = words;
  }

  /** Kind of the message that was looked at. */
  #kindOfMessage(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#kinds.length - 1;
    let slot = this.#hash1 & mask;
    for (;;) {
      const id = this.#kinds[slot];
      if (id === 0) break;
      if (this.#hashes[slot * 2] === this.#hash1 && this.#hashes[slot * 2 + 1] === this.#hash2) return id - 1;
      slot = (slot + 1) & mask;
    }
    const message = decoder.decode(bytes.subarray(from, Math.min(to, from + 8000)));
    const template = this.#miner.add(message);
    const key = template * (MAX_WORDS + 1) + this.words;
    let kind = this.#kindOf.get(key);
    if (kind === undefined) {
      kind = this.#templateOfKind.push(template) - 1;
      this.#kindOf.set(key, kind);
      this.#wordingOf.push(severityOfWording(message));
      this.#extractorsOf.push(findExtractors(message));
    }
    this.#hashes[slot * 2] = this.#hash1;
    this.#hashes[slot * 2 + 1] = this.#hash2;
    this.#kinds[slot] = kind + 1;
    if (++this.#count * 2 > mask) this.#grow();
    return kind;
  }

  #grow(): void {
    const size = this.#kinds.length * 2;
    const keys = this.#hashes;
    const ids = this.#kinds;
    this.#hashes = new Int32Array(size * 2);
    this.#kinds = new Int32Array(size);
    this.#count = 0;
    // Past a quarter of a million shapes the old ones are forgotten rather than kept: they only spare a second look.
    if (size > 1 << 19) {
      this.#hashes = new Int32Array(2 << 15);
      this.#kinds = new Int32Array(1 << 15);
      return;
    }
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === 0) continue;
      let slot = keys[i * 2] & (size - 1);
      while (this.#kinds[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#hashes[slot * 2] = keys[i * 2];
      this.#hashes[slot * 2 + 1] = keys[i * 2 + 1];
      this.#kinds[slot] = ids[i];
      this.#count++;
    }
  }

  /**
   * Hashes a message with its variable parts left out, by the rule of maskWord(), notes where its words are, and makes holes of the
   * variable parts.
   */
  #look(bytes: Uint8Array, from: number, to: number): void {
    const msg = this.coder;
    let h1 = 0x811c9dc5 | 0;
    let h2 = 0x9747b28c | 0;
    let words = 0;
    let i = from;
    const end = Math.min(to, from + MAX_SHAPED);
    while (i < end) {
      let c = bytes[i];
      if (c <= 32) {
        i++;
        continue;
      }
      const start = i;
      let h = 0x811c9dc5 | 0;
      let kept = h;
      let keptEnd = i;
      let digit = false;
      do {
        if (c >= 48 && c <= 57) {
          digit = true;
          while (++i < end && bytes[i] > 32);
          break;
        }
        h = Math.imul(h ^ c, 0x01000193);
        i++;
        if (DELIMITER_BYTE[c] === 1) {
          kept = h;
          keptEnd = i;
        }
        c = i < end ? bytes[i] : 0;
      } while (c > 32);
      if (words < MAX_WORDS) {
        this.wordStart[words] = start;
        this.wordEnd[words] = i;
        if (digit) {
          msg.hole(keptEnd, i, HOLE.value);
        }
      }
      words++;
      const word = digit ? kept ^ STAR : h;
      h1 = Math.imul(h1 ^ word, 0x85ebca6b);
      h1 ^= h1 >>> 13;
      h2 = Math.imul(h2 + word, 0xc2b2ae35 | 0);
      h2 ^= h2 >>> 16;
    }
    this.words = Math.min(words, MAX_WORDS);
    this.#manyWords = words > MAX_WORDS;
    this.#hash1 = h1 ^ (h1 >>> 16);
    this.#hash2 = h2;
  }

  /** Messages of a segment of n events as a blob of texts; see ShapeCoder. */
  take(n: number): Uint8Array {
    const blob = this.coder.take(n);
    if (this.coder.epoch !== this.#epoch) {
      this.#epoch = this.coder.epoch;
      this.#shapeKind.fill(-1);
      this.#likely.fill(0);
    }
    return blob;
  }

  /** Templates that are new or have become more general since the last call. */
  takeTemplates(): { id: number; pattern: string }[] {
    return this.#miner.takeChanged().map((id) => ({ id, pattern: this.#miner.pattern(id) }));
  }
}

/** Where the shapes of messages that begin like this one are: by its first bytes up to a digit. */
function placeOf(bytes: Uint8Array, from: number, to: number): number {
  let h = FNV_SEED;
  const end = Math.min(to, from + 20);
  for (let i = from; i < end; i++) {
    const c = bytes[i];
    if (c >= 48 && c <= 57) break;
    h = Math.imul(h ^ c, FNV_PRIME);
  }
  return ((h ^ (h >>> 15)) & (PLACES - 1)) * 2;
}
