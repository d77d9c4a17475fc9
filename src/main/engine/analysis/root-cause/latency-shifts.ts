/** Services that take longer themselves: the time of their visits without what they waited for others, before and after. */
import { median } from '../statistics/descriptive.ts';
import { rankSumZ } from '../statistics/ranks.ts';
import type { Periods } from './observations.ts';
import { isIn } from './periods.ts';
import type { Visit } from './visits.ts';

/** Visits on each side that say anything. */
const LEAST_VISITS = 3;
/** Added to both sides, in microseconds: below it differences are those of clocks and schedulers. */
const FLOOR = 1000;
/** So many standard deviations the surest of a few ways into a service is off by accident. */
const SUREST = 1.5;
const MOST_EXAMPLES = 20;
/** Kept of a way into a service. */
const MOST_TIMES = 20_000;

export interface LatencyShift {
  service: string;
  /** what the visits begin with, of the strongest shift */
  entry: string;
  /** medians, microseconds */
  before: number;
  after: number;
  visits: { before: number; after: number };
  /** standard deviations by the rank sum */
  z: number;
  /** 0..1: of all visits of the service, by how much and how surely they became slower */
  score: number;
  /** the slowest visits after */
  events: number[];
}

/** One a service that became slower, most first. */
export function latencyShifts(visits: readonly Visit[], { normal, incident }: Periods): LatencyShift[] {
  const groups = new Map<string, { service: string; entry: string; before: number[]; after: { own: number; event: number }[] }>();
  for (const { service, steps, from, own } of visits) {
    if (Number.isNaN(own)) continue;
    const key = JSON.stringify([service, steps[0].what]);
    const group = groups.get(key) ?? { service, entry: steps[0].what, before: [], after: [] };
    groups.set(key, group);
    if (isIn(from, incident) && group.after.length < MOST_TIMES) group.after.push({ own, event: steps[0].event });
    else if (isIn(from, normal) && group.before.length < MOST_TIMES) group.before.push(own);
  }
  const services = new Map<string, { shift: LatencyShift; factor: number; weight: number; surest: number }>();
  for (const { service, entry, before, after } of groups.values()) {
    if (before.length < LEAST_VISITS || after.length < LEAST_VISITS) continue;
    const times = after.map(({ own }) => own);
    const shift = { service, entry, before: median(before), after: median(times), visits: { before: before.length, after: after.length }, z: rankSumZ(before, times), score: 0, events: after.toSorted((a, b) => b.own - a.own).slice(0, MOST_EXAMPLES).map(({ event }) => event) };
    const factor = Math.log2((shift.after + FLOOR) / (shift.before + FLOOR));
    const known = services.get(service);
    if (!known) services.set(service, { shift, factor: factor * after.length, weight: after.length, surest: shift.z });
    else {
      known.factor += factor * after.length;
      known.weight += after.length;
      known.surest = Math.max(known.surest, shift.z);
      if (shift.z * factor > known.shift.z * Math.log2((known.shift.after + FLOOR) / (known.shift.before + FLOOR))) known.shift = shift;
    }
  }
  return [...services.values()]
    .map(({ shift, factor, weight, surest }) => ({ ...shift, score: Math.max(0, 1 - 2 ** -(factor / weight - 0.3)) * Math.max(0, 1 - Math.exp(-(surest - SUREST) / 1.5)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}
