/**
 * Gives a parser its bytes: keeps the unfinished record at the end until more arrives, and takes records that are longer than any
 * event may be out of the stream as dead letters, so that memory stays bounded whatever a file holds.
 */
import type { Parser } from '../formats/format.ts';
import { MAX_RECORD, type BatchBuilder } from './batch.ts';

const FIRST_SIZE = 1 << 20;
/** An unfinished record may grow to this before it is given up. */
const PATIENCE = MAX_RECORD + (64 << 10);

export class Feeder {
  readonly #parser: Parser;
  readonly #builder: BatchBuilder;
  readonly #stopAt: number;
  #buf: Uint8Array;
  #used = 0;
  /** stream offset of buf[0] */
  #base: number;
  /** a record too long: where it started, and its first bytes */
  #oversize: { offset: number; length: number; head: Uint8Array } | null = null;
  /** a record that starts at or after stopAt was met: there is nothing more to do */
  done = false;

  /** `base` is the stream offset of the first byte that will be fed; records that start before `stopAt` are taken. */
  constructor(parser: Parser, builder: BatchBuilder, base: number, stopAt = Number.POSITIVE_INFINITY, capacity = FIRST_SIZE) {
    this.#parser = parser;
    this.#builder = builder;
    this.#base = base;
    this.#stopAt = stopAt;
    this.#buf = builder.memory(capacity);
  }

  /** Stream offset up to which records are complete. */
  get consumed(): number {
    return this.#oversize ? this.#oversize.offset : this.#base;
  }

  /** Room for `length` more bytes, to be filled by the caller and then announced with advance(). */
  reserve(length: number): Uint8Array {
    if (this.#used + length > this.#buf.length) {
      const larger = new Uint8Array(Math.max(this.#buf.length * 2, this.#used + length));
      larger.set(this.#buf.subarray(0, this.#used));
      this.#buf = larger;
    }
    return this.#buf.subarray(this.#used, this.#used + length);
  }

  push(chunk: Uint8Array, final: boolean): void {
    if (chunk.length > 0) this.reserve(chunk.length).set(chunk);
    this.advance(chunk.length, final);
  }

  /** `length` bytes were written into the reserved room; `final` = nothing follows. */
  advance(length: number, final: boolean): void {
    this.#used += length;
    if (this.#oversize) this.#skip(final);
    if (this.done || this.#oversize) return;
    const stopAt = Math.min(this.#stopAt - this.#base, Number.MAX_SAFE_INTEGER);
    this.#builder.use(this.#buf, this.#base);
    const next = this.#parser.parse(this.#buf, 0, this.#used, stopAt, final, this.#builder);
    this.#drop(next);
    if (next >= stopAt) this.done = true;
    else if (!final && this.#used > PATIENCE) this.#giveUp(stopAt);
  }

  /** The unfinished record is too long: whole lines in front of the long one are records yet, the long one is a dead letter. */
  #giveUp(stopAt: number): void {
    const lines = this.#buf.lastIndexOf(10, this.#used - 1) + 1;
    if (lines > 0) {
      const next = this.#parser.parse(this.#buf, 0, lines, stopAt, true, this.#builder);
      this.#drop(next);
      if (next >= stopAt) {
        this.done = true;
        return;
      }
    }
    if (this.#used > PATIENCE) {
      this.#oversize = { offset: this.#base, length: 0, head: this.#buf.slice(0, MAX_RECORD) };
      this.#skip(false);
    }
  }

  /** Looks for the end of the line that is too long. */
  #skip(final: boolean): void {
    const oversize = this.#oversize;
    if (!oversize) return;
    const newline = this.#buf.subarray(0, this.#used).indexOf(10);
    if (newline < 0 && !final) {
      oversize.length += this.#used;
      this.#drop(this.#used);
      return;
    }
    const end = newline < 0 ? this.#used : newline;
    oversize.length += end;
    this.#drop(newline < 0 ? end : end + 1);
    this.#oversize = null;
    this.#builder.rejectRaw({
      offset: oversize.offset,
      length: oversize.length,
      bytes: oversize.head,
      reason: `the record is ${oversize.length} bytes long; the longest that becomes an event is ${MAX_RECORD} (its first ${oversize.head.length} bytes are kept here)`,
    });
    if (this.#base >= this.#stopAt) this.done = true;
  }

  #drop(bytes: number): void {
    this.#buf.copyWithin(0, bytes, this.#used);
    this.#used -= bytes;
    this.#base += bytes;
  }
}
