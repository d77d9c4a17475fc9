/** Times in the form in which a table writes them, so that what is added to it reads like the rest. */
import { createClock } from '../formats/lib/time.ts';
import { cellTime } from './parsers/csv-plan.ts';

export interface TimeForm {
  /** microseconds UTC, NaN when the text is no time */
  read(text: string): number;
  write(microseconds: number): string;
  /** the least that it tells apart, at least a second */
  least: Step;
}

/** Date with its marks, what divides it from the clock, hour:minute, second, fraction, what follows (a zone). */
const DATED = /^(\d{4})([-/.])(\d\d)\2(\d\d)(?:([T _])(\d\d):(\d\d)(?::(\d\d)(?:([.,])(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;
const MONTH = /^(\d{4})([-/.])(\d\d)$/;
const YEAR = /^\d{4}$/;
const EPOCH = /^(\d{9,19})(?:\.(\d+))?$/;

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
const clock = createClock({ zone: 'UTC', modified: Date.UTC(2026, 0, 1) * 1000 });

function zoneShift(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60e6 : 0;
}

/** The form of one time of a table. Times that name no zone are read as UTC; forms that cannot be written again are written as ISO 8601. */
export function timeForm(sample: string): TimeForm {
  const dated = DATED.exec(sample);
  if (dated) {
    const [, , mark, , , between, , , second, point = '.', fraction = '', zone = ''] = dated;
    const shift = zoneShift(zone);
    const tail = sample.slice(sample.length - zone.length - (/\s/.test(sample.at(-zone.length - 1) ?? '') && zone !== '' ? 1 : 0));
    return {
      least: { us: between === undefined ? 86_400e6 : second === undefined ? 60e6 : 1e6 },
      read: readDated,
      write: (us) => {
        const local = us + shift;
        const date = new Date(Math.floor(local / 1000));
        const day = [pad(date.getUTCFullYear(), 4), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())].join(mark);
        if (between === undefined) return day + tail;
        const seconds = second === undefined ? '' : `:${pad(date.getUTCSeconds())}`;
        const rest = fraction === '' ? '' : point + pad(((local % 1e6) + 1e6) % 1e6, 6).padEnd(9, '0').slice(0, fraction.length);
        return `${day}${between}${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}${seconds}${rest}${zone === '' ? '' : tail}`;
      },
    };
  }
  const month = MONTH.exec(sample);
  if (month) {
    return {
      least: { months: 1 },
      read: (text) => {
        const match = MONTH.exec(text);
        return match && Number(match[3]) >= 1 && Number(match[3]) <= 12 ? Date.UTC(Number(match[1]), Number(match[3]) - 1) * 1000 : Number.NaN;
      },
      write: (us) => `${pad(new Date(us / 1000).getUTCFullYear(), 4)}${month[2]}${pad(new Date(us / 1000).getUTCMonth() + 1)}`,
    };
  }
  if (YEAR.test(sample)) {
    return { least: { months: 12 }, read: (text) => (YEAR.test(text) ? Date.UTC(Number(text), 0) * 1000 : Number.NaN), write: (us) => pad(new Date(us / 1000).getUTCFullYear(), 4) };
  }
  const epoch = EPOCH.exec(sample);
  if (epoch) {
    const value = Number(sample);
    const unit = value >= 1e17 ? 1e-3 : value >= 1e14 ? 1 : value >= 1e11 ? 1e3 : 1e6;
    const digits = epoch[2]?.length ?? 0;
    return { least: { us: 1e6 }, read: (text) => (EPOCH.test(text) ? Math.round(Number(text) * unit) : Number.NaN), write: (us) => (us / unit).toFixed(digits) };
  }
  return { least: { us: 1e6 }, read: (text) => cellTime(text, clock), write: (us) => new Date(us / 1000).toISOString() };
}

function readDated(text: string): number {
  const match = DATED.exec(text);
  if (!match) return cellTime(text, clock);
  const [, year, , month, day, , hour = '0', minute = '0', second = '0', , fraction = '', zone = ''] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)));
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return Number.NaN;
  return date.getTime() * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) - zoneShift(zone);
}

/** How far rows of a table lie apart: so many microseconds, or so many months. */
export type Step = { us: number } | { months: number };

const monthsOf = (us: number): number => new Date(us / 1000).getUTCFullYear() * 12 + new Date(us / 1000).getUTCMonth();

/** The usual step of ascending times; null below two different ones. Calendar months and years are told from their days. */
export function stepOf(times: ArrayLike<number>): Step | null {
  const gaps: number[] = [];
  const months: number[] = [];
  const days = new Set<number>();
  for (let i = 0; i < times.length; i++) {
    days.add(times[i] - Date.UTC(new Date(times[i] / 1000).getUTCFullYear(), new Date(times[i] / 1000).getUTCMonth()) * 1000);
    if (i === 0 || times[i] === times[i - 1]) continue;
    gaps.push(times[i] - times[i - 1]);
    months.push(monthsOf(times[i]) - monthsOf(times[i - 1]));
  }
  if (gaps.length === 0) return null;
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];
  const us = middle(gaps);
  const month = middle(months);
  // The same moment of each month: its length varies, so it is not one of microseconds.
  return month > 0 && days.size === 1 && us >= 28 * 86_400e6 ? { months: month } : { us };
}

/** The time `steps` after, in months of the calendar or in microseconds. */
export function after(time: number, step: Step, steps: number): number {
  if ('us' in step) return time + step.us * steps;
  const date = new Date(time / 1000);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  return time + (Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + step.months * steps) - start) * 1000;
}

/** How many steps from one to the other. */
export function stepsBetween(from: number, to: number, step: Step): number {
  return 'us' in step ? Math.round((to - from) / step.us) : Math.round((monthsOf(to) - monthsOf(from)) / step.months);
}
