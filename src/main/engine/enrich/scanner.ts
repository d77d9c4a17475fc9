/**
 * Looks through bytes for what may be an address, a name, a page or a file's hash, and asks the table for each. What a text holds is
 * found by its outline alone, so that the same value is found in JSON, in key=value and in prose:
 *
 * address   dotted decimals or colons and hexadecimal digits, with no letter, digit or dot that goes on
 * name      letters, digits, '_', '-' and dots; a name matches those below it too (evil.example matches a.evil.example)
 * page      scheme://... up to a blank, a quote or a bracket; also without punctuation at its end, and without its query
 * hash      a word of 32, 40, 56, 64, 96 or 128 hexadecimal digits
 */
import { finishHash, FNV_PRIME } from '../pipeline/words.ts';
import { HASH_DIGITS, HASH_TAIL, hashKey, KEY, LOWER, maskPrefix, MAX_DOMAIN, newUrl, readIpv4, readIpv6, readUrl, seedOf } from './keys.ts';
import { HAS, type IndicatorTable } from './table.ts';

const DIGIT = 1;
const HEX = 2;
const LETTER = 4;
const DOT = 8;
const DASH = 16;
/** What a byte is in a run of names and numbers; 0 = it ends the run. */
const CLASS = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  if (c >= 48 && c <= 57) CLASS[c] = DIGIT;
  else if ((c >= 97 && c <= 102) || (c >= 65 && c <= 70)) CLASS[c] = HEX;
  else if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128) CLASS[c] = LETTER;
}
CLASS[46] = DOT;
CLASS[45] = DASH;
const IS_HASH = new Uint8Array(130);
for (const digits of HASH_DIGITS) IS_HASH[digits] = 1;
const SAME = new Uint8Array(256).map((_, c) => c);
const SHORTEST_HASH = HASH_DIGITS[0];
const LONGEST_HASH = 128;

export class Scanner {
  readonly #table: IndicatorTable;
  readonly #found: (indicator: number) => void;
  readonly #has: number;
  readonly #address = new Uint8Array(17);
  readonly #block = new Uint8Array(17);
  readonly #url = newUrl();

  /** `found` is told each indicator that matches, each time it does. */
  constructor(table: IndicatorTable, found: (indicator: number) => void) {
    this.#table = table;
    this.#found = found;
    this.#has = table.parts.has;
  }

  /** Looks through bytes[from, to). */
  scan(bytes: Uint8Array, from: number, to: number): void {
    let i = from;
    while (i < to) {
      let kind = CLASS[bytes[i]];
      if (kind === 0) {
        if (bytes[i] === 58) i = this.#colon(bytes, from, to, i, i);
        else i++;
        continue;
      }
      const start = i;
      let kinds = 0;
      let dots = 0;
      do {
        kinds |= kind;
        if (kind === DOT) dots++;
        kind = ++i < to ? CLASS[bytes[i]] : 0;
      } while (kind !== 0);
      if (dots > 0 && (dots > 2 || (kinds & (HEX | LETTER)) !== 0)) this.#dotted(bytes, from, start, i, kinds);
      if (i - start >= SHORTEST_HASH && (this.#has & HAS.hash) !== 0) {
        if ((kinds & (DOT | DASH)) !== 0) this.#hashes(bytes, start, i);
        else if ((kinds & LETTER) === 0) this.#hash(bytes, start, i);
      }
      if (i < to && bytes[i] === 58) i = this.#colon(bytes, from, to, start, i);
    }
  }

  #tell(entry: number): void {
    const { indicator, next } = this.#table.parts;
    for (let e = entry; e !== 0; e = next[e]) this.#found(indicator[e]);
  }

