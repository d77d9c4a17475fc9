/**
 * Time stamps on bytes. Every function reads the stamp that starts at `p`, returns microseconds UTC or NaN, and on success sets
 * `clock.end` (first byte after the stamp) and `clock.zoned` (the text named its zone). Fractions finer than a microsecond are
 * cut off. No strings and no regular expressions: this runs once a record.
 */
import { HOUR_US, type Clock } from './clock.ts';
import { abbreviationOffset, clockTime, four, isDigit, isLetter, MINUTE_US, monthAt, offsetAt, two, yearAt, zoned } from './time-parts.ts';
import { alternateTime } from './time-shapes.ts';

export { createClock, type Clock } from './clock.ts';

/** YYYY-MM-DD hh:mm:ss and its relatives: date marks - / . (both the same), T t blank _ - : between, hh:mm, hh.mm.ss, fraction, zone. */
export function isoTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p + 16 > end) return NaN;
  const dash = buf[p + 4];
  if ((dash !== 45 && dash !== 47 && dash !== 46) || buf[p + 7] !== dash) return NaN;
  const year = four(buf, p);
  const month = two(buf, p + 5);
  const date = two(buf, p + 8);
  if (year < 0 || month < 0 || date < 0) return NaN;
  const midnight = clock.day(year, month, date);
  const between = buf[p + 10];
  if (between !== 84 && between !== 32 && between !== 116 && between !== 95 && between !== 45 && between !== 58) return NaN;
  const at = p + 11;
  let us = clockTime(buf, at, end, clock, 58);
  if (us < 0 && between === 45) us = clockTime(buf, at, end, clock, 46);
  if (us < 0 && buf[at + 2] === 58 && (at + 5 >= end || (buf[at + 5] !== 58 && !isDigit(buf[at + 5])))) {
    const hour = two(buf, at);
    const minute = two(buf, at + 3);
    if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60) us = hour * HOUR_US + minute * MINUTE_US;
    clock.end = at + 5;
  }
  if (us < 0 || midnight !== midnight) return NaN;
  return zoned(midnight + us, buf, clock.end, end, clock);
}

/** dd/Mmm/YYYY:hh:mm:ss +zzzz, the common log format's (also with a blank before the hour). */
export function clfTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p + 20 > end || buf[p + 2] !== 47 || buf[p + 6] !== 47 || (buf[p + 11] !== 58 && buf[p + 11] !== 32)) return NaN;
  const date = two(buf, p);
  const year = four(buf, p + 7);
  if (date < 0 || year < 0) return NaN;
  const midnight = clock.day(year, monthAt(buf, p + 3), date);
  const us = clockTime(buf, p + 12, end, clock, 58);
  if (us < 0 || midnight !== midnight) return NaN;
  return zoned(midnight + us, buf, clock.end, end, clock);
}

/**
 * Mmm dd hh:mm:ss as BSD syslog writes it (RFC 3164), with an optional fraction, year (before or after the time) and zone.
 * A zone's name only counts before a year or a colon: otherwise the word is the host.
 */
export function syslogTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p + 14 > end || buf[p + 3] !== 32) return NaN;
  const month = monthAt(buf, p);
  if (month === 0) return NaN;
  let q = p + 4;
  if (buf[q] === 32) q++;
  let date = buf[q] - 48;
  if (date >>> 0 > 9) return NaN;
  const ones = buf[q + 1] - 48;
  if (ones >>> 0 <= 9) {
    date = date * 10 + ones;
    q++;
  }
  q++;
  if (buf[q] !== 32) return NaN;
  q++;
  let year = -1;
  let us = clockTime(buf, q, end, clock, 58);
  if (us < 0) {
    year = four(buf, q);
    if (year < 1900 || buf[q + 4] !== 32) return NaN;
    us = clockTime(buf, q + 5, end, clock, 58);
    if (us < 0) return NaN;
  }
  const behind = clock.end;
  const c = behind < end ? buf[behind] : 0;
  if (year >= 0) return zoned(clock.day(year, month, date) + us, buf, behind, end, clock);
  if (c === 32 && behind + 5 <= end) {
    const next = buf[behind + 1];
    if (next === 49 || next === 50) {
      year = yearAt(buf, behind + 1, end);
      if (year >= 0) return zoned(clock.day(year, month, date) + us, buf, behind + 5, end, clock);
    } else if (next >= 65 && next <= 90) {
      const offset = abbreviationOffset(buf, behind + 1, end, clock);
      if (offset === offset) {
        const after = clock.end;
        clock.zoned = true;
        year = after < end && buf[after] === 32 ? yearAt(buf, after + 1, end) : -1;
        if (year >= 0) {
          clock.end = after + 5;
          return clock.day(year, month, date) + us - offset;
        }
        if (after < end && buf[after] === 58) return clock.yearlessZoned(month, date, us, offset);
      }
    }
  } else if (c === 43 || c === 45 || c === 90) {
    const offset = offsetAt(buf, behind, end, clock);
    if (offset === offset) {
      clock.zoned = true;
      return clock.yearlessZoned(month, date, us, offset);
    }
  }
  clock.end = behind;
  clock.zoned = false;
  return clock.yearless(month, date, us);
}

/**
 * Any time stamp this product knows, at `p`:
 * ISO 8601 / RFC 3339 and relatives; YYYYMMDD hhmmss; YYMMDD hhmmss; YY/MM/DD; MM/DD/YYYY and DD.MM.YYYY; MM-DD and MM.DD
 * (no year); dd Mmm YYYY; CLF; syslog; ctime; RFC 1123; java.util.logging; glog; epoch s, ms, us, ns; a time of day alone.
 */
export function readTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p + 8 > end) return NaN;
  const c = buf[p];
  if (c >= 48 && c <= 57) {
    const dash = buf[p + 4];
    if (dash === 45 || dash === 47 || dash === 46) {
      const us = isoTime(buf, p, end, clock);
      if (us === us) return us;
    } else if (buf[p + 2] === 47) {
      const us = clfTime(buf, p, end, clock);
      if (us === us) return us;
    }
  } else if (isLetter(c)) {
    const us = syslogTime(buf, p, end, clock);
    if (us === us) return us;
  } else {
    return NaN;
  }
  return alternateTime(buf, p, end, clock);
}
