/**
 * Calendar arithmetic for time stamps: local date and time of day to microseconds UTC, with the source's zone applied where the
 * text names none, and the year or date filled in from the file's last change where the text leaves it out.
 */

const MINUTE_US = 60e6;
const QUARTER_US = 15 * MINUTE_US;
export const HOUR_US = 3600e6;
export const DAY_US = 86400e6;
/** no zone is further from UTC than this */
const ZONE_SLACK_US = 15 * HOUR_US;

/** Days from 1970-01-01 to a proleptic Gregorian date. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

const MONTH_DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
/** Whether a day can exist: 30 February cannot, 29 February only in a leap year. */
function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > MONTH_DAYS[month]) return false;
  return month !== 2 || day < 29 || isLeap(year);
}

/** One reader of time stamps: what it knows about the source, and what it says about the stamp it read last. */
export interface Clock {
  /** first byte after the stamp read last */
  end: number;
  /** true when that stamp named its zone (or is an epoch number) */
  zoned: boolean;
  /** us since the epoch of a date at midnight, as if UTC; NaN when there is no such day. The last day is remembered. */
  day(year: number, month: number, day: number): number;
  /** Local wall clock (us, as if UTC) in the source's zone to us UTC. A time that happens twice is the first of the two; a time that is skipped is read with the offset before the gap. */
  utc(local: number): number;
  /** us UTC of a month, day and time of day without a year: the latest year that is not later than the last change + 1 day. */
  yearless(month: number, day: number, timeOfDay: number): number;
  /** The year `yearless` would choose for an instant whose zone is known: `offset` is us east of UTC. */
  yearlessZoned(month: number, day: number, timeOfDay: number, offset: number): number;
  /** us UTC of a time of day without a date: the latest date that is not later than the last change + 1 hour. */
  dateless(timeOfDay: number): number;
  /** the result of yearless, yearlessZoned or dateless that was asked for last: a time of which a part was guessed. NaN = none yet */
  guess: number;
  /** The incomplete stamp behind `guess`. */
  keepGuess(): IncompleteStamp;
}

/** A stamp that leaves out its year or its date. */
export interface IncompleteStamp {
  missing: 'year' | 'date';
  /** us UTC as a clock with another idea of when the source ends reads it */
  again(clock: Clock): number;
  /** the first hour of 1 January: what a machine without a battery writes until it has asked for the time */
  unset: boolean;
}

/**
 * @param zone IANA name of the zone of times that name none; an unknown name throws RangeError
 * @param modified us UTC of the file's last change
 */
