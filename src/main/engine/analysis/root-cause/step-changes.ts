/**
 * Which steps of which services came or went: for each way into a service, the share of visits in which a step occurs, before and after.
 *
 * The time that somebody names as the start is never exact, so the point is looked for around it, step by step: the split of the visits that
 * explains them best (a likelihood ratio of two binomials, less the price of having tried many splits).
 *
 * A branch that data decide ("has the customer ordered before?") changes its share with whoever comes by; a branch that was always, or never,
 * taken and now is not, is another matter. So a change counts by how certain the step was on one of the sides.
 */
import { END, FAILURE, type Step, type Visit } from './visits.ts';
import { isIn, MINUTE } from './periods.ts';
import type { Periods } from './observations.ts';

/** How long before and after the named time the point is looked for, in microseconds. */
interface Search {
  earlier: number;
  later: number;
}
const AROUND: Search = { earlier: 2 * MINUTE, later: MINUTE };
/** Visits on each side that say anything, and how much evidence is half of it, in units of log likelihood. */
const LEAST_VISITS = 3;
const HALF_EVIDENCE = 3;
const MOST_EXAMPLES = 20;

export interface StepChange {
  service: string;
  /** what the visits begin with */
  entry: string;
  /** the step that came or went */
  step: string;
  /** it is a line that tells of a failure */
  failure: boolean;
  /** visits with it and visits, before and after */
  before: { with: number; of: number };
  after: { with: number; of: number };
  /** when, microseconds UTC */
  at: number;
  /** the step is a call of this service, or is only reached behind one; '' for none */
  calls: string;
  /** another service that the failures name which came with it, '' for none */
  names: string;
  /** 0..1 */
  score: number;
  /** events of visits after it that show it */
  events: number[];
}

