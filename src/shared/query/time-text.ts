/**
 * Times as people type them in a query, and back. Times are microseconds since 1970 UTC.
 *
 * A text stands for a stretch as long as its precision: 2026-10-01 is that day in the zone, 2026-10-01T12:30 that minute.
 */

export interface Span {
  /** half-open [from, to) */
  from: number;
  to: number;
  /** it named a clock time or a moment, not a whole day, month or year */
  clock: boolean;
}
export interface Clock {
  /** IANA name */
  zone: string;
  /** microseconds UTC */
  now: number;
}
/** Either the span or, in a sentence, why there is none. */
export type SpanResult = { ok: true; span: Span } | { ok: false; message: string };

const SECOND = 1e6;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const ABSOLUTE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const RELATIVE = /^(?:now)?([+-]\d{1,9}(?:\.\d{1,3})?)(s|m|h|d|w)$/;
const HINT = 'Write a time as 2026-10-01, 2026-10-01T12:30, 2026-10-01T12:30:05.250Z, -15m, now, today or yesterday.';

/** Reads one time. */
export function readTime(text: string, clock: Clock): SpanResult {
  const lower = text.toLowerCase();
  if (lower === 'now') return moment(clock.now);
  const relative = RELATIVE.exec(lower);
  if (relative !== null) {
    const [, amount = '', unit = ''] = relative;
    const at = clock.now + Number(amount) * (UNIT_SECONDS[unit] ?? 0) * SECOND;
    return Math.abs(at) > Number.MAX_SAFE_INTEGER ? refuse(`${text} is too far away.`) : moment(Math.round(at));
  }
  if (lower === 'today' || lower === 'yesterday') {
    const [year, month, day] = civilFromDays(Math.floor((clock.now / SECOND + zoneOffset(clock.zone, clock.now / SECOND)) / 86_400));
    return daySpan(year, month, day - (lower === 'today' ? 0 : 1), 1, clock.zone);
  }
  const parts = ABSOLUTE.exec(text);
  if (parts === null) return refuse(`${text === '' ? 'Nothing' : text} is not a time. ${HINT}`);
  return absolute(parts, clock.zone);
}

/** Whether Intl knows the zone. */
export function isZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function refuse(message: string): SpanResult {
  return { ok: false, message };
}
function moment(at: number): SpanResult {
  return { ok: true, span: { from: at, to: at, clock: true } };
}

function absolute(parts: RegExpExecArray, localZone: string): SpanResult {
  const [text, yearText = '', monthText, dayText, hourText, minuteText, secondText, fraction, suffix] = parts;
  const year = Number(yearText);
  const month = Number(monthText ?? 1);
  const day = Number(dayText ?? 1);
  const hour = Number(hourText ?? 0);
  const minute = Number(minuteText ?? 0);
  const second = Number(secondText ?? 0);
  const zone = suffix === undefined ? localZone : fixedOffset(suffix);
  if (typeof zone === 'number' && Math.abs(zone) > 86_400) return refuse(`${suffix ?? ''} is not an offset from UTC.`);
  if (year < 1) return refuse('Years begin at 0001.');
  if (month < 1 || month > 12) return refuse(`There is no month ${monthText ?? ''}: months are 01 to 12.`);
  if (day < 1 || day > daysInMonth(year, month)) return refuse(`There is no ${text.slice(0, 10)}: that month has ${daysInMonth(year, month)} days.`);
  if (hour > 23 || minute > 59 || second > 59) return refuse(`${text} is not a clock time: hours go to 23, minutes and seconds to 59.`);
  if (hourText === undefined) {
    if (monthText === undefined) return spanBetween(localToUtc(daysFromCivil(year, 1, 1) * 86_400, zone), localToUtc(daysFromCivil(year + 1, 1, 1) * 86_400, zone), false);
    if (dayText === undefined) {
      const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
      return spanBetween(localToUtc(daysFromCivil(year, month, 1) * 86_400, zone), localToUtc(next * 86_400, zone), false);
    }
    return daySpan(year, month, day, 1, zone);
  }
  const start = localToUtc(daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second, zone);
  if (fraction === undefined) return spanBetween(start, start + (secondText !== undefined ? 1 : minuteText !== undefined ? 60 : 3600), true);
  const from = start * SECOND + Number(fraction.slice(0, 6).padEnd(6, '0'));
  const to = from + 10 ** (6 - Math.min(fraction.length, 6));
  if (Math.abs(from) > Number.MAX_SAFE_INTEGER - SECOND) return refuse('Fractions of a second can be told apart between the years 1685 and 2255 only: leave the fraction out.');
  return { ok: true, span: { from, to, clock: true } };
}

