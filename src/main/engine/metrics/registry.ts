/** Every kind of metrics file, and which of them a file is. */
import type { MetricParser } from './parsers/parser.ts';

export interface RecognisedMetrics {
  parser: MetricParser;
  /** 0..1, to be compared with that of formats of events */
  confidence: number;
  reason: string;
}

export const metricParsers: readonly MetricParser[] = [];

export function recogniseMetrics(_path: string, _head: Uint8Array): RecognisedMetrics | null {
  return null;
}
