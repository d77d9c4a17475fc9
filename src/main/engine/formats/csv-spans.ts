/** Traces as tables: one span a row; see lib/traces/csv-spans.ts. */
import type { Format, Head, Recognition, Sample } from './format.ts';
import { encodedLines } from './lib/encoded-lines.ts';
import { csvSpanLines, spanColumns } from './lib/traces/csv-spans.ts';
import { spanLines } from './lib/traces/span-lines.ts';

const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000Z","service.name":"cart","message":"GET /cart","trace_id":"5af7183fb1d4cf5f","span_id":"352bff9a74ca9ad2","parent_span_id":"6b221d5bc9e6496c","name":"GET /cart","event.duration":1431000,"k8s.pod.name":"cart-64469b5b48-25zj6"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'info',
    message: 'GET /cart',
    fields: { service: 'cart', traceId: '5af7183fb1d4cf5f', spanId: '352bff9a74ca9ad2' },
    numbers: { latencyMs: 1.431 },
    attributes: { parent_span_id: '6b221d5bc9e6496c' },
  },
];

export const csvSpans: Format = {
  id: 'csv-spans',
  title: 'Table of spans (CSV)',
  description: 'Traces with a span in each row: ids of trace, span and parent, service or pod, operation, start, and end or duration.',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise,
  decode: (stream, context) => encodedLines(csvSpanLines(stream, context)),
  document: () => new TextEncoder().encode('TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano\n5af7183fb1d4cf5f,5af7183fb1d4cf5f,root,gateway-6f6cfc45b-h5m2n,"GET /cart, all",1790843400250000000,1790843400260000000\n5af7183fb1d4cf5f,352bff9a74ca9ad2,5af7183fb1d4cf5f,cart-64469b5b48-25zj6,list,1790843400251000000,1790843400259000000\n'),
  open: spanLines,
};

function recognise(head: Head): Recognition | null {
  const columns = spanColumns(head.bytes);
  if (!columns || head.lines.length < 2) return null;
  return { confidence: 0.97, reason: `the header names a trace (${columns.names[columns.trace]}), a span, its parent (${columns.names[columns.parent]}) and when it was (${columns.names[columns.start]})` };
}
