/**
 * Whether a service is healthy, and when it was not. The same rules judge the whole range and each window of it; every verdict names the
 * numbers that it rests on.
 */
import type { HealthRules, HealthState } from '../../../../shared/contract/services.ts';
import { formatCount, formatPercent } from '../../../../shared/numbers.ts';
import { usualPauseOf } from '../../search/pauses.ts';
import { CELL, type Minute } from './tallies.ts';

export interface Verdict {
  state: HealthState;
  why: string;
}
export interface Trouble {
  /** microseconds, half-open */
  from: number;
  to: number;
  state: 'degraded' | 'unhealthy' | 'silent';
  why: string;
  /** of its basis, and errors among them; 0 for a silence */
  total: number;
  errors: number;
  /** error rate of its worst window */
  worst: number;
}
export interface Measured {
  basis: 'requests' | 'events';
  total: number;
  errors: number;
  /** requests with a latency; its p99 in milliseconds */
  timed: number;
  p99: number;
}

/** By what is measured. A silence is told by `troublesOf`. */
export function judge({ basis, total, errors, timed, p99 }: Measured, rules: HealthRules): Verdict {
  const rate = errors / total;
  const rates = `error rate ${formatPercent(rate)} (${formatCount(errors)} of ${formatCount(total)} ${basis})`;
  const enough = total >= rules.leastRequests;
  const timedEnough = timed >= rules.leastRequests;
  const over: string[] = [];
  let state: HealthState = 'healthy';
  const rateOver = (limit: number): boolean => enough && errors >= rules.leastErrors && rate > limit;
  const slowOver = (limit: number): boolean => timedEnough && p99 > limit;
  for (const [name, rateLimit, slowLimit] of [['unhealthy', rules.unhealthyErrorRate, rules.unhealthyP99Ms], ['degraded', rules.degradedErrorRate, rules.degradedP99Ms]] as const) {
    if (rateOver(rateLimit)) over.push(`${rates} is over ${formatPercent(rateLimit)}`);
    if (slowOver(slowLimit)) over.push(`p99 latency ${milliseconds(p99)} is over ${milliseconds(slowLimit)}`);
    if (over.length === 0) continue;
    state = name;
    break;
  }
  if (over.length > 0) return { state, why: over.join('; ') };
  if (!enough) return { state: 'unknown', why: `only ${formatCount(total)} ${total === 1 ? basis.slice(0, -1) : basis}, fewer than ${formatCount(rules.leastRequests)}` };
  return { state, why: timedEnough ? `${rates}; p99 latency ${milliseconds(p99)}` : rates };
}

/** A window has at most so many minutes. */
const LONGEST = 60;

/** Some minutes that are judged together: from the first up to the one behind the last. */
export interface Window {
  from: number;
  to: number;
  cell: Uint32Array;
}

/**
 * Windows of a service: as many minutes as it takes until there are enough requests to be judged, an hour at most. Where it is busy that is
 * one minute, at night it may be many; those with too few are there as well.
 */
export function windowsOf(minutes: readonly Minute[], basis: Measured['basis'], rules: HealthRules): Window[] {
  const of = basis === 'requests' ? CELL.requests : CELL.events;
  const windows: Window[] = [];
  let open: Window | null = null;
  for (const { minute, cell } of minutes) {
    if (!open || minute - open.from >= LONGEST) windows.push((open = { from: minute, to: minute + 1, cell: new Uint32Array(cell.length) }));
    open.to = minute + 1;
    for (let field = 0; field < cell.length; field++) open.cell[field] += cell[field];
    if (open.cell[of] >= rules.leastRequests) open = null;
  }
  return windows;
}

export interface TroubleInput {
  minutes: readonly Minute[];
  basis: Measured['basis'];
  rules: HealthRules;
  /** of the range; and microseconds of a minute */
  from: number;
  step: number;
  /** when the last of all services had its last event */
  end: number;
  /** whether other services had events in [from, to) */
  othersGoOn(from: number, to: number): boolean;
}

/**
 * Stretches in which the service was degraded, unhealthy or silent, in time order. Windows are judged one by one; those with too few
 * requests say nothing. A single good window between two bad ones does not end the stretch, an hour without a bad one does.
 */
