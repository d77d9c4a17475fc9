/** What the trouble costs, told from the case alone, on four axes. Where nothing in it tells, that is said. */
import type { ImpactAxis } from '../../../../shared/contract/root-cause.ts';
import { formatPercent } from '../../../../shared/numbers.ts';
import { quantileOf } from '../statistics/descriptive.ts';
import type { Blame } from './blame.ts';
import type { MetricShift } from './metric-shifts.ts';
import type { Observations } from './observations.ts';
import { isIn } from './periods.ts';
import { FAILURE, type Traces, type Visit } from './visits.ts';
import { few, figure, ms } from './witnesses.ts';

/** Sign-ins refused and accesses denied, before and after. */
export interface Denials {
  before: number;
  after: number;
  /** events with an indicator, in the time of the trouble */
  indicators: number;
}
const NOTHING = 'Nothing in the case tells.';
const MOST_WAYS = 3;

export function impactOf(top: Blame | undefined, { visits }: Traces, { periods }: Observations, metrics: readonly MetricShift[], denials: Denials | null): Record<ImpactAxis, string[]> {
  const impact: Record<ImpactAxis, string[]> = { performance: [], cost: [], security: [], business: [] };
  const around = periods.traces;
  const roots = around ? visits.filter(({ caller, own }) => caller < 0 && !Number.isNaN(own)) : [];
  if (around && roots.length > 0) {
    const after = roots.filter(({ from }) => isIn(from, around.incident));
    const before = roots.filter(({ from }) => isIn(from, around.normal));
    const p95 = (some: readonly Visit[]): number => quantileOf(some.map(({ from, to }) => to - from), 0.95);
    if (after.length > 0 && before.length === 0) impact.performance.push(`Requests take ${ms(p95(after))} at the 95th percentile (${after.length} requests); there are none before to compare with.`);
    if (after.length > 0 && before.length > 0) {
      impact.performance.push(`Requests take ${ms(p95(after))} at the 95th percentile, before it was ${ms(p95(before))} (${after.length} and ${before.length} requests).`);
    }
    impact.business.push(...requestsThrough(top, visits, after));
  }
  const used = metrics.filter(({ kind, service, score }) => kind === 'resource' && score > 0.1 && (top === undefined || service === top.service)).slice(0, 3);
  for (const { service, metric, unit, before, after } of used) impact.cost.push(`${service} uses more: ${metric} ${figure(before)} to ${figure(after)}${unit === '' ? '' : ` ${unit}`}.`);
  if (denials && denials.before + denials.after > 0) impact.security.push(`Accesses that were denied (401, 403): ${denials.after} in the time of the trouble, ${denials.before} in the time before.`);
  if (denials && denials.indicators > 0) impact.security.push(`${denials.indicators} events of that time have an indicator.`);
  for (const axis of ['performance', 'cost', 'security', 'business'] as const) if (impact[axis].length === 0) impact[axis].push(NOTHING);
  return impact;
}

/** How many requests from outside went through the service, and how many of those failed somewhere. */
function requestsThrough(top: Blame | undefined, visits: readonly Visit[], after: readonly Visit[]): string[] {
  if (!top || after.length === 0) return [];
  const through = new Set(visits.filter(({ service }) => service === top.service).map(({ traceId }) => traceId));
  const failed = new Set(visits.filter(({ steps }) => steps.some(({ severity }) => severity >= FAILURE)).map(({ traceId }) => traceId));
  const touched = after.filter(({ traceId }) => through.has(traceId));
  if (touched.length === 0) return [];
  const bad = touched.filter(({ traceId }) => failed.has(traceId)).length;
  const ways = new Map<string, number>();
  for (const { service } of touched) ways.set(service, (ways.get(service) ?? 0) + 1);
  const said = [`${touched.length} of ${after.length} requests (${formatPercent(touched.length / after.length)}) go through ${top.service}; a failure is written for ${bad} of them.`];
  const entries = [...ways].sort((a, b) => b[1] - a[1]).map(([service]) => service);
  said.push(`They come in through ${few(entries.slice(0, MOST_WAYS + 1))}.`);
  return said;
}
