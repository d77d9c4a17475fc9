import { MOST_OUTAGES, type Outage, type RiskFinding, type ServiceRow, type ServicesReply } from '../../../shared/contract/services.ts';
import { formatFrequency } from '../../../shared/numbers.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command } from '../command.ts';
import { isoTime } from '../event-rows.ts';
import { withProgress } from '../findings.ts';
import { count, table, timeSpan } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';

/** So many outages and kinds of events a person is told. */
const SHOWN = 15;

export const services: Command = {
  name: 'services',
  usage: 'services CASE [QUERY] [--from T] [--to T] [--json]',
  summary: 'Says how each service fared: requests, errors, latency, health, objectives, outages, and events of high risk.',
  details:
    'A request is an event with a status, a latency or a span; an error has a severity of high or more, or a status of 500 or more. A service\n' +
    'without requests is measured by its events. Health goes by the rules of the case, which the window changes.\n' +
    'JSON: {"from","to","step_s","services":[{"service","health","why","requests","failed","error_rate","p50_ms",...,"objective":{...}}],\n' +
    '"outages":[{"service","state","from","to","why",...}],"risks":[{"risk","service","title","count","parts",...}],"recovery":{...},"rules":{...}}.',
  options: { ...RANGE_OPTIONS, ...JSON_OPTION },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    if (file === '') throw new UsageError('CASE is missing.');
    const scope = scopeOf(query, args, context.now);
    const engine = await openToRead(file, context);
    const reply = await withProgress(engine, context, async (run) => await engine.handlers.services.get({ scope, buckets: 1, run }, { signal: context.signal }));
    if (context.json) await context.out.json(servicesObject(reply));
    else await context.out.text(servicesText(reply));
    if (reply.more > 0) context.note(`${count(reply.more)} more services are not listed.`);
    if (reply.outagesMore > 0) context.note(`${count(reply.outagesMore)} more outages than the ${MOST_OUTAGES} worst are not listed.`);
    if (reply.unreadable > 0) context.note(`${count(reply.unreadable)} events could not be read: the case file is damaged there.`);
    return 0;
  },
};

const seconds = (microseconds: number): number | null => (Number.isNaN(microseconds) ? null : microseconds / 1e6);
const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function servicesObject({ from, to, step, services: rows, outages, risks, recovery, settings, more }: ServicesReply): object {
  return {
    from: isoTime(from), to: isoTime(to), step_s: step / 1e6, more,
    services: rows.map((row) => ({
      service: row.service, health: row.health, why: row.why, basis: row.basis, events: row.events, errors: row.errors, requests: row.requests, failed: row.failed, error_rate: orNull(row.errorRate),
      per_second: row.perSecond, p50_ms: row.latency?.p50 ?? null, p95_ms: row.latency?.p95 ?? null, p99_ms: row.latency?.p99 ?? null, max_ms: row.latency?.max ?? null, first: isoTime(row.first), last: isoTime(row.last),
      outages: row.outages, outage_s: row.outageTime / 1e6,
      objective: {
        availability: row.objective.availability, reached: orNull(row.objective.reached), budget_left: row.objective.left, burn_rate: row.objective.burn, worst_hour: row.objective.worst && { from: isoTime(row.objective.worst.from), burn_rate: row.objective.worst.burn },
        uptime: orNull(row.objective.uptime), latency_ms: row.objective.latencyMs, latency_share: row.objective.latencyShare, fast: row.objective.fast, met: row.objective.met,
      },
      slowest: row.slowest.map(({ event, time, ms }) => ({ event, time: isoTime(time), ms })),
    })),
    outages: outages.map((outage) => ({ service: outage.service, state: outage.state, from: isoTime(outage.from), to: isoTime(outage.to), seconds: (outage.to - outage.from) / 1e6, severity: outage.severity, score: outage.score, why: outage.why, query: outage.scope.query, quieted: outage.quieted })),
    risks: risks.map((risk) => ({ risk: risk.score, service: risk.service, title: risk.title, severity: risk.severity, count: risk.count, from: isoTime(risk.from), to: isoTime(risk.to), parts: risk.parts, events: risk.events, query: risk.scope.query, quieted: risk.quieted })),
    recovery: { outages: recovery.outages, mean_outage_s: seconds(recovery.outageMean), noticed: recovery.noticed, mean_to_notice_s: seconds(recovery.noticedMean), acknowledged: recovery.acknowledged, mean_to_acknowledge_s: seconds(recovery.acknowledgedMean), investigations: recovery.investigations, mean_investigation_s: seconds(recovery.investigated) },
    rules: settings,
  };
}

