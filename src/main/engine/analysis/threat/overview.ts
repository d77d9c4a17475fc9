/** Threat analysis: users, hosts and addresses of a scope by one score, with the parts it is made of. */
import { ENTITY_TYPES, type EntityType, type ThreatEntity, type ThreatPart, type ThreatPartName, type ThreatReply } from '../../../../shared/contract/threat.ts';
import type { CorrelationFinding } from '../../../../shared/contract/correlation.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { formatCount, formatDuration } from '../../../../shared/numbers.ts';
import { resolveField } from '../../../../shared/query/names.ts';
import { withFilter } from '../../../../shared/query/print.ts';
import { offsetAt } from '../../search/result-set.ts';
import { valuesOf } from '../../search/tally.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import { HOT } from '../../store/segment.ts';
import { ruleHits } from '../../store/sigma-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { FAILED_LOGIN } from '../correlation/built-in-sequences.ts';
import { enabledSequences } from '../correlation/sequence-rules.ts';
import { findSequences, StepResults } from '../correlation/sequences.ts';
import { gather, ownerOf, type Entity, type Gathered } from './gather.ts';
import { levelValue, scoreOf, severityOf, severityValue, together, usualOf, WEIGHTS, type Usual } from './score.ts';

/** An entity with fewer events says little by itself. */
const FEW = 20;
/** Entities that are new are so after this share of the time. */
const LATE = 0.5;

export async function threatOverview({ scope, limit }: { scope: Scope; limit: number }, context: AnalysisContext): Promise<ThreatReply> {
  const result = await resultOf(context, scope, 'Reading events', (done) => done * 0.1);
  const gathered = await gather(context, result, (share) => context.progress(0.1 + share * 0.4, 'Looking at users, hosts and addresses'));
  const steps = new StepResults(context, scope);
  const failed = await failedLogins(context, steps);
  const sequences = await sequencesByEntity(context, steps);
  const quieted = quietedLikes(context.db);
  const facts = ruleHits(context.db);
  const spans = sourceSpans(context);
  const scored: Scored[] = [];
  for (const type of ENTITY_TYPES) {
    const all = [...(gathered.entities.get(type)?.values() ?? [])];
    const usual = usualOf(all.map(({ related }) => related.size));
    const rate = all.reduce((sum, { errors }) => sum + errors, 0) / Math.max(1, all.reduce((sum, { count }) => sum + count, 0));
    for (const entity of all) {
      await context.turns.next();
      const parts = [
        indicatorPart(entity), rulePart(entity, facts), sequencePart(sequences.get(type)?.get(entity.value) ?? []), failedPart(failed.get(type)?.get(entity.value) ?? 0),
        spreadPart(entity, usual), patternPart(entity, gathered, context, all.length), newPart(entity, spans, all.length), errorPart(entity, rate),
      ].filter((each) => each !== null).filter(({ value }) => value > 0.005);
      if (parts.length === 0) continue;
      const like = `threat:${type}:${entity.value}`;
      scored.push({ entity, like, parts, score: scoreOf(parts.map(({ part, value }) => ({ weight: WEIGHTS[part], value: Math.min(1, value) }))), quieted: quieted.has(like) });
    }
  }
  scored.sort((a, b) => Number(a.quieted) - Number(b.quieted) || b.score - a.score || b.entity.count - a.entity.count);
  // Reasons are written for those that are told alone: there may be a hundred thousand others.
  return { rows: scored.slice(0, limit).map((each) => entityOf(each, scope.query)), looked: gathered.seen, more: Math.max(0, scored.length - limit), notes: notesOf(context, gathered) };
}

/** What something says of an entity (0..1), and how it is told. */
interface Part {
  part: ThreatPartName;
  value: number;
  why(): string;
  /** opens the events of it, within those of the entity; it is given their query */
  query?(own: string): string;
}
interface Scored {
  entity: Entity;
  like: string;
  parts: Part[];
  score: number;
  quieted: boolean;
}

