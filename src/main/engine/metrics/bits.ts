/** A stream of bits, most significant first. */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #used = 0;
  /** bits of the byte at #used that are taken */
  #filled = 0;

  /** The lowest `width` bits (0..53) of a whole number from 0 to 2^53 - 1. */
  write(value: number, width: number): void {
    if (width > 32) {
      this.#write32(Math.floor(value / 2 ** 32), width - 32);
      this.#write32(value >>> 0, 32);
    } else {
      this.#write32(value >>> 0, width);
    }
  }

  #write32(value: number, width: number): void {
    if (this.#used + 6 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let left = width;
    while (left > 0) {
      const n = Math.min(8 - this.#filled, left);
      const part = (value >>> (left - n)) & ((1 << n) - 1);
      this.#bytes[this.#used] |= part << (8 - this.#filled - n);
      this.#filled += n;
      left -= n;
      if (this.#filled === 8) {
        this.#used++;
        this.#filled = 0;
      }
    }
  }

  /** A copy of what was written, the last byte filled up with zeroes. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#used + (this.#filled > 0 ? 1 : 0));
  }
}

/** Reads what a BitWriter wrote. Throws a RangeError when bits are missing. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #taken = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `width` bits (0..53). */
  read(width: number): number {
    if (width <= 32) return this.#read32(width);
    const high = this.#read32(width - 32);
    return high * 2 ** 32 + this.#read32(32);
  }

  #read32(width: number): number {
    let value = 0;
    let left = width;
    while (left > 0) {
      if (this.#at >= this.#bytes.length) throw new RangeError('The chunk ends in the middle.');
      const n = Math.min(8 - this.#taken, left);
      value = (value << n) | ((this.#bytes[this.#at] >>> (8 - this.#taken - n)) & ((1 << n) - 1));
      this.#taken += n;
      left -= n;
      if (this.#taken === 8) {
        this.#at++;
        this.#taken = 0;
      }
    }
    return value >>> 0;
  }

  /** Throws when more than the filling of the last byte is left, or the filling is not zero. */
  finish(): void {
    if (this.#taken > 0 && (this.#bytes[this.#at] & ((1 << (8 - this.#taken)) - 1)) !== 0) throw new RangeError('The chunk is longer than its samples.');
    if (this.#at + (this.#taken > 0 ? 1 : 0) !== this.#bytes.length) throw new RangeError('The chunk is longer than its samples.');
  }
}
