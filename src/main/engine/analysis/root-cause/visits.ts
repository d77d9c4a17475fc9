/**
 * What services did for each request, as sequences. A visit is the time a trace spends in one service without a break: a span that somebody
 * else called, and the spans below it in the same service. Its steps are the spans that started and the log lines that were written, by
 * time, between its begin and its end. Comparing such steps of an incident with those of normal times is the idea of Nezha (Yu et al.,
 * "Nezha: Interpretable Fine-Grained Root Causes Analysis for Microservices on Multi-modal Observability Data", ESEC/FSE 2023).
 */
import { endOf, type Span } from '../traces/span.ts';
import { buildTree } from '../traces/tree.ts';
import type { LogLine } from './observations.ts';

/** The end of every visit. */
export const END = 'end';
/** Code of a severity from which a line tells of a failure. A span that failed is as much. */
export const FAILURE = 3;
const FAILED = ' (failed)';

export interface Step {
  /** the same for the same kind of step of a service */
  what: string;
  time: number;
  /** id of the event: a log line, or a span */
  event: number;
  /** how severe its log line is; 0 for spans */
  severity: number;
  /** the service that a span calls, '' for none */
  calls: string;
  /** no span of that service stands below: `calls` is the one that answered such calls before, or after */
  silent?: true;
  /** another service that a line about a failure names, '' for none */
  names: string;
}
export interface Visit {
  traceId: string;
  service: string;
  from: number;
  to: number;
  /** index of the visit that called it, -1 for none */
  caller: number;
  /** by time, the first is its begin and the last END */
  steps: Step[];
  /** microseconds it took without the stretches in which it waited for other services; NaN when no span says */
  own: number;
}
/** A call from one service to another: what the caller waited and what the callee says it took, in microseconds. */
export interface Call {
  caller: string;
  callee: string;
  start: number;
  waited: number;
  took: number;
  /** id of the caller's span */
  event: number;
}
export interface Traces {
  visits: Visit[];
  calls: Call[];
}

/**
 * Says of calls without an answer whom they were meant for: who answered the same step of the same kind of visit behind the same call, most often.
 * What never has an answer (a database writes no spans) is left alone.
 */
function tellUnanswered(visits: readonly Visit[]): void {
  const meant = new Map<string, Map<string, number>>();
  const names = new Set<string>();
  /** Goes through the steps of all visits with the service that was called before each. */
  const each = (tell: (visit: Visit, step: Step, previous: string) => void): void => {
    for (const visit of visits) {
      let previous = '';
      for (const step of visit.steps) {
        const { calls } = step;
        tell(visit, step, previous);
        if (calls !== '') previous = calls;
      }
    }
  };
  const keyOf = ({ service, steps }: Visit, name: string, previous: string): string => `${service}\0${steps[0].what}\0${name}\0${previous}`;
  each((visit, { what, calls }, previous) => {
    if (calls === '') return;
    const name = what.slice(0, what.lastIndexOf(' → '));
    names.add(name);
    const key = keyOf(visit, name, previous);
    const known = meant.get(key) ?? new Map<string, number>();
    meant.set(key, known.set(calls, (known.get(calls) ?? 0) + 1));
  });
  each((visit, step, previous) => {
    // The entry is no call, nor is its failure.
    if (step.calls !== '' || step.event === visit.steps[0].event) return;
    const name = step.what.endsWith(FAILED) ? step.what.slice(0, -FAILED.length) : step.what;
    const known = names.has(name) ? meant.get(keyOf(visit, name, previous)) : undefined;
    if (!known) return;
    step.silent = true;
    step.calls = [...known].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
  });
}

