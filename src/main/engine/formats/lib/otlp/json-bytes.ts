/** Writes JSON as bytes, into one buffer that grows. */
const QUOTE = 34;
const BACKSLASH = 92;
const HEX = '0123456789abcdef';
const encoder = new TextEncoder();

export class JsonBytes {
  bytes = new Uint8Array(256 << 10);
  length = 0;

  room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array((this.length + more) * 2);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** These bytes as they are. */
  put(bytes: Uint8Array): void {
    this.room(bytes.length);
    if (bytes.length > 32) {
      this.bytes.set(bytes, this.length);
      this.length += bytes.length;
    } else {
      for (const byte of bytes) this.bytes[this.length++] = byte;
    }
  }
  /** Text that needs no escapes and is of ASCII alone. */
  plain(text: string): void {
    this.room(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }
  /** Any text, as it is. */
  text(text: string): void {
    this.put(encoder.encode(text));
  }

  /**
   * [from, to) of UTF-8 as a string of JSON, escaped as JSON.stringify does it. False when it is no UTF-8; what was written of it then
   * stands there all the same.
   */
  string(source: Uint8Array, from: number, to: number): boolean {
    this.room((to - from) * 6 + 2);
    const out = this.bytes;
    let at = this.length;
    out[at++] = QUOTE;
    for (let p = from; p < to; p++) {
      const byte = source[p];
      if (byte >= 32 && byte < 128 && byte !== QUOTE && byte !== BACKSLASH) {
        out[at++] = byte;
      } else if (byte >= 128) {
        const more = sequence(source, p, to);
        if (more === 0) return false;
        for (let i = 0; i <= more; i++) out[at++] = source[p + i];
        p += more;
      } else {
        out[at++] = BACKSLASH;
        const short = SHORT[byte];
        if (short === 0) {
          out[at++] = 117;
          out[at++] = 48;
          out[at++] = 48;
          out[at++] = HEX.charCodeAt(byte >> 4);
          out[at++] = HEX.charCodeAt(byte & 15);
        } else {
          out[at++] = short;
        }
      }
    }
    out[at++] = QUOTE;
    this.length = at;
    return true;
  }

  /** Bytes in hex, in quotes. */
  hex(source: Uint8Array, from: number, to: number): void {
    this.room((to - from) * 2 + 2);
    this.bytes[this.length++] = QUOTE;
    for (let p = from; p < to; p++) {
      this.bytes[this.length++] = HEX.charCodeAt(source[p] >> 4);
      this.bytes[this.length++] = HEX.charCodeAt(source[p] & 15);
    }
    this.bytes[this.length++] = QUOTE;
  }
}

/** What stands behind the backslash for bytes below 128, 0 where it is a number. */
const SHORT = new Uint8Array(128);
SHORT.set([98, 116, 110], 8);
SHORT.set([102, 114], 12);
SHORT[QUOTE] = QUOTE;
SHORT[BACKSLASH] = BACKSLASH;

/** How many bytes of UTF-8 go with the one at `p` (RFC 3629); 0 when they are none. */
function sequence(source: Uint8Array, p: number, to: number): number {
  const first = source[p];
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || p + more >= to) return 0;
  const second = source[p + 1];
  // Overlong forms, surrogates, and what is beyond U+10FFFF.
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f) || (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  for (let i = 1; i <= more; i++) if ((source[p + i] & 0xc0) !== 0x80) return 0;
  return more;
}