export function troublesOf(input: TroubleInput): Trouble[] {
  const { minutes, basis, rules, from, step } = input;
  const troubles: Trouble[] = [];
  let open: Trouble | null = null;
  let good = 0;
  for (const window of windowsOf(minutes, basis, rules)) {
    const { cell } = window;
    const verdict = judgeCell(cell, basis, rules);
    if (verdict.state === 'healthy') good++;
    if (verdict.state !== 'degraded' && verdict.state !== 'unhealthy') continue;
    const total = cell[basis === 'requests' ? CELL.requests : CELL.events];
    const errors = cell[basis === 'requests' ? CELL.failed : CELL.errors];
    const at = from + window.from * step;
    if (!open || good > 1 || at - open.to > LONGEST * step) troubles.push((open = { from: at, to: at, state: verdict.state, why: verdict.why, total: 0, errors: 0, worst: -1 }));
    good = 0;
    open.to = from + window.to * step;
    open.total += total;
    open.errors += errors;
    const worse = verdict.state === 'unhealthy' && open.state === 'degraded';
    if (worse || (verdict.state === open.state && errors / total > open.worst)) open.why = verdict.why;
    if (worse) open.state = 'unhealthy';
    open.worst = Math.max(open.worst, errors / total);
  }
  return [...troubles, ...silences(input)].sort((a, b) => a.from - b.from);
}

/** A window is judged by counts: p99 is over a limit when more than a hundredth of its requests is. */
function judgeCell(cell: Uint32Array, basis: Measured['basis'], rules: HealthRules): Verdict {
  const timed = cell[CELL.timed];
  const hundredth = 0.01 * timed + 0.99;
  const p99 = cell[CELL.overUnhealthy] >= hundredth ? rules.unhealthyP99Ms : cell[CELL.overDegraded] >= hundredth ? rules.degradedP99Ms : 0;
  const verdict = judge({ basis, total: cell[basis === 'requests' ? CELL.requests : CELL.events], errors: cell[basis === 'requests' ? CELL.failed : CELL.errors], timed: 0, p99: 0 }, rules);
  if (p99 === 0 || timed < rules.leastRequests || verdict.state === 'unhealthy') return verdict;
  const slow = cell[p99 === rules.unhealthyP99Ms ? CELL.overUnhealthy : CELL.overDegraded];
  const why = `${formatCount(slow)} of ${formatCount(timed)} requests took longer than ${milliseconds(p99)}, more than one in a hundred`;
  if (p99 === rules.unhealthyP99Ms) return { state: 'unhealthy', why };
  return { state: 'degraded', why: verdict.state === 'degraded' ? `${verdict.why}; ${why}` : why };
}

/** Pauses far longer than usual, while other services went on; the one at the end too. */
function silences({ minutes, rules, step, end, othersGoOn }: TroubleInput): Trouble[] {
  const pauses: { from: number; to: number }[] = [];
  for (let i = 1; i < minutes.length; i++) pauses.push({ from: minutes[i - 1].last, to: minutes[i].first });
  const usual = usualPauseOf(pauses.map(({ from, to }) => to - from));
  if (usual === null) return [];
  const least = Math.max(2 * step, usual * rules.silentFactor);
  const last = minutes.at(-1);
  if (last) pauses.push({ from: last.last, to: end });
  return pauses
    .filter(({ from, to }) => to - from >= least && othersGoOn(from, to))
    .map(({ from, to }) => ({ from, to, state: 'silent', why: `no event for ${duration(to - from)}, ${Math.round((to - from) / Math.max(1, usual))} times its usual pause of ${duration(usual)}, while other services went on`, total: 0, errors: 0, worst: 0 }));
}

/** The health over a range: by its totals, but silent when it is silent at the end of it. */
export function healthOf(measured: Measured, troubles: readonly Trouble[], end: number, rules: HealthRules): Verdict {
  const verdict = judge(measured, rules);
  const silent = troubles.find(({ state, to }) => state === 'silent' && to >= end);
  if (!silent) return verdict;
  return verdict.state === 'unhealthy' ? { state: 'unhealthy', why: `${verdict.why}; then ${silent.why}` } : { state: 'silent', why: silent.why };
}

function milliseconds(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${ms >= 100 ? Math.round(ms) : Number(ms.toPrecision(3))} ms`;
}
/** Microseconds in words. */
export function duration(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 1) return `${Math.max(1, Math.round(us / 1000))} ms`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}
