/** Traces of Jaeger in JSON; see lib/traces/jaeger-spans.ts for the shapes. */
import type { DecodeContext, Format, Head, Recognition, Sample } from './format.ts';
import { encodedLines, withHead } from './lib/encoded-lines.ts';
import { decodeUtf8 } from './lib/json-text.ts';
import { elementLines, headElements } from './lib/traces/element-lines.ts';
import { chooseSpans, chooseTraces, isJaegerSpan, JaegerReader } from './lib/traces/jaeger-spans.ts';
import { spanLines } from './lib/traces/span-lines.ts';

const HEAD_BYTES = 64 << 10;
const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000Z","service.name":"frontend","message":"HTTP GET /dispatch","trace_id":"84b3fad94c6112ed","span_id":"487f03177ef9cf89","parent_span_id":"d81ccf159d71bc66","name":"HTTP GET /dispatch","span.kind":"server","event.duration":1181596000,"trace_flags":1,"http.status_code":503,"http.url":"/dispatch?customer=1","host.name":"web-1","events":[{"timestamp":"2026-10-01T08:30:00.260000Z","name":"retry","attributes":{"attempt":2}}]}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'high',
    message: 'HTTP GET /dispatch',
    fields: { service: 'frontend', host: 'web-1', traceId: '84b3fad94c6112ed', spanId: '487f03177ef9cf89', url: '/dispatch?customer=1' },
    numbers: { latencyMs: 1181.596, status: 503 },
    attributes: { parent_span_id: 'd81ccf159d71bc66', 'span.kind': 'server', 'events.0.name': 'retry', 'events.0.attributes.attempt': 2 },
  },
];

export const jaeger: Format = {
  id: 'jaeger',
  title: 'Jaeger traces',
  description: 'Traces as Jaeger’s window and HTTP API save them, and spans as its storage holds them, in JSON.',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise,
  decode,
  document: () => new TextEncoder().encode(JSON.stringify({
    data: [{
      traceID: '84b3fad94c6112ed',
      spans: [
        { traceID: '84b3fad94c6112ed', spanID: '487f03177ef9cf89', operationName: 'GET /', references: [], startTime: 1790843400250000, duration: 1500, tags: [{ key: 'error', type: 'bool', value: true }], logs: [], processID: 'p1', warnings: null },
        { traceID: '84b3fad94c6112ed', spanID: '487f03177ef9cf8a', operationName: 'query', references: [{ refType: 'CHILD_OF', traceID: '84b3fad94c6112ed', spanID: '487f03177ef9cf89' }], startTime: 1790843400250100, duration: 100, tags: [], logs: [{ timestamp: 1790843400250150, fields: [{ key: 'event', value: 'row' }] }], processID: 'p1' },
      ],
      processes: { p1: { serviceName: 'shop', tags: [{ key: 'hostname', type: 'string', value: 'web-1' }] } },
    }],
    total: 0, errors: null,
  })),
  open: spanLines,
};

/** Whether the file holds traces, or spans without a trace around them. */
function chooseFor(head: Uint8Array): typeof chooseTraces {
  return headElements(head, chooseSpans, 1).some(isJaegerSpan) ? chooseSpans : chooseTraces;
}

function recognise(head: Head): Recognition | null {
  if (!head.text.includes('"operationName"')) return null;
  const choose = chooseFor(head.bytes);
  const values = headElements(head.bytes, choose);
  const spans = values.filter(isJaegerSpan).length;
  if (spans === 0) return null;
  // Spans without a trace around them need a second mark of Jaeger's.
  if (choose === chooseSpans && !/"(?:references|processID|process)"\s*:/.test(head.text)) return null;
  return { confidence: 0.99, reason: `the first ${spans} elements are spans with Jaeger’s spanID, operationName and startTime` };
}

async function* decode(stream: AsyncIterable<Uint8Array>, _context: DecodeContext): AsyncGenerator<Uint8Array, void, void> {
  const { head, chunks } = await withHead(stream, HEAD_BYTES);
  const choose = /^\s*[[{]/.test(decodeUtf8(head, 0, Math.min(head.length, 256))) ? chooseFor(head) : chooseTraces;
  yield* encodedLines(elementLines(chunks, choose, new JaegerReader(), 'span as Jaeger writes it'));
}
