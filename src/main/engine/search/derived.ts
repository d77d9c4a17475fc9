/**
 * Fields that no record has: they follow from indicators that events were compared with, and from what people know of addresses, hosts
 * and services. They are worked out by distinct value, so that a database is asked once for each address.
 */
import type { Indicator } from '../../../shared/contract/indicators.ts';
import type { Hit } from '../enrich/watch.ts';
import { indicatorById } from '../store/indicator-store.ts';
import { COLD_FIELDS, HOT } from '../store/segment.ts';
import { RuleFields } from './rule-fields.ts';
import type { Catalog, Segment } from './catalog.ts';

/** Values of a field of an event; an event may have several. */
export type ValuesOf = (i: number) => readonly string[];
export interface DerivedField {
  name: string;
  /** compared as numbers */
  numeric: boolean;
  /** null = no event of the segment has it */
  of(segment: Segment): ValuesOf | null;
}
/** Values of one field by the values of a column. */
export interface Lookup {
  name: string;
  column: 'ip' | 'host' | 'service';
  numeric: boolean;
  /** [] = it is not known */
  values(value: string): readonly string[];
}

const NONE: readonly string[] = [];
/** Looked up values that are kept for each field. */
const KEPT = 100_000;
/** Indicators that are kept in memory. */
const KEPT_INDICATORS = 50_000;

const OF_INDICATOR: Readonly<Record<string, (indicator: Indicator) => readonly string[]>> = {
  threat: ({ value }) => [value],
  'threat.indicator.value': ({ value }) => [value],
  'threat.indicator.type': ({ type }) => [type],
  'threat.indicator.provider': ({ listName }) => [listName],
  'threat.indicator.description': ({ note }) => (note === '' ? NONE : [note]),
  'threat.indicator.confidence': ({ confidence }) => (confidence === null ? NONE : [String(confidence)]),
  'threat.indicator.marking.tlp': ({ tlp }) => (tlp === '' ? NONE : [tlp]),
  'threat.indicator.label': ({ labels }) => labels,
};
const INDICATOR_FIELDS: readonly string[] = Object.keys(OF_INDICATOR);

