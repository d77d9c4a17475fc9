/**
 * Mines the patterns of lines of bytes: each line gets a number at once, and numbers are grouped into patterns at the end. A fingerprint
 * of the bytes (skeleton.ts) spares cutting lines whose shape is known.
 */
import { ShapeMiner } from './shape-miner.ts';
import { Skeleton } from './skeleton.ts';
import type { Token } from './tokens.ts';

const FIRST_SIZE = 1 << 12;
/** Past so many fingerprints they are forgotten: they only spare a second look. */
const MAX_FINGERPRINTS = 1 << 19;

export class LineMiner {
  readonly #skeleton = new Skeleton();
  readonly #miner = new ShapeMiner();
  readonly #decoder = new TextDecoder('utf-8');
  // Fingerprint -> number + 1 (open addressing).
  #hashes = new Int32Array(2 * FIRST_SIZE);
  #numbers = new Int32Array(FIRST_SIZE);
  #count = 0;

  /** The number of the line bytes[from, to). */
  add(bytes: Uint8Array, from: number, to: number): number {
    const skeleton = this.#skeleton;
    skeleton.read(bytes, from, to);
    const { a, b } = skeleton;
    const mask = this.#numbers.length - 1;
    let slot = (a ^ (a >>> 15)) & mask;
    for (;;) {
      const number = this.#numbers[slot];
      if (number === 0) break;
      if (this.#hashes[slot * 2] === a && this.#hashes[slot * 2 + 1] === b) return number - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.#miner.add(this.#decoder.decode(bytes.subarray(from, Math.min(to, from + 16_000))));
    if (++this.#count * 2 >= this.#numbers.length) this.#grow();
    this.#put(a, b, number + 1);
    return number;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const numbers = this.#numbers;
    const forget = numbers.length >= MAX_FINGERPRINTS;
    const size = forget ? FIRST_SIZE : numbers.length * 2;
    this.#hashes = new Int32Array(size * 2);
    this.#numbers = new Int32Array(size);
    if (forget) this.#count = 1;
    else for (let i = 0; i < numbers.length; i++) if (numbers[i] !== 0) this.#put(hashes[i * 2], hashes[i * 2 + 1], numbers[i]);
  }
  #put(a: number, b: number, number: number): void {
    const mask = this.#numbers.length - 1;
    let slot = (a ^ (a >>> 15)) & mask;
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & mask;
    this.#hashes[slot * 2] = a;
    this.#hashes[slot * 2 + 1] = b;
    this.#numbers[slot] = number;
  }

  /** The pattern of each number given out, and the tokens of each pattern. */
  patterns(): { of: Uint32Array; tokens: (readonly Token[])[] } {
    return this.#miner.patterns();
  }
}