/** Logs that name no trace are not among the steps. */
export function visitsOf(spans: readonly Span[], logs: readonly LogLine[]): Traces {
  const bySpan = new Map<string, Span[]>();
  for (const span of spans) push(bySpan, span.traceId, span);
  const byLog = new Map<string, LogLine[]>();
  for (const line of logs) if (line.traceId !== '') push(byLog, line.traceId, line);
  const visits: Visit[] = [];
  const calls: Call[] = [];
  for (const traceId of new Set([...bySpan.keys(), ...byLog.keys()])) {
    const own = unrepeated(bySpan.get(traceId) ?? []);
    const tree = buildTree(own);
    const visitOf = new Int32Array(own.length);
    const bySpanId = new Map<string, number>();
    const byService = new Map<string, number[]>();
    const first = visits.length;
    const waits = new Map<number, [number, number][]>();
    // Parents stand before their children.
    for (const i of tree.order) {
      const parent = tree.parent[i];
      const span = own[i];
      const waiting = parent >= 0 && own[parent].service !== span.service ? own[parent] : null;
      if (waiting) {
        push(waits, visitOf[parent], [waiting.start, endOf(waiting)]);
        if (waiting.duration !== null && span.duration !== null) calls.push({ caller: waiting.service, callee: span.service, start: waiting.start, waited: waiting.duration, took: span.duration, event: waiting.event });
      }
      if (parent >= 0 && own[parent].service === span.service) {
        visitOf[i] = visitOf[parent];
        const visit = visits[visitOf[i]];
        visit.to = Math.max(visit.to, endOf(span));
        const calls = tree.children[i].map((child) => own[child].service).find((service) => service !== span.service) ?? '';
        visit.steps.push({ what: `${span.name}${calls === '' ? '' : ` → ${calls}`}${span.failed ? FAILED : ''}`, time: span.start, event: span.event, severity: span.failed ? FAILURE : 0, calls, names: '' });
      } else {
        visitOf[i] = visits.length;
        push(byService, span.service, visits.length);
        visits.push({ traceId, service: span.service, from: span.start, to: endOf(span), caller: parent < 0 ? -1 : visitOf[parent], steps: [{ what: span.name, time: span.start, event: span.event, severity: 0, calls: '', names: '' }], own: Number.NaN });
        if (span.failed) visits[visitOf[i]].steps.push({ what: span.name + FAILED, time: endOf(span), event: span.event, severity: FAILURE, calls: '', names: '' });
      }
      bySpanId.set(span.spanId, visitOf[i]);
    }
    for (let at = first; at < visits.length; at++) visits[at].own = visits[at].to - visits[at].from - covered(waits.get(at) ?? []);
    // A service whose spans are not there has one visit of its lines.
    const lone = new Map<string, number>();
    for (const line of byLog.get(traceId) ?? []) {
      const named = bySpanId.get(line.spanId);
      let at = named !== undefined && visits[named].service === line.service ? named : (byService.get(line.service) ?? []).find((visit) => line.time >= visits[visit].from && line.time <= visits[visit].to) ?? lone.get(line.service);
      if (at === undefined) {
        at = visits.length;
        lone.set(line.service, at);
        visits.push({ traceId, service: line.service, from: line.time, to: line.time, caller: -1, steps: [{ what: '', time: line.time, event: line.event, severity: 0, calls: '', names: '' }], own: Number.NaN });
      }
      const visit = visits[at];
      visit.from = Math.min(visit.from, line.time);
      visit.to = Math.max(visit.to, line.time);
      visit.steps.push({ what: line.statement, time: line.time, event: line.event, severity: line.severity, calls: '', names: line.names });
    }
  }
  for (const visit of visits) {
    const [first, ...rest] = visit.steps;
    rest.sort((a, b) => a.time - b.time || a.event - b.event);
    visit.steps = [first, ...rest, { what: END, time: visit.to, event: rest.at(-1)?.event ?? first.event, severity: 0, calls: '', names: '' }];
  }
  tellUnanswered(visits);
  return { visits, calls };
}

/** How long at least one of the stretches was. */
function covered(stretches: [number, number][]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of stretches.sort((a, b) => a[0] - b[0])) {
    if (to <= until) continue;
    sum += to - Math.max(from, until);
    until = to;
  }
  return sum;
}

/** Exporters that try again write a span twice. */
function unrepeated(spans: readonly Span[]): Span[] {
  const seen = new Set<string>();
  return spans.filter(({ spanId, service, start, kind }) => {
    const key = `${spanId}\0${service}\0${start}\0${kind}`;
    if (spanId === '' || !seen.has(key)) {
      seen.add(key);
      return true;
    }
    return false;
  });
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
