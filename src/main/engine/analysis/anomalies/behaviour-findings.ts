/** What services, users and addresses of a case did that they never or hardly ever do, or at an hour at which they never do anything. */
import type { AnomalyFinding } from '../../../../shared/contract/anomalies.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { FLAG, SEGMENT_SIZE, type Severity } from '../../../../shared/event.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { formatCount } from '../../../../shared/numbers.ts';
import { printValue, withFilter } from '../../../../shared/query/print.ts';
import { offsetAt, type ResultSet } from '../../search/result-set.ts';
import { COLD_FIELDS, HOT } from '../../store/segment.ts';
import type { AnalysisContext } from '../analysis.ts';
import { NumberColumn } from '../number-column.ts';
import { boundedKey, boundedTitle } from './bounded-names.ts';
import { Behaviour, type BehaviourKind, type OddBehaviour } from './behaviour.ts';

type Field = 'service' | 'template' | 'host' | 'user' | 'ip';
interface Pair {
  entity: Field;
  value: Field;
  /** "bob on host db-7" */
  said(entity: string, value: string): string;
  /** what its values are called, and what it does when none is named */
  values: string;
  severity: Severity;
}
const PAIRS: readonly Pair[] = [
  { entity: 'service', value: 'template', said: (entity, value) => `${entity} writes "${value}"`, values: 'patterns', severity: 'low' },
  { entity: 'user', value: 'host', said: (entity, value) => `user ${entity} on host ${value}`, values: 'hosts', severity: 'medium' },
  { entity: 'user', value: 'ip', said: (entity, value) => `user ${entity} from ${value}`, values: 'addresses', severity: 'medium' },
  { entity: 'ip', value: 'user', said: (entity, value) => `${entity} as user ${value}`, values: 'users', severity: 'medium' },
];
const ENTITY_WORDS: Readonly<Record<Field, string>> = { service: 'service', template: 'pattern', host: 'host', user: 'user', ip: 'address' };
const KIND_WORDS: Readonly<Record<BehaviourKind, string>> = { 'new entity': 'for the first time', 'first seen': 'for the first time', rare: 'which is rare', 'odd hour': 'at an hour at which it is never seen' };

/** Events that are gone through for one pair; what is beyond the first so many is not looked at, and that is said. */
const MOST_EVENTS = 1_000_000;
/** Acts of a source before what is new in it is told: everything is new where a source begins. */
const BEGINNING = 200;
/** Characters of values in a query. */
const MOST_TEXT = 8000;
/** Values named in a finding. */
const NAMED = 5;

interface Seen {
  time: number;
  event: number;
  value: string;
  odd: OddBehaviour;
}

export interface BehaviourFound {
  findings: AnomalyFinding[];
  events: number;
  entities: number;
  /** not all events were looked at */
  truncated: boolean;
}

export async function behaviourFindings(result: ResultSet, scope: Scope, quieted: ReadonlySet<string>, context: AnalysisContext, share: (done: number) => void): Promise<BehaviourFound> {
  const found: BehaviourFound = { findings: [], events: 0, entities: 0, truncated: false };
  for (const [i, pair] of PAIRS.entries()) {
    await findOf(pair, result, scope, quieted, context, found, (done) => share((i + done) / PAIRS.length));
  }
  return found;
}

/** Numbers for names, so that behaviour is learned of numbers alone. */
class Names {
  readonly #ids = new Map<string, number>();
  readonly names: string[] = [];
  id(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.#ids.set(name, id);
      this.names.push(name);
    }
    return id;
  }
}

