/**
 * Calls on whose way time is lost: the caller waits long, the callee says that it was quick. Between the two are the network, the queue in
 * front of the callee, and its proxy. Calls are compared with their own past and with all other calls of the same time: a delay that was
 * there before the case begins is seen all the same.
 */
import { median } from '../statistics/descriptive.ts';
import type { Periods } from './observations.ts';
import { isIn } from './periods.ts';
import type { Call } from './visits.ts';

/** In microseconds: less is never a delay, and differences below FLOOR are those of clocks. */
const LEAST_DELAY = 10_000;
const FLOOR = 1000;
/** How much evidence makes most of the certainty, in units of log likelihood. */
const SURE = 3;
const LEAST_BEFORE = 3;
const MOST_EXAMPLES = 20;

export interface CallDelay {
  service: string;
  /** lost on the way, median in microseconds: of its delayed calls, and what is usual */
  delay: number;
  usual: number;
  /** delayed calls of the service, all its calls that way, and the services at the other ends of the delayed ones */
  delayed: number;
  of: number;
  peers: string[];
  /** into the service, or out of it */
  direction: 'in' | 'out';
  /** it was so in the time before as well */
  standing: boolean;
  /** 0..1 */
  score: number;
  events: number[];
}

interface Edge {
  caller: string;
  callee: string;
  after: { gap: number; event: number }[];
  before: number[];
  /** those after that are delayed */
  late: { gap: number; event: number }[];
  usual: number;
  score: number;
}

/** One a service with delayed calls, most first. */
export function callDelays(calls: readonly Call[], { normal, incident }: Periods): CallDelay[] {
  const edges = new Map<string, Edge>();
  for (const { caller, callee, start, waited, took, event } of calls) {
    const key = JSON.stringify([caller, callee]);
    const edge = edges.get(key) ?? { caller, callee, after: [], before: [], late: [], usual: 0, score: 0 };
    edges.set(key, edge);
    if (isIn(start, incident)) edge.after.push({ gap: Math.max(0, waited - took), event });
    else if (isIn(start, normal)) edge.before.push(Math.max(0, waited - took));
  }
  const told = [...edges.values()].filter(({ after }) => after.length > 0);
  // With the time before: of a few ways only, one that is delayed would be what is usual.
  const peers = median(told.flatMap(({ after, before }) => [median(after.map(({ gap }) => gap)), ...(before.length < LEAST_BEFORE ? [] : [median(before)])]));
  const loss = (gaps: readonly number[]): number => gaps.reduce((sum, gap) => sum + (gap - peers < LEAST_DELAY ? 0 : Math.min(1, Math.max(0, Math.log2((gap + FLOOR) / (peers + FLOOR)) - 1) / 4)), 0) / gaps.length;
  const losses = told.map(({ after }) => loss(after.map(({ gap }) => gap)));
  // Lost packets delay some calls only, so each call counts by itself; and everywhere a few are slow.
  const ordinary = median([...losses, ...told.flatMap(({ before }) => (before.length < LEAST_BEFORE ? [] : [loss(before)]))]);
  const all = told.flatMap(({ after }) => after.map(({ gap }) => gap)).sort((a, b) => a - b);
  // Of so many ways that were looked at some are late by accident (Bonferroni).
  const price = Math.log(Math.max(1, told.length));
  /** The likelihood ratio of so many calls being as late as these, against how many of all others are. */
  const evidence = ({ after, late }: Edge): number => {
    const n = late.length;
    if (n === 0) return 0;
    const level = median(late.map(({ gap }) => gap));
    const own = after.reduce((count, { gap }) => count + (gap >= level ? 1 : 0), 0);
    const usual = (atLeast(all, level) - own + 0.5) / (all.length - after.length + 1);
    const share = (n + 0.5) / (after.length + 1);
    return share <= usual ? 0 : n * Math.log(share / usual) + (after.length - n) * Math.log((1 - share) / (1 - usual));
  };
  told.forEach((edge, i) => {
    edge.usual = peers;
    edge.late = edge.after.filter(({ gap }) => gap - peers >= LEAST_DELAY);
    edge.score = Math.max(0, losses[i] - ordinary) * (1 - Math.exp(-Math.max(0, evidence(edge) - price) / SURE));
  });
  const services = new Set(told.flatMap(({ caller, callee }) => [caller, callee]));
  const delayed = (edges: readonly Edge[]): number => edges.reduce((sum, { score, late }) => sum + score ** 2 * late.length, 0);
  const lost = delayed(told);
  if (lost === 0) return [];
  return [...services]
    .flatMap((service): CallDelay[] => {
      const into = told.filter(({ callee }) => callee === service);
      const out = told.filter(({ caller }) => caller === service);
      // One service at an end of all delayed calls explains them better than many at the other ends.
      const share = Math.sqrt(delayed([...into, ...out]) / lost);
      const inward = side(service, 'in', into, share);
      // Who calls one service only cannot be told from it: who is called is the cause more often.
      const outward = side(service, 'out', out, out.length > 1 ? share : 0);
      const best = outward.score > inward.score ? outward : inward;
      return best.score > 0 ? [best] : [];
    })
    .sort((a, b) => b.score - a.score);
}

function side(service: string, direction: 'in' | 'out', edges: readonly Edge[], weight: number): CallDelay {
  const of = edges.reduce((sum, { after }) => sum + after.length, 0);
  const delayed = edges.filter(({ score }) => score > 0);
  const gaps = delayed.flatMap(({ late }) => late);
  const before = delayed.flatMap((edge) => edge.before);
  const share = delayed.reduce((sum, { score, after }) => sum + score * after.length, 0) / Math.max(1, of);
  const delay = median(gaps.map(({ gap }) => gap));
  return {
    service, direction, delay, usual: edges[0]?.usual ?? 0, delayed: gaps.length, of, peers: delayed.map(({ caller, callee }) => (direction === 'in' ? caller : callee)),
    standing: before.length >= LEAST_BEFORE && median(before) > delay / 2, score: share * weight, events: gaps.toSorted((a, b) => b.gap - a.gap).slice(0, MOST_EXAMPLES).map(({ event }) => event),
  };
}

/** How many of the values, ascending, are not below a level. */
function atLeast(values: readonly number[], level: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < level) low = middle + 1;
    else high = middle;
  }
  return values.length - low;
}
