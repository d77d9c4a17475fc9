/** Geometry of the density bars: counts to rectangles in pixels. Pure; the shapes in chart.ts only trace what comes out of here. */
import { SEVERITIES } from '../../../shared/event.ts';
import type { Box } from '../../ui/time-axis/range.ts';

const KINDS = SEVERITIES.length;
/** Rare and grave events stay visible beside thousands of harmless ones: high and critical are never thinner than this. */
const GRAVE_PX = 2;
const FIRST_GRAVE = SEVERITIES.indexOf('high');

export interface BarsInput {
  /** counts[bucket * 5 + severity] */
  counts: Uint32Array;
  /** left edge of a bucket in pixels; also asked for the one after the last */
  edge: (bucket: number) => number;
  /** where the lane is drawn; bars outside of it left and right are cut off */
  box: Box;
  /** the count that fills the lane's height */
  peak: number;
  log: boolean;
}

/** Largest bucket of a lane, all severities together. */
export function peakOf(counts: Uint32Array): number {
  let peak = 0;
  for (let at = 0; at < counts.length; at += KINDS) {
    let sum = 0;
    for (let severity = 0; severity < KINDS; severity++) sum += counts[at + severity];
    if (sum > peak) peak = sum;
  }
  return peak;
}

/** Share of the height a count gets, 0..1. The logarithm is of count + 1, so that one event is seen and none is nothing. */
export function heightShare(count: number, peak: number, log: boolean): number {
  if (count <= 0 || peak <= 0) return 0;
  return Math.min(1, log ? Math.log1p(count) / Math.log1p(peak) : count / peak);
}

/**
 * Rectangles of one lane, by severity: x, y, width, height after each other. The gravest severity stands at the bottom, where
 * heights can be compared; with a logarithmic height the parts of a bar keep their share of it.
 */
export function barRects({ counts, edge, box, peak, log }: BarsInput): Float32Array[] {
  const rects: number[][] = SEVERITIES.map(() => []);
  const buckets = counts.length / KINDS;
  const right = box.x + box.width;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = bucket * KINDS;
    let sum = 0;
    for (let severity = 0; severity < KINDS; severity++) sum += counts[at + severity];
    if (sum === 0) continue;
    const exactLeft = edge(bucket);
    const exactRight = edge(bucket + 1);
    if (exactRight <= box.x || exactLeft >= right) continue;
    const left = Math.max(box.x, Math.round(exactLeft));
    // A hairline between bars that are wide enough to be told apart.
    const end = Math.min(right, Math.round(exactRight) - (exactRight - exactLeft >= 4 ? 1 : 0));
    const width = Math.max(1, end - left);
    const full = Math.max(1, Math.round(heightShare(sum, peak, log) * box.height));
    let base = box.y + box.height;
    let used = 0;
    for (let severity = KINDS - 1; severity >= 0; severity--) {
      const count = counts[at + severity];
      if (count === 0) continue;
      const least = severity >= FIRST_GRAVE ? GRAVE_PX : 0;
      const room = severity >= FIRST_GRAVE ? box.height - used : Math.max(0, full - used);
      const height = Math.min(room, Math.max(least, Math.round((full * count) / sum)));
      if (height <= 0) continue;
      base -= height;
      used += height;
      rects[severity].push(left, base, width, height);
    }
    // Rounding may have left the last pixels of a bar to nobody: they belong to the severity on top, or to the one most are of.
    if (used === 0) rects[largest(counts, at)].push(left, base - full, width, full);
    else if (used < full) growTop(rects, left, base, full - used);
  }
  return rects.map((list) => Float32Array.from(list));
}
function largest(counts: Uint32Array, at: number): number {
  let most = KINDS - 1;
  for (let severity = KINDS - 2; severity >= 0; severity--) if (counts[at + severity] > counts[at + most]) most = severity;
  return most;
}
function growTop(rects: number[][], left: number, base: number, by: number): void {
  for (const list of rects) {
    const at = list.length - 4;
    if (at < 0 || list[at] !== left || list[at + 1] !== base) continue;
    list[at + 1] -= by;
    list[at + 3] += by;
    return;
  }
}

/** Diagonal strokes that fill a box: x1, y1, x2, y2 after each other. */
export function hatchLines(box: Box, spacing = 6): Float32Array {
  const lines: number[] = [];
  const { x, y, width, height } = box;
  for (let offset = spacing; offset < width + height; offset += spacing) {
    const startX = x + Math.min(offset, width);
    const startY = y + Math.max(0, offset - width);
    const endX = x + Math.max(0, offset - height);
    const endY = y + Math.min(offset, height);
    lines.push(startX, startY, endX, endY);
  }
  return Float32Array.from(lines);
}
