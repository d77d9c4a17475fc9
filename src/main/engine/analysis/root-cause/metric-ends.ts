/** Services whose metrics stop while those of others go on: a process that was killed reports nothing any more. */
import { isResource } from './metric-shifts.ts';
import type { Periods, ServiceSeries } from './observations.ts';
import { isIn } from './periods.ts';
import { median } from '../statistics/descriptive.ts';

const LEAST_SAMPLES = 4;
/** A sample may be late, or lost. */
const LATE = 2.5;

export interface MetricEnd {
  service: string;
  series: number[];
  /** series that stopped, or fell to nothing, and all */
  ended: number;
  of: number;
  /** the last sample; microseconds UTC */
  at: number;
  /** 0..1 */
  score: number;
}

/** Most first. */
export function metricEnds(series: readonly ServiceSeries[], { normal }: Periods): MetricEnd[] {
  const told = series.filter(({ times }) => times.reduce((n, time) => n + (isIn(time, normal) ? 1 : 0), 0) >= LEAST_SAMPLES);
  const end = told.reduce((last, { times }) => Math.max(last, times[times.length - 1]), Number.NEGATIVE_INFINITY);
  const services = new Map<string, MetricEnd>();
  let ended = 0;
  for (const one of told) {
    const found = services.get(one.service) ?? { service: one.service, series: [], ended: 0, of: 0, at: Number.NEGATIVE_INFINITY, score: 0 };
    services.set(one.service, found);
    found.of++;
    const last = lastSign(one, normal.to, end);
    if (last === null) continue;
    ended++;
    found.ended++;
    found.series.push(...one.ids);
    found.at = Math.max(found.at, last);
  }
  return [...services.values()]
    .map((found) => {
      const others = told.length - found.of;
      // Where all stop, the recording did; where a few of a service do, it still lives.
      const going = others === 0 ? 0 : Math.max(0, 1 - (2 * (ended - found.ended)) / others);
      return { ...found, score: (found.ended / found.of) ** 3 * going };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** When a series gave its last sign of life, null when it lives to the end. */
function lastSign({ times, values, metric }: ServiceSeries, onset: number, end: number): number | null {
  const gaps = Array.from(times.subarray(1), (time, i) => time - times[i]);
  const step = median(gaps);
  if (end - times[times.length - 1] > LATE * step) return times[times.length - 1];
  // A resource of which nothing is used any more, for as long.
  if (!isResource(metric) || values.some((value, i) => times[i] < onset && value <= 0)) return null;
  const alive = values.findLastIndex((value) => value > 0);
  return alive >= 0 && end - times[alive] > LATE * step ? times[alive] : null;
}
