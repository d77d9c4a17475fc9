/**
 * A fingerprint of a message on its bytes, in one pass and without strings: words as they are, values by their class. Messages with one
 * fingerprint are of one shape (tokens.ts says so of the first), so that a million lines cost a million hashes and a few thousand cuts.
 * It is finer than a shape: when in doubt two messages of one shape have two fingerprints, and are cut twice.
 */
import { CHUNK, DIGIT, HEX_LETTER, LETTER } from './bytes.ts';
import { MAX_MESSAGE } from './tokens.ts';

const PRIME = 0x01000193;
const SLASH = 47;
const DOT = 46;
const PATH_END = new Uint8Array(256);
for (const c of ' \t,;:"\'<>()[]{}=|') PATH_END[c.charCodeAt(0)] = 1;
for (let c = 0; c <= 32; c++) PATH_END[c] = 1;

export class Skeleton {
  /** the two halves of the fingerprint of the message read last */
  a = 0;
  b = 0;

  read(bytes: Uint8Array, from: number, to: number): void {
    let a = 0x811c9dc5 | 0;
    let b = 0x9747b28c | 0;
    const end = Math.min(to, from + MAX_MESSAGE);
    let i = from;
    let gap = 0;
    while (i < end) {
      const c = bytes[i];
      if (c <= 32) {
        gap = 1;
        i++;
        continue;
      }
      let code: number;
      if (CHUNK[c] === 0) {
        code = c;
        i++;
      } else if (c === SLASH && i + 1 < end && PATH_END[bytes[i + 1]] === 0) {
        while (++i < end && PATH_END[bytes[i]] === 0);
        code = 0x101 + (bytes[i - 1] === DOT ? 1 : 0);
      } else {
        // A chunk: its words, and of its first digit on what kinds of characters follow.
        let h = 0x2f0b4a33;
        let kept = h;
        let slashes = 0;
        const start = i;
        let d = c;
        while (DIGIT[d] === 0) {
          h = Math.imul(h ^ d, PRIME);
          if (d === SLASH) slashes++;
          i++;
          // Behind what is neither letter nor digit a word may end and a value begin.
          if (LETTER[d] === 0) kept = h;
          if (i === end) break;
          d = bytes[i];
          if (CHUNK[d] === 0) break;
        }
        if (i === end || CHUNK[d] === 0) {
          // Two letters of a hardware address that happen to have no digit.
          code = i - start === 2 && start > from && bytes[start - 1] === 58 && HEX_LETTER[bytes[start]] === 1 && HEX_LETTER[bytes[start + 1]] === 1 ? 0x107 : h;
        } else {
          let kinds = 0;
          for (let last = 0; i < end; i++) {
            const e = bytes[i];
            if (CHUNK[e] === 0) break;
            if (DIGIT[e] === 0) kinds |= HEX_LETTER[e] === 1 ? 1 : LETTER[e] === 1 ? 2 : e === DOT ? 4 : e === SLASH ? 8 : e === 45 ? 16 : 32;
            if (last === DOT && LETTER[e] === 1) kinds |= 64;
            last = e;
          }
          if (slashes === 0 && bytes[i - 1] === DOT) kinds |= 128;
          code = kept ^ Math.imul(kinds + 0x200, 0x9e3779b1);
        }
      }
      a = Math.imul(a ^ code ^ gap, 0x85ebca6b);
      a ^= a >>> 13;
      b = Math.imul(b + code + (gap << 8), 0xc2b2ae35 | 0);
      b ^= b >>> 16;
      gap = 0;
    }
    this.a = a;
    this.b = b;
  }
}
