/**
 * Which words the open block of events holds, in two sets: those of messages and those that records hold elsewhere, so that a search
 * needs to look only where a word is. What recurs in a block is hashed once.
 */
import { unescaped } from '../enrich/unescaped.ts';
import type { Watch } from '../enrich/watch.ts';
import { FIELD_COUNT } from '../formats/format.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { HOLE } from '../store/shaped-text.ts';
import { MAX_SHAPED, type Messages } from './messages.ts';
import type { ShapeCoder } from './shape-coder.ts';
import { FOLD, TEXT, WordSet } from './words.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const BACKSLASH = 92;
/** 1 for the letters that unescaped() makes blanks of */
const WHITE = new Uint8Array(256);
for (const letter of 'bfnrt') WHITE[letter.charCodeAt(0)] = 1;

/** Kinds of holes whose words follow from the second. */
const WHOLE_SECONDS: readonly number[] = [0, 3, 6, 7].map((form) => HOLE.time + form);

/** What columns say of the event at hand. */
interface Columns {
  codes: readonly Uint16Array[];
  n: number;
  /** its time in whole seconds */
  second: number;
}

export class BlockWords {
  readonly #inMessages = new WordSet();
  readonly #elsewhere = new WordSet();
  readonly #filters: Uint32Array[] = [];
  /** counted over the worker's life */
  #block = 1;
  // The block in which a value (by field and code) or a shape of messages last occurred: its words are in the filter then.
  readonly #valueBlock = Array.from({ length: FIELD_COUNT }, () => new Uint32Array(SEGMENT_SIZE + 1));
  #shapeBlock = new Uint32Array(1 << 12);
  // The second whose words are in the filter, in which spelling, and since which block.
  #second = Number.NaN;
  #secondKind = 0;
  #secondBlock = 0;
  #restBlock = new Uint32Array(1 << 12);
  #epochs = 0;
  /** whether a backslash stood in what was added since this was last made false */
  escaped = false;
  /** looks for indicators in the same texts */
  watch: Watch | null = null;

  /** True when it has an indicator: then it is to be added again when it recurs. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#told(this.#elsewhere.addText(bytes, start, end), bytes, start, end);
  }

  #told(told: number, bytes: Uint8Array, start: number, end: number): boolean {
    if ((told & TEXT.backslash) !== 0) this.escaped = true;
    return this.watch !== null && this.watch.mayLook(told, bytes, start, end) && this.watch.look(bytes, start, end);
  }

  /** Text that was decoded. */
  addText(text: string): void {
    const bytes = encoder.encode(text);
    this.#elsewhere.addText(bytes, 0, bytes.length);
    this.watch?.look(bytes, 0, bytes.length);
  }

  /** Decoded escapes (JSON, quoted logfmt) make words that the raw bytes of a record do not have. */
  addUnescaped(buf: Uint8Array, start: number, end: number): void {
    // Indicators may go over escapes: they are looked for in the text as a whole.
    let whole = this.watch !== null;
    for (let at = buf.indexOf(BACKSLASH, start); !whole && at >= 0 && at + 1 < end; at = buf.indexOf(BACKSLASH, at + 1)) {
      const c = buf[at + 1];
      // \u00xx may be a letter in the middle of a word.
      if ((c | 32) === 117 && buf[at + 2] === 48 && buf[at + 3] === 48) whole = true;
      if (WHITE[c] !== 1) continue;
      // A blank or a break: a word begins behind it, and ends where one ends in the raw bytes.
      let to = at + 2;
      while (to < end && FOLD[buf[to]] !== 0) to++;
      if (to > at + 2) this.#elsewhere.addText(buf, at + 2, to);
    }
    if (whole) this.addText(unescaped(decoder.decode(buf.subarray(start, end))));
  }