/** The strongest change of each service and way into it, most first. */
export function stepChanges(visits: readonly Visit[], { normal, incident }: Periods, search = AROUND): StepChange[] {
  const groups = new Map<string, Visit[]>();
  for (const visit of visits) {
    if (!isIn(visit.from, normal) && !isIn(visit.from, incident)) continue;
    // Who calls decides what is asked for: shares are only compared between visits for the same caller.
    const caller = visit.caller < 0 ? '' : visits[visit.caller].service;
    const key = JSON.stringify([visit.service, visit.steps[0].what, caller]);
    const group = groups.get(key);
    if (group) group.push(visit);
    else groups.set(key, [visit]);
  }
  const merged = new Map<string, Visit[]>();
  for (const group of groups.values()) {
    if (!group.some(({ from }) => from < incident.from) || !group.some(({ from }) => from >= incident.from)) continue;
    const key = JSON.stringify([group[0].service, group[0].steps[0].what]);
    merged.set(key, [...(merged.get(key) ?? []), ...group]);
  }
  const found = [...merged.values()].map((group) => changesOf(group, incident.from, search));
  // Of so many steps that were looked at some are different by accident (Bonferroni).
  const price = Math.log(Math.max(1, found.reduce((sum, { tried }) => sum + tried, 0)));
  return found
    .flatMap(({ changes }) => changes)
    .map(({ evidence, ...change }) => ({ ...change, score: change.score * (1 - Math.exp(-Math.max(0, evidence - price) / HALF_EVIDENCE)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

function changesOf(all: readonly Visit[], onset: number, { earlier, later }: Search): { tried: number; changes: (StepChange & { evidence: number })[] } {
  const visits = withoutRecovery(all.toSorted((a, b) => a.from - b.from), onset);
  const sets = visits.map(({ steps }) => new Map(steps.slice(1).map((step) => [step.what, step])));
  const names = new Set(sets.flatMap((set) => [...set.keys()]));
  names.delete(END);
  const candidates = visits.flatMap(({ from }, i) => (i > 0 && from >= onset - earlier && from <= onset + later ? [i] : []));
  const fixed = visits.findIndex(({ from }) => from >= onset);
  if (candidates.length === 0 && fixed > 0) candidates.push(fixed);
  const splits = new Map<string, Split & { has: Uint8Array }>();
  for (const name of names) {
    const has = Uint8Array.from(sets, (set) => (set.has(name) ? 1 : 0));
    const found = bestSplit(has, candidates);
    if (found) splits.set(name, { ...found, has });
  }
  const failures = [...splits].filter(([name]) => sets.some((set) => (set.get(name)?.severity ?? 0) >= FAILURE));
  const gone = failures.filter(([, { before, after }]) => share(after) < share(before));
  const come = failures.filter(([, { before, after }]) => share(after) > share(before));
  const blamed = come.map(([name]) => sets.map((set) => set.get(name)?.names ?? '').find((other) => other !== '') ?? '').find((other) => other !== '') ?? '';
  // Steps that come together are one thing to try.
  const tried = new Set([...splits.values()].map(({ has }) => has.join(''))).size;
  const changes = [...splits].flatMap(([name, { has, split, evidence, before, after }]): (StepChange & { evidence: number })[] => {
    // What only went, or came, where failures went is a recovery, not a fault.
    const wanted = share(after) < share(before) ? 1 : 0;
    const shown = [...sets.keys()].filter((i) => i < split && has[i] === wanted);
    if (gone.length > 0 && shown.length > 0 && shown.every((i) => gone.some(([failure]) => sets[i].has(failure)))) return [];
    // Who asks from outside decides what is asked for.
    if (visits[0].caller < 0 && sets.some((set) => (set.get(name)?.calls ?? '') !== '')) return [];
    const pb = share(before);
    const pa = share(after);
    const certain = Math.max(Math.abs(2 * pb - 1), Math.abs(2 * pa - 1));
    const example = sets.map((set) => set.get(name)).find((step) => step !== undefined);
    const came = pa > pb;
    // What came is shown by its own events, what went by the visits that lack it.
    const shows = visits.slice(split).filter((_, k) => (has[split + k] === 1) === came);
    return [{
      service: visits[0].service, entry: visits[0].steps[0].what, step: name, failure: (example?.severity ?? 0) >= FAILURE, before, after, at: visits[split].from,
      calls: behind(sets, visits, split, name, came), names: came ? blamed : '', score: Math.abs(pa - pb) * certain, evidence,
      events: shows.slice(0, MOST_EXAMPLES).map((visit) => (came ? visit.steps.find(({ what }) => what === name)?.event : undefined) ?? visit.steps[0].event),
    }];
  });
  return { tried, changes };
}

/** Where requests failed more before than after, the failed ones are no model of what is normal. */
function withoutRecovery(visits: readonly Visit[], onset: number): Visit[] {
  const failed = ({ steps }: Visit): boolean => steps.some(({ severity }) => severity >= FAILURE);
  const rate = (some: readonly Visit[]): number => (some.length === 0 ? 0 : some.filter(failed).length / some.length);
  const before = visits.filter(({ from }) => from < onset);
  const after = visits.filter(({ from }) => from >= onset);
  return rate(before) > rate(after) ? [...before.filter((visit) => !failed(visit)), ...after] : [...visits];
}

interface Split {
  split: number;
  /** log likelihood ratio less the price of the search */
  evidence: number;
  before: { with: number; of: number };
  after: { with: number; of: number };
}
function bestSplit(has: Uint8Array, candidates: readonly number[]): Split | null {
  const sums = new Uint32Array(has.length + 1);
  for (let i = 0; i < has.length; i++) sums[i + 1] = sums[i] + has[i];
  const total = logLikelihood(sums[has.length], has.length);
  let best: Split | null = null;
  for (const split of candidates) {
    const rest = has.length - split;
    if (split < LEAST_VISITS || rest < LEAST_VISITS) continue;
    const before = { with: sums[split], of: split };
    const after = { with: sums[has.length] - sums[split], of: rest };
    const evidence = logLikelihood(before.with, split) + logLikelihood(after.with, rest) - total - Math.log(1 + candidates.length) / 2;
    if (evidence > 0 && (!best || evidence > best.evidence)) best = { split, evidence, before, after };
  }
  return best;
}
function logLikelihood(hits: number, of: number): number {
  return (hits === 0 ? 0 : hits * Math.log(hits / of)) + (hits === of ? 0 : (of - hits) * Math.log(1 - hits / of));
}
/** With half a hit and half a miss more, so that few visits are not certain. */
function share({ with: hits, of }: { with: number; of: number }): number {
  return (hits + 0.5) / (of + 1);
}

/**
 * Whose trouble may have made a step come or go: of one that came, the service that was called right before it; of a call that went, the one
 * that is called still and does not answer, else the last that was called before it, for what it said.
 */
function behind(sets: readonly ReadonlyMap<string, Step>[], visits: readonly Visit[], split: number, name: string, came: boolean): string {
  const at = came ? visits.findIndex((_, i) => i >= split && sets[i].has(name)) : visits.findIndex((_, i) => i < split && sets[i].has(name));
  if (at < 0) return '';
  const { steps } = visits[at];
  const step = steps.findIndex(({ what }) => what === name);
  const { calls } = steps[step];
  // A line that went is the service's own doing.
  if (calls === '' && !came) return '';
  if (calls !== '' && (came || visits.some(({ steps: others }, i) => i >= split && others.some((other) => other.silent && other.calls === calls)))) return calls;
  return steps.slice(0, step).findLast((before) => before.calls !== '')?.calls ?? '';
}
