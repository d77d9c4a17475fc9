/** Spans as they are stored: columns for what many of them are asked, records read back for what only the record says. */
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { COLD_FIELDS, HOT } from '../store/segment.ts';
import type { Span } from '../analysis/traces/span.ts';
import type { Catalog, Segment } from './catalog.ts';
import { Lru } from './lru.ts';
import type { RecordReader } from './record-reader.ts';
import { nameOf } from './rows.ts';
import type { Located } from './result-set.ts';

const TRACE_ID = COLD_FIELDS.indexOf('trace_id');
const SPAN_ID = COLD_FIELDS.indexOf('span_id');
/** Bytes of read spans that are kept, and what one takes, about. */
const KEPT_BYTES = 48 << 20;
const SPAN_BYTES = 400;

export interface ReadSpan extends Span {
  /** what it says of its failure, '' for nothing */
  error: string;
}

/** The trace ids of a segment by code; code 0 is none. */
export interface TraceColumn {
  codes: Uint16Array;
  id(code: number): string;
}

export class SpanReader {
  readonly #catalog: Catalog;
  readonly #records: RecordReader;
  readonly #read = new Lru<number, Map<number, ReadSpan | null>>(KEPT_BYTES);

  constructor(catalog: Catalog, records: RecordReader) {
    this.#catalog = catalog;
    this.#records = records;
  }

  /** Whether the events of a segment are spans: OTLP files may have log records between them. */
  holdsSpans(segment: Segment): boolean {
    return this.#catalog.sources.get(segment.source)?.signal === 'traces';
  }

  /** null when no event of the segment belongs to a trace. Throws where the case file is damaged. */
  traces(segment: Segment): TraceColumn | null {
    const column = this.#catalog.cold(segment).fields[TRACE_ID];
    return column && { codes: column.codes, id: (code) => column.values.text(code) };
  }

  /** Microseconds, as exact as the column is; 0 for none. */
  roughDuration(segment: Segment, offset: number): number {
    const { latency } = this.#catalog.cold(segment);
    return latency && !Number.isNaN(latency[offset]) ? Math.max(0, Math.round(latency[offset] * 1000)) : 0;
  }
  service(segment: Segment, offset: number): string {
    return nameOf(this.#catalog, segment, HOT.service, offset);
  }
  /** The formats of traces give a level to spans that failed, and to no others. */
  failed(segment: Segment, offset: number): boolean {
    return nameOf(this.#catalog, segment, HOT.level, offset) !== '';
  }

  /** The span; null for an event that is none. Throws where the case file is damaged. */
  span({ id, segment, offset }: Located): ReadSpan | null {
    const kept = this.#read.get(segment.id, () => ({ value: new Map<number, ReadSpan | null>(), size: segment.n * SPAN_BYTES }));
    let span = kept.get(offset);
    if (span === undefined) kept.set(offset, (span = this.#spanOf(id, segment, offset)));
    // The clock of its source may have been set since it was read.
    const start = segment.hot.time[offset];
    return span === null || span.start === start ? span : { ...span, start };
  }

  #spanOf(id: number, segment: Segment, offset: number): ReadSpan | null {
    const { fields } = this.#catalog.cold(segment);
    const cold = (field: number): string => {
      const column = fields[field];
      return column && column.codes[offset] !== 0 ? column.values.text(column.codes[offset]) : '';
    };
    const traceId = cold(TRACE_ID);
    if (traceId === '') return null;
    const record = this.#records.read(segment, offset);
    const said = new Map(record?.attributes.map(({ name, value }) => [name, value]));
    // What an OTLP log record says and a span never does.
    if (said.has('otel.severity_number') || said.has('otel.observed_timestamp')) return null;
    const text = (name: string): string => String(said.get(name) ?? '');
    const ms = record?.numbers.latencyMs;
    return {
      event: id, traceId, spanId: cold(SPAN_ID), parentId: text('parent_span_id'), service: this.service(segment, offset),
      name: text('name').slice(0, 2000), kind: text('span.kind'),
      start: segment.hot.time[offset], duration: ms === undefined ? null : Math.round(ms * 1e6) / 1e3,
      failed: this.failed(segment, offset), error: text('otel.status_description') || text('exception.message') || text('exception.type'),
    };
  }
}

/** What `work` gives; null where the case file is damaged. */
export function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    // Told with the answer, as a count.
    return null;
  }
}
