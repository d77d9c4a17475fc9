/** Metrics of the case: series, and what is drawn of them. */
import { z } from 'zod';
import { call } from './rpc.ts';

export interface Series {
  id: number;
  source: number;
  name: string;
  /** ascending by name */
  labels: readonly (readonly [name: string, value: string])[];
  kind: 'untyped' | 'gauge' | 'counter' | 'histogram' | 'summary';
  /** as the source writes it, '' = not said */
  unit: string;
  /** values count up from a start: rates per second are drawn, not values */
  cumulative: boolean;
  help: string;
  /** samples */
  n: number;
  /** microseconds UTC */
  t0: number | null;
  t1: number | null;
}

/** What is drawn of a series: a bucket each of equal length; NaN where there are no samples. Peaks stay: min and max are of all samples. */
export interface SeriesLine {
  id: number;
  /** start of each bucket, microseconds UTC */
  time: Float64Array;
  min: Float64Array;
  max: Float64Array;
  mean: Float64Array;
  /** the greatest |z| of the samples in the bucket, against a baseline of samples before them; NaN where it cannot be told */
  z: Float64Array;
  /** samples in the range */
  n: number;
}

export const metrics = {
  /** Series whose name or labels contain all words of `text`, by name. */
  list: call(z.object({ text: z.string().max(500).default(''), limit: z.number().int().min(1).max(5000).default(500) })).returns<{ rows: Series[]; total: number }>(),
  /** Lines over [from, to) in microseconds UTC (null: the whole of each series). */
  lines: call(z.object({ ids: z.array(z.number()).min(1).max(50), from: z.number().nullable(), to: z.number().nullable(), buckets: z.number().int().min(1).max(4000).default(600) })).returns<{ lines: SeriesLine[] }>(),
  /** Samples as they are, in time order. */
  samples: call(z.object({ id: z.number(), from: z.number().nullable().default(null), to: z.number().nullable().default(null), limit: z.number().int().min(1).max(1_000_000).default(100_000) })).returns<{ time: Float64Array; value: Float64Array; truncated: boolean }>(),
};
