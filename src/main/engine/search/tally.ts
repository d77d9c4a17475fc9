/** Counting a result by the values of a field: facets, and counts over time. */
import { SEVERITIES } from '../../../shared/event.ts';
import { COLD_FIELDS, HOT_FIELDS } from '../store/segment.ts';
import type { Catalog } from './catalog.ts';
import type { RecordReader } from './record-reader.ts';
import { offsetAt, type SegmentHits } from './result-set.ts';

/** Gives the value of a field for events of one segment; null = the event lacks it. */
export type ValueOf = (i: number) => string | null;

/** Whether reading the field's values needs records to be read back. */
export function isAttribute(field: string): boolean {
  return !([...HOT_FIELDS, ...COLD_FIELDS, 'severity', 'status', 'latency_ms', 'source', 'format', 'signal'] as string[]).includes(field);
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
    return column ? (i) => (column.codes[i] === 0 ? null : column.values[column.codes[i]]) : () => null;
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
  const wanted = field.toLowerCase();
  return (i) => {
    const record = records.read(segment, i);
    const value = record?.attributes.find(({ name }) => name.toLowerCase() === wanted)?.value;
    return value === null || value === undefined ? null : String(value);
  };
}

/** Adds a part's events to counts by value; columns are counted by code first, so that values are looked up once a segment. */
export function tally(field: string, part: SegmentHits, catalog: Catalog, records: RecordReader, counts: Map<string, number>): void {
  const { segment, hits, count } = part;
  const add = (value: string | null, n: number): void => {
    if (value !== null && n > 0) counts.set(value, (counts.get(value) ?? 0) + n);
  };
  const hot = HOT_FIELDS.indexOf(field as (typeof HOT_FIELDS)[number]);
  const cold = COLD_FIELDS.indexOf(field as (typeof COLD_FIELDS)[number]);
  if (hot >= 0) {
    const names = catalog.names[hot];
    byCode(segment.hot.codes[hot], segment.dicts[hot].length, part).forEach((n, code) => code > 0 && add(names[segment.dicts[hot][code]], n));
  } else if (cold >= 0) {
    const column = catalog.cold(segment).fields[cold];
    if (column) byCode(column.codes, column.values.length, part).forEach((n, code) => code > 0 && add(column.values[code], n));
  } else if (field === 'severity') {
    byCode(segment.hot.severity, 5, part).forEach((n, code) => add(SEVERITIES[code], n));
  } else if (field === 'source' || field === 'format' || field === 'signal') {
    add(valuesOf(field, part, catalog, records)(0), count);
  } else {
    const valueOf = valuesOf(field, part, catalog, records);
    const n = hits === 'all' ? segment.n : hits.length;
    for (let k = 0; k < n; k++) add(valueOf(hits === 'all' ? k : hits[k]), 1);
  }
}

function byCode(codes: Uint16Array | Uint8Array, size: number, { segment, hits }: SegmentHits): Uint32Array {
  const counts = new Uint32Array(size);
  if (hits === 'all') for (let i = 0; i < segment.n; i++) counts[codes[i]]++;
  else for (let k = 0; k < hits.length; k++) counts[codes[hits[k]]]++;
  return counts;
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
