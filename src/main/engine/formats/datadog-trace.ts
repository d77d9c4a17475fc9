/** Traces of Datadog in JSON; see lib/traces/datadog-spans.ts. */
import type { Format, Head, Recognition, Sample } from './format.ts';
import { encodedLines, withHead } from './lib/encoded-lines.ts';
import { chooseDatadog, chooseDatadogSpans, datadogReader, isDatadogSpan } from './lib/traces/datadog-spans.ts';
import { elementLines, headElements } from './lib/traces/element-lines.ts';
import { spanLines } from './lib/traces/span-lines.ts';

const HEAD_BYTES = 64 << 10;
const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000001Z","level":"error","service.name":"web","message":"rack.request GET /cart: boom","trace_id":"9223372036854775809","span_id":"17","parent_span_id":"16","name":"rack.request GET /cart","event.duration":12500000,"otel.status_code":"ERROR","otel.status_description":"boom","resource.name":"GET /cart","operation.name":"rack.request","span.type":"web","http.status_code":"500","http.url":"/cart"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'high',
    message: 'rack.request GET /cart: boom',
    fields: { service: 'web', traceId: '9223372036854775809', spanId: '17', url: '/cart' },
    numbers: { latencyMs: 12.5, status: 500 },
    attributes: { parent_span_id: '16', 'resource.name': 'GET /cart', 'span.type': 'web', 'otel.status_code': 'ERROR' },
  },
];

export const datadogTrace: Format = {
  id: 'datadog-trace',
  title: 'Datadog traces',
  description: 'Spans as Datadog’s tracers send them, in JSON: a list of traces, of spans, or one span a line.',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise,
  decode: (stream) => encodedLines(lines(stream)),
  document: () => new TextEncoder().encode(JSON.stringify([[
    { trace_id: 123456789012345, span_id: 17, parent_id: 0, name: 'rack.request', resource: 'GET /cart', service: 'web', type: 'web', start: 1790843400250000, duration: 12500000, error: 1, meta: { 'error.message': 'boom', 'error.type': 'RuntimeError', 'http.status_code': '500', env: 'prod' }, metrics: { '_sampling_priority_v1': 1 } },
    { trace_id: 123456789012345, span_id: 18, parent_id: 17, name: 'pg.query', resource: 'select 1', service: 'db', type: 'sql', start: 1790843400250100, duration: 100000, error: 0, meta: {}, metrics: {} },
  ]]).replaceAll('1790843400250000,', '1790843400250000001,').replaceAll('1790843400250100,', '1790843400250100001,')),
  open: spanLines,
};

/** Objects one a line are spans unless a list stands in them. */
function chooseFor(head: Uint8Array): typeof chooseDatadog {
  return headElements(head, chooseDatadogSpans, 1).some(isDatadogSpan) ? chooseDatadogSpans : chooseDatadog;
}
async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const { head, chunks } = await withHead(stream, HEAD_BYTES);
  yield* elementLines(chunks, chooseFor(head), datadogReader, 'span as Datadog writes it');
}

function recognise(head: Head): Recognition | null {
  if (!head.text.includes('"trace_id"') || !head.text.includes('"resource"')) return null;
  const values = headElements(head.bytes, chooseFor(head.bytes));
  const spans = values.filter(isDatadogSpan).length;
  if (spans === 0 || spans < values.length) return null;
  return { confidence: 0.985, reason: `the first ${spans} elements are spans with Datadog’s trace_id, span_id, resource, start and duration` };
}
