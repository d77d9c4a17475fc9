/** Bytes of JSON in the making, with a limit: what a hostile record could blow up ends there. */
import { Damage } from './damage.ts';

/** 0 as it is, 1 written as \u00xx or, from 128 on, more than one byte; else the letter behind the backslash */
const ESCAPE = new Uint8Array(256);
ESCAPE.fill(1, 0, 32);
ESCAPE.fill(1, 128);
ESCAPE[127] = 0;
ESCAPE[34] = 34;
ESCAPE[92] = 92;
ESCAPE[8] = 98;
ESCAPE[9] = 116;
ESCAPE[10] = 110;
ESCAPE[12] = 102;
ESCAPE[13] = 114;
const LOWER = new TextEncoder().encode('0123456789abcdef');
const UPPER = new TextEncoder().encode('0123456789ABCDEF');

export class JsonOutput {
  bytes = new Uint8Array(1 << 16);
  at = 0;
  /** `at` may not pass this */
  limit = Number.MAX_SAFE_INTEGER;

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const need = this.at + more;
    if (need <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(need, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
  /** Throws Damage when more was written than may be. */
  checkLimit(): void {
    if (this.at > this.limit) throw new Damage('What the record says is too long: its template repeats values beyond measure', 0);
  }

  byte(c: number): void {
    if (this.at === this.bytes.length) this.reserve(1);
    this.bytes[this.at++] = c;
  }

  literal(text: Uint8Array): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let { at } = this;
    if (length > 48) {
      bytes.set(text, at);
      this.at = at + length;
    } else {
      for (let i = 0; i < length; i++) bytes[at++] = text[i];
      this.at = at;
    }
    if (this.at > this.limit) this.checkLimit();
  }

  /** A short text of characters below 128 that need no escapes. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.at++] = text.charCodeAt(i);
  }

  /** UTF-16LE units of source[start, end), escaped for the inside of a JSON string. Halves of surrogate pairs become U+FFFD. */
  utf16(source: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 3);
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i + 1 < end; i += 2) {
      // Nearly all are ASCII.
      while (i + 3 < end) {
        const first = source[i];
        const second = source[i + 2];
        if ((source[i + 1] | source[i + 3] | ESCAPE[first] | ESCAPE[second]) !== 0) break;
        bytes[at++] = first;
        bytes[at++] = second;
        i += 4;
      }
      if (i + 1 >= end) break;
      const c = source[i] | (source[i + 1] << 8);
      if (c < 128) {
        const escape = ESCAPE[c];
        if (escape === 0) bytes[at++] = c;
        else at = escaped(bytes, at, c, escape);
      } else if (c < 0x800) {
        bytes[at++] = 0xc0 | (c >> 6);
        bytes[at++] = 0x80 | (c & 63);
      } else if ((c & 0xf800) !== 0xd800) {
        at = threeBytes(bytes, at, c);
      } else {
        const low = i + 3 < end ? source[i + 2] | (source[i + 3] << 8) : 0;
        if (c < 0xdc00 && (low & 0xfc00) === 0xdc00) {
          const point = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
          bytes[at++] = 0xf0 | (point >> 18);
          bytes[at++] = 0x80 | ((point >> 12) & 63);
          bytes[at++] = 0x80 | ((point >> 6) & 63);
          bytes[at++] = 0x80 | (point & 63);
          i += 2;
        } else {
          at = threeBytes(bytes, at, 0xfffd);
        }
      }
    }
    this.at = at;
    if (at > this.limit) this.checkLimit();
  }

  /** Bytes of a code page nobody names, read as Latin-1. */
  latin1(source: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 6);
    for (let i = start; i < end; i++) {
      const c = source[i];
      if (c >= 128) {
        this.bytes[this.at++] = 0xc0 | (c >> 6);
        this.bytes[this.at++] = 0x80 | (c & 63);
      } else if (ESCAPE[c] === 0) this.bytes[this.at++] = c;
      else this.at = escaped(this.bytes, this.at, c, ESCAPE[c]);
    }
    this.checkLimit();
  }

  /** Two upper-case digits a byte. */
  hexBytes(source: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 2);
    for (let i = start; i < end; i++) this.hexByte(source[i]);
    this.checkLimit();
  }
  /** Room for two bytes must have been reserved. */
  hexByte(c: number): void {
    this.bytes[this.at++] = UPPER[c >> 4];
    this.bytes[this.at++] = UPPER[c & 15];
  }
  /** 0x and lower-case digits without leading zeros. */
  hexNumber(high: number, low: number): void {
    this.reserve(18);
    this.bytes[this.at++] = 48;
    this.bytes[this.at++] = 120;
    let begun = false;
    for (let shift = 60; shift >= 0; shift -= 4) {
      const digit = shift >= 32 ? (high >>> (shift - 32)) & 15 : (low >>> shift) & 15;
      if (digit === 0 && !begun && shift > 0) continue;
      begun = true;
      this.bytes[this.at++] = LOWER[digit];
    }
  }

  /** A whole number >= 0 below 2^53, with at least `digits` digits. */
  number(value: number, digits = 1): void {
    this.reserve(20);
    let length = 1;
    for (let power = 10; power <= value && length < 16; power *= 10) length++;
    if (length < digits) length = digits;
    let i = this.at + length;
    this.at = i;
    // Small numbers divide faster as 32-bit integers.
    while (value > 0x3fffffff) {
      const rest = Math.floor(value / 10);
      this.bytes[--i] = 48 + (value - rest * 10);
      value = rest;
      length--;
    }
    let small = value | 0;
    for (; length > 0; length--) {
      const rest = (small / 10) | 0;
      this.bytes[--i] = 48 + (small - rest * 10);
      small = rest;
    }
  }
}

function escaped(bytes: Uint8Array, at: number, c: number, escape: number): number {
  bytes[at++] = 92;
  if (escape !== 1) {
    bytes[at++] = escape;
    return at;
  }
  bytes[at++] = 117;
  bytes[at++] = 48;
  bytes[at++] = 48;
  bytes[at++] = LOWER[c >> 4];
  bytes[at++] = LOWER[c & 15];
  return at;
}
function threeBytes(bytes: Uint8Array, at: number, c: number): number {
  bytes[at++] = 0xe0 | (c >> 12);
  bytes[at++] = 0x80 | ((c >> 6) & 63);
  bytes[at++] = 0x80 | (c & 63);
  return at;
}
