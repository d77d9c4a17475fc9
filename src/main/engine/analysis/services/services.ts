/** The analysis 'services.get': how each service fares over a scope. */
import { MOST_OUTAGES, type HealthRules, type Outage, type ServiceRow, type ServiceSettings, type ServicesReply } from '../../../../shared/contract/services.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { formatCount, formatPercent } from '../../../../shared/numbers.ts';
import { printValue } from '../../../../shared/query/print.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import { readServiceSettings } from '../../store/service-settings.ts';
import type { AnalysisContext } from '../analysis.ts';
import { basisOf } from '../requests.ts';
import { gather, type Gathered } from './gather.ts';
import { duration, healthOf, troublesOf, type Trouble } from './health.ts';
import { objectiveOf } from './objectives.ts';
import { recoveryOf } from './recovery.ts';
import { CELL, type Limits, type Minute, type ServiceTally } from './tallies.ts';

const ORDER = { unhealthy: 0, silent: 1, degraded: 2, healthy: 3, unknown: 4 } as const;
/** What a state weighs in the score of an outage, before its errors. */
const OF_STATE = { degraded: 0.4, silent: 0.5, unhealthy: 0.7 } as const;

export async function services(input: { scope: Scope; buckets: number }, context: AnalysisContext): Promise<ServicesReply> {
  const settings = readServiceSettings(context.db);
  const { rules, objective } = settings;
  const limitsOf = (service: string): Limits => ({ degradedMs: rules.degradedP99Ms, unhealthyMs: rules.unhealthyP99Ms, objectiveMs: (settings.services[service] ?? objective).latencyMs });
  const gathered = await gather(input.scope, limitsOf, context);
  context.progress(0.92, 'judging');
  const quieted = quietedLikes(context.db);
  const { from, to, step, tallies, more, risks, unreadable } = gathered;
  const end = Math.max(from, ...[...tallies.values()].map(({ last }) => last));
  const allMinutes = new Map([...tallies].map(([service, tally]) => [service, tally.minutes()]));
  const busy = busyMinutes(allMinutes);
  const rows: ServiceRow[] = [];
  const outages: Outage[] = [];
  for (const [service, tally] of tallies) {
    const minutes = allMinutes.get(service) ?? [];
    const { row, found } = rowOf({ service, tally, minutes, gathered, settings, end, busy, buckets: input.buckets, quieted });
    rows.push(row);
    outages.push(...found);
    await context.turns.next();
  }
  rows.sort((a, b) => ORDER[a.health] - ORDER[b.health] || b.errorRate - a.errorRate || b.events - a.events || (a.service < b.service ? -1 : 1));
  outages.sort((a, b) => b.score - a.score || a.from - b.from);
  return {
    from, to, step, buckets: input.buckets, settings, services: rows, more, outages: outages.slice(0, MOST_OUTAGES), outagesMore: Math.max(0, outages.length - MOST_OUTAGES),
    risks: risks.findings(quieted), recovery: recoveryOf(context.db, outages, { from, to, end }), unreadable,
  };
}

interface RowInput {
  service: string;
  tally: ServiceTally;
  minutes: readonly Minute[];
  gathered: Pick<Gathered, 'from' | 'to' | 'step'>;
  settings: ServiceSettings;
  end: number;
  busy: ReadonlyMap<number, number>;
  buckets: number;
  quieted: ReadonlySet<string>;
}

function rowOf({ service, tally, minutes, gathered: { from, to, step }, settings, end, busy, buckets, quieted }: RowInput): { row: ServiceRow; found: Outage[] } {
  const { rules } = settings;
  const { counts, timed, first, last } = tally;
  const basis = basisOf(counts);
  const [total, errors] = basis === 'requests' ? [counts.requests, counts.failed] : [counts.events, counts.errors];
  const own = new Set(minutes.map(({ minute }) => minute));
  // A service goes on when another one has events in a minute in which this one has none.
  const othersGoOn = (start: number, stop: number): boolean => {
    for (let minute = Math.floor((start - from) / step) + 1; minute * step + from < stop; minute++) if (!own.has(minute) && busy.has(minute)) return true;
    return false;
  };
  const troubles = troublesOf({ minutes, basis, rules, from, step, end, othersGoOn });
  const measured = { basis, total, errors, timed, p99: tally.quantile(0.99) };
  const { state, why } = healthOf(measured, troubles, end, rules);
  const line = { total: new Uint32Array(buckets), errors: new Uint32Array(buckets) };
  for (const { minute, cell } of minutes) {
    const bucket = Math.min(buckets - 1, Math.floor((minute * step * buckets) / (to - from)));
    line.total[bucket] += cell[basis === 'requests' ? CELL.requests : CELL.events];
    line.errors[bucket] += cell[basis === 'requests' ? CELL.failed : CELL.errors];
  }
  const row: ServiceRow = {
    service, ...counts, basis, errorRate: errors / total,
    latency: timed === 0 ? null : { count: timed, p50: tally.quantile(0.5), p95: tally.quantile(0.95), p99: measured.p99, max: tally.maxMs },
    perSecond: total / Math.max(1, (last - first) / 1e6), first, last, health: state, why,
    outages: troubles.length, outageTime: troubles.reduce((sum, trouble) => sum + trouble.to - trouble.from, 0), line,
    objective: objectiveOf({ minutes, basis, from, step, least: rules.leastRequests }, settings.services[service] ?? settings.objective), slowest: tally.slowest,
  };
  return { row, found: troubles.map((trouble) => outageOf(service, trouble, basis, quieted, rules)) };
}

function outageOf(service: string, trouble: Trouble, basis: 'requests' | 'events', quieted: ReadonlySet<string>, rules: HealthRules): Outage {
  const { from, to, state, why, total, errors, worst } = trouble;
  const like = JSON.stringify(['service-health', service, state]);
  const named = service === '' ? 'Events without a service' : service;
  const of = service === '' ? '-has:service' : `service:${printValue('service', service)}`;
  const slow = state !== 'silent' && errors / Math.max(1, total) <= rules.degradedErrorRate;
  const bad = state === 'silent' ? '' : slow ? ` latency_ms>${state === 'unhealthy' ? rules.unhealthyP99Ms : rules.degradedP99Ms}` : ' (severity>=high OR status>=500)';
  return {
    key: JSON.stringify([like, from]), like, detector: 'service-health', title: `${named} ${state === 'silent' ? 'was silent' : `was ${state}`} for ${duration(to - from)}`, why: `${why}.`,
    evidence: [
      { label: 'lasted', value: duration(to - from) },
      ...(state === 'silent' ? [] : [{ label: basis, value: formatCount(total) }, { label: 'errors', value: formatCount(errors) }, { label: 'error rate', value: formatPercent(errors / Math.max(1, total)) }, { label: 'worst window', value: formatPercent(worst) }]),
    ],
    severity: state === 'unhealthy' ? (worst >= 0.5 ? 'critical' : 'high') : 'medium', score: OF_STATE[state] + 0.3 * Math.min(1, worst), from, to,
    scope: { query: `${of}${bad}`, from, to }, events: [], quieted: quieted.has(like), service, state,
  };
}

/** How many services have events, by minute. */
function busyMinutes(all: ReadonlyMap<string, readonly Minute[]>): Map<number, number> {
  const busy = new Map<number, number>();
  for (const minutes of all.values()) for (const { minute } of minutes) busy.set(minute, (busy.get(minute) ?? 0) + 1);
  return busy;
}
