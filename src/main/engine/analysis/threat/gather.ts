/** What events say of users, hosts and addresses, gathered in one pass over the columns. */
import { ENTITY_TYPES, type EntityType } from '../../../../shared/contract/threat.ts';
import { FLAG, SEGMENT_SIZE } from '../../../../shared/event.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import type { Segment } from '../../search/catalog.ts';
import { offsetAt, type ResultSet, type SegmentHits } from '../../search/result-set.ts';
import { COLD_FIELDS, HOT } from '../../store/segment.ts';
import { ruleHits } from '../../store/sigma-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { PairCounts } from './pair-counts.ts';
import { indicatorValue } from './score.ts';

/** Entities of a type that are looked at; more are counted only. */
const MOST_ENTITIES = 50_000;
/** Different others that are kept of an entity. */
const MOST_RELATED = 500;

export interface Entity {
  type: EntityType;
  value: string;
  count: number;
  /** severity high or more */
  errors: number;
  first: number;
  last: number;
  /** sources it is in */
  sources: Set<number>;
  /** entities of other types it shares events with, as "type value"; bounded */
  related: Set<Entity>;
  /** patterns by their ids */
  templates: Map<number, number>;
  /** indicators it shares events with: value to confidence (0..1) and number of events; null = none */
  indicators: Map<string, { confidence: number; count: number }> | null;
  /** Sigma rules: id to number of events; null = none */
  rules: Map<number, number> | null;
  /** events that tell most: those with indicators and rules before others */
  events: number[];
  /** how many events have indicators or rules */
  telling: number;
}
export interface Gathered {
  entities: Map<EntityType, Map<string, Entity>>;
  /** how many different ones there are, beyond those kept too */
  seen: Record<EntityType, number>;
  /** entities that have a pattern, by its id; -1 = more than one */
  owners: Map<number, Entity | null>;
  unreadable: number;
}

export async function gather(context: AnalysisContext, result: ResultSet, progress: (share: number) => void): Promise<Gathered> {
  const { turns } = context;
  const rules = ruleHits(context.db);
  const gathered: Gathered = { entities: new Map(ENTITY_TYPES.map((type) => [type, new Map<string, Entity>()])), seen: { user: 0, host: 0, ip: 0 }, owners: new Map(), unreadable: 0 };
  for (const [at, part] of result.parts.entries()) {
    await turns.next();
    progress(at / result.parts.length);
    const { segment } = part;
    let ofType: (Entity | null)[][];
    try {
      ofType = ENTITY_TYPES.map((type) => entitiesOf(context, segment, type, gathered));
    } catch {
      // Told with the answer; the other segments count all the same.
      gathered.unreadable += part.count;
      continue;
    }
    count(context, part, ofType, gathered);
    tell(context, part, ofType, rules);
  }
  return gathered;
}

/** What recurs is counted by code within the segment first: entities meet the same patterns and each other in thousands of events. */
const withTemplate = ENTITY_TYPES.map(() => new PairCounts());
const PAIRS = ENTITY_TYPES.flatMap((_, t) => ENTITY_TYPES.slice(t + 1).map((_other, u) => ({ t, u: t + 1 + u, counts: new PairCounts() })));

function count(context: AnalysisContext, part: SegmentHits, ofType: readonly (Entity | null)[][], { owners }: Gathered): void {
  const { segment } = part;
  const codes = ENTITY_TYPES.map((type) => codesOf(context, segment, type));
  const { time, flags, severity } = segment.hot;
  const templates = segment.hot.codes[HOT.template];
  for (let k = 0; k < part.count; k++) {
    const i = offsetAt(part, k);
    const believable = (flags[i] & FLAG.TIME_SUSPECT) === 0;
    for (let t = 0; t < codes.length; t++) {
      const code = codes[t]?.[i] ?? 0;
      const entity = ofType[t][code];
      if (!entity) continue;
      entity.count++;
      if (severity[i] >= 3) entity.errors++;
      if (believable) {
        if (time[i] < entity.first) entity.first = time[i];
        if (time[i] > entity.last) entity.last = time[i];
      }
      if (entity.events.length < MAX_EXAMPLES) entity.events.push(segment.id * SEGMENT_SIZE + i);
      withTemplate[t].add(code, templates[i]);
    }
    for (const { t, u, counts } of PAIRS) {
      const a = codes[t]?.[i] ?? 0;
      const b = codes[u]?.[i] ?? 0;
      if (a !== 0 && b !== 0) counts.add(a, b);
    }
  }
  for (const [t, counts] of withTemplate.entries()) {
    counts.take((code, templateCode, n) => {
      const entity = ofType[t][code];
      if (!entity) return;
      entity.sources.add(segment.source);
      const template = segment.dicts[HOT.template][templateCode];
      if (template === 0) return;
      if (entity.templates.has(template) || entity.templates.size < MOST_RELATED) entity.templates.set(template, (entity.templates.get(template) ?? 0) + n);
      // Whose pattern it is, is asked within a type: an event of a host is of its user too.
      noteOwner(owners, template, entity);
    });
  }
  for (const { t, u, counts } of PAIRS) {
    counts.take((a, b) => {
      const one = ofType[t][a];
      const other = ofType[u][b];
      if (!one || !other) return;
      if (one.related.size < MOST_RELATED) one.related.add(other);
      if (other.related.size < MOST_RELATED) other.related.add(one);
    });
  }
}

