/**
 * The parts of time stamps on bytes: digits, months, time of day, fraction, zone. A reader that finds its part sets `clock.end`
 * to the first byte after it.
 */
import { DAY_US, HOUR_US, type Clock } from './clock.ts';

export const MINUTE_US = 60e6;
const FRACTION_US = [1e6, 1e5, 1e4, 1e3, 100, 10, 1];

/** Two digits at `p` as a number, or a number below zero. */
export function two(buf: Uint8Array, p: number): number {
  const tens = buf[p] - 48;
  const ones = buf[p + 1] - 48;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones;
}
/** Four digits at `p` as a number, or a number below zero. */
export function four(buf: Uint8Array, p: number): number {
  const high = two(buf, p);
  const low = two(buf, p + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}
export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
export function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
}

/** Month 1..12 from three letters in any case, or 0. */
export function monthAt(buf: Uint8Array, p: number): number {
  switch (((buf[p] | 32) << 16) | ((buf[p + 1] | 32) << 8) | (buf[p + 2] | 32)) {
    case 0x6a616e: return 1;
    case 0x666562: return 2;
    case 0x6d6172: return 3;
    case 0x617072: return 4;
    case 0x6d6179: return 5;
    case 0x6a756e: return 6;
    case 0x6a756c: return 7;
    case 0x617567: return 8;
    case 0x736570: return 9;
    case 0x6f6374: return 10;
    case 0x6e6f76: return 11;
    case 0x646563: return 12;
    default: return 0;
  }
}

/**
 * A fraction that may stand at `p`: [.,:] and digits (':' only before exactly three). Returns its microseconds, 0 when there is
 * none, and sets clock.end behind it.
 */
export function fraction(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const mark = p < end ? buf[p] : 0;
  clock.end = p;
  if (mark !== 46 && mark !== 44 && mark !== 58) return 0;
  let q = p + 1;
  let value = 0;
  while (q < end) {
    const digit = buf[q] - 48;
    if (digit >>> 0 > 9) break;
    if (q - p <= 6) value = value * 10 + digit;
    q++;
  }
  const digits = q - p - 1;
  if (digits === 0 || (mark === 58 && digits !== 3)) return 0;
  clock.end = q;
  return value * FRACTION_US[digits > 6 ? 6 : digits];
}

/** hh:mm:ss with an optional fraction; us of the day or -1. `mark` is the byte between the parts. A leap second rolls over. */
export function clockTime(buf: Uint8Array, p: number, end: number, clock: Clock, mark: number): number {
  if (p + 8 > end || buf[p + 2] !== mark || buf[p + 5] !== mark) return -1;
  const hour = two(buf, p);
  const minute = two(buf, p + 3);
  const second = two(buf, p + 6);
  if (hour < 0 || minute < 0 || second < 0 || hour > 24 || minute > 59 || second > 60) return -1;
  const us = hour * HOUR_US + minute * MINUTE_US + second * 1e6 + fraction(buf, p + 8, end, clock);
  return us > DAY_US && hour === 24 ? -1 : us;
}

/**
 * Reads a zone at `p` (Z, +hh, +hhmm, +hh:mm, or after one blank +hhmm, +hh:mm or an abbreviation) and turns a local time into
 * UTC, with the source's zone where there is none.
 */
export function zoned(local: number, buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const offset = offsetAt(buf, p, end, clock);
  if (offset === offset) {
    clock.zoned = true;
    return local - offset;
  }
  clock.end = p;
  clock.zoned = false;
  return clock.utc(local);
}

/** Microseconds east of UTC that the zone at `p` names, or NaN; sets clock.end. */
export function offsetAt(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p >= end) return NaN;
  let c = buf[p];
  let spaced = false;
  if (c === 32) {
    if (p + 1 >= end) return NaN;
    c = buf[++p];
    spaced = true;
  }
  if (c === 43 || c === 45) return signedOffset(buf, p, end, clock, spaced);
  if (c === 90 && !spaced) {
    if (p + 1 < end && (isLetter(buf[p + 1]) || isDigit(buf[p + 1]))) return NaN;
    clock.end = p + 1;
    return 0;
  }
  return c >= 65 && c <= 90 ? abbreviationOffset(buf, p, end, clock) : NaN;
}

/** +hh, +hhmm or +hh:mm; `strict` wants the minutes too. */
function signedOffset(buf: Uint8Array, p: number, end: number, clock: Clock, strict: boolean): number {
  if (p + 3 > end) return NaN;
  const hours = two(buf, p + 1);
  let q = p + 3;
  let minutes = 0;
  const colon = q < end && buf[q] === 58;
  const at = colon ? q + 1 : q;
  const low = at + 2 <= end ? two(buf, at) : -1;
  if (low >= 0) {
    minutes = low;
    q = at + 2;
  } else if (strict) {
    return NaN;
  }
  if (hours < 0 || hours > 15 || minutes > 59 || (q < end && isDigit(buf[q]))) return NaN;
  clock.end = q;
  const us = hours * HOUR_US + minutes * MINUTE_US;
  return buf[p] === 45 ? -us : us;
}

/** A year 19xx or 20xx at `p` that ends there, or -1. */
export function yearAt(buf: Uint8Array, p: number, end: number): number {
  if (p + 4 > end) return -1;
  const year = four(buf, p);
  if (year < 1900 || year > 2099) return -1;
  const c = p + 4 < end ? buf[p + 4] : 32;
  return isDigit(c) || isLetter(c) || c === 46 || c === 45 || c === 95 ? -1 : year;
}

/**
 * Hours east of UTC of zone abbreviations: those of RFC 822 and those that mean one zone only. Ambiguous ones (IST, AST) are left
 * out on purpose: the source's zone is the better guess.
 */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  UTC: 0, GMT: 0, UT: 0, Z: 0,
  EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10,
  WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3, SAST: 2,
  JST: 9, KST: 9, AWST: 8, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13,
};
function letterKey(word: string): number {
  let key = 0;
  for (let i = 0; i < word.length; i++) key = key * 32 + word.charCodeAt(i) - 64;
  return key;
}
const OFFSETS = new Map(Object.entries(ABBREVIATIONS).map(([word, hours]) => [letterKey(word), hours * HOUR_US]));

/** us east of UTC of the abbreviation that stands alone at `p` (GMT and UTC may carry +hhmm), or NaN; sets clock.end. */
export function abbreviationOffset(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  let key = 0;
  let q = p;
  while (q < end && q - p < 5 && buf[q] >= 65 && buf[q] <= 90) key = key * 32 + buf[q++] - 64;
  const offset = OFFSETS.get(key);
  if (offset === undefined) return NaN;
  const c = q < end ? buf[q] : 32;
  if ((c === 43 || c === 45) && offset === 0) {
    const more = signedOffset(buf, q, end, clock, true);
    if (more === more) return more;
  }
  // The word must end here: ESTABLISHED, PST-7 and CET_1 are no zones.
  if (isLetter(c) || isDigit(c) || c === 95 || c === 45 || c === 46 || c === 61) return NaN;
  clock.end = q;
  return offset;
}
