/**
 * What can be told of a line whose format is not known: a level word near its start, the name of what wrote it, a time somewhere.
 * Bytes only.
 */
import { isDigit, isLetter } from './time-parts.ts';
import { readTime, type Clock } from './time.ts';
import { severityAt } from './severity.ts';

/** A level word is looked for among this many words and bytes. */
const LEVEL_WORDS = 10;
const LEVEL_BYTES = 200;
/** A time stamp is looked for in this many bytes. */
const TIME_BYTES = 200;

/** Where something was found: [start, end) of the buffer, and for levels the severity code. Reused between calls. */
export interface Found {
  start: number;
  end: number;
  code: number;
}

/** What may stand between the parts of a line's head. */
export function isSeparator(c: number): boolean {
  return c === 32 || c === 9 || c === 58 || c === 93 || c === 91 || c === 124 || c === 45 || c === 44 || c === 40 || c === 41 || c === 59 || c === 62 || c === 60;
}

/**
 * Finds a level word at or after `p`. Capitals count anywhere among the first words; other spellings only where a level is
 * written: first, in brackets, before a colon or behind 'level='. Single letters only in brackets.
 */
export function findLevel(buf: Uint8Array, p: number, end: number, found: Found): boolean {
  const limit = Math.min(end, p + LEVEL_BYTES);
  let words = 0;
  while (p < limit && words < LEVEL_WORDS) {
    const c = buf[p];
    if (!isLetter(c) && !isDigit(c)) {
      p++;
      continue;
    }
    let q = p;
    let capitals = true;
    while (q < end && (isLetter(buf[q]) || isDigit(buf[q]) || buf[q] === 95)) {
      if (buf[q] >= 97) capitals = false;
      q++;
    }
    const length = q - p;
    if (length <= 13 && isLetter(c)) {
      const code = severityAt(buf, p, q);
      if (code >= 0) {
        const before = p > 0 ? buf[p - 1] : 32;
        const after = q < end ? buf[q] : 32;
        const bracketed = (before === 91 && after === 93) || (before === 60 && after === 62) || (before === 40 && after === 41);
        const said = before === 61 || (after === 58 && before !== 47) || (words === 0 && (after === 32 || after === 9));
        // A word that goes on over a dot or dash is a name: 'info.log', 'ALERT-7'.
        const whole = before !== 45 && before !== 47 && after !== 46 && after !== 45 && after !== 47 && after !== 61;
        if (bracketed || (whole && length > 2 && (capitals || said))) {
          found.start = p;
          found.end = q;
          found.code = code;
          return true;
        }
      }
    }
    words++;
    p = q;
  }
  return false;
}

/** Bytes of names of programs, loggers and classes. */
function isName(c: number): boolean {
  return isLetter(c) || isDigit(c) || c === 46 || c === 95 || c === 36 || c === 45 || c === 47 || c === 64 || c === 35;
}

/**
 * The name of what wrote the line, when `p` is at 'name: ', 'name[123]: ' or 'name - '. A plain capitalised word is a word of the
 * message. found.end is the name's end; returns the first byte of the message or -1.
 */
export function findName(buf: Uint8Array, p: number, end: number, found: Found): number {
  if (p >= end || !isLetter(buf[p])) return -1;
  let q = p;
  let structured = false;
  let lower = true;
  const limit = Math.min(end, p + 100);
  while (q < limit && isName(buf[q])) {
    const c = buf[q];
    if (!isLetter(c)) structured = true;
    else if (c < 97) lower = false;
    q++;
  }
  const nameEnd = q;
  if (buf[q] === 91 && isDigit(buf[q + 1])) {
    q++;
    while (q < limit && isDigit(buf[q])) q++;
    if (buf[q] !== 93) return -1;
    q++;
    structured = true;
  }
  if (nameEnd - p < 2 || severityAt(buf, p, nameEnd) >= 0) return -1;
  found.start = p;
  found.end = nameEnd;
  if (q < end && buf[q] === 58 && (structured || lower) && buf[q + 1] !== 47) {
    q++;
    while (q < end && buf[q] === 32) q++;
    return q;
  }
  if (structured && q + 2 < end && buf[q] === 32 && buf[q + 1] === 45 && buf[q + 2] === 32) return q + 3;
  return -1;
}

/** Whether a time stamp may begin here: behind a blank or an opening mark. */
function opens(c: number): boolean {
  return c === 32 || c === 9 || c === 91 || c === 40 || c === 34 || c === 39 || c === 61 || c === 124 || c === 60 || c === 58;
}

/**
 * The first time stamp in the line's first 200 bytes; us UTC or NaN, and found.start its first byte (clock.end its end). Behind the
 * line's start only stamps with a date in them that cannot be other numbers count.
 */
export function findTime(buf: Uint8Array, start: number, end: number, clock: Clock, found: Found): number {
  const limit = Math.min(end, start + TIME_BYTES);
  for (let p = start; p < limit; p++) {
    const c = buf[p];
    const first = p === start;
    if (!first && !opens(buf[p - 1])) continue;
    const digit = isDigit(c);
    if (!digit && !(c >= 65 && c <= 90)) continue;
    if (!first && digit && !datedAt(buf, p, end)) continue;
    const us = readTime(buf, p, end, clock);
    if (us === us) {
      found.start = p;
      return us;
    }
  }
  return NaN;
}
/** YYYY- YYYY/ dd/M dd-M dd M or d M: the digits at `p` begin a date with a year or a month's name. */
function datedAt(buf: Uint8Array, p: number, end: number): boolean {
  if (p + 8 > end) return false;
  const four = buf[p + 4];
  if (isDigit(buf[p + 3])) return four === 45 || four === 47;
  const month = isDigit(buf[p + 1]) ? buf[p + 3] : buf[p + 2];
  return month >= 65 && month <= 90;
}
