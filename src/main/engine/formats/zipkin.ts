/** Traces of Zipkin in JSON, v1 and v2; see lib/traces/zipkin-spans.ts. */
import type { Format, Head, Recognition, Sample } from './format.ts';
import { encodedLines } from './lib/encoded-lines.ts';
import { elementLines, headElements } from './lib/traces/element-lines.ts';
import { spanLines } from './lib/traces/span-lines.ts';
import { chooseZipkin, isZipkinSpan, zipkinReader } from './lib/traces/zipkin-spans.ts';

const SAMPLES: readonly Sample[] = [
  {
    record: '{"timestamp":"2026-10-01T08:30:00.250000Z","level":"error","service.name":"backend","message":"get /api: timed out","trace_id":"5af7183fb1d4cf5f","span_id":"352bff9a74ca9ad2","parent_span_id":"6b221d5bc9e6496c","name":"get /api","span.kind":"client","event.duration":1431000,"otel.status_code":"ERROR","otel.status_description":"timed out","error":"timed out","http.path":"/api","peer.service":"db","peer.ip":"192.168.99.101","peer.port":9000,"host.ip":"192.168.99.1"}',
    time: '2026-10-01T08:30:00.250000Z',
    severity: 'high',
    message: 'get /api: timed out',
    fields: { service: 'backend', traceId: '5af7183fb1d4cf5f', spanId: '352bff9a74ca9ad2', url: '/api' },
    numbers: { latencyMs: 1.431 },
    attributes: { parent_span_id: '6b221d5bc9e6496c', 'span.kind': 'client', error: 'timed out', 'peer.service': 'db', 'peer.port': 9000, 'host.ip': '192.168.99.1' },
  },
];

export const zipkin: Format = {
  id: 'zipkin',
  title: 'Zipkin traces',
  description: 'Spans as Zipkin’s HTTP API and window save them (JSON, v1 and v2): a trace, or a list of traces.',
  signal: 'traces',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise,
  decode: (stream) => encodedLines(elementLines(stream, chooseZipkin, zipkinReader, 'span as Zipkin writes it')),
  document: () => new TextEncoder().encode(JSON.stringify([
    { traceId: '5af7183fb1d4cf5f', id: '5af7183fb1d4cf5f', kind: 'SERVER', name: 'get /', timestamp: 1790843400250000, duration: 1431, localEndpoint: { serviceName: 'frontend', ipv4: '10.0.0.1' }, remoteEndpoint: { ipv4: '10.0.0.9', port: 54602 }, tags: { 'http.method': 'GET', 'http.path': '/' } },
    { traceId: '5af7183fb1d4cf5f', parentId: '5af7183fb1d4cf5f', id: '352bff9a74ca9ad2', kind: 'CLIENT', name: 'query', timestamp: 1790843400250100, duration: 100, localEndpoint: { serviceName: 'frontend' }, annotations: [{ timestamp: 1790843400250150, value: 'sent' }], tags: { error: 'refused' } },
  ], null, 2)),
  open: spanLines,
};

function recognise(head: Head): Recognition | null {
  if (!head.text.includes('"traceId"')) return null;
  const values = headElements(head.bytes, chooseZipkin);
  const spans = values.filter(isZipkinSpan).length;
  if (spans === 0 || spans < values.length) return null;
  // A span a line is told from a log line with a trace id only by an endpoint.
  if (!/^\ufeff?\s*\[/.test(head.text) && !/"(?:localEndpoint|binaryAnnotations)"\s*:/.test(head.text)) return null;
  return { confidence: 0.985, reason: `the first ${spans} elements are spans with Zipkin’s traceId, id and endpoints` };
}
