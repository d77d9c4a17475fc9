/** Events as the window shows them. */
import { FLAG, SEGMENT_SIZE, SEVERITIES, type EventDetail, type EventPage, type FieldValue } from '../../../shared/event.ts';
import { resolveField } from '../../../shared/query/names.ts';
import { LISTED_MESSAGE, LISTED_VALUE } from '../../../shared/contract/events.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { metIn } from '../enrich/met-in.ts';
import { keysOfIndicator } from '../store/indicator-store.ts';
import { BLOCK_SIZE, COLD_FIELDS, HOT } from '../store/segment.ts';
import type { Catalog, Segment } from './catalog.ts';
import { textAt } from './evaluate-text.ts';
import type { RecordReader } from './record-reader.ts';
import type { Located } from './result-set.ts';
import { isAttribute, valuesOf } from './tally.ts';

export function pageOf(catalog: Catalog, found: readonly Located[]): EventPage {
  const n = found.length;
  const page: EventPage = {
    id: new Float64Array(n),
    time: new Float64Array(n),
    severity: new Uint8Array(n),
    flags: new Uint8Array(n),
    source: new Uint32Array(n),
    service: [],
    host: [],
    level: [],
    message: [],
  };
  if (found.some(({ segment }) => catalog.correction(segment.source) !== undefined)) page.original = Float64Array.from(found, ({ segment, offset }) => segment.original.hot.time[offset]);
  found.forEach(({ id, segment, offset }, i) => {
    page.id[i] = id;
    page.time[i] = segment.hot.time[offset];
    page.severity[i] = segment.hot.severity[offset];
    page.flags[i] = segment.hot.flags[offset];
    page.source[i] = segment.source;
    page.service.push(nameOf(catalog, segment, HOT.service, offset));
    page.host.push(nameOf(catalog, segment, HOT.host, offset));
    page.level.push(nameOf(catalog, segment, HOT.level, offset));
    const message = messageOrNull(catalog, segment, offset);
    if (message === null) page.flags[i] |= FLAG.UNREADABLE;
    page.message.push((message ?? '').slice(0, LISTED_MESSAGE));
  });
  return page;
}

/** Values of any fields or attributes of one event, '' where it has none; the record is read back at most once. */
export function extraOf(catalog: Catalog, records: RecordReader, { segment, offset }: Located, columns: readonly string[]): string[] {
  const part = { segment, hits: 'all' as const, count: segment.n };
  let attributes: FieldValue[] | undefined;
  return columns.map((column) => {
    const name = column.toLowerCase();
    const field = resolveField(column);
    let value: unknown;
    if (field === 'message') value = messageOf(catalog, segment, offset);
    else if (field === 'raw') value = new TextDecoder('utf-8').decode(catalog.record(segment, offset));
    else if (isAttribute(field, catalog)) {
      attributes ??= records.read(segment, offset)?.attributes ?? [];
      value = attributes.find((attribute) => attribute.name.toLowerCase() === name)?.value;
    } else value = valuesOf(field, part, catalog, records)(offset);
    return value === null || value === undefined ? '' : String(value).slice(0, LISTED_VALUE);
  });
}

export function nameOf(catalog: Catalog, segment: Segment, field: number, offset: number): string {
  const code = segment.hot.codes[field][offset];
  return code === 0 ? '' : (catalog.names[field][segment.dicts[field][code]] ?? '');
}

export function messageOf(catalog: Catalog, segment: Segment, offset: number): string {
  return textAt(catalog.messages(segment, Math.floor(offset / BLOCK_SIZE)), offset % BLOCK_SIZE);
}

/** null where the case file is damaged. */
export function messageOrNull(catalog: Catalog, segment: Segment, offset: number): string | null {
  try {
    return messageOf(catalog, segment, offset);
  } catch {
    // Told by the flag, in every list the event is in.
    return null;
  }
}

/** The segment and offset of an event id. Throws not_found. */
export function locate(catalog: Catalog, id: number): Located {
  const segment = catalog.segments.get(Math.floor(id / SEGMENT_SIZE));
  const offset = id % SEGMENT_SIZE;
  if (!segment || offset >= segment.n) throw new TidemarkError('not_found', `There is no event ${id} in this case.`);
  return { id, segment, offset };
}

/** Everything about an event but the provenance of its source. */
export function detailOf(catalog: Catalog, records: RecordReader, { id, segment, offset }: Located): Omit<EventDetail, 'provenance'> & { offset: number; length: number } {
  const { hot } = segment;
  const cold = catalog.cold(segment);
  const bytes = catalog.record(segment, offset);
  const record = records.read(segment, offset);
  const fields: FieldValue[] = [];
  if (hot.status[offset] !== 0) fields.push({ name: 'status', value: hot.status[offset] });
  if (cold.latency && !Number.isNaN(cold.latency[offset])) fields.push({ name: 'latency_ms', value: record?.numbers.latencyMs ?? cold.latency[offset] });
  COLD_FIELDS.forEach((name, f) => {
    const column = cold.fields[f];
    if (column && column.codes[offset] !== 0) fields.push({ name, value: column.values.text(column.codes[offset]) });
  });
  const template = hot.codes[HOT.template][offset];
  const source = catalog.sources.get(segment.source);
  const raw = new TextDecoder('utf-8').decode(bytes);
  const correction = catalog.correction(segment.source);
  const message = messageOf(catalog, segment, offset);
  const attributes = record ? record.attributes : [];
  const indicators = catalog.derived.indicatorsOf(segment, offset);
  const parts = [{ name: 'message', value: message }, { name: 'host', value: nameOf(catalog, segment, HOT.host, offset) }, ...fields, ...attributes];
  return {
    id,
    time: hot.time[offset],
    timeText: record?.timeText ?? '',
    ...(correction && { clock: { original: segment.original.hot.time[offset], uncertainty: correction.clock.uncertainty } }),
    flags: hot.flags[offset] | (raw.includes('\ufffd') && !hasReplacement(bytes) ? FLAG.BAD_UTF8 : 0),
    severity: SEVERITIES[hot.severity[offset]],
    signal: source?.signal ?? 'logs',
    service: nameOf(catalog, segment, HOT.service, offset),
    host: nameOf(catalog, segment, HOT.host, offset),
    level: nameOf(catalog, segment, HOT.level, offset),
    message,
    template: nameOf(catalog, segment, HOT.template, offset),
    templateId: template === 0 ? 0 : segment.dicts[HOT.template][template],
    fields,
    attributes,
    derived: catalog.derived.valuesOf(segment, offset),
    ...(indicators.length > 0 && { met: metOf(catalog, indicators, parts) }),
    raw,
    offset: cold.offset[offset],
    length: cold.length[offset],
  };
}

function metOf(catalog: Catalog, indicators: readonly { id: number; value: string }[], parts: readonly FieldValue[]): NonNullable<EventDetail['met']> {
  const keys = indicators.map(({ id }) => ({ indicator: id, keys: keysOfIndicator(catalog.db, id) }));
  const met = metIn(keys, parts.map(({ name, value }) => ({ name, text: String(value) })));
  return indicators.map(({ id, value }) => ({ indicator: value, in: met.get(id) ?? [] }));
}

/** Whether U+FFFD itself is written in the bytes. */
function hasReplacement(bytes: Uint8Array): boolean {
  for (let i = 0; i + 2 < bytes.length; i++) if (bytes[i] === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2] === 0xbd) return true;
  return false;
}
