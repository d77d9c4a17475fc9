/**
 * The rarer shapes of time stamps behind readTime (time.ts): same rules, less speed.
 */
import { DAY_US, HOUR_US, type Clock } from './clock.ts';
import { abbreviationOffset, clockTime, four, fraction, isDigit, isLetter, MINUTE_US, monthAt, two, yearAt, zoned } from './time-parts.ts';

/** Every shape that is not ISO, CLF or syslog. The byte at `p` is a letter or a digit. */
export function alternateTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (isLetter(buf[p])) return letterTime(buf, p, end, clock);
  let q = p;
  while (q < end && q - p < 20 && isDigit(buf[q])) q++;
  const digits = q - p;
  const next = q < end ? buf[q] : 32;
  if (digits >= 10) return epochTime(buf, p, q, end, clock);
  if (digits === 4) return spacedTime(buf, p, end, clock);
  if (digits === 8) return compactTime(buf, p, 4, end, clock);
  if (digits === 6) return compactTime(buf, p, 2, end, clock);
  if (digits === 1 || digits === 2) {
    if (next === 58) return digits === 2 ? timeOfDay(buf, p, end, clock) : NaN;
    if (next === 32 || next === 45) {
      const us = dayMonthTime(buf, p, q, end, clock);
      if (us === us) return us;
    }
    if (next === 47 || next === 45 || next === 46) return numericDate(buf, p, q, end, clock);
  }
  return NaN;
}

/** hh:mm:ss[.f] with an optional blank and AM or PM, one- or two-digit hour; us of the day or -1; sets clock.end. */
function looseClock(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const short = p + 1 < end && isDigit(buf[p]) && buf[p + 1] === 58;
  let us: number;
  if (short) {
    const minute = two(buf, p + 2);
    const second = two(buf, p + 5);
    if (p + 7 > end || buf[p + 4] !== 58 || minute < 0 || second < 0 || minute > 59 || second > 60) return -1;
    us = (buf[p] - 48) * HOUR_US + minute * MINUTE_US + second * 1e6 + fraction(buf, p + 7, end, clock);
  } else {
    us = clockTime(buf, p, end, clock, 58);
    if (us < 0) return -1;
  }
  let q = clock.end;
  if (q < end && (buf[q] === 32 || buf[q] === 0xa0)) q++;
  const half = q + 1 < end && (buf[q + 1] | 32) === 109 ? buf[q] | 32 : 0;
  if ((half === 97 || half === 112) && (q + 2 >= end || !isLetter(buf[q + 2]))) {
    clock.end = q + 2;
    const hour = Math.floor(us / HOUR_US);
    if (hour > 12 || hour < 1) return -1;
    us = us - hour * HOUR_US + ((hour % 12) + (half === 112 ? 12 : 0)) * HOUR_US;
  }
  return us;
}

function timeOfDay(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const us = clockTime(buf, p, end, clock, 58);
  if (us < 0 || us >= DAY_US || (clock.end < end && (isDigit(buf[clock.end]) || buf[clock.end] === 58))) return NaN;
  clock.zoned = false;
  return clock.dateless(us);
}

/** YYYY-MM-DD and an hour with a blank for its leading zero (MariaDB). */
function spacedTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (p + 19 > end || buf[p + 4] !== 45 || buf[p + 7] !== 45 || buf[p + 10] !== 32 || buf[p + 11] !== 32) return NaN;
  const us = looseClock(buf, p + 12, end, clock);
  return us < 0 ? NaN : zoned(clock.day(four(buf, p), two(buf, p + 5), two(buf, p + 8)) + us, buf, clock.end, end, clock);
}

/** YYYYMMDD or YYMMDD, then one of T . - blank, then hhmmss or hh:mm:ss, fraction, zone. */
function compactTime(buf: Uint8Array, p: number, yearDigits: 2 | 4, end: number, clock: Clock): number {
  let q = p + yearDigits + 4;
  const year = yearDigits === 4 ? four(buf, p) : century(two(buf, p));
  const midnight = clock.day(year, two(buf, p + yearDigits), two(buf, p + yearDigits + 2));
  const between = q < end ? buf[q] : 0;
  if (midnight !== midnight || (between !== 84 && between !== 46 && between !== 45 && between !== 32)) return NaN;
  q++;
  if (between === 32 && buf[q] === 32) q++;
  let us = looseClock(buf, q, end, clock);
  if (us < 0) {
    const hour = q + 6 <= end ? two(buf, q) : -1;
    const minute = two(buf, q + 2);
    const second = two(buf, q + 4);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return NaN;
    if (q + 6 < end && isDigit(buf[q + 6])) return NaN;
    us = hour * HOUR_US + minute * MINUTE_US + second * 1e6 + (buf[q + 6] === 58 ? 0 : fraction(buf, q + 6, end, clock));
    if (buf[q + 6] === 58 || q + 6 >= end) clock.end = q + 6;
  }
  return zoned(midnight + us, buf, clock.end, end, clock);
}

