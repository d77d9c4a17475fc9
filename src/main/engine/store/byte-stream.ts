/** Bytes of rollup rows: little endian numbers and varints (LEB128), written to one growing buffer and read back. */
export class ByteWriter {
  #bytes = new Uint8Array(4 << 10);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** Bytes written since the last take(). */
  get used(): number {
    return this.#used;
  }

  #grow(n: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + n));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    if (this.#used + 8 > this.#bytes.length) this.#grow(8);
    const bytes = this.#bytes;
    let used = this.#used;
    // The low bits of a number beyond 32 bits survive `&`.
    for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes[used++] = (value & 0x7f) | 0x80;
    bytes[used++] = value;
    this.#used = used;
  }
  u16(value: number): void {
    if (this.#used + 2 > this.#bytes.length) this.#grow(2);
    this.#view.setUint16(this.#used, value, true);
    this.#used += 2;
  }
  u32(value: number): void {
    if (this.#used + 4 > this.#bytes.length) this.#grow(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
  }
  f64(value: number): void {
    if (this.#used + 8 > this.#bytes.length) this.#grow(8);
    this.#view.setFloat64(this.#used, value, true);
    this.#used += 8;
  }
  bytes(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** A copy of what was written; the writer is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    return taken;
  }
}

export class ByteReader {
  readonly view: DataView;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.view.getUint8(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
  u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2, true);
  }
  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }
  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }
  bytes(n: number): Uint8Array {
    this.at += n;
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.at - n, n);
  }
  get more(): boolean {
    return this.at < this.view.byteLength;
  }
}
