/** Times of declared formats: names for the usual ones, strptime-like patterns for the rest. Compiled once, run on bytes. */
import { epochUs } from './numbers.ts';
import { fraction, isDigit, isLetter, monthAt, offsetAt } from './time-parts.ts';
import { isoTime, readTime, type Clock } from './time.ts';

type TimeReader = (buf: Uint8Array, start: number, end: number, clock: Clock) => number;

const EPOCH_UNITS: Readonly<Record<string, number>> = { epoch_s: 1e6, epoch_ms: 1e3, epoch_us: 1, epoch_ns: 1e-3 };
const SHORTHANDS: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' };
const DIRECTIVES = 'YmdeHIMSyjfLbBaApzZs';

/** What a stamp said, part by part. -1 = nothing. */
interface Parts {
  year: number;
  month: number;
  day: number;
  dayOfYear: number;
  hour: number;
  minute: number;
  second: number;
  us: number;
  afternoon: number;
  /** us east of UTC */
  offset: number;
  epoch: number;
}

/**
 * A reader for a declared time format: 'auto', 'iso', 'epoch', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns', or a pattern of
 * %Y %y %m %b %B %d %e %j %H %I %p %M %S %f (fraction) %L (milliseconds) %z %Z %s %a %A %F %T %R %D %%. A blank stands for
 * one or more blanks. Throws an Error that says what is wrong with the format.
 */
export function timeReader(format: string): TimeReader {
  if (format === 'auto') return readTime;
  if (format === 'iso') return isoTime;
  if (format === 'epoch') return zonedNumber(epochUs);
  const unit = EPOCH_UNITS[format];
  if (unit !== undefined) return zonedNumber((buf, start, end) => scaledNumber(buf, start, end, unit));
  if (!format.includes('%')) throw new Error(`'${format}' is no time format: use auto, iso, epoch, epoch_s, epoch_ms, epoch_us, epoch_ns or a pattern with %`);
  return compile(format);
}

function zonedNumber(read: (buf: Uint8Array, start: number, end: number) => number): TimeReader {
  return (buf, start, end, clock) => {
    clock.end = end;
    clock.zoned = true;
    return read(buf, start, end);
  };
}
function scaledNumber(buf: Uint8Array, start: number, end: number, unit: number): number {
  let text = '';
  for (let i = start; i < end && i < start + 40; i++) text += String.fromCharCode(buf[i]);
  const match = /^(-?\d{1,19})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) return NaN;
  const whole = unit < 1 ? Number(BigInt(match[1]) / 1000n) : Number(match[1]) * unit;
  return whole + Math.floor(Number(`0.${match[2] ?? 0}`) * unit);
}

function compile(format: string): TimeReader {
  const steps: string[] = [];
  const expanded = format.replace(/%([FTRD])/g, (_all, name: string) => SHORTHANDS[name]);
  for (let i = 0; i < expanded.length; i++) {
    if (expanded[i] !== '%') {
      steps.push(expanded[i]);
      continue;
    }
    const name = expanded[++i] ?? '';
    if (name === '%') steps.push('%');
    else if (name !== '' && DIRECTIVES.includes(name)) steps.push(`%${name}`);
    else throw new Error(`the time format '${format}' has an unknown part %${name}`);
  }
  return (buf, start, end, clock) => {
    const parts: Parts = { year: -1, month: -1, day: -1, dayOfYear: -1, hour: 0, minute: 0, second: 0, us: 0, afternoon: -1, offset: NaN, epoch: NaN };
    let p = start;
    for (const step of steps) {
      p = step.length === 2 ? directive(step[1], buf, p, end, parts, clock) : literal(step, buf, p, end);
      if (p < 0) return NaN;
    }
    const us = instant(parts, clock);
    clock.end = p;
    return us;
  };
}