function indicatorPart({ indicators }: Entity): Part | null {
  if (indicators === null) return null;
  const list = [...indicators].sort((a, b) => b[1].confidence - a[1].confidence || b[1].count - a[1].count);
  const count = list.reduce((sum, [, each]) => sum + each.count, 0);
  return { part: 'indicator', value: together(list.slice(0, 5).map(([, { confidence }]) => confidence)), why: () => `${formatCount(count)} events have ${someOf(list.map(([value]) => value))} of lists of indicators`, query: (own) => `${own} has:threat` };
}
function rulePart({ rules }: Entity, { facts }: ReturnType<typeof ruleHits>): Part | null {
  if (rules === null) return null;
  const list = [...rules].flatMap(([id, count]) => {
    const rule = facts(id);
    return rule ? [{ title: rule.title, level: rule.level, count, value: levelValue(rule.level) }] : [];
  }).sort((a, b) => b.value - a.value || b.count - a.count);
  if (list.length === 0) return null;
  return {
    part: 'rule', value: together(list.map(({ value }) => value)), query: (own) => `${own} has:rule`,
    why: () => `${formatCount(list.length)} ${list.length === 1 ? 'rule matches' : 'rules match'}: ${someOf(list.map(({ title, level }) => `${title}${level === '' ? '' : ` (${level})`}`))}`,
  };
}
function sequencePart(found: readonly CorrelationFinding[]): Part | null {
  if (found.length === 0) return null;
  return {
    part: 'sequence', value: together(found.map(({ severity }) => severityValue(severity))), why: () => someOf(found.map(({ title }) => title.replace(/ \((user|host|ip) .*\)$/, ''))),
    ...(found.length === 1 ? { query: () => found[0].scope.query } : {}),
  };
}
function failedPart(failed: number): Part | null {
  return failed < 3 ? null : { part: 'failed logins', value: Math.log10(failed) / 3, why: () => `${formatCount(failed)} failed logins`, query: (own) => `${own} (${FAILED_LOGIN})` };
}
function spreadPart({ type, related }: Entity, usual: Usual | null): Part | null {
  const z = usual ? (related.size - usual.median) / usual.spread : 0;
  if (!usual || z < 3) return null;
  const kinds = (): string[] => ENTITY_TYPES.filter((each) => each !== type).flatMap((each) => {
    const n = [...related].filter((other) => other.type === each).length;
    return n === 0 ? [] : [`${formatCount(n)} ${each === 'ip' ? (n === 1 ? 'address' : 'addresses') : `${each}${n === 1 ? '' : 's'}`}`];
  });
  return { part: 'spread', value: z / 20, why: () => `is seen with ${kinds().join(' and ')}, where ${formatCount(usual.median)} in all are usual` };
}
/** Patterns that nobody else of its type has: what nobody else does. */
function patternPart(entity: Entity, { owners }: Gathered, { catalog }: AnalysisContext, among: number): Part | null {
  if (among < 5) return null;
  const alone = [...entity.templates].filter(([template]) => ownerOf(owners, template, entity.type) === entity);
  // Whoever shares little with the others is of another kind, and not to be compared with them.
  if (alone.length === 0 || alone.length * 2 > entity.templates.size) return null;
  const names = (): string[] => alone.sort((a, b) => b[1] - a[1]).map(([template]) => `"${(catalog.names[HOT.template][template] ?? '').slice(0, 80)}"`);
  return { part: 'own patterns', value: alone.length / entity.templates.size, why: () => `${formatCount(alone.length)} of its ${formatCount(entity.templates.size)} patterns are of no other of ${formatCount(among)}: ${someOf(names(), 2)}` };
}
/** New in the sources that it is in: what another source says of earlier times does not make it new. */
function newPart({ first, count, sources }: Entity, spans: ReadonlyMap<number, { t0: number; t1: number }>, among: number): Part | null {
  const of = [...sources].flatMap((id) => spans.get(id) ?? []);
  const from = Math.min(...of.map(({ t0 }) => t0));
  const to = Math.max(...of.map(({ t1 }) => t1));
  const share = (first - from) / (to - from);
  if (among < 5 || !(share > LATE) || !(to > from)) return null;
  return { part: 'first seen', value: (share - LATE) / (1 - LATE), why: () => `is seen for the first time ${formatDuration(first - from)} into the record, then in ${formatCount(count)} events` };
}
function sourceSpans({ db }: AnalysisContext): Map<number, { t0: number; t1: number }> {
  return new Map(db.prepare<[], { id: number; t0: number; t1: number }>('SELECT id, t0, t1 FROM source WHERE t0 IS NOT NULL').all().map((row) => [row.id, row]));
}
function errorPart({ errors, count }: Entity, rate: number): Part | null {
  const share = errors / count;
  if (count < FEW || share < 3 * rate || errors < 5) return null;
  return { part: 'errors', value: share, why: () => `${Math.round(share * 100)} % of its events are errors, of all ${Math.round(rate * 100)} %`, query: (own) => `${own} severity>=high` };
}
function someOf(texts: readonly string[], most = 3): string {
  return `${texts.slice(0, most).join(', ')}${texts.length > most ? ` and ${formatCount(texts.length - most)} more` : ''}`;
}

