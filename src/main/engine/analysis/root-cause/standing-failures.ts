/**
 * Where failures come from: the service whose requests write lines about a failure while none of those it called does. Compares with nothing,
 * so it also tells of what was wrong before the case begins; and it cannot tell that from what always fails. Which of several services that
 * fail it is, is measured as programs' statements are by the tests that run through them (Ochiai's coefficient: Abreu, Zoeteweij, van Gemund, "On the
 * Accuracy of Spectrum-based Fault Localization", TAIC PART 2007): how much failing and going through it go together over all requests.
 */
import type { Periods } from './observations.ts';
import { isIn, MINUTE } from './periods.ts';
import { FAILURE, type Visit } from './visits.ts';

/** Requests that make half of the certainty. */
const HALF_CERTAIN = 3;
const MOST_EXAMPLES = 20;
const LONG_BEFORE = 2 * MINUTE;
const USUAL_DISCOUNT = 0.7;

export interface StandingFailure {
  service: string;
  entry: string;
  /** the line that most of them write */
  step: string;
  /** visits that fail without one below them failing, and all */
  failed: number;
  of: number;
  /** the same before */
  failedBefore: number;
  ofBefore: number;
  /** the share that failed long before; NaN when nothing tells */
  usually: number;
  /** 0..1 */
  score: number;
  events: number[];
}

/**
 * One a service, most first. Visits whose failure names another service, or comes behind a call that had no answer, do not count for theirs. What
 * failed as often long before the onset counts less: the minutes right before it may belong to the trouble.
 */
export function standingFailures(visits: readonly Visit[], { normal, incident }: Periods): StandingFailure[] {
  const fails = visits.map(({ steps }) => steps.some(({ severity }) => severity >= FAILURE));
  const explained = visits.map(({ steps }) => {
    const first = steps.findIndex(({ severity }) => severity >= FAILURE);
    return first >= 0 && (steps.slice(0, first + 1).findLast(({ calls }) => calls !== '')?.silent ?? steps.some(({ severity, names }) => severity >= FAILURE && names !== ''));
  });
  visits.forEach((visit, i) => {
    if (!fails[i]) return;
    // Callers may come in a circle when ids repeat.
    for (let at = visit.caller, left = visits.length; at >= 0 && !explained[at] && left > 0; at = visits[at].caller, left--) explained[at] = true;
  });
  const groups = new Map<string, StandingFailure & { lines: Map<string, number>; early: number; earlyFailed: number; requests: Set<string>; bad: Set<string> }>();
  const allBad = new Set<string>();
  visits.forEach(({ service, steps, from, traceId }, i) => {
    const late = isIn(from, incident);
    if (!late && !isIn(from, normal)) return;
    const key = JSON.stringify([service, steps[0].what]);
    const group = groups.get(key) ?? { service, entry: steps[0].what, step: '', failed: 0, of: 0, failedBefore: 0, ofBefore: 0, usually: Number.NaN, score: 0, events: [], lines: new Map<string, number>(), early: 0, earlyFailed: 0, requests: new Set<string>(), bad: new Set<string>() };
    groups.set(key, group);
    const failed = fails[i] && !explained[i];
    if (late) {
      group.of++;
      group.requests.add(traceId);
    } else group.ofBefore++;
    const early = from < incident.from - LONG_BEFORE;
    if (early) group.early++;
    if (early && failed) group.earlyFailed++;
    if (!failed) return;
    if (!late) {
      group.failedBefore++;
      return;
    }
    group.failed++;
    group.bad.add(traceId);
    allBad.add(traceId);
    for (const { what, severity, event } of steps) {
      if (severity < FAILURE) continue;
      group.lines.set(what, (group.lines.get(what) ?? 0) + 1);
      if (group.events.length < MOST_EXAMPLES) group.events.push(event);
    }
  });
  const best = new Map<string, StandingFailure>();
  for (const { lines, early, earlyFailed, requests, bad, ...group } of groups.values()) {
    if (group.failed === 0) continue;
    const usually = early === 0 ? Number.NaN : earlyFailed / early;
    const suspicion = bad.size / Math.sqrt(allBad.size * requests.size);
    const found = { ...group, usually, step: [...lines].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '', score: suspicion * (bad.size / (bad.size + HALF_CERTAIN)) * (1 - USUAL_DISCOUNT * (usually || 0)) };
    if ((best.get(group.service)?.score ?? 0) < found.score) best.set(group.service, found);
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}