function literal(character: string, buf: Uint8Array, p: number, end: number): number {
  if (character !== ' ') return p < end && buf[p] === character.charCodeAt(0) ? p + 1 : -1;
  const start = p;
  while (p < end && (buf[p] === 32 || buf[p] === 9)) p++;
  return p > start ? p : -1;
}

const NUMBERS: Readonly<Record<string, readonly [keyof Parts, number]>> = {
  Y: ['year', 4], y: ['year', 2], m: ['month', 2], d: ['day', 2], e: ['day', 2], j: ['dayOfYear', 3], H: ['hour', 2], I: ['hour', 2], M: ['minute', 2], S: ['second', 2],
};
/** Reads one directive at p; the position behind it or -1. */
function directive(name: string, buf: Uint8Array, p: number, end: number, parts: Parts, clock: Clock): number {
  const number = NUMBERS[name];
  if (number) {
    if (name === 'e' && buf[p] === 32) p++;
    let value = 0;
    let q = p;
    while (q < end && q < p + number[1] && isDigit(buf[q])) value = value * 10 + buf[q++] - 48;
    if (q === p || (name === 'Y' && q < p + 4)) return -1;
    parts[number[0]] = name === 'y' ? value + (value < 69 ? 2000 : 1900) : value;
    return q;
  }
  switch (name) {
    case 'f':
    case 'L': {
      let q = p;
      while (q < end && isDigit(buf[q]) && q < p + (name === 'L' ? 3 : 9)) {
        if (q < p + 6) parts.us += (buf[q] - 48) * 10 ** (5 - (q - p));
        q++;
      }
      return q > p ? q : -1;
    }
    case 'b':
    case 'B': {
      parts.month = p + 3 <= end ? monthAt(buf, p) : 0;
      return parts.month > 0 ? word(buf, p, end) : -1;
    }
    case 'a':
    case 'A':
    case 'Z': {
      if (name === 'Z') {
        const at = offsetAt(buf, p, end, clock);
        if (at === at) {
          parts.offset = at;
          return clock.end;
        }
      }
      const q = word(buf, p, end);
      return q > p ? q : -1;
    }
    case 'p':
      parts.afternoon = (buf[p] | 32) === 112 ? 1 : (buf[p] | 32) === 97 ? 0 : -1;
      return parts.afternoon >= 0 && p + 2 <= end && (buf[p + 1] | 32) === 109 ? p + 2 : -1;
    case 'z': {
      const at = offsetAt(buf, p, end, clock);
      parts.offset = at;
      return at === at ? clock.end : -1;
    }
    default: {
      let q = p;
      while (q < end && isDigit(buf[q])) q++;
      const seconds = scaledNumber(buf, p, q, 1e6);
      parts.epoch = seconds + fraction(buf, q, end, clock);
      return seconds === seconds ? clock.end : -1;
    }
  }
}
function word(buf: Uint8Array, p: number, end: number): number {
  while (p < end && isLetter(buf[p])) p++;
  return p;
}

function instant(parts: Parts, clock: Clock): number {
  const { year, month, day, dayOfYear, offset, epoch, afternoon } = parts;
  clock.zoned = true;
  if (epoch === epoch) return epoch;
  clock.zoned = offset === offset;
  let { hour } = parts;
  if (afternoon >= 0) hour = (hour % 12) + 12 * afternoon;
  if (hour > 24 || parts.minute > 59 || parts.second > 60) return NaN;
  const timeOfDay = hour * 3600e6 + parts.minute * 60e6 + parts.second * 1e6 + parts.us;
  if (year < 0) {
    if (month < 0 || day < 0) return clock.dateless(timeOfDay);
    return clock.zoned ? clock.yearlessZoned(month, day, timeOfDay, offset) : clock.yearless(month, day, timeOfDay);
  }
  const midnight = dayOfYear > 0 ? clock.day(year, 1, 1) + (dayOfYear - 1) * 86400e6 : clock.day(year, Math.max(1, month), Math.max(1, day));
  const local = midnight + timeOfDay;
  return clock.zoned ? local - offset : clock.utc(local);
}
