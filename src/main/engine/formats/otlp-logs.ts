/** OTLP logs in files: what the OpenTelemetry Collector's file exporter writes, and saved requests. */
import type { Format, Sample } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeOtlp, recogniseOtlp } from './lib/otlp/otlp-stream.ts';

const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000Z","level":"warn","service.name":"checkout","message":"card declined","trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","otel.severity_text":"Warning","otel.severity_number":13,"otel.scope.name":"pay","user.id":"u-17","attempt":2,"host.name":"web-1"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'medium',
    message: 'card declined',
    fields: { service: 'checkout', host: 'web-1', user: 'u-17', traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', level: 'warn' },
    attributes: { attempt: 2, 'otel.scope.name': 'pay', 'otel.severity_text': 'Warning' },
  },
];

export const otlpLogs: Format = {
  id: 'otlp-logs',
  title: 'OpenTelemetry logs (OTLP)',
  description: 'Log records in OTLP, as JSON (one document or one a line) or protobuf (one message, or each behind its length).',
  signal: 'logs',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise: (head) => recogniseOtlp(head, 'logs'),
  decode: (chunks) => decodeOtlp(chunks, 'logs'),
  document: () => new TextEncoder().encode(JSON.stringify({
    resourceLogs: [{
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
      scopeLogs: [{
        scope: { name: 'pay' },
        logRecords: [
          { timeUnixNano: '1790843400250000125', severityNumber: 13, severityText: 'Warning', body: { stringValue: 'card declined' }, traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '0102030405060708' },
          { observedTimeUnixNano: '1790843400250000125', body: { kvlistValue: { values: [{ key: 'message', value: { stringValue: 'retry' } }, { key: 'attempt', value: { intValue: '2' } }] } } },
        ],
      }],
    }],
  }, null, 1)),
  open: decodedLines,
};
