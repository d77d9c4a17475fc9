/**
 * The message of an event that has none rendered: "Provider EventID what it is: name=value …" of its data. Made from bytes: every record needs
 * one at ingest. Names that only tie records together (GUIDs) and Sysmon's second time stamp are left to the attributes.
 */
import { decodeUtf8 } from '../json-text.ts';
import { headingOf } from './event-names.ts';
import { PART, type Leaves } from './leaves.ts';
import { equalBytes } from './names.ts';

/** characters, about */
const MAX_MESSAGE = 1000;
const MAX_VALUE = 400;
const MAX_KINDS = 4096;
/** Logons, logoffs and tickets are about the account they name as target; in everything else the subject acts. */
const ABOUT_TARGET = new Set(['4624', '4625', '4634', '4647', '4648', '4768', '4769', '4770', '4771', '4772', '4773', '4774', '4775', '4776', '4777', '4778', '4779']);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const ELLIPSIS = [0xe2, 0x80, 0xa6];
/** the letters behind a backslash that stand for themselves */
const LITERAL = new Set([34, 47, 92]);

/** What is known of the events of a provider with an id. */
interface Kind {
  /** the provider and the id as they stand in lines */
  provider: Uint8Array;
  eventId: Uint8Array;
  heading: Uint8Array;
  /** the account named as target is the one it is about */
  aboutTarget: boolean;
}

export class Message {
  private readonly bytes = new Uint8Array(4 * MAX_MESSAGE);
  private at = 0;
  private readonly kinds = new Map<number, Kind>();

  /** A log has few kinds of events: what they are called is made once. Leaves, -1 for none. */
  kind(buf: Uint8Array, { start, end }: Leaves, provider: number, eventId: number): Kind {
    const from = provider < 0 ? 0 : start[provider];
    const to = provider < 0 ? 0 : end[provider];
    const idFrom = eventId < 0 ? 0 : start[eventId];
    const idTo = eventId < 0 ? 0 : end[eventId];
    let hash = to - from;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + buf[i]) | 0;
    for (let i = idFrom; i < idTo; i++) hash = (Math.imul(hash, 31) + buf[i]) | 0;
    const known = this.kinds.get(hash);
    if (known && equalBytes(known.provider, buf, from, to) && equalBytes(known.eventId, buf, idFrom, idTo)) return known;
    const id = decodeUtf8(buf, idFrom, idTo);
    const heading = headingOf(decodeUtf8(buf, from, to).slice(0, MAX_VALUE), id.slice(0, MAX_VALUE)).replace(/\\u[0-9a-fA-F]{4}|\\[bfnrt]/g, ' ').replace(/\\(.)/g, '$1');
    const kind = { provider: buf.slice(from, to), eventId: buf.slice(idFrom, idTo), heading: encoder.encode(heading), aboutTarget: ABOUT_TARGET.has(id) };
    if (this.kinds.size >= MAX_KINDS) this.kinds.clear();
    this.kinds.set(hash, kind);
    return kind;
  }

  of(buf: Uint8Array, leaves: Leaves, heading: Uint8Array): string {
    this.at = 0;
    this.literal(heading);
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
