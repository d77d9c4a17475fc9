/** Marks of both axes at round places. Pure. */
import { formatTime, fromZone, precisionFor, zoneOffset } from '../../ui/time.ts';
import type { Range } from './range.ts';

export interface TimeTick {
  /** microseconds UTC */
  time: number;
  label: string;
  /** begins a day: drawn stronger, because it gives the others their date */
  strong: boolean;
}
const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const decimal = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** The steps of the timeline, in microseconds. */
const STEPS = [
  ...decimal, ...decimal.map((n) => n * 1000), ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR), ...[1, 2, 7, 14, 30, 90, 365, 3650, 36500].map((n) => n * DAY),
];

/** @param width pixels of the axis */
export function timeTicks(range: Range, zone: string, width: number): TimeTick[] {
  const span = range.to - range.from;
  if (!(span > 0) || !(width > 0)) return [];
  const room = (step: number): number => (step < 1000 ? 126 : step < SECOND ? 104 : step < MINUTE ? 78 : step < DAY ? 62 : 66);
  const step = STEPS.find((one) => (one / span) * width >= room(one)) ?? STEPS[STEPS.length - 1];
  const first = range.from + zoneOffset(range.from, zone);
  const last = range.to + zoneOffset(range.to, zone);
  const ticks: TimeTick[] = [];
  for (let wall = Math.ceil(first / step) * step; wall <= last; wall += step) {
    const time = fromZone(wall, zone);
    // Where the clock is put back or forward, a wall time is there twice or not at all.
    if (time < range.from || time > range.to || (ticks.length > 0 && time <= ticks[ticks.length - 1].time)) continue;
    ticks.push({ time, ...labelOf(step, wall) });
  }
  return ticks;
}
function labelOf(step: number, wall: number): { label: string; strong: boolean } {
  if (step >= 365 * DAY) return { label: formatTime(wall, 'UTC', 'month'), strong: false };
  if (wall % DAY === 0) return { label: dayLabel(wall), strong: step < DAY };
  return { label: formatTime(wall, 'UTC', step >= MINUTE ? 'minute' : step >= SECOND ? 'second' : step >= 1000 ? 'ms' : 'us').replace(/^\S+ /, ''), strong: false };
}
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
function dayLabel(wall: number): string {
  return day.format(new Date(Math.floor(wall / 1000)));
}
/** The stamp of a bucket as precise as the zoom needs. */
export function stampIn(range: Range, time: number, zone: string): string {
  return formatTime(time, zone, precisionFor(range.to - range.from));
}

export interface Scale {
  min: number;
  max: number;
  /** ascending, from min to max; none when there is nothing to measure */
  ticks: number[];
}
/**
 * A value axis with round ends. It begins at zero unless that would flatten the line to nothing.
 * @param most how many marks there is room for, at least 2
 */
export function valueScale(low: number, high: number, most: number): Scale {
  if (!(low <= high) || !Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1, ticks: [] };
  const zero = low >= 0 && low <= (high - low) * 3;
  let from = zero ? 0 : low;
  let to = high <= 0 && high >= (low - high) * 3 ? 0 : high;
  // Values that differ in less than marks can say are one value.
  if (to - from <= Math.max(Math.abs(from), Math.abs(to)) * 1e-9) {
    const pad = Math.abs(from) > 0 ? Math.abs(from) * 0.1 : 1;
    to += pad;
    if (from !== 0) from -= pad;
  }
  const raw = (to - from) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((one) => one >= raw * 0.999) ?? raw;
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  if (!Number.isFinite(first) || !Number.isFinite(last) || !(step > 0) || last - first > 50) return { min: from, max: to, ticks: [from, to] };
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { min: ticks[0], max: ticks[ticks.length - 1], ticks };
}
