/** A syslog protocol message on bytes (RFC 5424). Hot: structured data is only taken apart when one record is read back. */
import { FIELD, type Sink } from '../format.ts';
import { attributeValue } from './line-format.ts';
import { decode } from './lines.ts';
import { priorityEnd, reportPriority } from './syslog-parts.ts';
import { isoTime, type Clock } from './time.ts';

/** Where <PRI> begins (behind an octet count), or -1; the version 1 and a blank must follow it. */
export function priorityStart(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && p - start < 8 && buf[p] >= 48 && buf[p] <= 57) p++;
  if (p > start) {
    if (buf[p] !== 32) return -1;
    p++;
  }
  const q = priorityEnd(buf, p, end);
  return q >= 0 && q + 1 < end && buf[q] === 49 && buf[q + 1] === 32 ? p : -1;
}

/** Where the word at `p` ends. */
function wordEnd(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] !== 32) p++;
  return p;
}

/**
 * Everything the message [priority, end) says; its first line ends at `lineEnd`, and priorityStart() found it.
 * @returns whether it told a time
 */
export function reportProtocol(buf: Uint8Array, priority: number, lineEnd: number, end: number, sink: Sink, clock: Clock): boolean {
  const after = priorityEnd(buf, priority, lineEnd);
  reportPriority(buf, priority, after, sink);
  const us = isoTime(buf, after + 2, lineEnd, clock);
  const timeEnd = wordEnd(buf, after + 2, lineEnd);
  const timed = us === us && clock.end === timeEnd;
  if (timed) sink.time(us, after + 2, timeEnd, !clock.zoned);
  reportHeader(buf, timeEnd + 1, lineEnd, end, sink);
  return timed;
}

/** Everything behind the time stamp. */
function reportHeader(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink): void {
  let q = wordEnd(buf, p, lineEnd);
  sink.field(FIELD.host, p, q);
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  sink.field(FIELD.service, p, q);
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  if (sink.detail && q > p && !(q === p + 1 && buf[p] === 45)) sink.attribute('procid', attributeValue(decode(buf, p, q)));
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  if (sink.detail && q > p && !(q === p + 1 && buf[p] === 45)) sink.attribute('msgid', decode(buf, p, q));
  p = q + 1;
  if (p >= lineEnd) return;
  let message = p;
  let data = -1;
  if (buf[p] === 45 && (p + 1 >= lineEnd || buf[p + 1] === 32)) {
    message = p + 2;
  } else if (buf[p] === 91) {
    data = p;
    message = structuredData(buf, p, lineEnd, sink) + 1;
  }
  if (message + 2 < lineEnd && buf[message] === 0xef && buf[message + 1] === 0xbb && buf[message + 2] === 0xbf) message += 3;
  if (message < lineEnd) sink.message(message, end);
  else if (data >= 0) sink.message(data, end);
}

/** Passes over [id name="value" ...][...] and, when a record is read back, reports each value. Returns the byte behind it. */
function structuredData(buf: Uint8Array, p: number, end: number, sink: Sink): number {
  while (p < end && buf[p] === 91) {
    const idAt = ++p;
    while (p < end && buf[p] !== 32 && buf[p] !== 93) p++;
    const id = sink.detail ? decode(buf, idAt, p) : '';
    while (p < end && buf[p] === 32) {
      const nameAt = ++p;
      while (p < end && buf[p] !== 61 && buf[p] !== 93) p++;
      if (p >= end || buf[p] === 93) break;
      const nameEnd = p++;
      if (buf[p] !== 34) break;
      const valueAt = ++p;
      while (p < end && buf[p] !== 34) p += buf[p] === 92 ? 2 : 1;
      if (p > end) p = end;
      if (sink.detail) {
        const value = decode(buf, valueAt, p).replace(/\\(["\\\]])/g, '$1');
        sink.attribute(`${id}.${decode(buf, nameAt, nameEnd)}`, value);
      }
      p++;
    }
    if (p >= end || buf[p] !== 93) return Math.min(p, end);
    p++;
  }
  return p;
}
