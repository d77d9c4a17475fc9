/** Where the marks of pinned events stand; pins too close to be told apart share one. Pure. */
import { toShare } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';

const CLUSTER_PX = 8;

export interface PinMark {
  /** pixels in the plot */
  x: number;
  /** of the first of them */
  time: number;
  /** in the order of time */
  eventIds: number[];
}

/** Whether a moment lies in the range that is drawn. */
export function inside(range: Range, time: number): boolean {
  return time >= range.from && time <= range.to;
}
/** Pixels from the left of the chart at which a moment stands. */
export function leftOf(range: Range, plot: Box, time: number): number {
  return plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
}

/** Marks from left to right; an event pinned to several investigations counts once. */
export function clusterPins(pins: readonly { eventId: number; time: number }[], range: Range, plot: Box): PinMark[] {
  const seen = new Map<number, number>();
  for (const pin of pins) if (inside(range, pin.time)) seen.set(pin.eventId, pin.time);
  const marks: PinMark[] = [];
  for (const [eventId, time] of [...seen].sort((a, b) => a[1] - b[1])) {
    const x = leftOf(range, plot, time);
    const last = marks.at(-1);
    if (last && x - last.x < CLUSTER_PX) last.eventIds.push(eventId);
    else marks.push({ x, time, eventIds: [eventId] });
  }
  return marks;
}
