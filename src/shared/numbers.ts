/** Counts, bytes, durations and rates for people; the exact figure belongs in the title attribute. */

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** 1204331 -> "1,204,331" */
export function formatCount(count: number): string {
  return grouped.format(count);
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(2).replace(/\.?0+$/, '');
}

const COUNT_UNITS = [
  [1e9, 'G'], [1e6, 'M'], [1e3, 'k'],
] as const;
/** 1204331 -> "1.2 M"; small counts stay exact. For axes and narrow cells. */
export function formatShort(count: number): string {
  for (const [size, unit] of COUNT_UNITS) if (Math.abs(count) >= size * 0.9995) return `${threeDigits(Math.abs(count) / size).replace(/(\.\d)\d$/, '$1')} ${unit}`.replace(/^/, count < 0 ? '-' : '');
  return formatCount(count);
}

/** 0.0421 -> "4.2 %", 0.201 -> "20.1 %"; what is more than nothing and less than all is never told as such: "< 0.01 %", "99.95 %". */
export function formatPercent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.01) return '< 0.01 %';
  if (value > 99 && value < 100) return `${Math.floor(value * 1000) / 1000} %`;
  return `${value === 0 || value >= 10 ? Number(value.toFixed(1)) : value.toPrecision(2)} %`;
}
/** A score or a probability, of which only whole percents mean something: 0.847 -> "85 %". */
export function formatWholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
/** Decimal bytes: 1500 -> "1.5 kB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${formatCount(value)} B` : `${threeDigits(value)} ${BYTE_UNITS[unit]}`;
}
export function exactBytes(bytes: number): string {
  return `${formatCount(bytes)} bytes`;
}

const DURATION_UNITS = [
  [365 * 86_400e6, 'y'], [86_400e6, 'd'], [3_600e6, 'h'], [60e6, 'min'], [1e6, 's'], [1e3, 'ms'], [1, 'µs'],
] as const;
/** Microseconds, in the two largest units that say something: "2 h 13 min", "1.25 s", "340 µs". */
export function formatDuration(microseconds: number): string {
  const value = Math.abs(Math.round(microseconds));
  const sign = microseconds < 0 ? '-' : '';
  if (value === 0) return '0 s';
  const index = DURATION_UNITS.findIndex(([size]) => value >= size);
  const [size, unit] = DURATION_UNITS[index];
  if (size <= 1e6) {
    const text = threeDigits(value / size);
    return `${sign}${text} ${unit}`;
  }
  const [smaller, smallerUnit] = DURATION_UNITS[index + 1];
  let large = Math.floor(value / size);
  let small = Math.round((value - large * size) / smaller);
  if (small * smaller >= size) {
    large++;
    small = 0;
  }
  return small === 0 ? `${sign}${large} ${unit}` : `${sign}${large} ${unit} ${small} ${smallerUnit}`;
}

/** Whole seconds for people: 75 -> "1 min 15 s". */
export function formatSeconds(seconds: number): string {
  return formatDuration(Math.max(0, Math.round(seconds)) * 1e6);
}
/** "12 s ago", "3 min ago": the largest unit is enough. `at` in microseconds UTC, `now` in milliseconds. */
export function agoText(at: number, now: number): string {
  const seconds = Math.floor(now / 1000 - at / 1e6);
  if (seconds < 1) return 'just now';
  const unit = seconds < 60 ? 1 : seconds < 3600 ? 60 : seconds < 86_400 ? 3600 : 86_400;
  return `${formatSeconds(Math.floor(seconds / unit) * unit)} ago`;
}
/** "84,200 events/s" */
export function formatRate(perSecond: number, what: string): string {
  return `${formatCount(Math.round(perSecond))} ${what}/s`;
}

const PER = [[1, 's'], [60, 'min'], [3600, 'h'], [86_400, 'd'], [365 * 86_400, 'y']] as const;
/** How often, by the shortest unit in which it is at least one: 19 -> "19/s", 0.0000039 -> "123/y". */
export function formatFrequency(perSecond: number): string {
  if (!(perSecond > 0)) return '0/s';
  const [seconds, unit] = PER.find(([size]) => perSecond * size >= 0.9995) ?? PER[PER.length - 1];
  const value = perSecond * seconds;
  return `${value >= 100 ? formatCount(Math.round(value)) : Number(value.toPrecision(2))}/${unit}`;
}