  /** The value of a field, by its code in the open segment. */
  addValue(field: number, code: number, bytes: Uint8Array, start: number, end: number): void {
    const seen = this.#valueBlock[field];
    if (seen[code] === this.#block) return;
    seen[code] = this.add(bytes, start, end) ? 0 : this.#block;
  }

  /** The message read last. What its shape fixes is in the filter already when the shape has occurred in this block. */
  addMessage(messages: Messages, bytes: Uint8Array, from: number, to: number): void {
    const { shape } = messages;
    if (shape >= this.#shapeBlock.length) {
      const larger = new Uint32Array(shape * 2);
      larger.set(this.#shapeBlock);
      this.#shapeBlock = larger;
    }
    if (shape === 0 || this.#shapeBlock[shape] !== this.#block || to - from > MAX_SHAPED) {
      this.#shapeBlock[shape] = this.#block;
      if (this.#told(this.#inMessages.addText(bytes, from, to), bytes, from, to)) this.#shapeBlock[shape] = 0;
      return;
    }
    // Whole words between blanks: a word may begin in front of what varies in it.
    const { start, end, laid } = messages.coder;
    for (let h = 0; h < laid; h++) {
      let first = start[h];
      while (first > from && bytes[first - 1] > 32) first--;
      this.#told(this.#inMessages.addText(bytes, first, end[h]), bytes, first, end[h]);
    }
  }

  /**
   * A record [start, end) of plain text whose message, read last, stands at [from, to) in it; `rest` is the coder that took the record
   * last, as `shape`. What the shape fixes is in the filter already when it has occurred in this block.
   */
  addRecord(messages: Messages, rest: ShapeCoder, shape: number, buf: Uint8Array, start: number, end: number, from: number, to: number, columns: Columns): void {
    const apart = (from === start || FOLD[buf[from - 1]] === 0) && (to === end || FOLD[buf[to]] === 0);
    // A word of the message alone may be cut out of one of the record (a byte order mark in front of it).
    this.addMessage(messages, buf, from, to);
    if (!apart) this.add(buf, start, end);
    else if (shape !== 0 && this.#metShape(shape)) this.#addHoles(rest, buf, start, end, columns);
    else {
      const before = this.add(buf, start, from);
      if (this.add(buf, to, end) || before) this.#restBlock[shape] = 0;
    }
  }

  /** Whether a shape of records has occurred in this block; from now on it has. */
  #metShape(shape: number): boolean {
    if (shape >= this.#restBlock.length) {
      const larger = new Uint32Array(shape * 2);
      larger.set(this.#restBlock);
      this.#restBlock = larger;
    }
    if (this.#restBlock[shape] === this.#block) return true;
    this.#restBlock[shape] = this.#block;
    return false;
  }

  /** Words that holes have a part in, those of the message's apart. */
  #addHoles(rest: ShapeCoder, buf: Uint8Array, from: number, to: number, { codes, n, second }: Columns): void {
    const { start, end, kind, laid } = rest;
    let done = from;
    for (let h = 0; h < laid; h++) {
      if (kind[h] === HOLE.message || end[h] <= done) continue;
      let first = Math.max(start[h], done);
      while (first > done && FOLD[buf[first - 1]] !== 0) first--;
      let last = end[h];
      while (last < to && FOLD[buf[last]] !== 0) last++;
      const whole = first === start[h] && last === end[h];
      const what = kind[h];
      done = last;
      // A value that its block has had elsewhere may be part of something else here.
      if (this.watch?.joins(buf, first, last)) this.watch.look(buf, first, last);
      if (whole && what >= HOLE.field) this.addValue(what - HOLE.field, codes[what - HOLE.field][n], buf, first, last);
      else if (!whole || !WHOLE_SECONDS.includes(what)) this.add(buf, first, last);
      else if (second !== this.#second || what !== this.#secondKind || this.#secondBlock !== this.#block) {
        this.#second = second;
        this.#secondKind = what;
        this.#secondBlock = this.#block;
        this.add(buf, first, last);
      }
    }
  }

  closeBlock(): void {
    this.#filters.push(this.#inMessages.take(), this.#elsewhere.take());
    this.#block++;
  }

  /** The filters of the segment's blocks in one, two a block, and where each starts (one entry more than filters). `epochs` counts how often shapes were forgotten. */
  take(epochs: number): { words: Uint32Array; wordStarts: Uint32Array } {
    const filters = this.#filters;
    const wordStarts = new Uint32Array(filters.length + 1);
    filters.forEach((filter, i) => (wordStarts[i + 1] = wordStarts[i] + filter.length));
    const words = new Uint32Array(new SharedArrayBuffer(wordStarts[filters.length] * 4));
    filters.forEach((filter, i) => words.set(filter, wordStarts[i]));
    filters.length = 0;
    if (epochs !== this.#epochs) {
      this.#epochs = epochs;
      this.#shapeBlock.fill(0);
      this.#restBlock.fill(0);
    }
    return { words, wordStarts };
  }
}
