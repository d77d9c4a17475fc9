/**
 * The syslog header in front of a message that has a format of its own (CEF, LEEF): BSD, ISO or RFC 5424, whole or in part.
 */
import { FIELD, type Sink } from '../format.ts';
import { attributeValue } from './line-format.ts';
import { byteText, decode } from './lines.ts';
import { priorityEnd, reportPriority } from './syslog-parts.ts';
import { readTime, type Clock } from './time.ts';

/** When a header was written, and where that stands; us: NaN = it has no time. */
export interface HeaderTime {
  us: number;
  start: number;
  end: number;
  zoneAssumed: boolean;
}

/** Headers are short: in front of more than this stands something else. */
const LONGEST = 512;
const TAG = /^([^\s[\]:]+)(?:\[(\d+)\])?:?$/;

/**
 * Tells host, program and priority of the header buf[start, end). The time is handed back: what follows may know it better, and a
 * record has only one.
 */
export function reportSyslogHeader(buf: Uint8Array, start: number, end: number, sink: Sink, clock: Clock): HeaderTime {
  const none: HeaderTime = { us: NaN, start, end: start, zoneAssumed: false };
  if (end - start > LONGEST) return none;
  let p = skipCount(buf, start, end);
  const after = priorityEnd(buf, p, end);
  if (after > 0) {
    reportPriority(buf, p, after, sink);
    p = after;
  }
  const protocol = after > 0 && buf[p] === 49 && buf[p + 1] === 32;
  if (protocol) p += 2;
  while (p < end && buf[p] === 32) p++;
  const at = p;
  const us = readTime(buf, p, end, clock);
  const timed = us === us && clock.end <= end;
  const zoneAssumed = !clock.zoned;
  if (timed) p = clock.end;
  else if (protocol) p = wordEnd(buf, p, end);
  reportWords(buf, p, end, protocol, sink);
  return timed ? { us, start: at, end: clock.end, zoneAssumed } : none;
}

/** Host and program; those of RFC 5424 stand at fixed places, the BSD ones are told by their look. */
function reportWords(buf: Uint8Array, start: number, end: number, protocol: boolean, sink: Sink): void {
  let host = '';
  let at = 0;
  for (const { 0: word, index } of byteText(buf, start, end).matchAll(/[^ ]+/g)) {
    const from = start + index;
    const to = from + word.length;
    if (protocol) {
      if (at === 0) sink.field(FIELD.host, from, to);
      else if (at === 1) sink.field(FIELD.service, from, to);
      else if (sink.detail && at < 4 && word !== '-') sink.attribute(at === 2 ? 'procid' : 'msgid', attributeValue(decode(buf, from, to)));
    } else if (at === 0 && !word.endsWith(':')) {
      host = word;
      sink.field(FIELD.host, from, to);
    } else if (at === 0 || (at === 1 && host !== '')) {
      const tag = TAG.exec(word);
      if (tag) sink.field(FIELD.service, from, from + tag[1].length);
      if (tag?.[2] !== undefined && sink.detail) sink.attribute('pid', Number(tag[2]));
    }
    at++;
  }
}

/** Behind the octet count of RFC 6587, if there is one. */
function skipCount(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && p - start < 8 && buf[p] >= 48 && buf[p] <= 57) p++;
  return p > start && buf[p] === 32 && buf[p + 1] === 60 ? p + 1 : start;
}
function wordEnd(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] !== 32) p++;
  return p;
}