  /** A run with dots in it. */
  #dotted(bytes: Uint8Array, least: number, from: number, to: number, kinds: number): void {
    if ((kinds & DIGIT) !== 0 && (this.#has & HAS.ipv4) !== 0) this.#addresses(bytes, from, to);
    if ((kinds & (HEX | LETTER)) === 0 || (this.#has & HAS.domain) === 0) return;
    let start = from;
    let end = to;
    // In an address of a page inside another one, %2F and the like are separators.
    if (start > least && bytes[start - 1] === 37) start += 2;
    while (end > start && (CLASS[bytes[end - 1]] & (DOT | DASH)) !== 0) end--;
    while (start < end && (CLASS[bytes[start]] & (DOT | DASH)) !== 0) start++;
    if (start < end) this.#name(bytes, start, end);
  }

  /** The name bytes[from, to) and those above it. */
  #name(bytes: Uint8Array, from: number, to: number): void {
    const table = this.#table;
    let h = seedOf(KEY.domain);
    let labels = 0;
    const least = Math.max(from, to - MAX_DOMAIN);
    for (let i = to - 1; i >= least; i--) {
      const c = bytes[i];
      if (c === 46) {
        if (labels++ === 0) {
          if (!table.mayEnd(h)) return;
        } else this.#tellName(bytes, i + 1, to, h);
      }
      h = Math.imul(h ^ LOWER[c], FNV_PRIME);
    }
    if (labels > 0 && least === from) this.#tellName(bytes, from, to, h);
  }
  #tellName(bytes: Uint8Array, from: number, to: number, h: number): void {
    const entry = this.#table.find(KEY.domain, bytes, from, to, finishHash(h), LOWER);
    if (entry !== 0) this.#tell(entry);
  }

  /** Addresses of version 4 in a run: digits and dots that no letter touches. */
  #addresses(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; ) {
      const start = i;
      let dots = 0;
      let only = true;
      // A dash ends an address as a blank would: 10.0.0.1-10.0.0.9
      for (; i < to && bytes[i] !== 45; i++) {
        const kind = CLASS[bytes[i]];
        if (kind === DOT) dots++;
        else if (kind !== DIGIT) only = false;
      }
      let end = i;
      i++;
      if (!only || dots < 3) continue;
      while (end > start && bytes[end - 1] === 46) end--;
      const value = readIpv4(bytes, start, end);
      if (value >= 0) this.#ipv4(value);
    }
  }

  #ipv4(value: number): void {
    const key = this.#address;
    key[0] = value >>> 24;
    key[1] = (value >>> 16) & 255;
    key[2] = (value >>> 8) & 255;
    key[3] = value & 255;
    this.#whole(KEY.ipv4, key, 4);
    if (this.#table.mayCover(value)) this.#blocks(KEY.block4, this.#table.parts.prefixes4, 4);
  }

  #whole(kind: typeof KEY.ipv4 | typeof KEY.ipv6, key: Uint8Array, length: number): void {
    const entry = this.#table.find(kind, key, 0, length, hashKey(kind, key, 0, length), SAME);
    if (entry !== 0) this.#tell(entry);
  }

  /** The blocks that the address at hand lies in. */
  #blocks(kind: typeof KEY.block4 | typeof KEY.block6, prefixes: Uint8Array, length: number): void {
    for (const bits of prefixes) {
      const key = this.#block;
      key.set(this.#address.subarray(0, length));
      maskPrefix(key.subarray(0, length), bits);
      key[length] = bits;
      const entry = this.#table.find(kind, key, 0, length + 1, hashKey(kind, key, 0, length + 1), SAME);
      if (entry !== 0) this.#tell(entry);
    }
  }

  #hashes(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const start = i;
      let kinds = 0;
      for (; i < to; i++) {
        const kind = CLASS[bytes[i]];
        if ((kind & (DOT | DASH)) !== 0) break;
        kinds |= kind;
      }
      if ((kinds & LETTER) === 0) this.#hash(bytes, start, i);
    }
  }
  /** Whether a word may be a hash of the list, by its length and its end; false is certain. Identifiers of requests look like hashes and are in every event. */
  mayBeHash(bytes: Uint8Array, from: number, to: number): boolean {
    if ((this.#has & HAS.hash) === 0 || to - from > LONGEST_HASH || IS_HASH[to - from] === 0) return false;
    let h = seedOf(KEY.hash);
    for (let i = to - 1, behind = to - HASH_TAIL; i >= behind; i--) h = Math.imul(h ^ LOWER[bytes[i]], FNV_PRIME);
    return this.#table.mayHold(finishHash(h));
  }

  #hash(bytes: Uint8Array, from: number, to: number): void {
    if (!this.mayBeHash(bytes, from, to)) return;
    let h = seedOf(KEY.hash);
    for (let i = to - 1; i >= from; i--) h = Math.imul(h ^ LOWER[bytes[i]], FNV_PRIME);
    const entry = this.#table.find(KEY.hash, bytes, from, to, finishHash(h), LOWER);
    if (entry !== 0) this.#tell(entry);
  }

  /** A colon behind the run that began at `run` (or behind nothing): a page's address, or one of version 6. Gives where to go on. */
  #colon(bytes: Uint8Array, from: number, to: number, run: number, colon: number): number {
    const after = colon + 1 < to ? bytes[colon + 1] : 0;
    if (after === 47 || (after === 92 && bytes[colon + 2] === 47)) {
      if ((this.#has & HAS.url) !== 0 && run < colon) this.#page(bytes, run, colon, to);
      return colon + 1;
    }
    if ((this.#has & HAS.ipv6) === 0 || (after !== 58 && (CLASS[after] & (DIGIT | HEX)) === 0)) return colon + 1;
    let start = colon;
    while (start > from && (CLASS[bytes[start - 1]] & (DIGIT | HEX)) !== 0) start--;
    if (start > from && CLASS[bytes[start - 1]] !== 0) return colon + 1;
    let end = colon;
    let colons = 0;
    let gap = false;
    for (; end < to; end++) {
      if (bytes[end] === 58) {
        colons++;
        gap ||= end + 1 < to && bytes[end + 1] === 58;
      } else if ((CLASS[bytes[end]] & (DIGIT | HEX)) === 0) break;
    }
    // Followed by a dot it may be the end of a sentence, or the dotted rest of an address of version 4, which is found by itself.
    const next = end < to ? CLASS[bytes[end]] : 0;
    if ((next & (LETTER | DASH)) !== 0 || (!gap && colons < 7)) return Math.max(colon + 1, colons >= 2 ? end : 0);
    // A colon may also end the phrase that an address stands in.
    if (end > start + 2 && bytes[end - 1] === 58 && bytes[end - 2] !== 58) end--;
    if (readIpv6(bytes, start, end, this.#address)) {
      this.#whole(KEY.ipv6, this.#address, 16);
      if (this.#table.parts.prefixes6.length > 0) this.#blocks(KEY.block6, this.#table.parts.prefixes6, 16);
      return end;
    }
    return colon + 1;
  }

  #page(bytes: Uint8Array, run: number, colon: number, to: number): void {
    let scheme = colon;
    while (scheme > run && (CLASS[bytes[scheme - 1]] & (HEX | LETTER)) !== 0 && bytes[scheme - 1] < 128) scheme--;
    const url = this.#url;
    if (scheme === colon || !readUrl(bytes, scheme, colon, to, url)) return;
    let end = url.length;
    this.#tellPage(end);
    if (url.query < end) this.#tellPage(url.query);
    // Punctuation of the sentence or the list that the address stands in.
    for (let k = 0; k < 3 && end > url.hostTo + 1 && '.,;:!?)]'.includes(String.fromCharCode(url.bytes[end - 1])); k++) {
      end--;
      if (end !== url.query) this.#tellPage(end);
    }
  }
  #tellPage(length: number): void {
    const { bytes } = this.#url;
    const entry = this.#table.find(KEY.url, bytes, 0, length, hashKey(KEY.url, bytes, 0, length), SAME);
    if (entry !== 0) this.#tell(entry);
  }
}
