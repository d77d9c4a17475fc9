/**
 * Indicators in events while they are built. Only texts that a block of events has not had yet are looked at, the same that its word
 * filter needs (pipeline/block-words.ts), and those in which there was one.
 */
import type { IndicatorTable } from './table.ts';
import { Scanner } from './scanner.ts';
import { TEXT } from '../pipeline/words.ts';
import { unescaped } from './unescaped.ts';

/** Events of a segment with an indicator: offsets ascend. */
export interface Hit {
  indicator: number;
  offsets: Uint16Array;
}

/** Bytes that may stand inside an address of a page: a text goes on over them. */
const JOINS = new Uint8Array(256);
for (let c = 33; c < 256; c++) JOINS[c] = c === 127 || '"\'<>`{}|^()'.includes(String.fromCharCode(c)) ? 0 : 1;
/** Shorter texts hold no name, address, page or hash. */
const SHORTEST = 3;
const decoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

export class Watch {
  readonly generation: number;
  readonly #scanner: Scanner;
  /** indicators of the record at hand */
  #found: number[] = [];
  /** whether the bytes looked at last have one */
  #met = false;
  #hits = new Map<number, number[]>();
  // The record at hand, and the stretch of it that was looked at last.
  #buf: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #from = 0;
  #to = 0;

  constructor(table: IndicatorTable) {
    this.generation = table.parts.generation;
    this.#scanner = new Scanner(table, (indicator) => {
      this.#met = true;
      if (!this.#found.includes(indicator)) this.#found.push(indicator);
    });
  }

  /** The record buf[start, end) begins. */
  begin(buf: Uint8Array, start: number, end: number): void {
    // Of a record that was not kept there may be some.
    if (this.#found.length > 0) this.#found = [];
    this.#buf = buf;
    this.#start = start;
    this.#end = end;
    this.#from = this.#to = 0;
  }

  /**
   * A text of the record that its block has not had, looked at together with what touches it. True when an indicator is in it: it must
   * be handed over again when it recurs.
   */
  look(bytes: Uint8Array, from: number, to: number): boolean {
    if (bytes !== this.#buf) {
      this.#met = false;
      this.#from = this.#to = 0;
      this.#scanner.scan(bytes, from, to);
      return this.#met;
    }
    if (from >= this.#from && to <= this.#to) return this.#met;
    let start = from;
    while (start > this.#start && JOINS[bytes[start - 1]] === 1) start--;
    let end = to;
    while (end < this.#end && JOINS[bytes[end]] === 1) end++;
    if (end - start < SHORTEST) return false;
    this.#from = start;
    this.#to = end;
    this.#met = false;
    this.#scanner.scan(bytes, start, end);
    return this.#met;
  }

  /** Whether a text may have an indicator, by TEXT bits and by what touches it; false is certain. */
  mayLook(told: number, bytes: Uint8Array, from: number, to: number): boolean {
    if ((told & TEXT.dotted) !== 0 || bytes !== this.#buf || this.joins(bytes, from, to)) return true;
    return (told & TEXT.long) !== 0 && ((told & TEXT.parts) !== 0 || this.#scanner.mayBeHash(bytes, from, to));
  }

  /** Whether bytes[from, to) of the record at hand go on beyond their ends. */
  joins(bytes: Uint8Array, from: number, to: number): boolean {
    return bytes === this.#buf && ((from > this.#start && JOINS[this.#buf[from - 1]] === 1) || (to < this.#end && JOINS[this.#buf[to]] === 1));
  }

  /** The record is event n of the segment. */
  keep(n: number): void {
    if (this.#found.length === 0) return;
    for (const indicator of this.#found) {
      const offsets = this.#hits.get(indicator);
      if (offsets) offsets.push(n);
      else this.#hits.set(indicator, [n]);
    }
    this.#found = [];
  }

  /** Hits of the segment that ends. */
  take(): Hit[] {
    if (this.#hits.size === 0) return [];
    const hits = [...this.#hits].map(([indicator, offsets]) => ({ indicator, offsets: Uint16Array.from(offsets) }));
    this.#hits = new Map();
    return hits;
  }
}

/** Looks through a whole record, and through what its escapes stand for. */
export function scanRecord(scanner: Scanner, record: Uint8Array): void {
  scanner.scan(record, 0, record.length);
  if (!record.includes(92)) return;
  const text = encoder.encode(unescaped(decoder.decode(record)));
  scanner.scan(text, 0, text.length);
}
