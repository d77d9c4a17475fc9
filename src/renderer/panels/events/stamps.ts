/** How times are written in the list, and where rules between rows stand. Pure. */
import { formatTime, precisionFor, zoneOffset } from '../../ui/time.ts';
import type { Precision } from '../../ui/time.ts';

const DAY = 86_400e6;
const MINUTE = 60e6;

/** Events that are on average further apart than this are told apart by seconds. */
const SPARSE = 10e6;

/** Rows want finer times than an axis: microseconds where the range or the crowd calls for them, seconds only where rows are few. */
export function rowPrecision(span: number | null, total: number): Precision {
  if (span === null) return 'ms';
  const apart = span / Math.max(1, total);
  if (precisionFor(span, 100_000) === 'us' || apart < 100) return 'us';
  return apart >= SPARSE ? 'second' : 'ms';
}
/** The time of a row; the year is left out where the header says it, because all rows are of one. */
export function rowTime(time: number, zone: string, precision: Precision, years = false): string {
  const text = formatTime(time, zone, precision);
  return years ? text : text.replace(/^\d{4}-/, '');
}
/** Whether a range lies in more than one year. */
export function spansYears(from: number | null | undefined, to: number | null | undefined, zone: string): boolean {
  return from !== null && from !== undefined && to !== null && to !== undefined && formatTime(from, zone, 'year') !== formatTime(to, zone, 'year');
}
/** Rows further apart than this have a rule between them: longer than usual at this zoom, and never less than a minute. */
export function ruleGap(span: number | null, total: number): number {
  if (span === null || total < 2) return Infinity;
  return Math.max(MINUTE, (span / total) * 30);
}
export type Rule = 'day' | 'gap' | null;
/** The rule above a row, given the row before it. */
export function ruleAbove(time: number, before: number | undefined, zone: string, gap: number): Rule {
  if (before === undefined) return null;
  const day = (at: number): number => Math.floor((at + zoneOffset(at, zone)) / DAY);
  if (day(time) !== day(before)) return 'day';
  return Math.abs(time - before) > gap ? 'gap' : null;
}
