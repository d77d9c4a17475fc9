/** What is said of a point. Pure. */
import { formatValue } from '../../../shared/measure.ts';
import type { Measure } from '../../../shared/measure.ts';
import type { Point } from './points.ts';

/** Scores end here (engine/metrics/statistics.ts): a change in what never changed would be infinitely unusual. */
const MOST = 1000;

/** A mean, and what its samples are between where they differ. */
export function pointWords({ mean, min, max }: Pick<Point, 'mean' | 'min' | 'max'>, measure: Measure): string {
  return min === max ? formatValue(mean, measure) : `${formatValue(mean, measure)} (${formatValue(min, measure)} to ${formatValue(max, measure)})`;
}
/** How unusual: "unusual: 4.2 deviations". */
export function unusualWords({ z }: Pick<Point, 'z'>): string {
  return `unusual: ${z >= MOST ? `${MOST} or more` : z.toFixed(1)} deviations`;
}
