/** What a stream is: events in a format, or metrics. */
import type { Format } from '../formats/format.ts';
import { makeHead, recognise } from '../formats/recognise.ts';
import { METRIC_PARSERS, recogniseMetrics } from '../metrics/recognise-metrics.ts';
import type { MetricParser } from '../metrics/parsers/parser.ts';

export interface Identified {
  /** null when it cannot be read as events, or is metrics */
  format: Format | null;
  /** null when it is no metrics */
  metrics: MetricParser | null;
  confidence: number;
  /** why, in a sentence */
  reason: string;
}

/**
 * @param bytes of its beginning; at most 64 KiB count
 * @param chosen id of a format or of a kind of metrics, '' = look
 * @throws Error when there is nothing of the id that was chosen
 */
export function identify(path: string, bytes: Uint8Array, formats: readonly Format[], chosen: string): Identified {
  if (chosen !== '') {
    const format = formats.find(({ id }) => id === chosen) ?? null;
    const metrics = format ? null : (METRIC_PARSERS.find(({ id }) => id === chosen) ?? null);
    if (!format && !metrics) throw new Error(`there is no format called '${chosen}'`);
    return { format, metrics, confidence: 1, reason: 'chosen by hand' };
  }
  const head = makeHead(path, bytes);
  const { format, confidence, reason } = recognise(head, formats);
  const metrics = recogniseMetrics(head);
  if (metrics && metrics.confidence > confidence) return { format: null, metrics: metrics.parser, confidence: metrics.confidence, reason: metrics.reason };
  return { format, metrics: null, confidence, reason };
}
