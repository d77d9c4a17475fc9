/** The words of the panel, and what of the reply its picture shows. */
import type { CauseEdge, EvidencePart, ImpactAxis, Suspect } from '../../../shared/contract/root-cause.ts';
import { formatCount, formatDuration, formatWholePercent } from '../../ui/numbers.ts';
import type { GraphCall, GraphService } from '../../ui/service-graph/layout.ts';

export const PART_TITLES: Readonly<Record<EvidencePart, string>> = { logs: 'Logs and steps', traces: 'Latency and calls', metrics: 'Metrics', change: 'Changes nearby' };
export const AXIS_TITLES: Readonly<Record<ImpactAxis, string>> = { performance: 'Performance', cost: 'Cost', security: 'Security', business: 'Business' };

/** More services than these make no picture that can be read in a part of a panel. */
const MOST_DRAWN = 14;
/** Suspects that are in the picture whoever is chosen. */
const ALWAYS = 3;
/** A call that loses so much on the way is drawn as bad, in microseconds. */
const DELAYED = 50_000;

/** The chosen suspect, the likeliest ones, and those who call the chosen one or are called by it, as many as can be read. */
export function picturedCauses(suspects: readonly Suspect[], edges: readonly CauseEdge[], chosen: string): { nodes: GraphService[]; edges: GraphCall[] } {
  const all = new Set(edges.flatMap(({ caller, callee }) => [caller, callee]));
  const shown = new Set<string>();
  const add = (service: string): void => {
    if (all.has(service) && shown.size < MOST_DRAWN) shown.add(service);
  };
  const likely = suspects.slice(0, ALWAYS).map(({ service }) => service);
  for (const service of [chosen, ...likely]) add(service);
  for (const service of [chosen, ...likely]) {
    for (const { caller, callee } of edges) {
      if (callee === service) add(caller);
      if (caller === service && service === chosen) add(callee);
    }
  }
  const blame = new Map(suspects.map(({ service, rank, score }) => [service, { rank, score }]));
  return {
    nodes: [...shown].map((service): GraphService => {
      const known = blame.get(service);
      return { service, detail: known ? `${ordinal(known.rank)}, ${formatWholePercent(known.score)}` : 'nothing seen', bad: '', blame: known?.score ?? 0 };
    }),
    edges: edges.filter(({ caller, callee }) => shown.has(caller) && shown.has(callee)).map(({ caller, callee, calls, delay }) => {
      const bad = delay >= DELAYED;
      return { caller, callee, calls, bad, label: bad ? [`+${formatDuration(delay)}`, formatCount(calls)] : [formatCount(calls)] };
    }),
  };
}

export function ordinal(n: number): string {
  const tens = n % 100;
  return `${n}${tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