export function createClock({ zone, modified }: { zone: string; modified: number }): Clock {
  const offsetAt = zoneOffsets(zone);
  const isUtc = offsetAt === null;
  const quarters = new Map<number, number>();
  let lastQuarter = NaN;
  let lastOffset = 0;
  let lastDate = -1;
  let lastDay = NaN;

  function utc(local: number): number {
    if (isUtc || local !== local) return local;
    const quarter = Math.floor(local / QUARTER_US);
    if (quarter !== lastQuarter) {
      let offset = quarters.get(quarter);
      if (offset === undefined) {
        if (quarters.size > 50_000) quarters.clear();
        offset = localOffset(offsetAt, quarter * QUARTER_US);
        quarters.set(quarter, offset);
      }
      lastQuarter = quarter;
      lastOffset = offset;
    }
    return local - lastOffset;
  }

  function day(year: number, month: number, dayOfMonth: number): number {
    const date = year * 512 + month * 32 + dayOfMonth;
    if (date === lastDate) return lastDay;
    if (!isDate(year, month, dayOfMonth)) return NaN;
    lastDate = date;
    lastDay = daysFromCivil(year, month, dayOfMonth) * DAY_US;
    return lastDay;
  }

  const limit = modified + DAY_US;
  const limitYear = new Date(Math.min(Math.max(limit / 1000, -8e15), 8e15)).getUTCFullYear() + 1;
  /** midnights of days whose year does not hang on the time of day, by month * 32 + day */
  const sureMidnights = new Float64Array(13 * 32).fill(NaN);

  /** The latest date of this month and day for which `instant` is within the limit. */
  function latestYear(month: number, dayOfMonth: number, instant: (midnight: number) => number): number {
    for (let year = limitYear; year > limitYear - 10; year--) {
      if (!isDate(year, month, dayOfMonth)) continue;
      const midnight = daysFromCivil(year, month, dayOfMonth) * DAY_US;
      if (instant(midnight) <= limit) return midnight;
    }
    return NaN;
  }

  function midnightOf(month: number, dayOfMonth: number, instant: (midnight: number) => number): number {
    if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return NaN;
    const key = month * 32 + dayOfMonth;
    const sure = sureMidnights[key];
    if (sure === sure) return sure;
    const latest = latestYear(month, dayOfMonth, (midnight) => midnight - ZONE_SLACK_US);
    const earliest = latestYear(month, dayOfMonth, (midnight) => midnight + DAY_US + ZONE_SLACK_US);
    if (latest === earliest) sureMidnights[key] = latest;
    return latest === earliest ? latest : latestYear(month, dayOfMonth, instant);
  }

  // The incomplete stamp read last; no offset = it named none, no month = it wrote no date.
  let month = 0;
  let date = 0;
  let time = 0;
  let offset = NaN;

  const clock: Clock = {
    end: 0,
    zoned: false,
    guess: NaN,
    day,
    utc,
    yearless(m, d, timeOfDay) {
      month = m;
      date = d;
      time = timeOfDay;
      offset = NaN;
      return (clock.guess = utc(midnightOf(m, d, (midnight) => utc(midnight + timeOfDay)) + timeOfDay));
    },
    yearlessZoned(m, d, timeOfDay, east) {
      month = m;
      date = d;
      time = timeOfDay;
      offset = east;
      return (clock.guess = midnightOf(m, d, (midnight) => midnight + timeOfDay - east) + timeOfDay - east);
    },
    dateless(timeOfDay) {
      month = 0;
      time = timeOfDay;
      const last = modified + HOUR_US;
      const today = Math.floor((last + (isUtc ? 0 : offsetAt(last))) / DAY_US) * DAY_US;
      const then = utc(today + timeOfDay);
      return (clock.guess = then <= last ? then : utc(today - DAY_US + timeOfDay));
    },
    keepGuess() {
      const [m, d, t, east] = [month, date, time, offset];
      return {
        missing: m === 0 ? 'date' : 'year',
        again: (other) => (m === 0 ? other.dateless(t) : east === east ? other.yearlessZoned(m, d, t, east) : other.yearless(m, d, t)),
        unset: m === 1 && d === 1 && t < HOUR_US,
      };
    },
  };
  return clock;
}

/** Offset (us east of UTC) to take off a local time; see Clock.utc for times that happen twice or never. */
function localOffset(offsetAt: (utc: number) => number, local: number): number {
  const before = offsetAt(local - DAY_US);
  const after = offsetAt(local + DAY_US);
  if (before === after) return before;
  const larger = Math.max(before, after);
  const smaller = Math.min(before, after);
  if (offsetAt(local - larger) === larger) return larger;
  if (offsetAt(local - smaller) === smaller) return smaller;
  return before;
}

/** us UTC -> us east of UTC for an IANA zone, from Intl; null for UTC itself. */
function zoneOffsets(zone: string): ((utc: number) => number) | null {
  // The default, and Intl takes milliseconds to load its tables when it is first asked.
  if (zone === 'UTC') return null;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (/^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich|GMT[+-]?0)$/.test(format.resolvedOptions().timeZone)) return null;
  return (utc) => {
    const second = Math.floor(utc / 1e6);
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(second * 1000)) {
      if (type in part) part[type as keyof typeof part] = Number(value);
    }
    const local = daysFromCivil(part.year, part.month, part.day) * 86400 + part.hour * 3600 + part.minute * 60 + part.second;
    return (local - second) * 1e6;
  };
}
