/**
 * Which words the open block of events holds, in two sets: those of messages and those that records hold elsewhere, so that a search
 * needs to look only where a word is. What recurs in a block is hashed once.
 */
import { FIELD_COUNT } from '../formats/format.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { MAX_SHAPED, type Messages } from './messages.ts';
import { FOLD, WordSet } from './words.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const ESCAPED_ASCII = /\\u00([2-7][0-9a-f])/gi;

export class BlockWords {
  readonly #inMessages = new WordSet();
  readonly #elsewhere = new WordSet();
  readonly #filters: Uint32Array[] = [];
  /** counted over the worker's life */
  #block = 1;
  // The block in which a value (by field and code) or a shape of messages last occurred: its words are in the filter then.
  readonly #valueBlock = Array.from({ length: FIELD_COUNT }, () => new Uint32Array(SEGMENT_SIZE + 1));
  #shapeBlock = new Uint32Array(1 << 12);
  #epoch = 0;
  /** whether a backslash stood in what was added since this was last made false */
  escaped = false;

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#elsewhere.addText(bytes, start, end)) this.escaped = true;
  }

  /** Text that was decoded. */
  addText(text: string): void {
    const bytes = encoder.encode(text);
    this.#elsewhere.addText(bytes, 0, bytes.length);
  }

  /** Decoded escapes (JSON, quoted logfmt) make words that the raw bytes of a record do not have. */
  addUnescaped(buf: Uint8Array, start: number, end: number): void {
    const raw = decoder.decode(buf.subarray(start, end));
    this.addText(raw.replace(ESCAPED_ASCII, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\\[bfnrt]/g, ' '));
  }

  /** The value of a field, by its code in the open segment. */
  addValue(field: number, code: number, bytes: Uint8Array, start: number, end: number): void {
    const seen = this.#valueBlock[field];
    if (seen[code] === this.#block) return;
    seen[code] = this.#block;
    this.add(bytes, start, end);
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
      if (this.#inMessages.addText(bytes, from, to)) this.escaped = true;
      return;
    }
    // Whole words between blanks: a word may begin in front of what varies in it.
    const { variable, variables, wordStart, wordEnd } = messages;
    for (let v = 0; v < variables; v++) if (this.#inMessages.addText(bytes, wordStart[variable[v]], wordEnd[variable[v]])) this.escaped = true;
  }

  /** A record [start, end) of plain text whose message, read last, stands at [from, to) in it. */
  addRecord(messages: Messages, buf: Uint8Array, start: number, end: number, from: number, to: number): void {
    const apart = (from === start || FOLD[buf[from - 1]] === 0) && (to === end || FOLD[buf[to]] === 0);
    if (!apart) this.add(buf, start, end);
    else {
      this.add(buf, start, from);
      this.add(buf, to, end);
    }
    // A word of the message alone may be cut out of one of the record (a byte order mark in front of it).
    this.addMessage(messages, buf, from, to);
  }

  closeBlock(): void {
    this.#filters.push(this.#inMessages.take(), this.#elsewhere.take());
    this.#block++;
  }

  /** The filters of the segment's blocks in one, two a block, and where each starts (one entry more than filters). `epoch` is that of the messages' coder. */
  take(epoch: number): { words: Uint32Array; wordStarts: Uint32Array } {
    const filters = this.#filters;
    const wordStarts = new Uint32Array(filters.length + 1);
    filters.forEach((filter, i) => (wordStarts[i + 1] = wordStarts[i] + filter.length));
    const words = new Uint32Array(new SharedArrayBuffer(wordStarts[filters.length] * 4));
    filters.forEach((filter, i) => words.set(filter, wordStarts[i]));
    filters.length = 0;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#shapeBlock.fill(0);
    }
    return { words, wordStarts };
  }
}