function spanBetween(fromSeconds: number, toSeconds: number, clock: boolean): SpanResult {
  return { ok: true, span: { from: fromSeconds * SECOND, to: toSeconds * SECOND, clock } };
}
function daySpan(year: number, month: number, day: number, days: number, zone: string | number): SpanResult {
  const first = daysFromCivil(year, month, day);
  return spanBetween(localToUtc(first * 86_400, zone), localToUtc((first + days) * 86_400, zone), false);
}

/** Z, +02:00, -0530, +02 to seconds east of UTC. */
function fixedOffset(suffix: string): number {
  if (suffix === 'Z' || suffix === 'z') return 0;
  const digits = suffix.slice(1).replace(':', '');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || 0) * 60;
  return suffix.startsWith('-') ? -seconds : seconds;
}

/**
 * Seconds UTC of a wall clock time. A time that happens twice is the first of the two; one that is skipped by a change
 * of the clock is as much later.
 */
function localToUtc(wall: number, zone: string | number): number {
  if (typeof zone === 'number') return wall - zone;
  const before = zoneOffset(zone, wall - 86_400);
  const after = zoneOffset(zone, wall + 86_400);
  if (zoneOffset(zone, wall - before) === before) return wall - before;
  if (zoneOffset(zone, wall - after) === after) return wall - after;
  return wall - before;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: string): Intl.DateTimeFormat {
  let made = formatters.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    formatters.set(zone, made);
  }
  return made;
}
/** Seconds east of UTC at a moment (seconds UTC). */
function zoneOffset(zone: string, utc: number): number {
  if (zone === 'UTC') return 0;
  const whole = Math.floor(utc);
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(whole * 1000)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - whole;
}

/** Days since 1970-01-01 of a date (days beyond the month run on). Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
/** The date of a number of days since 1970-01-01, same source. */
function civilFromDays(days: number): [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1];
}
function daysInMonth(year: number, month: number): number {
  return (month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)) - daysFromCivil(year, month, 1);
}

/** The units that printing may use, longest first, with what they look like. */
const PRINT_UNITS = [
  { microseconds: 86_400 * SECOND, digits: 'day' },
  { microseconds: 60 * SECOND, digits: 'minute' },
  { microseconds: SECOND, digits: 'second' },
  { microseconds: 1000, digits: 'milli' },
  { microseconds: 1, digits: 'micro' },
] as const;

/** A time as the shortest UTC text that starts exactly there, e.g. 2026-10-01Z or 2026-10-01T12:30:05.250Z. */
export function printStart(time: number): string {
  return printAt(time, unitOf(time));
}
/** The shortest UTC text whose stretch ends exactly there: the last day, minute, ... before it. */
export function printLast(end: number): string {
  const unit = unitOf(end);
  return printAt(end - unit.microseconds, unit);
}

type PrintUnit = (typeof PRINT_UNITS)[number];
function unitOf(time: number): PrintUnit {
  return PRINT_UNITS.find((unit) => time % unit.microseconds === 0) ?? PRINT_UNITS[4];
}
function printAt(time: number, unit: PrintUnit): string {
  const exact = BigInt(Math.floor(time));
  const micros = Number(((exact % 1_000_000n) + 1_000_000n) % 1_000_000n);
  const seconds = Number((exact - BigInt(micros)) / 1_000_000n);
  const days = Math.floor(seconds / 86_400);
  const [year, month, day] = civilFromDays(days);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  if (unit.digits === 'day') return `${date}Z`;
  const rest = seconds - days * 86_400;
  const minute = `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}`;
  if (unit.digits === 'minute') return `${minute}Z`;
  if (unit.digits === 'second') return `${minute}:${two(rest % 60)}Z`;
  const fraction = String(micros).padStart(6, '0');
  return `${minute}:${two(rest % 60)}.${unit.digits === 'milli' ? fraction.slice(0, 3) : fraction}Z`;
}
