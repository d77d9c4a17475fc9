/** Spans as they are stored: columns for what many of them are asked, records read back for what only the record says. */
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { searchHashes } from '../pipeline/words.ts';
import { BLOCK_SIZE, COLD_FIELDS, HOT } from '../store/segment.ts';
import type { Span } from '../analysis/traces/span.ts';
import type { Catalog, Segment } from './catalog.ts';
import { mayHoldWords } from './evaluate-text.ts';
import { Lru } from './lru.ts';
import type { RecordReader } from './record-reader.ts';
import { nameOf } from './rows.ts';
import type { Located } from './result-set.ts';

const TRACE_ID = COLD_FIELDS.indexOf('trace_id');
const SPAN_ID = COLD_FIELDS.indexOf('span_id');
/** Bytes of read spans that are kept, and what one takes, about. */
const KEPT_BYTES = 48 << 20;
const SPAN_BYTES = 400;
/** Of logs, the first segments of a source are looked at for spans, and then one of so many. */
const FIRST_SEGMENTS = 4;
const ONE_OF = 16;
/** Events of a segment of logs that are read to tell whether there are spans in it. */
const SAMPLES = 4;

export interface ReadSpan extends Span {
  /** what it says of its failure, '' for nothing */
  error: string;
}

/** The trace ids of a segment by code; code 0 is none. */
export interface TraceColumn {
  /** by offset; 0 as well for an event that is no span by its columns */
  codes: Uint16Array;
  /** there are codes below this */
  length: number;
  id(code: number): string;
}
/** What is known of a source whose signal is logs: OTLP files may have spans between their log records, and so may JSON of one's own. */
interface Mixed {
  segments: number;
  /** the last segment that was counted: segments of a source come in the order of their ids */
  last: number;
  spans: boolean;
}

export class SpanReader {
  readonly #catalog: Catalog;
  readonly #records: RecordReader;
  readonly #mixed = new Map<number, Mixed>();
  readonly #read = new Lru<number, Map<number, ReadSpan | null>>(KEPT_BYTES);

  constructor(catalog: Catalog, records: RecordReader) {
    this.#catalog = catalog;
    this.#records = records;
  }

  /**
   * Whether there may be spans in a segment. Sources of traces hold them; of logs, those do in which samples were found to be spans. To be
   * asked of all segments in the order of their ids before any answer counts: samples late in a source speak for all of it.
   */
  holdsSpans(segment: Segment): boolean {
    const source = this.#catalog.sources.get(segment.source);
    if (!source) return false;
    if (source.signal === 'traces') return true;
    // A line of plain text is no span, whatever ids stand in it.
    if (source.signal !== 'logs' || !this.#records.named(segment.source)) return false;
    let mixed = this.#mixed.get(segment.source);
    if (!mixed) this.#mixed.set(segment.source, (mixed = { segments: 0, last: -1, spans: false }));
    if (!mixed.spans && segment.id > mixed.last) {
      mixed.last = segment.id;
      const turn = mixed.segments++;
      if (turn < FIRST_SEGMENTS || turn % ONE_OF === 0 || source.format === 'otlp-logs') mixed.spans = orNull(() => this.#samplesAreSpans(segment)) ?? false;
    }
    return mixed.spans;
  }
  #samplesAreSpans(segment: Segment): boolean {
    const column = this.traces(segment);
    if (!column) return false;
    let left = SAMPLES;
    for (let offset = 0; offset < segment.n && left > 0; offset++) {
      if (column.codes[offset] === 0) continue;
      left--;
      if (this.span({ id: segment.id * SEGMENT_SIZE + offset, segment, offset })) return true;
      // The next of the others, spread over the segment.
      offset += Math.floor(segment.n / SAMPLES / 2);
    }
    return false;
  }

  /** null when no event of the segment belongs to a trace. Throws where the case file is damaged. */
  traces(segment: Segment): TraceColumn | null {
    const { fields, latency } = this.#catalog.cold(segment);
    const column = fields[TRACE_ID];
    if (!column) return null;
    const { codes, values } = column;
    const told = { length: values.length, id: (code: number): string => values.text(code) };
    const source = this.#catalog.sources.get(segment.source);
    const timed = (offset: number): boolean => latency !== null && !Number.isNaN(latency[offset]);
    // Between the spans of an OTLP file there may be log records: they have a level and take no time.
    if (source?.format === 'otlp') return { codes: codes.map((code, offset) => (timed(offset) || !this.failed(segment, offset) ? code : 0)), ...told };
    if (source?.signal === 'traces') return { codes, ...told };
    // Of logs, what says which span it is and how long it took.
    const spanId = fields[SPAN_ID];
    return spanId && { codes: codes.map((code, offset) => (spanId.codes[offset] !== 0 && timed(offset) ? code : 0)), ...told };
  }

  /**
   * Offsets of what may be spans of a trace, in time order; case does not matter. Word filters rule out nearly all segments without their
   * columns being read: an id is a value of its own in records that hold spans.
   */
  ofTrace(segment: Segment, traceId: string): Uint16Array {
    const words = searchHashes(traceId);
    const blocks: boolean[] = [];
    for (let block = 0; block * BLOCK_SIZE < segment.n; block++) blocks.push(mayHoldWords(segment, block, words));
    const column = blocks.includes(true) ? this.traces(segment) : null;
    if (!column) return new Uint16Array(0);
    const wanted = traceId.toLowerCase();
    const of = new Set<number>();
    for (let code = 1; code < column.length; code++) if (column.id(code).toLowerCase() === wanted) of.add(code);
    const found: number[] = [];
    for (let i = 0; i < segment.n && of.size > 0; i++) {
      const offset = segment.hot.order ? segment.hot.order[i] : i;
      if (of.has(column.codes[offset])) found.push(offset);
    }
    return Uint16Array.from(found);
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
    // A log of requests says which span it belongs to and how long it took; only a span says what kind it is, or what called it.
    if (this.#catalog.sources.get(segment.source)?.signal !== 'traces' && !said.has('span.kind') && !said.has('parent_span_id')) return null;
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
