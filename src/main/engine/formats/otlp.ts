/** OTLP traces in files: what the OpenTelemetry Collector's file exporter writes, exports of Jaeger and Tempo, saved requests. */
import type { Format, Sample } from './format.ts';
import { decodeOtlp, recogniseOtlp } from './lib/otlp/otlp-stream.ts';
import { spanLines } from './lib/traces/span-lines.ts';

const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000125Z","level":"error","service.name":"checkout","message":"POST /pay: card declined","trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","parent_span_id":"eee19b7ec3c1b173","name":"POST /pay","span.kind":"server","event.duration":1500000,"otel.status_code":"ERROR","otel.status_description":"card declined","http.response.status_code":402,"url.path":"/pay"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'high',
    message: 'POST /pay: card declined',
    fields: { service: 'checkout', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', url: '/pay', level: 'error' },
    numbers: { latencyMs: 1.5, status: 402 },
    attributes: { parent_span_id: 'eee19b7ec3c1b173', name: 'POST /pay', 'span.kind': 'server', 'event.duration': 1500000, 'otel.status_code': 'ERROR' },
  },
  {
    record: '{"timestamp":"2026-10-01T08:30:00.260000Z","service.name":"mail","message":"send error report","trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b175","name":"send error report","event.duration":20000}',
    severity: 'info',
    message: 'send error report',
  },
];

export const otlp: Format = {
  id: 'otlp',
  title: 'OpenTelemetry traces (OTLP)',
  description: 'Spans in OTLP, as JSON (one document or one a line) or protobuf (one message, or each behind its length).',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise: (head) => recogniseOtlp(head, 'spans'),
  decode: (chunks) => decodeOtlp(chunks, 'spans'),
  document: () => new TextEncoder().encode(`${JSON.stringify(envelope('0102030405060708'))}\n${JSON.stringify(envelope('0102030405060709'))}\n`),
  open: spanLines,
};

function envelope(spanId: string): unknown {
  return {
    resourceSpans: [{
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }, { key: 'host.name', value: { stringValue: 'web-1' } }] },
      scopeSpans: [{
        scope: { name: 'http', version: '1.2' },
        spans: [{
          traceId: '0102030405060708090a0b0c0d0e0f10', spanId, parentSpanId: '', name: 'GET /cart', kind: 2, startTimeUnixNano: '1790843400250000125', endTimeUnixNano: '1790843400260000125',
          attributes: [{ key: 'http.route', value: { stringValue: '/cart' } }, { key: 'retries', value: { intValue: '9007199254740993' } }],
          events: [{ timeUnixNano: '1790843400255000000', name: 'exception', attributes: [{ key: 'exception.type', value: { stringValue: 'TimeoutError' } }] }],
          links: [{ traceId: 'ff02030405060708090a0b0c0d0e0f10', spanId: 'ff02030405060708' }], status: { code: 2 },
        }],
      }],
    }],
  };
}
