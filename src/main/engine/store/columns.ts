/**
 * Columns of small integers as bytes: a column that says the same everywhere costs four bytes, others one, two or four bytes a value,
 * as the largest needs. Cheap enough for ingest, where a general compressor would cost more than all the rest of the work.
 */
type Integers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** Width bytes of a column: how its values are laid down. */
const CONSTANT = 0;
/** values count up by one from the first */
const COUNTING = 8;

export class ColumnWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #used = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #room(n: number): void {
    if (this.#used + n <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + n));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
  }
  f64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#used, value, true);
    this.#used += 8;
  }
  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** The first n values of a column of numbers from 0 to 2^32 - 1. */
  integers(column: Integers, n: number): void {
    const first = n > 0 ? column[0] : 0;
    let most = 0;
    let same = true;
    let counting = true;
    for (let i = 0; i < n; i++) {
      const value = column[i];
      if (value > most) most = value;
      if (value !== first) same = false;
      if (value !== first + i) counting = false;
    }
    const width = same ? CONSTANT : counting ? COUNTING : most < 256 ? 1 : most < 65_536 ? 2 : 4;
    this.#room(5 + width * n);
    this.#bytes[this.#used++] = width;
    if (same || counting) return this.u32(first);
    if (width === column.BYTES_PER_ELEMENT) this.#bytes.set(new Uint8Array(column.buffer, column.byteOffset, width * n), this.#used);
    else if (width === 1) for (let i = 0; i < n; i++) this.#bytes[this.#used + i] = column[i];
    else if (width === 2) for (let i = 0, at = this.#used; i < n; i++, at += 2) this.#view.setUint16(at, column[i], true);
    else for (let i = 0, at = this.#used; i < n; i++, at += 4) this.#view.setUint32(at, column[i], true);
    this.#used += width * n;
    return undefined;
  }

  /** A copy of what was written; the writer starts anew. */
  take(): Uint8Array {
    const out = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    return out;
  }
}

/** Reads what a ColumnWriter wrote. Throws a RangeError when bytes are missing. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  u32(): number {
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }
  f64(): number {
    this.at += 8;
    return this.#view.getFloat64(this.at - 8, true);
  }
  bytes(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new RangeError('bytes are missing');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
  /** Fills the first n entries of `into`. */
  integers<T extends Integers>(into: T, n: number): T {
    const width = this.bytes(1)[0];
    if (width === CONSTANT) into.fill(this.u32(), 0, n);
    else if (width === COUNTING) {
      const first = this.u32();
      for (let i = 0; i < n; i++) into[i] = first + i;
    } else if (width === 1) into.set(this.bytes(n));
    else if (width === 2) {
      this.bytes(n * 2);
      for (let i = 0, at = this.at - n * 2; i < n; i++, at += 2) into[i] = this.#view.getUint16(at, true);
    } else if (width === 4) {
      this.bytes(n * 4);
      for (let i = 0, at = this.at - n * 4; i < n; i++, at += 4) into[i] = this.#view.getUint32(at, true);
    } else throw new RangeError(`unknown width ${width} of a column`);
    return into;
  }
}
