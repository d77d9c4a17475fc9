/** The buckets of a line that hold samples, and what is told of them: stretches without a gap, the nearest one, the unusual ones. Pure. */
import type { Series, SeriesLine } from '../../../shared/contract/metrics.ts';

/** From this many spreads on a value is marked. */
const UNUSUAL = 3;
/** Samples further apart than this many usual distances have a gap between them. */
const GAP = 2.5;

export interface Point {
  /** middle of the bucket, microseconds UTC */
  time: number;
  /** start of the bucket */
  from: number;
  /** length of the bucket */
  width: number;
  min: number;
  max: number;
  mean: number;
  /** greatest |z| in the bucket; NaN = cannot be told */
  z: number;
}

export function pointsOf(line: SeriesLine): Point[] {
  const { time, min, max, mean, z } = line;
  const width = time.length > 1 ? time[1] - time[0] : 0;
  const points: Point[] = [];
  for (let i = 0; i < time.length; i++) {
    if (!Number.isFinite(mean[i])) continue;
    points.push({ time: time[i] + width / 2, from: time[i], width, min: Number.isFinite(min[i]) ? min[i] : mean[i], max: Number.isFinite(max[i]) ? max[i] : mean[i], mean: mean[i], z: z[i] });
  }
  return points;
}

/**
 * How far apart two points may be that belong together, in microseconds. A zoom shows buckets shorter than the distance of the
 * samples: an empty bucket alone is no gap, only one where a sample was due.
 */
export function reachOf(points: readonly Point[], series: Pick<Series, 'n' | 't0' | 't1'>): number {
  const width = points[0]?.width ?? 0;
  const apart = points.slice(1).map((point, index) => point.time - points[index].time).sort((a, b) => a - b);
  const whole = series.t0 !== null && series.t1 !== null && series.n > 1 ? (series.t1 - series.t0) / (series.n - 1) : 0;
  const usual = apart.length >= 4 ? apart[Math.floor(apart.length / 2)] : whole > 0 ? whole : (apart[0] ?? width);
  return Math.max(usual, width) * GAP;
}

/** The points cut where the distance is longer than the reach. */
export function stretches(points: readonly Point[], reach: number): Point[][] {
  const out: Point[][] = [];
  for (const point of points) {
    const open = out.at(-1);
    const last = open?.at(-1);
    if (open && last && point.time - last.time <= reach) open.push(point);
    else out.push([point]);
  }
  return out;
}

/** The point nearest to a moment, null when none is within the reach: what lies in a gap has no value. */
export function nearest(points: readonly Point[], time: number, reach: number): Point | null {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle].time < time) low = middle + 1;
    else high = middle;
  }
  let best: Point | null = null;
  for (const point of [points[low - 1], points[low]]) {
    if (point && Math.abs(point.time - time) <= reach / 2 && (!best || Math.abs(point.time - time) < Math.abs(best.time - time))) best = point;
  }
  return best;
}

export const isUnusual = (point: Point): boolean => point.z >= UNUSUAL;
/** So many usual points before one say what it stands out from. */
const BEFORE = 8;
/**
 * The value of a point that makes it stand out: whichever end lies further from the usual points before it. Its own mean says
 * little, as a long bucket may be unusual for the most part.
 */
export function outer(points: readonly Point[], index: number): number {
  const { min, max, mean } = points[index];
  let sum = 0;
  let n = 0;
  for (let at = index - 1; at >= 0 && n < BEFORE; at--) {
    if (isUnusual(points[at])) continue;
    sum += points[at].mean;
    n++;
  }
  const usual = n === 0 ? mean : sum / n;
  return max - usual >= usual - min ? max : min;
}

/**
 * The points to mark: of unusual ones closer together than can be told apart, the most unusual.
 * @param apart microseconds
 * @returns places in `points`
 */
export function unusualMarks(points: readonly Point[], apart: number): number[] {
  const marks: number[] = [];
  let began = -Infinity;
  points.forEach((point, index) => {
    if (!isUnusual(point)) return;
    const last = marks.length - 1;
    if (point.time - began >= apart) {
      marks.push(index);
      began = point.time;
    } else if (point.z > points[marks[last]].z) marks[last] = index;
  });
  return marks;
}

export interface Summary {
  first: Point;
  last: Point;
  lowest: Point;
  highest: Point;
  /** null when nothing reaches UNUSUAL; `value` is what stands out */
  unusual: { point: Point; value: number } | null;
}
/** The line as numbers; null when it has none in the range. */
export function summaryOf(points: readonly Point[]): Summary | null {
  if (points.length === 0) return null;
  const most = (better: (a: Point, b: Point) => boolean): Point => points.reduce((best, point) => (better(point, best) ? point : best));
  const odd = points.reduce((best, point, index) => (isUnusual(point) && (best < 0 || point.z > points[best].z) ? index : best), -1);
  return {
    first: points[0], last: points[points.length - 1], lowest: most((a, b) => a.min < b.min), highest: most((a, b) => a.max > b.max),
    unusual: odd < 0 ? null : { point: points[odd], value: outer(points, odd) },
  };
}
