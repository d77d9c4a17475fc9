/**
 * The message of an event that has none rendered: "Provider EventID what it is: name=value …" of its data. Made from bytes: every record needs
 * one at ingest. Names that only tie records together (GUIDs) and Sysmon's second time stamp are left to the attributes.
 */
import { decodeUtf8 } from '../json-text.ts';
import { headingOf } from './event-names.ts';
import { PART, type Leaves } from './leaves.ts';

/** characters, about */
const MAX_MESSAGE = 1000;
const MAX_VALUE = 400;
const MAX_HEADINGS = 4096;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const ELLIPSIS = [0xe2, 0x80, 0xa6];
/** the letters behind a backslash that stand for themselves */
const LITERAL = new Set([34, 47, 92]);

export class Message {
  private readonly bytes = new Uint8Array(4 * MAX_MESSAGE);
  private at = 0;
  private readonly headings = new Map<string, Uint8Array>();

  /** @param provider, eventId: leaves, -1 for none */
  of(buf: Uint8Array, leaves: Leaves, provider: number, eventId: number): string {
    this.at = 0;
    const key = `${provider < 0 ? '' : decodeUtf8(buf, leaves.start[provider], leaves.end[provider])}\0${eventId < 0 ? '' : decodeUtf8(buf, leaves.start[eventId], leaves.end[eventId])}`;
    this.literal(this.heading(key));
    let last = -1;
    let pairs = 0;
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      if (leaves.part[leaf] !== PART.data || !leaves.says(leaf) || isTechnical(buf, leaves.nameStart[leaf], leaves.nameEnd[leaf])) continue;
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

  /** `key` as JSON text. A log has few kinds of events: each heading is made once. */
  private heading(key: string): Uint8Array {
    let heading = this.headings.get(key);
    if (!heading) {
      const [provider, eventId] = key.split('\0');
      heading = encoder.encode(headingOf(provider.slice(0, MAX_VALUE), eventId.slice(0, MAX_VALUE)).replace(/\\u[0-9a-fA-F]{4}|\\[bfnrt]/g, ' ').replace(/\\(.)/g, '$1'));
      if (this.headings.size >= MAX_HEADINGS) this.headings.clear();
      this.headings.set(key, heading);
    }
    return heading;
  }

  private literal(text: Uint8Array): void {
    for (const c of text) this.byte(c);
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

/** UtcTime, …Guid, …GUID. */
function isTechnical(buf: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 4) return false;
  const last = buf[end - 1] | 32;
  if (last === 100) return buf[end - 4] === 71 && (buf[end - 3] | 32) === 117 && (buf[end - 2] | 32) === 105;
  return length === 7 && buf[start] === 85 && buf[start + 1] === 116 && buf[start + 2] === 99 && buf[start + 3] === 84 && last === 101;
}
function hasBlank(buf: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (buf[i] === 32) return true;
    // \n, \r and \t become blanks
    if (buf[i] === 92 && buf[++i] >= 110 && buf[i] <= 116) return true;
  }
  return false;
}
