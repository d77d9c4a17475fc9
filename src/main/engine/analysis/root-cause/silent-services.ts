/**
 * Services that do not answer any more: who calls them still does so, and no span of theirs stands below the call, as when a process was killed or
 * packets are lost. Whom such a call is meant for: visits.ts.
 */
import type { Periods } from './observations.ts';
import { isIn } from './periods.ts';
import type { Visit } from './visits.ts';

/** How much evidence makes most of the certainty, in units of log likelihood. */
const SURE = 3;
const MOST_EXAMPLES = 20;

export interface SilentService {
  service: string;
  callers: string[];
  /** calls without an answer and all calls, after and before */
  silent: number;
  of: number;
  silentBefore: number;
  ofBefore: number;
  /** 0..1 */
  score: number;
  /** calls without an answer */
  events: number[];
}

/** Most first. */
export function silentServices(visits: readonly Visit[], { normal, incident }: Periods): SilentService[] {
  const services = new Map<string, SilentService & { from: Set<string> }>();
  for (const { service: caller, from, steps } of visits) {
    const late = isIn(from, incident);
    if (!late && !isIn(from, normal)) continue;
    for (const { calls: service, silent, event } of steps) {
      if (service === '') continue;
      const found = services.get(service) ?? { service, callers: [], silent: 0, of: 0, silentBefore: 0, ofBefore: 0, score: 0, events: [], from: new Set<string>() };
      services.set(service, found);
      if (late) found.of++;
      else found.ofBefore++;
      if (!silent) continue;
      if (!late) {
        found.silentBefore++;
        continue;
      }
      found.silent++;
      found.from.add(caller);
      if (found.events.length < MOST_EXAMPLES) found.events.push(event);
    }
  }
  const all = [...services.values()];
  const total = all.reduce((sum, { silent, silentBefore, of, ofBefore }) => ({ silent: sum.silent + silent + silentBefore, of: sum.of + of + ofBefore }), { silent: 0, of: 0 });
  return all
    .map(({ from, ...found }) => {
      // Before there may have been none to tell; and where spans are lost on their way to us, they are so of all services.
      const usual = Math.max(share(found.silentBefore, found.ofBefore), share(total.silent - found.silent - found.silentBefore, total.of - found.of - found.ofBefore));
      const now = share(found.silent, found.of);
      // A likelihood ratio against what is usual, less the price of having looked at so many (Bonferroni).
      const evidence = found.silent * Math.log(now / usual) + (found.of - found.silent) * Math.log((1 - now) / (1 - usual)) - Math.log(all.length);
      return { ...found, callers: [...from].sort(), score: Math.max(0, now - usual) * (1 - Math.exp(-Math.max(0, evidence) / SURE)) };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** With half of a silent and half of an answered call more, so that few are not certain. */
function share(silent: number, of: number): number {
  return (silent + 0.5) / (of + 1);
}
