/** Lines that belong to no trace: statements of a service that are written more often, or no more, than before. */
import type { LogLine, Periods } from './observations.ts';
import { isIn } from './periods.ts';
import { FAILURE } from './visits.ts';

/** Evidence that makes most of the certainty, in units of log likelihood. */
const SURE = 4;
/** More of an ordinary line is more of what was asked for; a new failure is not. */
const ORDINARY = 0.4;
const MOST_EXAMPLES = 20;

export interface LineChange {
  service: string;
  statement: string;
  failure: boolean;
  before: number;
  after: number;
  /** lines a minute */
  rateBefore: number;
  rateAfter: number;
  /** the first of them after; NaN when there is none */
  at: number;
  /** another service that it names, '' for none */
  names: string;
  /** 0..1 */
  score: number;
  events: number[];
}

/** Most first. A likelihood ratio of two Poisson rates. */
export function lineChanges(logs: readonly LogLine[], { normal, incident }: Periods): LineChange[] {
  const minutes = { before: Math.max(1, normal.to - normal.from) / 60e6, after: Math.max(1, incident.to - incident.from) / 60e6 };
  const groups = new Map<string, LineChange>();
  for (const { service, statement, severity, time, traceId, event, names } of logs) {
    if (traceId !== '') continue;
    const late = isIn(time, incident);
    if (!late && !isIn(time, normal)) continue;
    const key = JSON.stringify([service, statement]);
    const group = groups.get(key) ?? { service, statement, failure: false, before: 0, after: 0, rateBefore: 0, rateAfter: 0, at: Number.NaN, names: '', score: 0, events: [] };
    groups.set(key, group);
    group.failure ||= severity >= FAILURE;
    group.names ||= names;
    if (!late) {
      group.before++;
      continue;
    }
    group.after++;
    if (!(group.at <= time)) group.at = time;
    if (group.events.length < MOST_EXAMPLES) group.events.push(event);
  }
  return [...groups.values()]
    .map((group) => {
      const rateBefore = group.before / minutes.before;
      const rateAfter = group.after / minutes.after;
      const both = (group.before + group.after) / (minutes.before + minutes.after);
      const likelihood = (count: number, rate: number): number => (count === 0 ? 0 : count * Math.log(rate));
      const evidence = likelihood(group.before, rateBefore) + likelihood(group.after, rateAfter) - likelihood(group.before + group.after, both);
      const change = Math.abs(rateAfter - rateBefore) / (rateAfter + rateBefore);
      // A failure that is written less often is no trouble.
      const weight = group.failure ? (rateAfter > rateBefore ? 1 : 0) : ORDINARY;
      return { ...group, rateBefore, rateAfter, score: change * (1 - Math.exp(-Math.max(0, evidence - 1) / SURE)) * weight };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}
