/** The range that charts show, and where keys take it. All times are microseconds UTC; ranges are half-open [from, to). Pure. */
import { pan, zoomAround } from '../../ui/time-axis/range.ts';
import type { Range } from '../../ui/time-axis/range.ts';

interface Open {
  from: number | null;
  to: number | null;
}
/** A range without length cannot be drawn: this much is shown around one moment. */
const AROUND = 30e6;

/**
 * What is drawn: the view's own range; where that is open the events' (as the timeline has it); in a case of metrics alone theirs.
 * @returns null when nothing says when
 */
export function visibleRange(view: Open, events: Range | null, series: readonly { t0: number | null; t1: number | null }[]): Range | null {
  const own = spanOf(series);
  const from = view.from ?? events?.from ?? own?.from ?? null;
  const to = view.to ?? (events ? events.to + 1 : (own?.to ?? null));
  if (from === null || to === null || to < from) return null;
  return to - from <= 1 ? { from: from - AROUND, to: to + AROUND } : { from, to };
}
/** From the first to just after the last sample of all; null without any. */
export function spanOf(series: readonly { t0: number | null; t1: number | null }[]): Range | null {
  const firsts = series.flatMap(({ t0 }) => (t0 === null ? [] : [t0]));
  const lasts = series.flatMap(({ t1 }) => (t1 === null ? [] : [t1]));
  return firsts.length === 0 || lasts.length === 0 ? null : { from: Math.min(...firsts), to: Math.max(...lasts) + 1 };
}
/** Where a key takes the range: plus and minus zoom around the middle, left and right move (with Shift far); null = not such a key. */
export function keyMove(range: Range, key: string, far: boolean): Range | null {
  if (key === 'ArrowLeft') return pan(range, far ? -0.5 : -0.1);
  if (key === 'ArrowRight') return pan(range, far ? 0.5 : 0.1);
  const factor = key === '+' || key === '=' ? 0.6 : key === '-' ? 1 / 0.6 : 0;
  return factor === 0 ? null : zoomAround(range, (range.from + range.to) / 2, factor);
}