const rate = (share: number): string => (Number.isNaN(share) ? '' : `${(share * 100).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`);
const ms = (value: number | undefined): string => (value === undefined ? '' : value >= 100 ? count(Math.round(value)) : value.toPrecision(3));

/** What is left of an error budget: a share, or how many times over it was spent. */
const budget = (left: number): string => (left >= 0 ? `${rate(left)} left` : `spent ${(1 - left).toPrecision(3)}x`);

const COLUMNS = [
  { title: 'service' }, { title: 'health' }, { title: 'requests', align: 'right' }, { title: 'errors', align: 'right' }, { title: 'p50 ms', align: 'right' }, { title: 'p95 ms', align: 'right' }, { title: 'p99 ms', align: 'right' }, { title: 'rate', align: 'right' },
  { title: 'available', align: 'right' }, { title: 'budget', align: 'right' }, { title: 'in trouble' }, { title: 'why' },
] as const;

function servicesText({ from, to, services: rows, outages, risks, recovery }: ServicesReply): string {
  if (rows.length === 0) return 'No event of the range has a time that can be believed.\n';
  const parts = [`${isoTime(from)} to ${isoTime(to)}\n\n`, table(COLUMNS, rows.map(cells))];
  if (outages.length > 0) parts.push(`\nOutages, worst first\n`, table(OUTAGE_COLUMNS, shown(outages).map((outage) => [outage.service || '(none)', outage.state, isoTime(outage.from), timeSpan(outage.to - outage.from), outage.why])));
  if (risks.length > 0) parts.push('\nHigh-risk events\n', table(RISK_COLUMNS, shown(risks).map((risk) => [risk.score.toFixed(2), risk.severity, count(risk.count), risk.service || '(none)', isoTime(risk.from), String(risk.events[0] ?? ''), risk.title])));
  if (recovery.outages > 0) parts.push(`\n${count(recovery.outages)} outages ended after ${timeSpan(recovery.outageMean)} on average.\n`);
  if (recovery.noticed > 0) parts.push(`In ${count(recovery.noticed)} an alert fired, ${timeSpan(recovery.noticedMean)} after the start on average.\n`);
  if (recovery.acknowledged > 0) parts.push(`${count(recovery.acknowledged)} alerts were acknowledged after ${timeSpan(recovery.acknowledgedMean)} on average.\n`);
  if (recovery.investigations > 0) parts.push(`${count(recovery.investigations)} investigations were resolved after ${timeSpan(recovery.investigated)} on average.\n`);
  return parts.join('');
}
const OUTAGE_COLUMNS = [{ title: 'service' }, { title: 'state' }, { title: 'from' }, { title: 'for' }, { title: 'why' }] as const;
const RISK_COLUMNS = [{ title: 'risk', align: 'right' }, { title: 'severity' }, { title: 'events', align: 'right' }, { title: 'service' }, { title: 'first' }, { title: 'example' }, { title: 'what' }] as const;

function shown<T extends Outage | RiskFinding>(findings: readonly T[]): T[] {
  return findings.filter(({ quieted }) => !quieted).slice(0, SHOWN);
}

function cells(row: ServiceRow): string[] {
  const { latency, objective } = row;
  return [
    row.service || '(none)', row.health, row.basis === 'requests' ? count(row.requests) : `${count(row.events)} events`, rate(row.errorRate), ms(latency?.p50), ms(latency?.p95), ms(latency?.p99), formatFrequency(row.perSecond),
    rate(objective.reached), budget(objective.left), row.outages === 0 ? '' : `${count(row.outages)}x, ${timeSpan(row.outageTime)}`, row.why,
  ];
}
