/** Evidence in words: each detector's findings as sentences with their numbers, and the query that opens their events. */
import type { NearbyChange } from '../../../../shared/contract/root-cause.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { formatPercent } from '../../../../shared/numbers.ts';
import { printValue } from '../../../../shared/query/print.ts';
import type { Witness } from './blame.ts';
import { callDelays } from './call-delays.ts';
import { latencyShifts } from './latency-shifts.ts';
import { lineChanges } from './line-changes.ts';
import { metricEnds } from './metric-ends.ts';
import { metricShifts, type MetricShift } from './metric-shifts.ts';
import type { Observations, Period } from './observations.ts';
import { silentServices } from './silent-services.ts';
import { standingFailures } from './standing-failures.ts';
import { stepChanges } from './step-changes.ts';
import type { Traces } from './visits.ts';

/** How much each kind of evidence can count for at most. */
const WEIGHT = { step: 0.9, line: 0.8, failure: 0.6, slower: 0.8, delay: 0.95, silent: 0.9, metric: 0.9, gone: 0.97, change: 0.5 } as const;
const MOST_OF_KIND = 3;
const LEAST_SCORE = 0.02;
/** A change loses half of its weight in so many microseconds. */
const CHANGE_HALF = 2 * 3600e6;
const EDGE = 60e6;

export interface Witnessed {
  witnesses: Witness[];
  metrics: MetricShift[];
}

export function witnessesOf(observed: Observations, traces: Traces, changes: readonly NearbyChange[], onset: number): Witnessed {
  const witnesses: Witness[] = [];
  const taken = new Map<string, number>();
  /** The few strongest of a kind of a service; they come strongest first. */
  const add = (witness: Witness): void => {
    const key = `${witness.kind}\0${witness.service}`;
    const n = taken.get(key) ?? 0;
    if (witness.score < LEAST_SCORE || n >= MOST_OF_KIND) return;
    taken.set(key, n + 1);
    // The second and third say less than the first: they are often the same thing seen again.
    witnesses.push({ ...witness, score: witness.score / (n + 1) ** 2 });
  };
  const { traces: traced, logs: logged, metrics: measured } = observed.periods;
  const around = traced ?? logged;
  if (around) {
    const scope = (service: string, step: string, period: Period): Scope => ({ query: `service:${printValue('service', service)}${textOf(step)}`, from: period.from, to: period.to });
    for (const change of stepChanges(traces.visits, around)) {
      const { service, step, before, after, at, calls, names, failure } = change;
      const came = after.with * before.of > before.with * after.of;
      const what = step === '' ? 'a line' : `"${step}"`;
      add({
        service, part: 'logs', kind: 'step', score: change.score * WEIGHT.step, at, events: change.events, series: [], blames: names || calls, said: names !== '',
        text: `${failure ? 'The failure ' : ''}${what} is in ${after.with} of ${after.of} visits (${change.entry || 'without a span'}), ${came ? 'it was in' : 'and was in'} ${before.with} of ${before.of} before${names === '' ? '' : `; the failure names ${names}`}.`,
        scope: scope(service, came ? step : change.entry, { from: at - EDGE, to: around.incident.to }),
      });
    }
    for (const failure of standingFailures(traces.visits, around)) {
      const { service, step, failed, of, failedBefore, ofBefore, usually } = failure;
      add({
        service, part: 'logs', kind: 'failure', score: failure.score * WEIGHT.failure, at: null, events: failure.events, series: [], blames: '', said: false,
        text: `${failed} of ${of} visits (${failure.entry}) fail in the service itself, with "${step}"${ofBefore > 0 ? `; before it was ${failedBefore} of ${ofBefore}` : ''}${usually > 0 ? `, and long before ${formatPercent(usually)}` : ''}.`,
        scope: scope(service, step, around.incident),
      });
    }
  }
  if (logged) {
    for (const line of lineChanges(observed.logs, logged)) {
      add({
        service: line.service, part: 'logs', kind: 'line', score: line.score * WEIGHT.line, at: Number.isNaN(line.at) ? null : line.at, events: line.events, series: [], blames: line.names, said: line.names !== '',
        text: `${line.failure ? 'The failure ' : ''}"${line.statement}" is written ${rate(line.rateAfter)}, before it was ${rate(line.rateBefore)}.`,
        scope: { query: `service:${printValue('service', line.service)}${textOf(line.statement)}`, from: logged.incident.from, to: logged.incident.to },
      });
    }
  }
  if (traced) {
    for (const delay of callDelays(traces.calls, traced)) {
      const { service, direction, peers } = delay;
      add({
        service, part: 'traces', kind: 'delay', score: delay.score * WEIGHT.delay, at: null, events: delay.events, series: [], blames: '', said: false,
        text: `${delay.delayed} of ${delay.of} calls ${direction === 'in' ? 'to it' : 'it makes'} lose ${ms(delay.delay)} on the way (${direction === 'in' ? 'from' : 'to'} ${few(peers)}); ${ms(delay.usual)} is usual for all calls at that time${delay.standing ? '. It was so already before the time given' : ''}.`,
        scope: { query: `service:(${(direction === 'in' ? peers : [service]).slice(0, 20).map((name) => printValue('service', name)).join(' OR ')}) signal:traces`, from: traced.incident.from, to: traced.incident.to },
      });
    }
    for (const silence of silentServices(traces.visits, traced)) {
      const { service, callers, silent, of, silentBefore, ofBefore } = silence;
      add({
        service, part: 'traces', kind: 'silent', score: silence.score * WEIGHT.silent, at: null, events: silence.events, series: [], blames: '', said: false,
        text: `${silent} of ${of} calls to it have no answer (from ${few(callers)}); before it was ${silentBefore} of ${ofBefore}.`,
        scope: { query: `service:(${callers.slice(0, 20).map((name) => printValue('service', name)).join(' OR ')}) signal:traces`, from: traced.incident.from, to: traced.incident.to },
      });
    }
    for (const shift of latencyShifts(traces.visits, traced)) {
      add({
        service: shift.service, part: 'traces', kind: 'slower', score: shift.score * WEIGHT.slower, at: null, events: shift.events, series: [], blames: '', said: false,
        text: `It takes ${ms(shift.after)} itself for ${shift.entry}, before it was ${ms(shift.before)} (medians of ${shift.visits.after} and ${shift.visits.before} visits, ${shift.z.toFixed(1)} standard deviations by ranks).`,
        scope: { query: `service:${printValue('service', shift.service)} signal:traces`, from: traced.incident.from, to: traced.incident.to },
      });
    }
  }
  const metrics = measured ? metricShifts(observed.series, measured, traced !== null) : [];
  for (const shift of metrics) {
    const unit = shift.unit === '' ? '' : ` ${shift.unit}`;
    add({
      service: shift.service, part: 'metrics', kind: 'metric', score: shift.score * WEIGHT.metric, at: null, events: [], series: shift.series, scope: null, blames: '', said: false,
      text: `${shift.metric} rose from ${figure(shift.before)} to ${figure(shift.after)}${unit} (${shift.z > 1000 ? 'more than 1000' : shift.z.toFixed(1)} times its usual spread).`,
    });
  }
  if (measured) {
    for (const { service, series, ended, of, at, score } of metricEnds(observed.series, measured)) {
      add({ service, part: 'metrics', kind: 'gone', score: score * WEIGHT.gone, at, events: [], series: series.slice(0, 1), scope: null, blames: '', said: false, text: `${ended} of its ${of} metrics stop, or fall to nothing, while those of other services go on.` });
    }
  }
  for (const { service, near } of byService(changes)) {
    for (const change of near) {
      add({
        service, part: 'change', kind: 'change', score: WEIGHT.change * 0.5 ** (Math.max(0, onset - change.time) / CHANGE_HALF), at: change.time, events: [change.event], series: [], blames: '', said: false,
        text: `${change.what}, ${before(onset - change.time)}: ${change.text.split('\n', 1)[0].slice(0, 200)}`,
        scope: { query: 'signal:(git OR ci)', from: change.time - EDGE, to: change.time + EDGE },
      });
    }
  }
  return { witnesses, metrics };
}

