/** Traces of New Relic in JSON; see lib/traces/newrelic-spans.ts. */
import type { Format, Head, Recognition, Sample } from './format.ts';
import { encodedLines } from './lib/encoded-lines.ts';
import { elementLines, headElements } from './lib/traces/element-lines.ts';
import { chooseNewRelic, isNewRelicBatch, newRelicReader } from './lib/traces/newrelic-spans.ts';
import { spanLines } from './lib/traces/span-lines.ts';

const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000Z","service.name":"Test Service A","message":"/home","trace_id":"123456","span_id":"abc","parent_span_id":"ghi","name":"/home","event.duration":12530000,"host.name":"host123.example.com"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'info',
    message: '/home',
    fields: { service: 'Test Service A', host: 'host123.example.com', traceId: '123456', spanId: 'abc' },
    numbers: { latencyMs: 12.53 },
    attributes: { parent_span_id: 'ghi' },
  },
];

export const newrelicTrace: Format = {
  id: 'newrelic-trace',
  title: 'New Relic traces',
  description: 'Spans as sent to New Relic’s Trace API, in JSON: batches of spans with what they have in common.',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise,
  decode: (stream) => encodedLines(elementLines(stream, chooseNewRelic, newRelicReader, 'batch of spans as New Relic takes it')),
  document: () => new TextEncoder().encode(JSON.stringify([{
    common: { attributes: { 'service.name': 'Test Service A', host: 'host123.example.com' } },
    spans: [
      { 'trace.id': '123456', id: 'ABC', timestamp: 1790843400250, attributes: { 'duration.ms': 12.53, name: '/home' } },
      { 'trace.id': '123456', id: 'DEF', timestamp: 1790843400251, attributes: { 'service.name': 'Test Service B', 'duration.ms': 2.97, 'parent.id': 'ABC', name: '/auth', 'error.message': 'Invalid credentials' } },
    ],
  }])),
  open: spanLines,
};

function recognise(head: Head): Recognition | null {
  if (!head.text.includes('"trace.id"') || !head.text.includes('"spans"')) return null;
  const values = headElements(head.bytes, chooseNewRelic);
  if (values.length > 0 && values.every(isNewRelicBatch)) return { confidence: 0.99, reason: `the first ${values.length === 1 ? 'batch is' : `${values.length} batches are`} New Relic spans` };
  // A batch that is longer than the head.
  if (values.length === 0 && /^\ufeff?\s*(?:\[\s*)?\{\s*"(?:common|spans)"\s*:/.test(head.text) && /"duration\.ms"\s*:/.test(head.text)) return { confidence: 0.98, reason: 'the file begins with a batch of New Relic spans' };
  return null;
}
