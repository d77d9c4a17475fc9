/**
 * A BSD syslog record on bytes (RFC 3164, and what devices make of it): [<PRI>] stamp host tag[pid]: message. Hot: no strings, no regular
 * expressions on a record's way.
 */
import { FIELD, type Sink } from '../format.ts';
import { attributeValue } from './line-format.ts';
import { decode } from './lines.ts';
import { syslogSeverity, SYSLOG_LEVELS } from './severity.ts';
import { priorityEnd, reportPriority } from './syslog-parts.ts';
import { isoTime, syslogTime, type Clock } from './time.ts';

/** Where the header's stamp begins behind priority, sequence number and Cisco's mark of an unsure clock; -1 when it cannot. */
export function stampStart(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  if (buf[p] === 60) {
    p = priorityEnd(buf, p, end);
    if (p < 0) return -1;
  }
  let q = p;
  while (q < end && q - p < 12 && buf[q] >= 48 && buf[q] <= 57) q++;
  if (q > p && q + 1 < end && buf[q] === 58 && buf[q + 1] === 32) p = q + 2;
  return buf[p] === 42 || (buf[p] === 46 && p > start) ? p + 1 : p;
}

/** us of the stamp at `p`, BSD or ISO with a T; NaN when there is none. */
export function stampTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const c = buf[p];
  if (c >= 65 && c <= 90) return syslogTime(buf, p, end, clock);
  return c >= 48 && c <= 57 && buf[p + 10] === 84 ? isoTime(buf, p, end, clock) : NaN;
}

/** Everything the record [start, end) says, whose first line ends at `lineEnd`. False, and nothing told, when it has no stamp. */
export function reportBsd(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink, clock: Clock): boolean {
  const at = stampStart(buf, start, lineEnd);
  const us = at < 0 ? NaN : stampTime(buf, at, lineEnd, clock);
  if (us !== us) return false;
  if (buf[start] === 60) reportPriority(buf, start, priorityEnd(buf, start, lineEnd), sink);
  sink.time(us, at, clock.end, !clock.zoned);
  reportRest(buf, clock.end, lineEnd, end, sink);
  return true;
}

/** Host, tag, pid and message from `p`, the byte behind the stamp. */
function reportRest(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink): void {
  if (buf[p] === 58) p++;
  while (p < lineEnd && buf[p] === 32) p++;
  if (p >= lineEnd) return;
  // macOS: '--- last message repeated 2 times ---'; Cisco without a host: '%SYS-5-CONFIG_I: ...'
  if (buf[p] === 45 && buf[p + 1] === 45) {
    sink.message(p, end);
    return;
  }
  if (buf[p] !== 37) {
    let q = p;
    while (q < lineEnd && buf[q] !== 32) q++;
    const last = buf[q - 1];
    // A word with a colon or a pid here is the tag: BusyBox and some embedded loggers write no host.
    if (last !== 58 && q < lineEnd) {
      sink.field(FIELD.host, p, q);
      p = q + 1;
      while (p < lineEnd && buf[p] === 32) p++;
      if (buf[p] === 58 && buf[p + 1] === 32) p += 2;
    }
  }
  reportTag(buf, p, lineEnd, end, sink);
}

/** tag[pid]: message */
export function reportTag(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink): void {
  if (buf[p] === 37 && reportMnemonic(buf, p, lineEnd, sink)) {
    sink.message(p, end);
    return;
  }
  let q = p;
  while (q < lineEnd) {
    const c = buf[q];
    if (c === 58 || c === 91 || c === 32) break;
    q++;
  }
  const tagEnd = q;
  let message = -1;
  if (buf[q] === 91 && q < lineEnd && q > p) {
    const pid = q + 1;
    while (q < lineEnd && buf[q] !== 93 && buf[q] !== 32) q++;
    if (q < lineEnd && buf[q] === 93) {
      if (sink.detail) sink.attribute('pid', attributeValue(decode(buf, pid, q)));
      message = q + 1;
      if (buf[message] === 58) message++;
    }
  } else if (buf[q] === 58 && q < lineEnd && q > p) {
    // A colon in the middle of a word (an IPv6 address, a URL) ends no tag.
    if (q + 1 >= lineEnd || buf[q + 1] === 32 || buf[q + 1] === 9) message = q + 1;
  }
  if (message < 0) {
    sink.message(p, end);
    return;
  }
  sink.field(FIELD.service, p, tagEnd);
  while (message < lineEnd && buf[message] === 32) message++;
  sink.message(Math.min(message, end), end);
}

/** Cisco's %FACILITY-SEVERITY-MNEMONIC: (also %ASA-6-302013:). Reports the severity; false when it is something else. */
function reportMnemonic(buf: Uint8Array, p: number, end: number, sink: Sink): boolean {
  let q = p + 1;
  while (q < end && ((buf[q] >= 65 && buf[q] <= 90) || (buf[q] >= 48 && buf[q] <= 57) || buf[q] === 95)) q++;
  // Facilities may hold dashes of their own: the severity is the digit that stands between two.
  while (q < end && buf[q] === 45 && !(buf[q + 1] >= 48 && buf[q + 1] <= 55 && buf[q + 2] === 45)) {
    q++;
    while (q < end && ((buf[q] >= 65 && buf[q] <= 90) || buf[q] === 95)) q++;
  }
  if (q === p + 1 || q + 3 >= end || buf[q] !== 45) return false;
  const level = buf[q + 1] - 48;
  const nameAt = q + 3;
  let r = nameAt;
  while (r < end && buf[r] !== 58 && buf[r] !== 32) r++;
  if (r >= end || buf[r] !== 58) return false;
  sink.severity(syslogSeverity(level));
  sink.text(FIELD.level, SYSLOG_LEVELS[level]);
  if (sink.detail) {
    sink.attribute('cisco.facility', decode(buf, p + 1, q));
    sink.attribute('cisco.mnemonic', decode(buf, nameAt, r));
  }
  return true;
}
