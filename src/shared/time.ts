/**
 * Times in the zone the person chose. All times are microseconds since the epoch, UTC, in a double (see shared/event.ts).
 * Intl is asked only for a zone's offset, cached by quarter hour; the calendar is arithmetic, so a list of rows costs little.
 */

export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'ms' | 'us';

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Date's limits; beyond them there is no calendar. */
const MAX = 8.64e21;

/** The zone of this machine. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
/** Every IANA zone this runtime knows, UTC and the local one first. */
export function allZones(): string[] {
  const first = ['UTC', localZone()];
  return [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])];
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

const offsets = new Map<string, Map<number, number>>();
/** How far the zone's clock is ahead of UTC at a time, in microseconds. */
export function zoneOffset(time: number, zone: string): number {
  if (zone === 'UTC' || !Number.isFinite(time) || Math.abs(time) > MAX) return 0;
  const quarter = Math.floor(time / (15 * MINUTE));
  let known = offsets.get(zone);
  if (!known || known.size > 20_000) offsets.set(zone, (known = new Map()));
  const cached = known.get(quarter);
  if (cached !== undefined) return cached;
  const instant = quarter * 15 * 60_000;
  const parts: Record<string, number> = {};
  let era = 1;
  for (const part of formatterOf(zone).formatToParts(instant)) {
    if (part.type === 'era') era = part.value.startsWith('B') ? -1 : 1;
    else if (part.type !== 'literal') parts[part.type] = Number(part.value);
  }
  const date = new Date(0);
  date.setUTCFullYear(era === 1 ? parts.year : 1 - parts.year, parts.month - 1, parts.day);
  date.setUTCHours(parts.hour, parts.minute, parts.second);
  const offset = (date.getTime() - instant) * 1000;
  known.set(quarter, offset);
  return offset;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** "2026-11-21 14:02:33.123456" cut to a precision. No calendar beyond year 275760: the number itself, with its unit. */
export function formatTime(time: number, zone: string, precision: Precision = 'ms'): string {
  if (!Number.isFinite(time)) return '';
  const local = time + zoneOffset(time, zone);
  if (Math.abs(local) > MAX) return `${time} µs`;
  const whole = Math.floor(local / SECOND);
  const micros = Math.floor(local - whole * SECOND);
  const date = new Date(whole * 1000);
  const fullYear = date.getUTCFullYear();
  const year = fullYear >= 0 && fullYear <= 9999 ? pad(fullYear, 4) : `${fullYear < 0 ? '-' : '+'}${pad(Math.abs(fullYear), 6)}`;
  if (precision === 'year') return year;
  const month = `${year}-${pad(date.getUTCMonth() + 1, 2)}`;
  if (precision === 'month') return month;
  const day = `${month}-${pad(date.getUTCDate(), 2)}`;
  if (precision === 'day') return day;
  const minute = `${day} ${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}`;
  if (precision === 'hour' || precision === 'minute') return minute;
  const second = `${minute}:${pad(date.getUTCSeconds(), 2)}`;
  if (precision === 'second') return second;
  if (precision === 'ms') return `${second}.${pad(Math.floor(micros / 1000), 3)}`;
  return `${second}.${pad(micros, 6)}`;
}

/** "+01:00"; "Z" for UTC. */
export function formatOffset(time: number, zone: string): string {
  if (zone === 'UTC') return 'Z';
  const offset = zoneOffset(time, zone);
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}
/** The full stamp for a title: "2026-11-21 14:02:33.123456+01:00 Europe/Berlin". */
export function formatStamp(time: number, zone: string): string {
  if (!Number.isFinite(time)) return 'no time';
  return zone === 'UTC' ? `${formatTime(time, zone, 'us')} UTC` : `${formatTime(time, zone, 'us')}${formatOffset(time, zone)} ${zone}`;
}
/** The precision that tells apart `steps` positions on a range this long. */
export function precisionFor(spanMicroseconds: number, steps = 1000): Precision {
  const step = spanMicroseconds / steps;
  if (step >= DAY) return 'day';
  if (step >= MINUTE) return 'minute';
  if (step >= SECOND) return 'second';
  return step >= 1000 ? 'ms' : 'us';
}
/** A range for a button: the parts that both ends share are said once. */
export function formatRange(from: number, to: number, zone: string): string {
  const span = to - from;
  const precision: Precision = span < 10 * SECOND ? 'ms' : span < 6 * HOUR ? 'second' : 'minute';
  const a = formatTime(from, zone, precision);
  const b = formatTime(to, zone, precision);
  if (a === b) return a;
  return a.slice(0, 10) === b.slice(0, 10) ? `${a} – ${b.slice(11)}` : `${a} – ${b}`;
}
/** Microseconds now. */
export function nowMicros(): number {
  return Date.now() * 1000;
}
/** The time that a clock in the zone shows as this UTC-like stamp; where the clock skips it, the moment after the gap. */
export function fromZone(wall: number, zone: string): number {
  const guess = wall - zoneOffset(wall, zone);
  return wall - zoneOffset(guess, zone);
}
