/** Ticks of a time axis at round moments of a zone's clock. */
import { formatTime, zoneOffset, type Precision } from '../../../../shared/time.ts';

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly [step: number, precision: Precision][] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((n): [number, Precision] => [n * 1000, 'ms']),
  ...[1, 2, 5, 10, 15, 30].map((n): [number, Precision] => [n * SECOND, 'second']),
  ...[1, 2, 5, 10, 15, 30].map((n): [number, Precision] => [n * MINUTE, 'minute']),
  ...[1, 2, 3, 6, 12].map((n): [number, Precision] => [n * HOUR, 'minute']),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n): [number, Precision] => [n * DAY, 'day']),
];

/** At most `most` ticks between from and to. The date is said at the first and where it changes, else only the time of day. */
export function timeTicks(from: number, to: number, zone: string, most: number): { time: number; label: string }[] {
  const [step, precision] = STEPS.find(([size]) => (to - from) / size <= most) ?? [Math.ceil((to - from) / most / (365 * DAY)) * 365 * DAY, 'day' as const];
  const offset = zoneOffset(from, zone);
  const ticks: { time: number; label: string }[] = [];
  let day = '';
  for (let local = Math.ceil((from + offset) / step) * step; local - offset <= to && ticks.length <= most; local += step) {
    const text = formatTime(local - offset, zone, precision);
    const [date, clock] = text.split(' ');
    ticks.push({ time: local - offset, label: clock === undefined || date !== day ? text : clock });
    day = date;
  }
  return ticks;
}
