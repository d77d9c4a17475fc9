/** Labels of a time axis: round moments on the clock of the zone, as many as there is room for. */
import { formatTime, fromZone, zoneOffset } from '../time.ts';
import type { Precision } from '../time.ts';
import type { Range } from './range.ts';

export interface Tick {
  /** microseconds UTC */
  time: number;
  label: string;
  /** begins a new day, month or year: drawn stronger, because it gives the other labels their date */
  strong: boolean;
}

const MS = 1e3;
const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

type Unit = { size: number; unit: 'fixed' | 'month' | 'year'; count: number; width: number };
const fixed = (size: number, width: number): Unit => ({ size, unit: 'fixed', count: 1, width });
/** Steps from a microsecond to a millennium, with the pixels one label of that kind needs. */
const STEPS: readonly Unit[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => fixed(n, 126)),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => fixed(n * MS, 104)),
  ...[1, 2, 5, 10, 15, 30].map((n) => fixed(n * SECOND, 78)),
  ...[1, 2, 5, 10, 15, 30].map((n) => fixed(n * MINUTE, 62)),
  ...[1, 2, 3, 6, 12].map((n) => fixed(n * HOUR, 62)),
  ...[1, 2, 7, 14].map((n) => fixed(n * DAY, 66)),
  ...[1, 3, 6].map((n): Unit => ({ size: n * MONTH, unit: 'month', count: n, width: 66 })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n): Unit => ({ size: n * YEAR, unit: 'year', count: n, width: 60 })),
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Wall-clock microseconds of a calendar date; years below 100 are meant as they are. */
function wallOf(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return date.getTime() * 1000;
}
function* wallTicks(step: Unit, from: number, to: number): Generator<number> {
  if (step.unit === 'fixed') {
    for (let wall = Math.ceil(from / step.size) * step.size; wall <= to; wall += step.size) yield wall;
    return;
  }
  const start = new Date(Math.floor(from / 1000));
  const months = step.unit === 'year' ? step.count * 12 : step.count;
  let index = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (;;) {
    const wall = wallOf(Math.floor(index / 12), ((index % 12) + 12) % 12);
    if (wall > to || Number.isNaN(wall)) return;
    if (wall >= from) yield wall;
    index += months;
  }
}

/**
 * @param width pixels of the axis
 * @returns ticks in time order, none outside the range
 */
export function timeTicks(range: Range, zone: string, width: number): Tick[] {
  const span = range.to - range.from;
  if (!(span > 0) || width <= 0) return [];
  const step = STEPS.find((one) => (one.size / span) * width >= one.width) ?? STEPS[STEPS.length - 1];
  const ticks: Tick[] = [];
  const wallFrom = range.from + zoneOffset(range.from, zone);
  const wallTo = range.to + zoneOffset(range.to, zone);
  for (const wall of wallTicks(step, wallFrom, wallTo)) {
    const time = fromZone(wall, zone);
    // Where the clock is put back or forward, a wall time is there twice or not at all.
    if (time < range.from || time > range.to || (ticks.length > 0 && time <= ticks[ticks.length - 1].time)) continue;
    ticks.push({ time, ...labelOf(step.size, wall, time, zone) });
  }
  return ticks;
}

function labelOf(step: number, wall: number, time: number, zone: string): { label: string; strong: boolean } {
  const date = new Date(Math.floor(wall / 1000));
  const midnight = wall % DAY === 0;
  const first = midnight && date.getUTCDate() === 1;
  if (step >= 0.99 * YEAR) return { label: formatTime(wall, 'UTC', 'year'), strong: false };
  if (first && date.getUTCMonth() === 0 && step >= DAY) return { label: formatTime(wall, 'UTC', 'year'), strong: true };
  if (step >= 28 * DAY) return { label: MONTHS[date.getUTCMonth()], strong: false };
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  if (step >= DAY) return { label: day, strong: first };
  if (midnight) return { label: day, strong: true };
  const precision: Precision = step >= MINUTE ? 'minute' : step >= SECOND ? 'second' : step >= MS ? 'ms' : 'us';
  return { label: formatTime(time, zone, precision).replace(/^\S+ /, ''), strong: false };
}