function byService(changes: readonly NearbyChange[]): { service: string; near: NearbyChange[] }[] {
  const services = new Set(changes.flatMap(({ services: named }) => named));
  return [...services].map((service) => ({ service, near: changes.filter(({ services: named }) => named.includes(service)).sort((a, b) => b.time - a.time) }));
}

/** What of a step can be looked for as text: a template's fixed beginning, a name without what the analysis added. */
function textOf(step: string): string {
  const words = step.replace(/ → .*$/, '').replace(/ \(failed\)$/, '').split('<*>').map((part) => part.trim()).sort((a, b) => b.length - a.length)[0] ?? '';
  return words.length < 3 ? '' : ` "${words.slice(0, 200).replace(/["\\]/g, '\\$&')}"`;
}

export function ms(us: number): string {
  return us >= 10e6 ? `${(us / 1e6).toFixed(0)} s` : us >= 1e6 ? `${(us / 1e6).toFixed(1)} s` : us >= 10_000 ? `${Math.round(us / 1e3)} ms` : `${(us / 1e3).toFixed(1)} ms`;
}
export function figure(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
function rate(perMinute: number): string {
  return perMinute === 0 ? 'never' : perMinute < 1 ? `${figure(perMinute * 60)} times an hour` : `${figure(perMinute)} times a minute`;
}
export function few(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
function before(us: number): string {
  const minutes = Math.round(Math.abs(us) / 60e6);
  const long = minutes < 1 ? 'less than a minute' : minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `${long} ${us >= 0 ? 'before' : 'after'} it started`;
}
