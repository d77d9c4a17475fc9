/** Which stretches of the record at hand need not be kept as text, because a column has them or because they vary from record to record. */
import { HOLE } from '../store/shaped-text.ts';
import type { ShapeCoder } from './shape-coder.ts';

const MAX_CUTS = 120;

export class Cuts {
  readonly #start = new Int32Array(MAX_CUTS);
  readonly #end = new Int32Array(MAX_CUTS);
  readonly #kind = new Uint8Array(MAX_CUTS);
  readonly #value = new Uint16Array(MAX_CUTS);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** Bytes [start, end) of the buffer; `value` is the code of a field's value. Kept in order of their starts. */
  add(start: number, end: number, kind: number, value = 0): void {
    if (this.#count === MAX_CUTS) return;
    let i = this.#count++;
    for (; i > 0 && this.#start[i - 1] > start; i--) {
      this.#start[i] = this.#start[i - 1];
      this.#end[i] = this.#end[i - 1];
      this.#kind[i] = this.#kind[i - 1];
      this.#value[i] = this.#value[i - 1];
    }
    this.#start[i] = start;
    this.#end[i] = end;
    this.#kind[i] = kind;
    this.#value[i] = value;
  }

  /**
   * Makes holes of the cuts of the record [from, to). Of two that overlap the first stays; a field that was told twice is kept as text
   * where it lost (`codes` are the columns, n the event). `digits`: runs of digits between the cuts become holes too.
   */
  lay(coder: ShapeCoder, buf: Uint8Array, from: number, to: number, codes: readonly Uint16Array[], n: number, digits: boolean): void {
    let at = from;
    for (let c = 0; c < this.#count; c++) {
      const start = this.#start[c];
      const end = this.#end[c];
      if (start < at || end > to) continue;
      const kind = this.#kind[c];
      if (digits) layDigits(coder, buf, at, start);
      coder.hole(start, end, kind >= HOLE.field && codes[kind - HOLE.field][n] !== this.#value[c] ? HOLE.value : kind);
      at = end;
    }
    if (digits) layDigits(coder, buf, at, to);
  }
}

function layDigits(coder: ShapeCoder, buf: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (buf[i] < 48 || buf[i] > 57) continue;
    const start = i;
    while (i < to && buf[i] >= 48 && buf[i] <= 57) i++;
    coder.hole(start, i, HOLE.value);
  }
}