/** Indicators and rules that single events have. */
function tell(context: AnalysisContext, part: SegmentHits, ofType: readonly (Entity | null)[][], rules: ReturnType<typeof ruleHits>): void {
  const { segment } = part;
  const indicatorsAt = context.catalog.derived.indicatorsIn(segment);
  const rulesAt = new Map<number, number[]>();
  for (const { rule, offsets } of rules.of(segment.id)) {
    for (const offset of offsets) {
      const known = rulesAt.get(offset);
      if (known) known.push(rule);
      else rulesAt.set(offset, [rule]);
    }
  }
  const telling = new Set([...indicatorsAt.keys(), ...rulesAt.keys()]);
  if (telling.size === 0) return;
  const codes = ENTITY_TYPES.map((type) => codesOf(context, segment, type));
  for (let k = 0; k < part.count; k++) {
    const i = offsetAt(part, k);
    if (!telling.has(i)) continue;
    for (let t = 0; t < codes.length; t++) {
      const entity = ofType[t][codes[t]?.[i] ?? 0];
      if (!entity) continue;
      for (const indicator of indicatorsAt.get(i) ?? []) {
        const known = (entity.indicators ??= new Map()).get(indicator.value);
        entity.indicators.set(indicator.value, { confidence: Math.max(known?.confidence ?? 0, indicatorValue(indicator)), count: (known?.count ?? 0) + 1 });
      }
      for (const rule of rulesAt.get(i) ?? []) (entity.rules ??= new Map()).set(rule, (entity.rules.get(rule) ?? 0) + 1);
      const id = segment.id * SEGMENT_SIZE + i;
      if (!entity.events.includes(id)) entity.events[entity.telling % MAX_EXAMPLES] = id;
      entity.telling++;
    }
  }
}

function noteOwner(owners: Map<number, Entity | null>, template: number, entity: Entity): void {
  const key = template * ENTITY_TYPES.length + ENTITY_TYPES.indexOf(entity.type);
  const known = owners.get(key);
  if (known === undefined) owners.set(key, entity);
  else if (known !== null && known !== entity) owners.set(key, null);
}
/** The one entity of a type that has a pattern; null when there are several. */
export function ownerOf(owners: ReadonlyMap<number, Entity | null>, template: number, type: EntityType): Entity | null | undefined {
  return owners.get(template * ENTITY_TYPES.length + ENTITY_TYPES.indexOf(type));
}

function codesOf({ catalog }: AnalysisContext, segment: Segment, type: EntityType): Uint16Array | null {
  if (type === 'host') return segment.hot.codes[HOT.host];
  return catalog.cold(segment).fields[COLD_FIELDS.indexOf(type)]?.codes ?? null;
}

/** The entity of each code of a segment; null = none, or one too many. */
function entitiesOf({ catalog }: AnalysisContext, segment: Segment, type: EntityType, gathered: Gathered): (Entity | null)[] {
  const known = gathered.entities.get(type) ?? new Map<string, Entity>();
  const make = (value: string): Entity | null => {
    // Records of Windows write "-" where there is nobody.
    if (value === '' || value === '-') return null;
    let entity = known.get(value);
    if (!entity) {
      gathered.seen[type]++;
      if (known.size >= MOST_ENTITIES) return null;
      entity = { type, value, count: 0, errors: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, sources: new Set(), related: new Set(), templates: new Map(), indicators: null, rules: null, events: [], telling: 0 };
      known.set(value, entity);
    }
    return entity;
  };
  if (type === 'host') return Array.from(segment.dicts[HOT.host], (id, code) => (code === 0 ? null : make(catalog.names[HOT.host][id] ?? '')));
  const column = catalog.cold(segment).fields[COLD_FIELDS.indexOf(type)];
  return column ? Array.from({ length: column.values.length }, (_, code) => (code === 0 ? null : make(column.values.text(code)))) : [];
}
