/**
 * From evidence to blame. Evidence of a service is joined as probabilities of independent witnesses are (1 - product of 1 - p), and what a
 * service shows because one that it calls is in trouble is discounted: the deepest service that explains what its callers feel comes first.
 */
import type { CauseEvidence, EvidencePart } from '../../../../shared/contract/root-cause.ts';

export interface Witness extends CauseEvidence {
  service: string;
  /** the service whose trouble would explain it, '' for none */
  blames: string;
  /** its own words name that service */
  said: boolean;
}
export interface Blame {
  service: string;
  score: number;
  parts: Record<EvidencePart, number>;
  reasons: CauseEvidence[];
  /** services that feel it */
  explains: string[];
}

/** Evidence that points at another service counts so much less, at most. */
const POINTED = 0.75;
/** Evidence of a service that calls a worse one counts so much less, at most. */
const DOWNSTREAM = 0.75;
/** Words that name the cause are believed at least so much. */
const SAID = 0.8;
/** What a service is credited for when the failures of others name it. */
const NAMED = 0.25;
const MOST_REASONS = 8;
const LEAST_SCORE = 0.01;

/** @param callees the services that each one calls itself */
export function blame(witnesses: readonly Witness[], callees: ReadonlyMap<string, ReadonlySet<string>>): Blame[] {
  const own = new Map<string, number>();
  for (const [service, list] of byService(witnesses)) own.set(service, joined(list.map(({ score }) => score)));
  const credited: Witness[] = [];
  for (const witness of witnesses) {
    if (!witness.said) continue;
    credited.push({ ...witness, service: witness.blames, blames: '', said: false, kind: 'named', score: witness.score * NAMED, text: `Failures of ${witness.service} name it: ${witness.text}` });
  }
  const deeper = worstBelow(own, callees);
  const explains = new Map<string, Set<string>>();
  const discounted = [...witnesses, ...credited].map((witness) => {
    const { service, blames, said, part } = witness;
    const pointed = blames === '' ? 0 : Math.max(own.get(blames) ?? 0, said ? SAID : 0);
    const below = deeper.get(service);
    // The one of the two that shows more is more likely where it began; there is no point at which that turns.
    const worse = below && below.score > 0 && part !== 'metrics' && part !== 'change' ? below.score ** 2 / (below.score + (own.get(service) ?? 0)) : 0;
    const felt = below && worse > 0 && below.score > (own.get(service) ?? 0) ? below : { service: '', score: 0 };
    const cause = felt.score >= pointed ? felt.service : blames;
    if (cause !== '' && witness.score > 0.1) (explains.get(cause) ?? explains.set(cause, new Set()).get(cause))?.add(service);
    return { ...witness, score: witness.score * (1 - POINTED * pointed) * (1 - DOWNSTREAM * worse) };
  });
  return [...byService(discounted)]
    .map(([service, list]): Blame => {
      const of = (part: EvidencePart): number => joined(list.filter((one) => one.part === part).map(({ score }) => score));
      const parts = { logs: of('logs'), traces: of('traces'), metrics: of('metrics'), change: 0 };
      const score = joined([parts.logs, parts.traces, parts.metrics]);
      // A change nearby is no evidence by itself: it makes what there is more likely.
      parts.change = (1 - score) * score * joined(list.filter(({ part }) => part === 'change').map((one) => one.score));
      return { service, score: Math.min(1, score + parts.change), parts, reasons: list.toSorted((a, b) => b.score - a.score).slice(0, MOST_REASONS).map(({ part, kind, text, score: strength, at, scope, events, series }) => ({ part, kind, text, score: strength, at, scope, events, series })), explains: [...(explains.get(service) ?? [])].filter((other) => other !== service).sort() };
    })
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score || (a.service < b.service ? -1 : 1));
}

function byService(witnesses: readonly Witness[]): Map<string, Witness[]> {
  const groups = new Map<string, Witness[]>();
  for (const witness of witnesses) {
    const known = groups.get(witness.service);
    if (known) known.push(witness);
    else groups.set(witness.service, [witness]);
  }
  return groups;
}
function joined(scores: readonly number[]): number {
  return 1 - scores.reduce((left, score) => left * (1 - Math.min(0.99, Math.max(0, score))), 1);
}

/** For each service the worst one that it calls, itself or through others. */
function worstBelow(own: ReadonlyMap<string, number>, callees: ReadonlyMap<string, ReadonlySet<string>>): Map<string, { service: string; score: number }> {
  const worst = new Map<string, { service: string; score: number }>();
  for (const start of callees.keys()) {
    const seen = new Set([start]);
    const waiting = [...(callees.get(start) ?? [])];
    let best = { service: '', score: 0 };
    for (let service = waiting.pop(); service !== undefined; service = waiting.pop()) {
      if (seen.has(service)) continue;
      seen.add(service);
      const score = own.get(service) ?? 0;
      if (score > best.score) best = { service, score };
      waiting.push(...(callees.get(service) ?? []));
    }
    worst.set(start, best);
  }
  return worst;
}
