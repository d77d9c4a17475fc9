import { z } from 'zod';
import type { EventDetail, EventPage, Source } from '../event.ts';
import { call } from './rpc.ts';
import { order, scope, time } from './scope.ts';

/** A page shows at most this many characters (UTF-16 units) of a message; `get` has all of it. */
export const LISTED_MESSAGE = 2000;

/**
 * How far a scan has come. A partial answer is honest about being partial; ask again to see more. An answer of a damaged case that is
 * `complete` is about everything that can be read: `unreadable` says how much cannot.
 */
export interface Progress {
  /** hits known so far; the final count when complete */
  total: number;
  complete: boolean;
  /** 0..1 share of the range looked at */
  scanned: number;
  /** events that could not be looked at, so that each may be one more hit: the case file is damaged there. 0 in a sound case */
  unreadable: number;
}
export interface PageReply extends Progress {
  rows: EventPage;
  /** values of the columns that were asked for: extra[column][row], '' where the event has none */
  extra: string[][];
  /** rank of the first row in the whole result, from 0 */
  rank: number;
  version: number;
}
export interface FacetReply extends Progress {
  facets: {
    field: string;
    /** most frequent first; `value` is what to put in a query */
    values: { value: string; count: number }[];
    distinct: number;
    /** events counted that have the field */
    present: number;
    /** events looked at so far; fewer than `total` in a reply that is complete = the field has too many values to count on */
    counted: number;
  }[];
}
export interface WindowReply extends Progress {
  from: number;
  to: number;
  /** width of a bucket in microseconds */
  step: number;
  buckets: number;
  lanes: {
    /** a query value for the lane's field; '' when events lack it */
    key: string;
    label: string;
    total: number;
    /** counts[bucket * 5 + severity] */
    counts: Uint32Array;
    /** stretches in which this lane is silent much longer than it usually is */
    gaps: { from: number; to: number }[];
  }[];
  /** how many lanes there are beyond those given */
  more: number;
  /** events on the time axis by severity, in the order of SEVERITIES, over all lanes whether given or not */
  severities: number[];
  version: number;
}
/** Where the count of a query comes from, by a field, over time. */
export interface CountReply extends Progress {
  groups: { value: string; count: number }[];
  series: { time: number; value: string; count: number }[];
}
export const LANE_FIELDS = ['none', 'source', 'service', 'host', 'format', 'signal'] as const;
export type LaneField = (typeof LANE_FIELDS)[number];

/** Values longer than this are cut in a page; `get` has all of them. */
export const LISTED_VALUE = 500;
/** Names of any fields or attributes to be read besides the columns of EventPage. */
export const extraColumns = z.array(z.string().min(1).max(200)).max(20);

export const events = {
  /**
   * A page of the result in time order, at a rank (from 0), or at/after a time, or after an event (keyset).
   * Answers within about 100 ms with what is known; `complete` says whether the scan is through.
   */
  page: call(
    z.object({
      scope,
      order: order.default('asc'),
      at: z.union([z.object({ rank: z.number().int().min(0) }), z.object({ time }), z.object({ after: z.number() })]),
      limit: z.number().int().min(1).max(1000).default(200),
      columns: extraColumns.optional(),
    }),
  ).returns<PageReply>(),
  /** The rank of an event in a result, or of the first event after it; null if the scan has not got there. */
  rank: call(z.object({ scope, order: order.default('asc'), id: z.number() })).returns<{ rank: number; exact: boolean } | null>(),
  get: call(z.object({ id: z.number() })).returns<EventDetail>(),
  /** Neighbours in the same source, in the order of the file. `index` is where the event itself is in rows. */
  context: call(z.object({ id: z.number(), before: z.number().int().min(0).max(200).default(10), after: z.number().int().min(0).max(200).default(10) })).returns<{ rows: EventPage; index: number }>(),
  facets: call(z.object({ scope, fields: z.array(z.string()).min(1).max(30), limit: z.number().int().min(1).max(1000).default(10) })).returns<FacetReply>(),
  count: call(z.object({ scope, by: z.string().optional(), every: z.number().positive().optional(), limit: z.number().int().min(1).max(10_000).default(100) })).returns<CountReply>(),
  /** The density histogram. from/to null = the whole believable range. */
  window: call(
    z.object({ scope, buckets: z.number().int().min(1).max(4000), lanes: z.enum(LANE_FIELDS).default('none'), maxLanes: z.number().int().min(1).max(200).default(12) }),
  ).returns<WindowReply>(),
  /** Checks a query without running it. */
  check: call(z.object({ query: z.string() })).returns<{ ok: boolean; message: string; from: number; to: number }>(),
  /** Field names seen in this case, column fields first, with how many events have them (estimated for attributes). */
  fields: call(z.object({})).returns<{ name: string; kind: 'keyword' | 'number' | 'severity' | 'text'; column: boolean }[]>(),
  /** Values of a field that start with a prefix, most frequent first. */
  values: call(z.object({ field: z.string(), prefix: z.string().default(''), limit: z.number().int().min(1).max(100).default(20) })).returns<{ value: string; count: number }[]>(),
  sources: call(z.object({})).returns<Source[]>(),
};
