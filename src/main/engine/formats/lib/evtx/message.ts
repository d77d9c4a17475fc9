/**
 * The message of an event: the text Windows rendered where the log has it, else "Provider EventID: name=value …" of its data. Made from bytes:
 * every record needs one at ingest.
 */
import { PART, type Leaves } from './leaves.ts';

/** characters, about */
const MAX_MESSAGE = 1000;
const MAX_VALUE = 400;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const ELLIPSIS = [0xe2, 0x80, 0xa6];
/** the letters behind a backslash that stand for themselves */
const LITERAL = new Set([34, 47, 92]);

export class Message {
  private readonly bytes = new Uint8Array(4 * MAX_MESSAGE);
  private at = 0;

  /** @param provider, eventId: leaves, -1 for none */
  of(buf: Uint8Array, leaves: Leaves, provider: number, eventId: number): string {
    this.at = 0;
    if (provider >= 0) this.value(buf, leaves.start[provider], leaves.end[provider], MAX_VALUE);
    if (eventId >= 0) {
      if (this.at > 0) this.byte(32);
      this.value(buf, leaves.start[eventId], leaves.end[eventId], MAX_VALUE);
    }
    let last = -1;
    let pairs = 0;
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      if (leaves.part[leaf] !== PART.data || !leaves.says(leaf)) continue;
      if (this.at >= MAX_MESSAGE) {
        this.byte(32);
        for (const c of ELLIPSIS) this.byte(c);
        break;
      }
      if (pairs++ === 0 && this.at > 0) this.byte(58);
      if (this.at > 0) this.byte(32);
      // Items of a list stand one behind the other.
      const named = last < 0 || leaves.nameStart[last] !== leaves.nameStart[leaf];
      if (named) {
        if (leaves.isAttribute[leaf] === 1) {
          this.value(buf, leaves.ownerStart[leaf], leaves.ownerEnd[leaf], MAX_VALUE);
          this.byte(95);
        }
        this.value(buf, leaves.nameStart[leaf], leaves.nameEnd[leaf], MAX_VALUE);
        this.byte(61);
      }
      last = leaf;
      const quoted = hasBlank(buf, leaves.start[leaf], leaves.end[leaf]);
      if (quoted) this.byte(34);
      this.value(buf, leaves.start[leaf], leaves.end[leaf], MAX_VALUE);
      if (quoted) this.byte(34);
    }
    return decoder.decode(this.bytes.subarray(0, this.at));
  }

  private byte(c: number): void {
    if (this.at < this.bytes.length) this.bytes[this.at++] = c;
  }

  /** Text without its escapes, in one line, cut where it is long. */
  private value(buf: Uint8Array, start: number, end: number, max: number): void {
    const { bytes } = this;
    const limit = Math.min(bytes.length - 8, this.at + max);
    let { at } = this;
    let i = start;
    for (; i < end && at < limit; i++) {
      let c = buf[i];
      if (c === 92) {
        c = buf[++i];
        if (c === 117) i += 4;
        if (!LITERAL.has(c)) c = 32;
      }
      bytes[at++] = c < 32 ? 32 : c;
    }
    if (i < end) {
      // Not in the middle of a character.
      while (at > this.at && (bytes[at - 1] & 0xc0) === 0x80) at--;
      if (at > this.at && bytes[at - 1] >= 0xc0) at--;
      for (const c of ELLIPSIS) bytes[at++] = c;
    }
    this.at = at;
  }
}

function hasBlank(buf: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buf[i] === 32) return true;
  return false;
}
