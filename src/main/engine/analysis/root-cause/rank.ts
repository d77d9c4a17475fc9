/** The analysis of a root cause: from a case and a time to ranked services with their evidence. */
import { FLAG, type Severity } from '../../../../shared/event.ts';
import { MOST_SUSPECTS, type CauseEdge, type NearbyChange, type RootCauseReply, type Suspect } from '../../../../shared/contract/root-cause.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { printValue } from '../../../../shared/query/print.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import type { AnalysisContext } from '../analysis.ts';
import { median } from '../statistics/descriptive.ts';
import { blame, type Blame } from './blame.ts';
import { impactOf, type Denials } from './impact.ts';
import type { Observations, Period, Periods } from './observations.ts';
import { openEvidence, type Evidence } from './observe.ts';
import { findOnset, namedOnsets } from './find-onset.ts';
import type { MetricShift } from './metric-shifts.ts';
import type { Onset } from './onset.ts';
import { isIn, MINUTE } from './periods.ts';
import { visitsOf, type Traces } from './visits.ts';
import { witnessesOf } from './witnesses.ts';

export interface RankInput {
  at: number | null;
  normal: Period | null;
}
const DETECTOR = 'root-cause';
/** Of metrics before the first event so much is taken for normal at most. */
const LONGEST_BEFORE = 60 * MINUTE;
const MOST_EDGES = 400;
const MOST_CHANGES = 50;

/** From this score on evidence is no longer weak. */
const TELLS = 0.4;

export async function rankCauses({ at, normal }: RankInput, context: AnalysisContext): Promise<RootCauseReply> {
  const evidence = await openEvidence(context);
  const onsets = at === null ? [await findOnset(evidence, context)] : namedOnsets(at, evidence);
  let best: Judged | null = null;
  for await (const onset of onsets) {
    if (!onset) continue;
    const judged = await judge(onset, normal, evidence, context);
    if (!best || topOf(judged) > topOf(best)) best = judged;
    if (topOf(best) >= TELLS) break;
  }
  return best ? replyOf(best, context) : nothing('Nothing in the case rises so clearly that it tells when something started. Name a time.');
}

interface Judged {
  onset: Onset;
  observed: Observations;
  traces: Traces;
  changes: NearbyChange[];
  metrics: MetricShift[];
  blamed: Blame[];
}
function topOf({ blamed }: Judged): number {
  return blamed[0]?.score ?? 0;
}

async function judge(onset: Onset, normal: Period | null, evidence: Evidence, context: AnalysisContext): Promise<Judged> {
  const observed = await evidence.observe({ onset: onset.at, exact: onset.from === 'recording', normal: normal ?? (onset.from === 'begin' ? beforeEvents(onset.at, context) : null) });
  context.progress(0.95, 'compares');
  const traces = visitsOf(observed.spans, observed.logs);
  await context.turns.next();
  const services = servicesOf(observed);
  const changes = observed.changes.slice(0, MOST_CHANGES).map(({ event, time, what, text, record, service }): NearbyChange => ({ event, time, what, text, services: [...services].filter((name) => name === service || names(`${text}\n${record}`, name)) }));
  const { witnesses, metrics } = witnessesOf(observed, traces, changes, onset.at);
  await context.turns.next();
  return { onset, observed, traces, changes, metrics, blamed: blame(witnesses, calleesOf(traces)) };
}

function replyOf({ onset, observed, traces, changes, metrics, blamed }: Judged, context: AnalysisContext): RootCauseReply {
  const quieted = quietedLikes(context.db);
  // Whom somebody has cleared comes last.
  const cleared = ({ service }: Blame): number => (quieted.has(likeOf(service)) ? 1 : 0);
  const ranked = blamed.toSorted((a, b) => cleared(a) - cleared(b));
  const end = Math.max(onset.at + 1, ...[observed.periods.traces, observed.periods.logs, observed.periods.metrics].flatMap((periods) => (periods ? [periods.incident.to] : [])));
  return {
    at: onset.at, atFrom: onset.from, atWhy: onset.why, periods: observed.periods, more: Math.max(0, ranked.length - MOST_SUSPECTS),
    suspects: ranked.slice(0, MOST_SUSPECTS).map((one, i) => suspectOf(one, i + 1, { from: onset.at, to: end }, quieted)),
    edges: edgesOf(traces, observed), impact: impactOf(ranked[0], traces, observed, metrics, denialsOf(observed, context)), changes, notes: notesOf(onset, observed, ranked),
  };
}

/** Metrics often begin before the events do: what they say of that time is all there is of a normal one. */
function beforeEvents(at: number, { db }: AnalysisContext): Period {
  const first = db.prepare<[number], number | null>('SELECT min(t0) FROM series WHERE t0 < ?').pluck().get(at) ?? null;
  return { from: Math.min(at - MINUTE, Math.max(first ?? at, at - LONGEST_BEFORE)), to: at };
}

function nothing(note: string): RootCauseReply {
  const silent = ['Nothing in the case tells.'];
  return { at: null, atFrom: 'none', atWhy: '', periods: { traces: null, logs: null, metrics: null }, suspects: [], more: 0, edges: [], impact: { performance: silent, cost: silent, security: silent, business: silent }, changes: [], notes: [note] };
}

