/** Times of OTLP as texts of JSON. */

const encoder = new TextEncoder();

/** Writes 64 bits of nanoseconds since 1970 as isoTime() of traces/span-line.ts does, in quotes. */
export class IsoStamp {
  /** of the last time that was read; good until the next */
  text: Uint8Array = new Uint8Array(0);
  readonly #short = encoder.encode('"1970-01-01T00:00:00.000000Z"');
  readonly #long = encoder.encode('"1970-01-01T00:00:00.000000000Z"');
  #second = 0;

  /** Reads the eight bytes at `at`, low byte first. False for 0, which is no time. The last they can say is in the year 2554. */
  read(bytes: Uint8Array, at: number): boolean {
    // Long division in steps of 16 bits: every number on the way is exact.
    let seconds = 0;
    let nanos = 0;
    for (let i = 6; i >= 0; i -= 2) {
      const part = nanos * 65536 + bytes[at + i] + bytes[at + i + 1] * 256;
      const quotient = Math.floor(part / 1e9);
      nanos = part - quotient * 1e9;
      seconds = seconds * 65536 + quotient;
    }
    if (seconds === 0 && nanos === 0) return false;
    if (seconds !== this.#second) {
      this.#second = seconds;
      const text = encoder.encode(new Date(seconds * 1000).toISOString().slice(0, 19));
      this.#short.set(text, 1);
      this.#long.set(text, 1);
    }
    const whole = nanos % 1000 === 0;
    this.text = whole ? this.#short : this.#long;
    let rest = whole ? nanos / 1000 : nanos;
    for (let i = whole ? 26 : 29; i > 20; i--) {
      const next = Math.floor(rest / 10);
      this.text[i] = 48 + rest - next * 10;
      rest = next;
    }
    return true;
  }
}
