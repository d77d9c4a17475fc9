/**
 * Metrics of services that rose to another level, by median and interquartile range as BARO compares them (Pham et al., "BARO: Robust Root
 * Cause Analysis for Microservices via Multivariate Bayesian Online Change Point Detection", FSE 2024), and by how many times: of two sure
 * rises the larger one is nearer to the cause.
 */
import { median, quantileOf } from '../statistics/descriptive.ts';
import type { Periods, ServiceSeries } from './observations.ts';
import { isIn } from './periods.ts';

const LEAST_SAMPLES = 4;
/** A level lasts when it holds for so many samples, or for a third of the incident. */
const LEAST_LASTING = 2;
/** A spread below this share of the level is that of rounding. */
const LEAST_SPREAD = 0.05;
/** A doubling six times over is as much as anything can be. */
const MOST_DOUBLINGS = 6;
/** Standard deviations that make most of the certainty. */
const SURE = 5;
/** What runs out or is used up is nearer to a cause than what requests feel; how much is asked for comes from outside. */
const RESOURCE = /cpu|mem|disk|(?:^|[_./-])(?:io|fs)(?![a-z])|iops|filesystem|heap|gc\b|thread|socket|connections?\b|established|open[_.-]?files|file[_.-]?desc|fds?\b|throttl|saturat|swap|page[_.-]?fault/i;
const DEMAND = /workload|requests?(?:_?(?:per|rate|total|count))|throughput|(?:^|[_./-])(?:rps|qps|ops|tps|lod|load)\b|bytes|packets|network|syscall/i;
const WEIGHT = { resource: 1, symptom: 0.5, demand: 0.25 } as const;
const TRACED_SYMPTOM = 0.15;
/** Of the machine, not of the service: everything on it shows the same. */
const SHARED = /^(?:node|host|machine)/i;
const SHARED_WEIGHT = 0.2;

export function isResource(metric: string): boolean {
  return RESOURCE.test(metric) && !SHARED.test(metric);
}

export interface MetricShift {
  service: string;
  series: number[];
  metric: string;
  unit: string;
  kind: keyof typeof WEIGHT;
  /** median before, and the level that lasted after */
  before: number;
  after: number;
  /** interquartile range before */
  spread: number;
  /** (after - before) in spreads */
  z: number;
  /** 0..1 */
  score: number;
}

/**
 * All that rose, most first.
 * @param traced there are traces: they tell what requests feel better than averages over minutes do
 */
export function metricShifts(series: readonly ServiceSeries[], { normal, incident }: Periods, traced: boolean): MetricShift[] {
  const told = series.flatMap((one) => {
    const before = one.values.filter((_, i) => isIn(one.times[i], normal));
    const after = one.values.filter((_, i) => isIn(one.times[i], incident));
    return before.length >= LEAST_SAMPLES && after.length >= LEAST_LASTING ? [{ one, centre: median(before), spread: quantileOf(before, 0.75) - quantileOf(before, 0.25), level: lasting(after) }] : [];
  });
  // What is usual of a metric among all services: a rise from nothing to that is none.
  const usual = new Map<string, number[]>();
  for (const { one, centre } of told) {
    const known = usual.get(one.metric);
    if (known) known.push(Math.abs(centre));
    else usual.set(one.metric, [Math.abs(centre)]);
  }
  const scales = new Map([...usual].map(([metric, centres]) => [metric, centres.length > 2 ? median(centres) : 0]));
  return told
    .flatMap(({ one, centre, spread, level }): MetricShift[] => {
      const rise = level - centre;
      const least = Math.max(spread, LEAST_SPREAD * Math.max(Math.abs(centre), scales.get(one.metric) ?? 0));
      if (rise <= 0 || least === 0) return [];
      const kind = RESOURCE.test(one.metric) ? 'resource' : DEMAND.test(one.metric) ? 'demand' : 'symptom';
      const z = rise / least;
      const doublings = Math.log2(1 + rise / (Math.abs(centre) + spread + (scales.get(one.metric) ?? 0) / 4));
      const score = (Math.min(doublings, MOST_DOUBLINGS) / MOST_DOUBLINGS) * (1 - Math.exp(-z / SURE)) * (traced && kind === 'symptom' ? TRACED_SYMPTOM : WEIGHT[kind]) * (SHARED.test(one.metric) ? SHARED_WEIGHT : 1);
      return [{ service: one.service, series: one.ids, metric: one.metric, unit: one.unit, kind, before: centre, after: level, spread, z, score }];
    })
    .sort((a, b) => b.score - a.score);
}

/** The highest level that held for a third of the samples: the greatest of the running medians. */
function lasting(values: Float64Array): number {
  const width = Math.min(values.length, Math.max(LEAST_LASTING, Math.ceil(values.length / 3)));
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + width <= values.length; i += Math.max(1, Math.floor(width / 4))) best = Math.max(best, quantileOf(values.subarray(i, i + width), width === LEAST_LASTING ? 0 : 0.5));
  return best;
}
