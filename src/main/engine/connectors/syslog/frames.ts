/**
 * Cuts the messages out of a TCP stream of syslog (RFC 6587). Both ways of framing may be mixed in one stream, message by message:
 * octet counting (`MSG-LEN SP <PRI>...`) and non-transparent framing (up to LF or NUL).
 */

/** The longest message that is kept whole; what is longer is cut here. RFC 5424 asks for 2 KiB, and no datagram is longer. */
export const MAX_MESSAGE = 64 << 10;
/** A count has at most so many digits; more is no count. */
const COUNT_DIGITS = 9;

const LF = 10;
const BLANK = 32;
const LESS = 60;

export class Frames {
  /** Messages that were cut at MAX_MESSAGE. */
  cut = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** bytes that belong to a message that is too long */
  #skip = 0;
  #skipLine = false;

  /** The messages that are complete with these bytes. They may be parts of `data`. */
  push(data: Buffer): Buffer[] {
    const buf = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    const messages: Buffer[] = [];
    let at = 0;
    while (at < buf.length) {
      const next = this.#next(buf, at, messages);
      if (next === at) break;
      at = next;
    }
    // A copy: a few bytes must not keep a whole read alive.
    this.#rest = at < buf.length ? Buffer.from(buf.subarray(at)) : Buffer.alloc(0);
    return messages;
  }

  /** The sender is gone: what it sent of its last message. */
  end(): Buffer[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    const counted = countAt(rest, 0);
    const text = counted ? rest.subarray(counted.start) : rest;
    return text.length > 0 ? [trimmed(text)].filter(({ length }) => length > 0) : [];
  }

  /** Takes one message from `at`; returns where the next begins, or `at` when more bytes are needed. */
  #next(buf: Buffer, at: number, messages: Buffer[]): number {
    if (this.#skip > 0) {
      const n = Math.min(this.#skip, buf.length - at);
      this.#skip -= n;
      return at + n;
    }
    if (this.#skipLine) {
      const end = lineEnd(buf, at);
      this.#skipLine = end < 0;
      return end < 0 ? buf.length : end + 1;
    }
    const counted = countAt(buf, at);
    if (counted === null) return at;
    if (counted) {
      const { start, length } = counted;
      const kept = Math.min(length, MAX_MESSAGE);
      if (start + kept > buf.length) return at;
      if (length > kept) {
        this.cut++;
        this.#skip = length - kept;
      }
      push(messages, buf.subarray(start, start + kept));
      return start + kept;
    }
    const end = lineEnd(buf, at);
    if (end < 0 && buf.length - at <= MAX_MESSAGE) return at;
    if (end >= 0 && end - at <= MAX_MESSAGE) {
      push(messages, buf.subarray(at, end));
      return end + 1;
    }
    this.cut++;
    this.#skipLine = true;
    push(messages, buf.subarray(at, at + MAX_MESSAGE));
    return at + MAX_MESSAGE;
  }
}

function push(messages: Buffer[], message: Buffer): void {
  const text = trimmed(message);
  if (text.length > 0) messages.push(text);
}

/** The octet count at `at`: false = there is none, null = that cannot be told yet. */
function countAt(buf: Buffer, at: number): { start: number; length: number } | false | null {
  let p = at;
  let length = 0;
  while (p < buf.length && p - at < COUNT_DIGITS && buf[p] >= 48 && buf[p] <= 57) length = length * 10 + buf[p++] - 48;
  if (p === at || buf[at] === 48) return false;
  if (p === buf.length || (buf[p] === BLANK && p + 1 === buf.length)) return p - at < COUNT_DIGITS ? null : false;
  return buf[p] === BLANK && buf[p + 1] === LESS ? { start: p + 1, length } : false;
}

/** Where LF or NUL stands at or behind `at`; -1 = nowhere. */
function lineEnd(buf: Buffer, at: number): number {
  const newline = buf.indexOf(LF, at);
  const nul = buf.subarray(at, newline < 0 ? buf.length : newline).indexOf(0);
  return nul < 0 ? newline : at + nul;
}

/** Without the line ends and NULs that some senders put behind a message, whatever its framing. */
export function trimmed(message: Buffer): Buffer {
  let end = message.length;
  while (end > 0 && (message[end - 1] === LF || message[end - 1] === 13 || message[end - 1] === 0)) end--;
  return message.subarray(0, end);
}
