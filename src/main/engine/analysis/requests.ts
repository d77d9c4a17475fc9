/**
 * What counts as a request and what as an error: one rule for service health, objectives and alert rules, over the columns of a segment.
 *
 * An event is a **request** when it has an HTTP-like status, or tells how long something took as a record of requests does: it is of a
 * source of traces, or names its span, or at least half of the events of its service in the segment tell a latency. (A line of a log that
 * mentions "took 12 ms" now and then is no request.) In traces each span is one, of its own service.
 *
 * An event is an **error** when its severity is high or critical, or its status is 500 or more. A failed span is one: the formats of traces
 * give it the level error.
 *
 * An **error rate** is the share of requests that are errors. Where there is no request at all it is the share of errors among all events:
 * a log that writes no requests is measured by its lines.
 */
import { FLAG } from '../../../shared/event.ts';
import type { Catalog, Segment } from '../search/catalog.ts';
import { COLD_FIELDS, HOT } from '../store/segment.ts';

/** Bits of a mark. */
export const REQUEST = 1;
export const ERROR = 2;
/** Least code of a severity that is an error. */
const ERROR_SEVERITY = 3;
/** Least status that is an error. */
export const ERROR_STATUS = 500;

const SPAN_ID = COLD_FIELDS.indexOf('span_id');

export interface RequestColumns {
  n: number;
  severity: Uint8Array;
  /** 0 = none */
  status: Uint16Array;
  /** codes of services; there are codes below `services` */
  service: Uint16Array;
  services: number;
  /** milliseconds, NaN = none; null when no event has one */
  latency: Float32Array | null;
  /** 0 = none; null when no event has one */
  spanIds: Uint16Array | null;
  /** whether its source is one of traces */
  traces: boolean;
}

/** The columns of a segment that say what its events are. Throws where the case file is damaged. */
export function requestColumns(catalog: Catalog, segment: Segment): RequestColumns {
  const { n, hot } = segment;
  const { latency, fields } = catalog.cold(segment);
  return {
    n, severity: hot.severity, status: hot.status, service: hot.codes[HOT.service], services: segment.dicts[HOT.service].length,
    latency, spanIds: fields[SPAN_ID]?.codes ?? null, traces: catalog.sources.get(segment.source)?.signal === 'traces',
  };
}

/** Marks of the first n events: REQUEST and ERROR bits, by offset. */
export function requestMarks(columns: RequestColumns, marks = new Uint8Array(columns.n)): Uint8Array {
  const { n, severity, status, service, latency, spanIds, traces } = columns;
  const timed = latency ? timedServices(columns, latency) : null;
  for (let i = 0; i < n; i++) {
    const tells = latency !== null && latency[i] >= 0 && (traces || (spanIds !== null && spanIds[i] !== 0) || timed?.[service[i]] === 1);
    marks[i] = (status[i] !== 0 || tells ? REQUEST : 0) | (severity[i] >= ERROR_SEVERITY || status[i] >= ERROR_STATUS ? ERROR : 0);
  }
  return marks;
}

/** By code: 1 when at least half of the events of the service tell a latency. */
function timedServices({ n, service, services }: RequestColumns, latency: Float32Array): Uint8Array {
  const all = new Uint32Array(services);
  const timed = new Uint32Array(services);
  for (let i = 0; i < n; i++) {
    all[service[i]]++;
    if (latency[i] >= 0) timed[service[i]]++;
  }
  return Uint8Array.from(all, (count, code) => (timed[code] * 2 >= count ? 1 : 0));
}

/** Sums over some events whose times can be believed. */
export interface RequestCounts {
  events: number;
  /** events that are errors, requests or not */
  errors: number;
  requests: number;
  /** requests that are errors */
  failed: number;
}

export function noRequests(): RequestCounts {
  return { events: 0, errors: 0, requests: 0, failed: 0 };
}

/** Counts one event by its mark. */
export function countMark(counts: RequestCounts, mark: number): void {
  counts.events++;
  if ((mark & ERROR) !== 0) counts.errors++;
  if ((mark & REQUEST) === 0) return;
  counts.requests++;
  if ((mark & ERROR) !== 0) counts.failed++;
}

/** What is counted as the whole: requests, or all events where there is no request. */
export function basisOf({ requests }: Pick<RequestCounts, 'requests'>): 'requests' | 'events' {
  return requests > 0 ? 'requests' : 'events';
}

/** 0..1; NaN when there is nothing. */
export function errorRate(counts: RequestCounts): number {
  return basisOf(counts) === 'requests' ? counts.failed / counts.requests : counts.errors / counts.events;
}

/** Whether the time of an event can be believed; what cannot be is on no time axis and in no rate. */
export function isBelievable(flags: number): boolean {
  return (flags & FLAG.TIME_SUSPECT) === 0;
}
