/** Traces of the case: spans are events of signal traces; here they are put together. Times and durations are microseconds. */
import { z } from 'zod';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

/** A trace has at most this many spans in an answer of `get`; `total` says how many there are. */
export const MOST_SPANS = 10_000;
const TRACE_SORTS = ['start', 'duration', 'errors'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];

export interface TraceSummary {
  traceId: string;
  /** of its first span, UTC */
  start: number;
  /** from its first start to its last end */
  duration: number;
  /** service and name of its root, or of its first span where no root was found */
  service: string;
  operation: string;
  /** by spans, most first, at most 20 */
  services: string[];
  spans: number;
  errors: number;
}
export interface TraceList {
  rows: TraceSummary[];
  /** traces that fit, given or not */
  total: number;
  /** more traces fit than are counted: the first so many were looked at */
  truncated: boolean;
  /** spans of the scope that could not be read, because the case file is damaged there */
  unreadable: number;
}

/** Why a span stands where it stands: a root has no parent; an orphan names one that is not in the case; a cycle was cut above this span. */
type SpanPlace = 'child' | 'root' | 'orphan' | 'cycle';
export interface TraceSpan {
  /** id of its event */
  event: number;
  spanId: string;
  parentId: string;
  /** place of its parent in `spans`, -1 for none */
  parent: number;
  depth: number;
  place: SpanPlace;
  service: string;
  operation: string;
  /** server, client, producer, consumer, internal, or what the record says; '' when it says nothing */
  kind: string;
  /** UTC, as its own clock wrote it */
  start: number;
  /** null when the record says none */
  duration: number | null;
  /** its duration without the stretches in which a child ran */
  self: number;
  /** of its own time, how much the end of the trace waits for */
  critical: number;
  /** it starts so much before its parent: their clocks disagree; 0 for none */
  early: number;
  /** compared with earlier spans of its operation in the case; null when there are too few of them */
  usual: { median: number; n: number; factor: number; slow: boolean } | null;
  failed: boolean;
  /** what it says of its failure, '' for nothing */
  error: string;
}
export interface Trace {
  traceId: string;
  start: number;
  end: number;
  /** a parent before its children, siblings by start */
  spans: TraceSpan[];
  /** spans of the trace in the case, given or not */
  total: number;
  /** the critical path by time; `span` is a place in `spans` */
  path: { span: number; from: number; to: number }[];
  /** earlier spans of the case that were looked at to tell what is usual */
  earlier: number;
  /** spans that could not be read, because the case file is damaged there */
  unreadable: number;
}

/** Which service calls which; durations are the callee's, NaN when no span says one. */
export interface ServiceGraph {
  nodes: { service: string; spans: number; errors: number }[];
  edges: { caller: string; callee: string; calls: number; errors: number; p50: number; p95: number }[];
  /** nodes and edges there are beyond those given */
  more: number;
  /** spans it is made of, and spans in the scope: the first in time are taken */
  looked: number;
  total: number;
}

export const traces = {
  /** Traces with at least one span in the scope, each told whole. */
  list: call(z.object({ scope, sort: z.enum(TRACE_SORTS).default('start'), limit: z.number().int().min(1).max(1000).default(200) })).returns<TraceList>(),
  /** One trace by its id as events have it. Throws not_found when no span has it. */
  get: call(z.object({ traceId: z.string().min(1).max(500) })).returns<Trace>(),
  services: call(z.object({ scope, limit: z.number().int().min(1).max(2000).default(500) })).returns<ServiceGraph>(),
};