function likeOf(service: string): string {
  return `${DETECTOR}:${service}`;
}
function suspectOf({ service, score, parts, reasons, explains }: Blame, rank: number, { from, to }: Period, quieted: ReadonlySet<string>): Suspect {
  const like = likeOf(service);
  const severity: Severity = score >= 0.7 ? 'high' : score >= 0.4 ? 'medium' : 'low';
  const events = [...new Set(reasons.flatMap((reason) => reason.events))].slice(0, MAX_EXAMPLES);
  return {
    key: `${like}@${from}`, like, detector: DETECTOR, title: service, why: reasons[0]?.text ?? '', severity, score, from, to, events, quieted: quieted.has(like),
    evidence: [], scope: reasons.find((reason) => reason.scope !== null)?.scope ?? { query: `service:${printValue('service', service)}`, from, to }, service, rank, parts, reasons, explains,
  };
}

function servicesOf({ spans, logs, series }: Observations): Set<string> {
  return new Set([...spans, ...logs, ...series].map(({ service }) => service));
}
/** Whether a text names a service as a word of its own. */
function names(text: string, service: string): boolean {
  if (service.length < 3) return false;
  for (let at = text.indexOf(service); at >= 0; at = text.indexOf(service, at + 1)) {
    if (!/[\w-]/.test(text[at - 1] ?? ' ') && !/[\w-]/.test(text[at + service.length] ?? ' ')) return true;
  }
  return false;
}

function calleesOf({ calls }: Traces): Map<string, Set<string>> {
  const callees = new Map<string, Set<string>>();
  for (const { caller, callee } of calls) (callees.get(caller) ?? callees.set(caller, new Set()).get(caller))?.add(callee);
  return callees;
}
function edgesOf({ calls }: Traces, { periods }: Observations): CauseEdge[] {
  const edges = new Map<string, CauseEdge & { gaps: number[] }>();
  for (const { caller, callee, start, waited, took } of calls) {
    if (!periods.traces || !isIn(start, periods.traces.incident)) continue;
    const key = JSON.stringify([caller, callee]);
    const edge = edges.get(key) ?? { caller, callee, calls: 0, delay: 0, gaps: [] };
    edges.set(key, edge);
    edge.calls++;
    edge.gaps.push(Math.max(0, waited - took));
  }
  return [...edges.values()].sort((a, b) => b.calls - a.calls).slice(0, MOST_EDGES).map(({ caller, callee, calls: n, gaps }) => ({ caller, callee, calls: n, delay: median(gaps) }));
}

/** Of all events with a status: 401 and 403; null when no event has one. */
function denialsOf({ periods }: Observations, { catalog }: AnalysisContext): Denials | null {
  const around = periods.logs ?? periods.traces;
  if (!around) return null;
  const denials: Denials = { before: 0, after: 0, indicators: 0 };
  let said = false;
  for (const segment of catalog.segments.values()) {
    const { time, flags, status } = segment.hot;
    const hits = new Set(catalog.derived.hitsOf(segment.id).flatMap(({ offsets }) => [...offsets]));
    for (let i = 0; i < segment.n; i++) {
      if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      const after = isIn(time[i], around.incident);
      if (after && hits.has(i)) denials.indicators++;
      if (status[i] === 0) continue;
      said = true;
      if (status[i] !== 401 && status[i] !== 403) continue;
      if (after) denials.after++;
      else if (isIn(time[i], around.normal)) denials.before++;
    }
  }
  return said || denials.indicators > 0 ? denials : null;
}

function notesOf(onset: Onset, { periods, spans, logs, spansThere, logsThere, series, changes }: Observations, blamed: readonly Blame[]): string[] {
  const notes: string[] = [];
  const before = (times: readonly number[], of: Periods | null): boolean => of !== null && times.some((time) => isIn(time, of.normal));
  if (onset.from === 'begin') notes.push('There is no normal time of events to compare with: what stands here fails or is slow all the time, which may be usual. Name a time.');
  if (!periods.traces) notes.push('There are no traces of that time: who calls whom is not known, so a service that only suffers from another one may stand above it.');
  else if (onset.from !== 'begin' && !before(spans.map(({ start }) => start), periods.traces)) notes.push('There are no traces of the time before: what fails or is slow in them may be usual.');
  if (!periods.logs) notes.push('There are no logs of that time.');
  else if (onset.from !== 'begin' && !before(logs.map(({ time }) => time), periods.logs)) notes.push('There are no logs of the time before: what fails in them may be usual.');
  if (!periods.metrics || !series.some(({ times }) => before([...times], periods.metrics))) notes.push('There are no metrics on both sides of the time that say of which service they are: a lack of processor or memory would only show in latencies.');
  if (changes.length === 0) notes.push('The case has no commit, pipeline run or deployment of the day before.');
  const left = spansThere - spans.length;
  if (periods.traces && left > 0 && spansThere > 120_000) notes.push(`${spansThere.toLocaleString('en')} spans were too many to read: those nearest to the time were.`);
  if (periods.logs && logsThere > logs.length && logsThere > 200_000) notes.push(`${logsThere.toLocaleString('en')} log lines were too many to read: those nearest to the time were.`);
  const [first, second] = blamed;
  if (first && second && first.score - second.score < 0.05) notes.push(`${first.service} and ${second.service} are almost equally likely.`);
  if (first && first.score < TELLS) notes.push('The evidence is weak: no service stands out.');
  if (blamed.length === 0) notes.push('No service changed in a way that this analysis knows.');
  return notes;
}
