/**
 * Cutting records out of bytes by lines. A line ends with LF or CRLF; a record is one line, or a line that starts a record with
 * the lines behind it that do not (stack traces, continuations). Everything works on bytes before decoding.
 */
import type { Parser, Sink } from '../format.ts';

/** A record never grows over this: what comes after is a record of its own. A single longer line is handed on whole. */
export const MAX_RECORD_BYTES = 1 << 20;
export const MAX_RECORD_LINES = 10_000;

export interface RecordReader {
  /** Whether a line (without its ending or a byte order mark, never blank) starts a record. Absent: every line does. */
  starts?(buf: Uint8Array, start: number, end: number): boolean;
  /**
   * Says what the record [start, end) holds; its first line ends at `lineEnd`. Must call sink.begin and sink.end (or sink.reject)
   * itself, once.
   */
  report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void;
}

/** Where the line that starts at `start` ends when its LF stands at `newline` (or the data ends there): one CR is cut off. */
export function trimLine(buf: Uint8Array, start: number, newline: number): number {
  return newline > start && buf[newline - 1] === 13 ? newline - 1 : newline;
}
/** Whether a line holds nothing but blanks. */
export function isBlank(buf: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = buf[i];
    if (c !== 32 && (c > 13 || c < 9)) return false;
  }
  return true;
}

/** The position behind a UTF-8 byte order mark at `start`, or `start`. */
export function skipMark(buf: Uint8Array, start: number, end: number): number {
  return buf[start] === 0xef && start + 3 <= end && buf[start + 1] === 0xbb && buf[start + 2] === 0xbf ? start + 3 : start;
}

/** The first line start at or after `from`, or -1. buf[from - 1] must be readable unless from is 0. */
export function nextLine(buf: Uint8Array, from: number, end: number): number {
  if (from === 0 || buf[from - 1] === 10) return from < end ? from : -1;
  const newline = buf.indexOf(10, from);
  return newline < 0 || newline + 1 >= end ? -1 : newline + 1;
}

/** The same bytes as a Buffer: its indexOf is memchr, that of a Uint8Array takes three times as long. */
function searchable(buf: Uint8Array): Buffer {
  return Buffer.from(buf.buffer, buf.byteOffset, buf.byteLength);
}

/** A parser (see Parser in format.ts) that cuts by lines and hands each record to `reader`. */
export function lineParser(reader: RecordReader): Required<Parser> {
  const { starts } = reader;
  // Lines before the first record (a header, the end of a rotated record) are records of their own, one each.
  let started = false;

  return {
    parse(buf, start, end, stopAt, final, sink) {
      const search = searchable(buf);
      let record = -1;
      let recordAt = 0;
      let firstEnd = 0;
      let recordEnd = 0;
      let lines = 0;
      let at = start;
      while (at < end) {
        let newline = search.indexOf(10, at);
        if (newline < 0 || newline >= end) {
          if (!final) break;
          newline = end;
        }
        const lineStart = skipMark(buf, at, newline);
        const lineEnd = trimLine(buf, lineStart, newline);
        const next = newline < end ? newline + 1 : end;
        if (isBlank(buf, lineStart, lineEnd)) {
          at = next;
          continue;
        }
        const isStart = starts === undefined || starts(buf, lineStart, lineEnd);
        if (record >= 0) {
          if (!isStart && lines < MAX_RECORD_LINES && lineEnd - recordAt <= MAX_RECORD_BYTES) {
            recordEnd = lineEnd;
            lines++;
            at = next;
            continue;
          }
          reader.report(buf, recordAt, firstEnd, recordEnd, sink);
          record = -1;
        }
        if (at >= stopAt) return at;
        if (starts === undefined || (!isStart && !started)) {
          reader.report(buf, lineStart, lineEnd, lineEnd, sink);
        } else {
          started = true;
          record = at;
          recordAt = lineStart;
          firstEnd = lineEnd;
          recordEnd = lineEnd;
          lines = 1;
        }
        at = next;
      }
      if (record < 0) return at;
      if (!final) return record;
      reader.report(buf, recordAt, firstEnd, recordEnd, sink);
      return end;
    },
    sync(buf, from, end) {
      let at = nextLine(buf, from, end);
      if (starts === undefined) return at;
      while (at >= 0 && at < end) {
        const newline = buf.indexOf(10, at);
        if (newline < 0 || newline >= end) return -1;
        const lineStart = skipMark(buf, at, newline);
        const lineEnd = trimLine(buf, lineStart, newline);
        if (!isBlank(buf, lineStart, lineEnd) && starts(buf, lineStart, lineEnd)) return at;
        at = newline + 1;
      }
      return -1;
    },
  };
}

/** What Buffer.toString('latin1') calls: it works on any Uint8Array, which spares a Buffer for each line. */
const { latin1Slice } = Buffer.prototype as Buffer & { latin1Slice(this: Uint8Array, start: number, end: number): string };
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Bytes as a string in which character i is byte i, for regular expressions: bytes above 127 are kept apart from ASCII but are not
 * decoded, so take field values from the bytes.
 */
export function byteText(buf: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(buf, start, end);
}
/** Bytes as text, decoded as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function decode(buf: Uint8Array, start: number, end: number): string {
  return utf8.decode(buf.subarray(start, end));
}

/** First byte at or after `p` that does not belong to an ANSI escape sequence (ECMA-48 CSI, or ESC and one byte). */
export function skipAnsi(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] === 27) {
    p++;
    if (p >= end) return end;
    if (buf[p] !== 91) {
      p++;
      continue;
    }
    p++;
    while (p < end && buf[p] >= 32 && buf[p] < 64) p++;
    if (p < end) p++;
  }
  return p;
}
