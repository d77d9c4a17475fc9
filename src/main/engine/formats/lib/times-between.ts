/** ISO 8601 times as documents write them, with sums that keep their zone, or their lack of one. */

/** A time taken apart: microseconds as if it were UTC, and the zone as written ('' when none is). */
export interface WrittenTime {
  us: number;
  zone: string;
}

const ISO = /^\s*(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?\s*$/i;

/** null when this is no such time, or the beginning of 1970, which reporters write for 'unknown'. */
export function readWritten(text: string | undefined): WrittenTime | null {
  const match = text === undefined ? null : ISO.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = ''] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number.isNaN(ms) || Number(month) > 12 || Number(month) < 1 || Number(day) < 1 || Number(day) > 31 || ms <= 0) return null;
  const written = /^(?:Z|UTC|GMT)$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return { us: ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')), zone: written };
}

/** The time `later` microseconds after, as text in the same zone. */
export function writtenText({ us, zone }: WrittenTime, later = 0): string {
  const sum = us + Math.round(later);
  const date = new Date(Math.floor(sum / 1000));
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 1) return '';
  const rest = ((sum % 1000) + 1000) % 1000;
  return `${date.toISOString().slice(0, -1)}${rest === 0 ? '' : String(rest).padStart(3, '0')}${zone}`;
}

/** Microseconds from one to the other; undefined when one is missing, they disagree on having a zone, or it would be negative. */
export function microsecondsBetween(from: WrittenTime | null, to: WrittenTime | null): number | undefined {
  if (!from || !to || (from.zone === '') !== (to.zone === '')) return undefined;
  const between = to.us - zoneUs(to.zone) - (from.us - zoneUs(from.zone));
  return between >= 0 ? between : undefined;
}
function zoneUs(zone: string): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60e6 : 0;
}
