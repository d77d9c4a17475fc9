/** Clocks of sources: how far they were off, and what other sources say about it. */
import { z } from 'zod';
import { MAX_DRIFT, type Clock, type ClockSetting } from '../clock.ts';
import { call, push } from './rpc.ts';

const microseconds = z.number().min(-1e16).max(1e16);
const clockSetting = z.object({
  offset: microseconds,
  drift: z.number().min(-MAX_DRIFT).max(MAX_DRIFT).default(0),
  reference: microseconds.default(0),
  uncertainty: microseconds.min(0).default(0),
  zone: z.string().max(100).default(''),
  note: z.string().trim().max(2000).default(''),
}) satisfies z.ZodType<ClockSetting, unknown>;

/** call: spans of callers and callees; the others: events with the same id, or (message) of the same words. */
const SIGHTING_KINDS = ['call', 'span_id', 'request_id', 'trace_id', 'message'] as const;
export type SightingKind = (typeof SIGHTING_KINDS)[number];

/** What the clock would have to be set to if that of another source is right. */
export interface ClockSuggestion {
  /** the source whose clock is taken for right */
  against: number;
  kind: SightingKind;
  setting: Pick<ClockSetting, 'offset' | 'drift' | 'reference' | 'uncertainty'>;
  /** moments that both sources have seen, and how many of them do not fit */
  shared: number;
  outliers: number;
  /** first and last of these moments, as the source wrote them, microseconds UTC */
  from: number;
  to: number;
  /** microseconds between two zones, when the offset looks like that; else null */
  zone: number | null;
  /** what must hold for it to be right, in a sentence */
  assumes: string;
}
export interface ClockSuggestions {
  /** the surest first */
  suggestions: ClockSuggestion[];
  /** events that were looked at, and whether there were more */
  looked: number;
  truncated: boolean;
}
export interface RecountStatus {
  /** segments counted, of so many; equal when it is through */
  done: number;
  total: number;
}

export const clocks = {
  /**
   * Sets how far the clock of a source was off, null = takes every correction back. Times change at once, in all answers; what the source
   * wrote is kept. Rollups are counted anew in the background.
   */
  set: call(z.object({ source: z.number(), setting: clockSetting.nullable() })).returns<Clock | null>(),
  /** Every setting of a source, oldest first; one that moves nothing took those before it back. */
  history: call(z.object({ source: z.number() })).returns<Clock[]>(),
  /** Compares a source with the others by moments that both have seen. Looks at a bounded number of events; can be cancelled. */
  suggest: call(z.object({ source: z.number() })).returns<ClockSuggestions>(),
  /** Whether events of the source name no zone, so that one may be declared. */
  zoneless: call(z.object({ source: z.number() })).returns<boolean>(),
  /** Waits until the rollups are counted. */
  counted: call(z.object({})).returns<void>(),
  /** a few times a second while rollups are counted anew */
  recount: push<RecountStatus>(),
};