/** Two-digit years as POSIX reads them: 69..99 are 19xx, 00..68 are 20xx. */
function century(year: number): number {
  return year < 0 ? -1 : year + (year >= 69 ? 1900 : 2000);
}

/** dd Mmm YYYY hh:mm:ss and dd-Mmm-YYYY hh:mm:ss (Redis, BIND, Tomcat). */
function dayMonthTime(buf: Uint8Array, p: number, q: number, end: number, clock: Clock): number {
  const mark = buf[q];
  const month = q + 4 < end ? monthAt(buf, q + 1) : 0;
  if (month === 0 || buf[q + 4] !== mark) return NaN;
  const year = four(buf, q + 5);
  const date = q - p === 2 ? two(buf, p) : buf[p] - 48;
  if (year < 0 || (buf[q + 9] !== 32 && buf[q + 9] !== 58)) return NaN;
  const us = looseClock(buf, q + 10, end, clock);
  return us < 0 ? NaN : zoned(clock.day(year, month, date) + us, buf, clock.end, end, clock);
}

/**
 * Numbers with / - or . between: MM/DD/YYYY (DD/MM when the first cannot be a month; DD.MM.YYYY with dots), YY/MM/DD, MM/DD/YY,
 * MM-DD and MM.DD (no year). Then a blank (or comma and blank) and the time of day.
 */
function numericDate(buf: Uint8Array, p: number, q: number, end: number, clock: Clock): number {
  const mark = buf[q];
  const first = q - p === 2 ? two(buf, p) : buf[p] - 48;
  let at = q + 1;
  const second = number2(buf, at, end);
  if (second < 0) return NaN;
  at += width2(buf, at, end);
  if (buf[at] !== mark) {
    const us = buf[at] === 32 ? clockTime(buf, at + 1, end, clock, 58) : -1;
    if (us < 0) return NaN;
    clock.zoned = false;
    return clock.yearless(first, second, us);
  }
  at++;
  const long = at + 4 <= end ? four(buf, at) : -1;
  const third = long >= 0 ? long : number2(buf, at, end);
  if (third < 0) return NaN;
  at += long >= 0 ? 4 : width2(buf, at, end);
  if (buf[at] === 44) at++;
  if (buf[at] !== 32 && buf[at] !== 45 && buf[at] !== 58) return NaN;
  const us = looseClock(buf, at + 1, end, clock);
  if (us < 0) return NaN;
  let midnight: number;
  if (long >= 0) {
    const dayFirst = mark === 46 || first > 12;
    midnight = dayFirst ? clock.day(long, second, first) : clock.day(long, first, second);
  } else {
    midnight = q - p === 2 ? clock.day(century(first), second, third) : NaN;
    if (midnight !== midnight) midnight = clock.day(century(third), first, second);
  }
  return zoned(midnight + us, buf, clock.end, end, clock);
}
function width2(buf: Uint8Array, p: number, end: number): number {
  return p + 1 < end && isDigit(buf[p + 1]) ? 2 : 1;
}
function number2(buf: Uint8Array, p: number, end: number): number {
  if (p >= end || !isDigit(buf[p])) return -1;
  return width2(buf, p, end) === 2 ? two(buf, p) : buf[p] - 48;
}

/** First and last second (1990, 2100) that a bare number may mean: other numbers are not times. */
const EPOCH_FROM = 631152000;
const EPOCH_TO = 4102444800;

