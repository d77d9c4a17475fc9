/** Counting a result by the values of a field: facets, and counts over time. */
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { COLD_FIELDS, HOT_FIELDS } from '../store/segment.ts';
import type { Catalog } from './catalog.ts';
import type { RecordReader } from './record-reader.ts';
import { offsetAt, type SegmentHits } from './result-set.ts';

/** Gives the value of a field for events of one segment; null = the event lacks it. */
export type ValueOf = (i: number) => string | null;

/** Whether reading the field's values needs records to be read back. */
export function isAttribute(field: string, catalog: Catalog): boolean {
  return !catalog.derived.field(field) && !([...HOT_FIELDS, ...COLD_FIELDS, 'severity', 'status', 'latency_ms', 'source', 'format', 'signal'] as string[]).includes(field);
}

/** How to read a field in a segment. Whole-segment fields give the same value for all. */
export function valuesOf(field: string, part: SegmentHits, catalog: Catalog, records: RecordReader): ValueOf {
  const { segment } = part;
  const { hot } = segment;
  const hotField = HOT_FIELDS.indexOf(field as (typeof HOT_FIELDS)[number]);
  if (hotField >= 0) {
    const names = catalog.names[hotField];
    const dict = segment.dicts[hotField];
    const codes = hot.codes[hotField];
    return (i) => (codes[i] === 0 ? null : names[dict[codes[i]]]);
  }
  const cold = COLD_FIELDS.indexOf(field as (typeof COLD_FIELDS)[number]);
  if (cold >= 0) {
    const column = catalog.cold(segment).fields[cold];
    return column ? (i) => (column.codes[i] === 0 ? null : column.values.text(column.codes[i])) : () => null;
  }
  if (field === 'severity') return (i) => SEVERITIES[hot.severity[i]];
  if (field === 'status') return (i) => (hot.status[i] === 0 ? null : String(hot.status[i]));
  if (field === 'latency_ms') {
    const { latency } = catalog.cold(segment);
    return latency ? (i) => (Number.isNaN(latency[i]) ? null : String(latency[i])) : () => null;
  }
  if (field === 'source' || field === 'format' || field === 'signal') {
    const source = catalog.sources.get(segment.source);
    const value = source ? (field === 'source' ? source.path : source[field]) : null;
    return () => value;
  }
  const derived = catalog.derived.field(field);
  if (derived) {
    const values = derived.of(segment);
    return (i) => values?.(i).join(', ') || null;
  }
  const wanted = field.toLowerCase();
  return (i) => {
    const record = records.read(segment, i);
    const value = record?.attributes.find(({ name }) => name.toLowerCase() === wanted)?.value;
    return value === null || value === undefined ? null : String(value);
  };
}

/**
 * Adds a part's events to counts by value, and gives the number of those that have the field; columns are counted by code first, so
 * that values are looked up once a segment.
 */
export function tally(field: string, part: SegmentHits, catalog: Catalog, records: RecordReader, counts: Map<string, number>): number {
  const { segment, hits, count } = part;
  let present = 0;
  const add = (value: string | null, n: number): void => {
    if (value === null || n === 0) return;
    counts.set(value, (counts.get(value) ?? 0) + n);
    present += n;
  };
  const hot = HOT_FIELDS.indexOf(field as (typeof HOT_FIELDS)[number]);
  const cold = COLD_FIELDS.indexOf(field as (typeof COLD_FIELDS)[number]);
  if (hot >= 0) {
    const names = catalog.names[hot];
    byCode(segment.hot.codes[hot], segment.dicts[hot].length, part).forEach((n, code) => code > 0 && add(names[segment.dicts[hot][code]], n));
  } else if (cold >= 0) {
    const column = catalog.cold(segment).fields[cold];
    if (column) byCode(column.codes, column.values.length, part).forEach((n, code) => code > 0 && add(column.values.text(code), n));
  } else if (field === 'severity') {
    byCode(segment.hot.severity, 5, part).forEach((n, code) => add(SEVERITIES[code], n));
  } else if (field === 'source' || field === 'format' || field === 'signal') {
    add(valuesOf(field, part, catalog, records)(0), count);
  } else if (catalog.derived.field(field)) {
    // An event may have several values; each is counted.
    const values = catalog.derived.field(field)?.of(segment);
    for (let k = 0; values && k < count; k++) {
      const found = values(offsetAt(part, k));
      for (const value of found) counts.set(value, (counts.get(value) ?? 0) + 1);
      if (found.length > 0) present++;
    }
  } else {
    const valueOf = valuesOf(field, part, catalog, records);
    const n = hits === 'all' ? segment.n : hits.length;
    for (let k = 0; k < n; k++) add(valueOf(hits === 'all' ? k : hits[k]), 1);
  }
  return present;
}

function byCode(codes: Uint16Array | Uint8Array, size: number, { segment, hits }: SegmentHits): Uint32Array {
  const counts = new Uint32Array(size);
  if (hits === 'all') for (let i = 0; i < segment.n; i++) counts[codes[i]]++;
  else for (let k = 0; k < hits.length; k++) counts[codes[hits[k]]]++;
  return counts;
}