async function findOf(pair: Pair, result: ResultSet, scope: Scope, quieted: ReadonlySet<string>, context: AnalysisContext, found: BehaviourFound, share: (done: number) => void): Promise<void> {
  const { catalog, turns } = context;
  const entities = new Names();
  const values = new Names();
  const [time, entity, value, event, source] = Array.from({ length: 5 }, () => new NumberColumn());
  // Of this pair: another one may have fewer.
  let truncated = false;
  for (const [at, part] of result.parts.entries()) {
    const { segment } = part;
    await turns.next();
    share((at / result.parts.length) * 0.3);
    // A table by code, as names recur within a segment.
    const idsOf = (field: Field, names: Names): { codes: Uint16Array; ids: Int32Array } | null => {
      if (field === 'user' || field === 'ip') {
        const column = catalog.cold(segment).fields[COLD_FIELDS.indexOf(field)];
        return column ? { codes: column.codes, ids: Int32Array.from({ length: column.values.length }, (_, code) => (code === 0 ? -1 : names.id(column.values.text(code)))) } : null;
      }
      const hot = HOT[field];
      return { codes: segment.hot.codes[hot], ids: Int32Array.from(segment.dicts[hot], (id, code) => (code === 0 ? -1 : names.id(catalog.names[hot][id]))) };
    };
    const from = idsOf(pair.entity, entities);
    const to = from && idsOf(pair.value, values);
    if (!from || !to) continue;
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      const a = from.ids[from.codes[i]];
      const b = to.ids[to.codes[i]];
      if (a < 0 || b < 0 || (segment.hot.flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      if (time.length >= MOST_EVENTS) {
        truncated = true;
        break;
      }
      time.push(segment.hot.time[i]);
      entity.push(a);
      value.push(b);
      event.push(segment.id * SEGMENT_SIZE + i);
      source.push(segment.source);
    }
    if (truncated) break;
  }
  if (truncated) found.truncated = true;
  found.events += time.length;
  found.entities += entities.names.length;
  // Segments overlap, so their events are put in order of time; of the same time, in that of the case.
  // (A list is sorted run by run, and each segment is one; a typed array would be sorted from nothing.)
  const times = time.values;
  const order = Array.from(times.keys()).sort((a, b) => times[a] - times[b] || event.at(a) - event.at(b));
  const behaviour = new Behaviour();
  const acts = new Map<number, number>();
  const groups = new Map<string, { entity: string; kind: BehaviourKind; seen: Seen[] }>();
  for (const [k, i] of order.entries()) {
    if (k % 16_384 === 0) {
      await turns.next();
      share(0.3 + (k / order.length) * 0.7);
    }
    const odd = behaviour.observe(time.at(i), entity.at(i), value.at(i));
    const before = acts.get(source.at(i)) ?? 0;
    acts.set(source.at(i), before + 1);
    // That a service is there at all is told by coverage.
    if (odd === null || before < BEGINNING || (odd.kind === 'new entity' && pair.entity === 'service')) continue;
    const name = entities.names[entity.at(i)];
    const key = `${odd.kind}:${name}`;
    const group = groups.get(key) ?? { entity: name, kind: odd.kind, seen: [] };
    groups.set(key, group);
    group.seen.push({ time: time.at(i), event: event.at(i), value: values.names[value.at(i)], odd });
  }
  if (behaviour.passedOver > 0) found.truncated = true;
  for (const group of groups.values()) found.findings.push(findingOf(pair, group, scope, quieted));
}

function findingOf(pair: Pair, { entity, kind, seen }: { entity: string; kind: BehaviourKind; seen: Seen[] }, scope: Scope, quieted: ReadonlySet<string>): AnomalyFinding {
  const like = `anomalies:behaviour:${pair.entity}>${pair.value}:${kind}:${boundedKey(entity)}`;
  const name = boundedTitle(entity);
  const strongest = seen.reduce((best, each) => (each.odd.score > best.odd.score ? each : best));
  const named = [...new Set(seen.map(({ value }) => value))];
  const others = named.length - 1;
  const from = seen[0].time;
  const to = seen[seen.length - 1].time + 1;
  const title = kind === 'new entity' || kind === 'odd hour' ? `${ENTITY_WORDS[pair.entity]} ${name} ${KIND_WORDS[kind]}` : `${pair.said(name, boundedTitle(strongest.value))} ${KIND_WORDS[kind]}${others > 0 ? `, and ${formatCount(others)} other ${pair.values}` : ''}`;
  const ofEntity = withFilter(scope.query, pair.entity, entity, 'include');
  const only = kind === 'first seen' || kind === 'rare' ? `${ofEntity} ${pair.value}:(${someOf(named).map((name) => printValue(pair.value, name)).join(' OR ')})` : ofEntity;
  return {
    key: `${like}@${from}`, like, kind: 'behaviour', detector: 'behaviour', title: title.slice(0, 1).toUpperCase() + title.slice(1), why: reason(pair, name, strongest.odd),
    evidence: [{ label: 'Surprise', value: `one in ${formatCount(Math.round(2 ** strongest.odd.bits))}` }, { label: 'Times', value: formatCount(seen.length) }, ...(kind === 'first seen' || kind === 'rare' ? [{ label: pair.values, value: named.slice(0, NAMED).map(boundedTitle).join(', ') + (others >= NAMED ? ', ...' : '') }] : [])],
    severity: pair.severity, score: strongest.odd.score, from, to, scope: { query: only, from, to }, events: seen.slice(0, MAX_EXAMPLES).map(({ event }) => event), quieted: quieted.has(like), votes: [], chart: null,
  };
}

/** As many as a query can hold: patterns are as long as log lines. */
function someOf(names: readonly string[]): string[] {
  let length = 0;
  return names.filter((name, i) => (length += name.length) < MOST_TEXT || i === 0).slice(0, MAX_EXAMPLES);
}

function reason({ entity: field, values }: Pair, entity: string, { kind, before, alike }: OddBehaviour): string {
  const events = `${formatCount(before)} ${before === 1 ? 'event' : 'events'}`;
  switch (kind) {
    case 'new entity':
      return `Of ${events} before it, none was of this ${ENTITY_WORDS[field]}, and there were only ${formatCount(alike)} others.`;
    case 'first seen':
      return `In ${events} before, ${entity} had ${formatCount(alike)} ${values} in all, and never this one.`;
    case 'rare':
      return `In ${events} before, ${entity} did this ${alike === 1 ? 'once' : 'twice'}.`;
    case 'odd hour':
      return `Of ${events} before, ${alike === 0 ? 'none' : formatCount(alike)} fell into this hour of the day (UTC) or one next to it.`;
  }
}