/** 10, 13, 16 or 19 digits: seconds, ms, us, ns since 1970; the first two may have decimals. */
function epochTime(buf: Uint8Array, p: number, q: number, end: number, clock: Clock): number {
  const digits = q - p;
  if (digits !== 10 && digits !== 13 && digits !== 16 && digits !== 19) return NaN;
  if (q < end && (isLetter(buf[q]) || buf[q] === 95)) return NaN;
  let whole = 0;
  for (let i = p; i < p + Math.min(digits, 16); i++) whole = whole * 10 + buf[i] - 48;
  let us = digits === 10 ? whole * 1e6 : digits === 13 ? whole * 1e3 : whole;
  clock.end = q;
  if (digits <= 13 && q + 1 < end && buf[q] === 46 && isDigit(buf[q + 1])) {
    const part = fraction(buf, q, end, clock);
    us += digits === 10 ? part : Math.floor(part / 1e3);
  }
  if (us < EPOCH_FROM * 1e6 || us >= EPOCH_TO * 1e6) return NaN;
  clock.zoned = true;
  return us;
}

/** Ddd Mmm dd hh:mm:ss [zone] YYYY; Ddd, dd Mmm YYYY hh:mm:ss zone; Mmm dd, YYYY h:mm:ss AM; Lmmdd hh:mm:ss (glog). */
function letterTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  if (isDigit(buf[p + 1])) return glogTime(buf, p, end, clock);
  const comma = buf[p + 3] === 44;
  if (isWeekday(buf, p) && (buf[p + 3] === 32 || comma)) {
    const q = comma && buf[p + 4] === 32 ? p + 5 : p + 4;
    if (isDigit(buf[q])) {
      const width = width2(buf, q, end);
      return dayMonthTime(buf, q, q + width, end, clock);
    }
    return monthDayTime(buf, q, end, clock);
  }
  return monthDayTime(buf, p, end, clock);
}

/** glog and klog: a severity letter, mmdd, blank, hh:mm:ss.us; the stamp has no year and includes the letter. */
function glogTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const level = buf[p];
  if (level !== 73 && level !== 87 && level !== 69 && level !== 70 && level !== 68) return NaN;
  const us = buf[p + 5] === 32 ? clockTime(buf, p + 6, end, clock, 58) : -1;
  if (us < 0) return NaN;
  clock.zoned = false;
  return clock.yearless(two(buf, p + 1), two(buf, p + 3), us);
}

/** Mmm dd hh:mm:ss [zone] [YYYY] and Mmm dd[,] YYYY[,] h:mm:ss [AM]. */
function monthDayTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const month = p + 14 <= end && buf[p + 3] === 32 ? monthAt(buf, p) : 0;
  if (month === 0) return NaN;
  let q = buf[p + 4] === 32 ? p + 5 : p + 4;
  const date = number2(buf, q, end);
  if (date < 0) return NaN;
  q += width2(buf, q, end);
  if (buf[q] === 44) q++;
  if (buf[q] !== 32) return NaN;
  q++;
  let year = four(buf, q);
  if (year > 0) {
    q += buf[q + 4] === 44 ? 5 : 4;
    if (buf[q] !== 32) return NaN;
    const us = looseClock(buf, q + 1, end, clock);
    return us < 0 ? NaN : zoned(clock.day(year, month, date) + us, buf, clock.end, end, clock);
  }
  const us = looseClock(buf, q, end, clock);
  if (us < 0) return NaN;
  const behind = clock.end;
  year = behind < end && buf[behind] === 32 ? yearAt(buf, behind + 1, end) : -1;
  if (year >= 0) return zoned(clock.day(year, month, date) + us, buf, behind + 5, end, clock);
  const offset = behind + 1 < end && buf[behind] === 32 ? abbreviationOffset(buf, behind + 1, end, clock) : NaN;
  if (offset === offset) {
    const after = clock.end;
    year = after < end && buf[after] === 32 ? yearAt(buf, after + 1, end) : -1;
    clock.zoned = true;
    if (year >= 0) {
      clock.end = after + 5;
      return clock.day(year, month, date) + us - offset;
    }
    return clock.yearlessZoned(month, date, us, offset);
  }
  clock.end = behind;
  clock.zoned = false;
  return clock.yearless(month, date, us);
}

/** Whether three letters are an English weekday. */
function isWeekday(buf: Uint8Array, p: number): boolean {
  switch (((buf[p] | 32) << 16) | ((buf[p + 1] | 32) << 8) | (buf[p + 2] | 32)) {
    case 0x6d6f6e: case 0x747565: case 0x776564: case 0x746875: case 0x667269: case 0x736174: case 0x73756e: return true;
    default: return false;
  }
}