/** The most frequent values, at most `limit`, most frequent first; equal counts in the order of the values. Does not sort the rest. */
export function mostFrequent(counts: ReadonlyMap<string, number>, limit: number): { value: string; count: number }[] {
  const before = (a: { value: string; count: number }, b: { value: string; count: number }): number => b.count - a.count || (a.value < b.value ? -1 : 1);
  if (counts.size <= limit) return [...counts].map(([value, count]) => ({ value, count })).sort(before);
  // The best so far, and as many again that may be better than their last: sorted and cut when they are full.
  let kept: { value: string; count: number }[] = [];
  let least = -1;
  for (const [value, count] of counts) {
    if (count < least) continue;
    kept.push({ value, count });
    if (kept.length < Math.max(64, limit * 2)) continue;
    kept = kept.sort(before).slice(0, limit);
    least = kept.length < limit ? -1 : (kept.at(-1)?.count ?? -1);
  }
  return kept.sort(before).slice(0, limit);
}

/** Events whose records are read between two looks at the clock. */
const STEP_EVENTS = 128;
/** A field with more different values than this is an identifier: what it counts is no use, and would not fit in memory. */
const MOST_VALUES = 200_000;

/**
 * The values of a field over one result, counted step by step; each question goes on where the last one stopped, so that a growing
 * case is not counted again from its start. Columns are counted a segment at a time. For an attribute each record has to be read
 * back, so a large case takes many questions. Steps do not wait, so several askers can take turns.
 */
export class FieldTally {
  readonly counts = new Map<string, number>();
  /** events looked at */
  counted = 0;
  /** events looked at that have it */
  present = 0;
  /** events looked at that could not be read, because the case file is damaged */
  missed = 0;
  readonly #attribute: boolean;
  readonly #valueOf: (part: SegmentHits) => ValueOf;
  readonly #countPart: (part: SegmentHits) => number;
  /** how many events of each segment were looked at: one can go on, with the same events in front */
  readonly #seen = new Map<number, number>();
  #now: { part: SegmentHits; valueOf: ValueOf; place: number } | null = null;

  constructor(field: string, catalog: Catalog, records: RecordReader) {
    this.#attribute = isAttribute(field, catalog);
    this.#valueOf = (part) => valuesOf(field, part, catalog, records);
    this.#countPart = (part) => tally(field, part, catalog, records, this.counts);
  }

  /** Whether there are too many different values to keep: the counting of an attribute ends then. */
  get full(): boolean {
    return this.counts.size >= MOST_VALUES;
  }

  /** Counts some more events; false = all parts are through, or there is no use in going on. */
  step(parts: readonly SegmentHits[]): boolean {
    if (this.#attribute && this.full) return false;
    if (!this.#now) {
      const whole = parts.find(({ segment }) => (this.#seen.get(segment.id) ?? 0) < segment.n);
      if (!whole) return false;
      const part = behind(whole, this.#seen.get(whole.segment.id) ?? 0);
      this.#seen.set(whole.segment.id, whole.segment.n);
      if (!this.#attribute) {
        this.#wholePart(part);
        return true;
      }
      this.#now = { part, valueOf: () => null, place: 0 };
      try {
        this.#now.valueOf = this.#valueOf(part);
      } catch {
        // Told with the answer.
        this.missed += part.count;
      }
    }
    const { part, valueOf, place } = this.#now;
    const end = Math.min(part.count, place + STEP_EVENTS);
    for (let at = place; at < end; at++) {
      let value: string | null = null;
      try {
        value = valueOf(offsetAt(part, at));
      } catch {
        // Told with the answer.
        this.missed++;
      }
      if (value === null) continue;
      this.present++;
      this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
    }
    this.counted += end - place;
    this.#now = end === part.count ? null : { part, valueOf, place: end };
    return true;
  }

  #wholePart(part: SegmentHits): void {
    try {
      this.present += this.#countPart(part);
    } catch (error) {
      if (error instanceof TidemarkError) throw error;
      // Told with the answer.
      this.missed += part.count;
    }
    this.counted += part.count;
  }
}

/** A part without its first events. */
function behind(part: SegmentHits, first: number): SegmentHits {
  if (first === 0) return part;
  const { segment } = part;
  const hits = part.hits === 'all' ? Uint16Array.from({ length: segment.n - first }, (_, i) => first + i) : part.hits.filter((offset) => offset >= first);
  return { segment, hits, count: hits.length };
}

/** Adds a part's events to counts by time step and value. */
export function tallySeries(field: string | undefined, every: number, part: SegmentHits, catalog: Catalog, records: RecordReader, counts: Map<number, Map<string, number>>): void {
  const valueOf = field === undefined ? (): string => '' : valuesOf(field, part, catalog, records);
  const { time } = part.segment.hot;
  for (let place = 0; place < part.count; place++) {
    const i = offsetAt(part, place);
    const value = valueOf(i);
    if (value === null) continue;
    const bucket = Math.floor(time[i] / every) * every;
    let values = counts.get(bucket);
    if (!values) counts.set(bucket, (values = new Map()));
    values.set(value, (values.get(value) ?? 0) + 1);
  }
}
