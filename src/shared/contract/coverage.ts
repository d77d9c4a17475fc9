/** What time each source is about: where it begins and ends, and where it is silent. */
import { z } from 'zod';
import type { Signal } from '../event.ts';
import { call } from './rpc.ts';
import { time } from './scope.ts';

/** A silence that is long for its source. Half-open: from its last event before it to the first one after it. */
export interface CoverageGap {
  from: number;
  to: number;
}
export interface SourceCoverage {
  id: number;
  path: string;
  signal: Signal;
  format: string;
  /** events, or samples of metrics, on the time axis; times that cannot be believed are not among them */
  events: number;
  /** first and last of them, microseconds UTC; null when there is none */
  first: number | null;
  last: number | null;
  /** counts[bucket] over the range asked for */
  counts: Uint32Array;
  /** how long it is usually silent at most, in microseconds; null when it has said too little to tell */
  usualPause: number | null;
  /** the longest ones, at most MAX_GAPS, in time order */
  gaps: CoverageGap[];
  /** how many there are */
  gapCount: number;
  /** it fell silent so many microseconds before the sources that went on, half of the others or more; null = it did not, or has said too little to tell */
  stoppedEarly: number | null;
}
export interface CoverageReply {
  /** the range of `counts`, half-open */
  from: number;
  to: number;
  buckets: number;
  /** by first event; those without any come last */
  sources: SourceCoverage[];
  /** sources that are not listed */
  more: number;
  /** the time that all listed sources with events are about, their gaps aside; null when there is none. Those of signal manual do not count. */
  overlap: { from: number; to: number } | null;
  /** the sources that bound the overlap, or keep it from being: the one that begins last and the one that ends first */
  bounds: { beginsLast: number; endsFirst: number } | null;
  /** whether everything that is stored was looked at */
  complete: boolean;
}

/** So many gaps are told of a source. */
export const MAX_GAPS = 100;
/** So many sources are told. */
export const MAX_SOURCES = 2000;

export const coverage = {
  /** from/to null = the whole believable range of the case. What a person filters for does not matter here. */
  get: call(z.object({ from: time.nullable().default(null), to: time.nullable().default(null), buckets: z.number().int().min(1).max(1000).default(200) })).returns<CoverageReply>(),
};