function entityOf({ entity: { type, value, count, first, last, events }, like, parts: said, score, quieted }: Scored, query: string): ThreatEntity {
  const own = withFilter(query, type, value, 'include');
  const parts = said.map((each): ThreatPart => ({ part: each.part, value: Math.min(1, each.value), weight: WEIGHTS[each.part], why: each.why(), query: each.query?.(own) ?? own })).sort((a, b) => b.weight * b.value - a.weight * a.value);
  const bounded = Number.isFinite(first);
  return {
    key: like, like, detector: 'threat', type, value, count, parts, title: `${type} ${value}`, score, severity: severityOf(score),
    why: `${score.toFixed(2)} of 1: ${parts.map((part) => part.why).join('; ')}.`,
    evidence: parts.map((part) => ({ label: `${part.part} ${(part.weight * part.value).toFixed(2)}`, value: part.why })),
    from: bounded ? first : 0, to: bounded ? last + 1 : 0, scope: { query: own, from: bounded ? first : null, to: bounded ? last + 1 : null }, events, quieted,
  };
}

/** Failed logins by entity. */
async function failedLogins(context: AnalysisContext, steps: StepResults): Promise<Map<EntityType, Map<string, number>>> {
  const result = await steps.of(FAILED_LOGIN, (share) => context.progress(0.5 + share * 0.1, 'Looking for failed logins'));
  const counts = new Map(ENTITY_TYPES.map((type) => [type, new Map<string, number>()]));
  for (const part of result.parts) {
    for (const [type, of] of counts) {
      const valueOf = valuesOf(type, part, context.catalog, context.searcher.records);
      for (let k = 0; k < part.count; k++) {
        const value = valueOf(offsetAt(part, k));
        if (value !== null) of.set(value, (of.get(value) ?? 0) + 1);
      }
    }
    await context.turns.next();
  }
  return counts;
}

/** Sequences of the case that are by user, host or address, by their value. */
async function sequencesByEntity(context: AnalysisContext, steps: StepResults): Promise<Map<EntityType, Map<string, CorrelationFinding[]>>> {
  const found = new Map(ENTITY_TYPES.map((type) => [type, new Map<string, CorrelationFinding[]>()]));
  const quieted = quietedLikes(context.db);
  const rules = enabledSequences(context.db).filter(({ by, kind }) => (kind === 'security' || kind === 'compliance') && ENTITY_TYPES.some((type) => type === resolveField(by)));
  for (const [i, rule] of rules.entries()) {
    const of = found.get(resolveField(rule.by) as EntityType);
    const { findings: list } = await findSequences(context, steps, rule, quieted, (share) => context.progress(0.6 + ((i + share) / rules.length) * 0.4, `Looking for "${rule.title}"`));
    for (const finding of list) {
      if (finding.quieted) continue;
      const value = finding.evidence.find(({ label }) => label === rule.by)?.value ?? '';
      of?.set(value, [...(of.get(value) ?? []), finding]);
    }
  }
  return found;
}

function notesOf({ catalog, db }: AnalysisContext, { seen, unreadable }: Gathered): string[] {
  const notes: string[] = [];
  if (![...catalog.segments.keys()].some((id) => catalog.derived.hitsOf(id).length > 0)) notes.push('No event has an indicator: add lists of what is known to be bad.');
  if (!ruleHits(db).any()) notes.push('No Sigma rule has matched: import rules to have them looked for.');
  for (const type of ENTITY_TYPES) if (seen[type] === 0) notes.push(`No event names ${type === 'ip' ? 'an address' : `a ${type}`}.`);
  if (unreadable > 0) notes.push(`${formatCount(unreadable)} events could not be read: the case file is damaged there.`);
  return notes;
}