export class Derived {
  /** grows when answers are others than before */
  version = 0;
  readonly #catalog: Catalog;
  readonly #hits = new Map<number, readonly Hit[]>();
  readonly #fields = new Map<string, DerivedField>();
  readonly #indicators = new Map<number, Indicator | undefined>();
  readonly #find: (id: number) => Indicator | undefined;
  readonly #rules: RuleFields;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#rules = new RuleFields(catalog.db);
    let find: ReturnType<typeof indicatorById> | undefined;
    this.#find = (id) => (find ??= indicatorById(catalog.db))(id);
    for (const [name, values] of Object.entries(OF_INDICATOR)) this.#fields.set(name, { name, numeric: name.endsWith('.confidence'), of: (segment) => this.#byIndicator(segment, values) });
  }

  /** The field of that name, in any case; undefined when nothing is known of it: then it may be an attribute. */
  field(name: string): DerivedField | undefined {
    const key = name.toLowerCase();
    const ofRules = this.#rules.field(key);
    if (ofRules) return ofRules;
    // Records may say such things themselves; they are asked where no list does.
    return key !== 'threat' && this.#hits.size === 0 && INDICATOR_FIELDS.includes(key) ? undefined : this.#fields.get(key);
  }
  names(): string[] {
    return [...this.#rules.names(), ...[...this.#fields.keys()].filter((name) => this.field(name) !== undefined)];
  }

  /** What addresses, hosts and services are known to be, in place of what was known. */
  setLookups(lookups: readonly Lookup[]): void {
    for (const name of this.#fields.keys()) if (!INDICATOR_FIELDS.includes(name)) this.#fields.delete(name);
    const names = new Map<string, Lookup[]>();
    for (const lookup of lookups) names.set(lookup.name, [...(names.get(lookup.name) ?? []), lookup]);
    for (const [name, alike] of names) this.#fields.set(name.toLowerCase(), { name, numeric: alike.every(({ numeric }) => numeric), of: byValue(this.#catalog, alike) });
    this.version++;
  }

  /** Hits of segments, in place of those they had; `all`: and no other segment has any. */
  setHits(hits: Iterable<readonly [number, readonly Hit[]]>, all: boolean): void {
    if (all) this.#hits.clear();
    for (const [segment, list] of hits) this.#hits.set(segment, list);
    this.#indicators.clear();
    this.version++;
  }
  /** What rules matched is other than before, in some segments or in all (null). */
  rulesChanged(segments: readonly number[] | null): void {
    this.#rules.changed(segments);
    this.version++;
  }
  /** Hits of a segment that is new. */
  addHits(segment: number, hits: readonly Hit[]): void {
    if (hits.length > 0) this.#hits.set(segment, hits);
    else this.#hits.delete(segment);
    this.#rules.changed([segment]);
  }
  hitsOf(segment: number): readonly Hit[] {
    return this.#hits.get(segment) ?? [];
  }

  /** All there is of one event. */
  valuesOf(segment: Segment, offset: number): { name: string; value: string }[] {
    const fields = [...this.#rules.fields(), ...[...this.#fields.values()].filter(({ name }) => name !== 'threat')];
    return fields.flatMap(({ name, of }) => (of(segment)?.(offset) ?? NONE).map((value) => ({ name, value })));
  }

  /** The indicators of one event. */
  indicatorsOf(segment: Segment, offset: number): Indicator[] {
    return this.hitsOf(segment.id).flatMap(({ indicator, offsets }) => (offsets.includes(offset) ? (this.#indicator(indicator) ?? []) : []));
  }

  /** The events of a segment that have indicators, by offset. */
  indicatorsIn(segment: Segment): Map<number, Indicator[]> {
    const byOffset = new Map<number, Indicator[]>();
    for (const { indicator, offsets } of this.hitsOf(segment.id)) {
      const row = this.#indicator(indicator);
      if (!row) continue;
      for (const offset of offsets) {
        const known = byOffset.get(offset);
        if (known) known.push(row);
        else byOffset.set(offset, [row]);
      }
    }
    return byOffset;
  }

  #indicator(id: number): Indicator | undefined {
    if (this.#indicators.has(id)) return this.#indicators.get(id);
    if (this.#indicators.size >= KEPT_INDICATORS) this.#indicators.clear();
    const row = this.#find(id);
    this.#indicators.set(id, row);
    return row;
  }

  #byIndicator(segment: Segment, values: (indicator: Indicator) => readonly string[]): ValuesOf | null {
    const hits = this.#hits.get(segment.id);
    if (!hits || hits.length === 0) return null;
    const byOffset = new Map<number, string[]>();
    for (const { indicator, offsets } of hits) {
      const row = this.#indicator(indicator);
      const found = row ? values(row) : NONE;
      for (const offset of found.length > 0 ? offsets : []) {
        const known = byOffset.get(offset);
        if (!known) byOffset.set(offset, [...found]);
        else for (const value of found) if (!known.includes(value)) known.push(value);
      }
    }
    return (i) => byOffset.get(i) ?? NONE;
  }
}

/** A field that several lookups may know; what all of them say counts. */
function byValue(catalog: Catalog, lookups: readonly Lookup[]): DerivedField['of'] {
  const columns = lookups.map((lookup) => {
    const known = new Map<string, readonly string[]>();
    const values = (value: string): readonly string[] => {
      let found = known.get(value);
      if (!found) {
        if (known.size >= KEPT) known.clear();
        known.set(value, (found = lookup.values(value)));
      }
      return found;
    };
    return (segment: Segment): ValuesOf | null => {
      const texts = columnOf(catalog, segment, lookup.column);
      if (!texts) return null;
      const byCode: (readonly string[] | undefined)[] = [];
      return (i) => {
        const code = texts.codes[i];
        return code === 0 ? NONE : (byCode[code] ??= values(texts.text(code)));
      };
    };
  });
  return (segment) => {
    const found = columns.map((column) => column(segment)).filter((values) => values !== null);
    if (found.length <= 1) return found[0] ?? null;
    return (i) => [...new Set(found.flatMap((values) => values(i)))];
  };
}

function columnOf(catalog: Catalog, segment: Segment, column: Lookup['column']): { codes: Uint16Array; text: (code: number) => string } | null {
  if (column === 'ip') {
    const cold = catalog.cold(segment).fields[COLD_FIELDS.indexOf('ip')];
    return cold && { codes: cold.codes, text: (code) => cold.values.text(code) };
  }
  const field = column === 'host' ? HOT.host : HOT.service;
  return { codes: segment.hot.codes[field], text: (code) => catalog.names[field][segment.dicts[field][code]] ?? '' };
}
