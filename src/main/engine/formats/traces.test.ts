import { describe, expect, it } from 'vitest';
import { loadDecoded } from '../../../../test/support/load-decoded.ts';
import { jaeger } from './jaeger.ts';

const START = 1790843400250000;
const load = (value: unknown): ReturnType<typeof loadDecoded> => loadDecoded(typeof value === 'string' ? value : JSON.stringify(value));

describe('Jaeger', () => {
  const span = (id: string, more: object = {}): object => ({ traceID: 't1', spanID: id, operationName: `op ${id}`, references: [], startTime: START, duration: 1500, tags: [], logs: [], processID: 'p1', ...more });
  const trace = (...spans: object[]): object => ({ traceID: 't1', spans, processes: { p1: { serviceName: 'shop', tags: [{ key: 'hostname', value: 'web-1' }, { key: 'ip', value: '10.0.0.1' }, { key: 'version', value: '7' }] } } });

  it('gives spans the process that stands behind them, per trace', async () => {
    const other = { ...trace(span('c')), processes: { p1: { serviceName: 'mail', tags: [] } } };
    const { format, records, rejects } = await load({ data: [trace(span('a'), span('b')), other] });
    expect([format, rejects]).toEqual(['jaeger', []]);
    expect(records.map(({ fields }) => [fields.spanId, fields.service, fields.host])).toEqual([['a', 'shop', 'web-1'], ['b', 'shop', 'web-1'], ['c', 'mail', undefined]]);
    expect(records[0]).toMatchObject({ time: START, numbers: { latencyMs: 1.5 }, all: { 'host.ip': '10.0.0.1', version: '7' } });
    expect(records[0].fields.ip).toBeUndefined();
  });

  it('tells parents from links, failures with their reason, and exceptions by OpenTelemetry’s names', async () => {
    const { records } = await load(trace(span('b', {
      references: [{ refType: 'FOLLOWS_FROM', traceID: 't9', spanID: 'x' }, { refType: 'CHILD_OF', traceID: 't1', spanID: 'a' }], flags: 1, warnings: ['clock skew'],
      tags: [{ key: 'error', type: 'bool', value: true }, { key: 'span.kind', value: 'client' }, { key: 'message', value: 'a tag' }, { key: 'component', value: 'grpc' }, { key: 'duration', value: 7 }, { key: 'took', value: 9 }, { key: 'http.status_code', value: 404 }],
      logs: [{ timestamp: START + 5, fields: [{ key: 'event', value: 'error' }, { key: 'message', value: 'connection refused' }, { key: 'stack', value: 'at a\n at b' }] }],
    })));
    expect(records[0]).toMatchObject({
      message: 'op b: connection refused', fields: { service: 'shop', level: 'error' }, numbers: { latencyMs: 1.5, status: 404 },
      all: {
        parent_span_id: 'a', 'links.0.span_id': 'x', 'links.0.attributes.opentracing.ref_type': 'follows_from', error: true, 'span.kind': 'client', 'otel.status_code': 'ERROR', 'exception.message': 'connection refused',
        'exception.stacktrace': 'at a\n at b', 'attributes.message': 'a tag', duration: 7, 'attributes.took': 9, component: 'grpc', 'events.0.name': 'error', 'jaeger.warnings.0': 'clock skew', trace_flags: 1,
      },
    });
  });

  it('never takes a tag for the service, the time or the level of a span that says none', async () => {
    const { records } = await load(trace(span('a', { processID: 'p9', tags: [{ key: 'component', value: 'proxy' }, { key: 'severity', value: 'fatal' }, { key: 'pid', value: 7 }, { key: 'log', value: { level: 'error' } }] })));
    expect(records[0].fields).toEqual({ traceId: 't1', spanId: 'a' });
    expect(records[0].severity).toBe(0);
    expect(records[0].all).toMatchObject({ 'attributes.component': 'proxy', 'attributes.severity': 'fatal', 'attributes.pid': 7, 'jaeger.process_id': 'p9', name: 'op a' });
  });

  it('reads what its storage holds, a span a line, and the fixtures with base64 ids', async () => {
    const stored = (id: string): string => JSON.stringify({ _index: 'jaeger-span', _source: { ...span(id), process: { serviceName: 'shop', tags: [] }, tag: { 'http@method': 'GET' } } });
    const lines = await load(`${stored('a')}\n${stored('b')}\n`);
    expect([lines.format, lines.records.map(({ fields, all }) => [fields.spanId, fields.service, all['http.method']])]).toEqual(['jaeger', [['a', 'shop', 'GET'], ['b', 'shop', 'GET']]]);
    const old = await load({ spans: [{ traceId: 'AAAAAAAAAAAAAAAAAAAAEQ==', spanId: 'AAAAAAAAAAM=', operationName: 'x', startTime: '2017-01-26T16:46:31.639875Z', duration: '100000ns', tags: [{ key: 'blob', vType: 'STRING', vStr: 'v' }], process: { serviceName: 's' } }] });
    expect(old.records[0]).toMatchObject({ time: Date.UTC(2017, 0, 26, 16, 46, 31, 639) * 1000 + 875, fields: { traceId: '00000000000000000000000000000011', spanId: '0000000000000003', service: 's' }, numbers: { latencyMs: 0.1 }, all: { blob: 'v' } });
  });

  it('keeps every value of a tag that is written again, and bounds what all spans of a process share', async () => {
    const tags = [1, 2, 2, 3, 4].map((value) => ({ key: 'x', value }));
    const process = { serviceName: 'shop', tags: [{ key: 'a', value: 'b' }, ...Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(1000) }))] };
    const { records } = await load({ traceID: 't1', spans: [span('a', { tags })], processes: { p1: process } });
    expect(records[0].all).toMatchObject({ x: 1, 'attributes.x': 2, 'attributes.x.2': 2, 'attributes.x.3': 3, 'attributes.x.4': 4, a: 'b', 'resource.cut': expect.stringContaining('of 51 attributes') as unknown });
    expect(records[0].all).not.toHaveProperty(['k40']);
  });

  it('keeps the spans of a file that is cut off', async () => {
    const text = JSON.stringify({ data: [trace(span('a'), span('b'), span('c'))] });
    const { records, rejects } = await load(text.slice(0, text.indexOf('op c')));
    expect(records.map(({ fields, all }) => [fields.spanId, all['jaeger.process_id']])).toEqual([['a', 'p1'], ['b', 'p1']]);
    expect(rejects).toEqual([expect.stringContaining('cut off')]);
    await expect(loadDecoded('{"data":[]}', jaeger)).rejects.toThrow(/no span/);
  });

  it('is not every JSON with an operation name', async () => {
    const log = JSON.stringify({ time: '2026-10-01T08:30:00Z', operationName: 'GetCart', traceID: 'x', msg: 'graphql' });
    expect((await load(`${log}\n${log}\n`)).format).toBe('jsonl');
  });
});

describe('Zipkin', () => {
  it('keeps both halves of a shared span, and no peer becomes the client', async () => {
    const { format, records } = await load([
      { traceId: '1a', id: '2', kind: 'CLIENT', name: 'get', timestamp: START, duration: 10, localEndpoint: { serviceName: 'web' }, remoteEndpoint: { ipv4: '10.0.0.2', port: 80 }, annotations: [{ timestamp: START + 1, value: 'sent' }] },
      { traceId: '1a', id: '2', kind: 'SERVER', shared: true, timestamp: START + 2, localEndpoint: { serviceName: 'api', ipv4: '10.0.0.2' }, remoteEndpoint: { ipv6: '::1' }, tags: { error: '' } },
    ]);
    expect(format).toBe('zipkin');
    expect(records[0]).toMatchObject({ message: 'get', fields: { service: 'web', spanId: '2' }, numbers: { latencyMs: 0.01 }, all: { 'peer.ip': '10.0.0.2', 'peer.port': 80, 'events.0.name': 'sent' } });
    expect(records[0].fields.ip).toBeUndefined();
    expect(records[1]).toMatchObject({ fields: { service: 'api', ip: '::1', level: 'error' }, all: { 'zipkin.shared': true, 'host.ip': '10.0.0.2', 'otel.status_code': 'ERROR' } });
  });

  it('makes two spans of a v1 span that holds both halves', async () => {
    const [web, api] = ['web', 'api'].map((serviceName) => ({ serviceName, ipv4: '10.0.0.1' }));
    const { records, format } = await load([[{
      traceId: '1a', id: '2', parentId: '1', name: 'get', timestamp: START, duration: 100,
      annotations: [{ timestamp: START, value: 'cs', endpoint: web }, { timestamp: START + 20, value: 'sr', endpoint: api }, { timestamp: START + 80, value: 'ss', endpoint: api }, { timestamp: START + 100, value: 'cr', endpoint: web }, { timestamp: START + 30, value: 'cache miss', endpoint: api }],
      binaryAnnotations: [{ key: 'http.path', value: '/a', endpoint: web }, { key: 'rows', value: '3', endpoint: api }, { key: 'sa', value: true, endpoint: { serviceName: 'api', ipv4: '10.0.0.9', port: 80 } }],
    }]]);
    expect(format).toBe('zipkin');
    expect(records.map(({ time, fields, numbers, all }) => [time, fields.service, fields.url, numbers.latencyMs, all['span.kind'], all.rows, all['events.0.name'], all['peer.service'], all.parent_span_id])).toEqual([
      [START, 'web', '/a', 0.1, 'client', undefined, undefined, 'api', '1'],
      [START + 20, 'api', undefined, 0.06, 'server', '3', 'cache miss', undefined, '1'],
    ]);
  });

  it('reads a local v1 span', async () => {
    const { records } = await load([{ traceId: '1a', id: '2', name: 'job', timestamp: START, duration: 5, binaryAnnotations: [{ key: 'lc', value: '', endpoint: { serviceName: 'worker' } }] }]);
    expect(records[0]).toMatchObject({ message: 'job', fields: { service: 'worker' }, numbers: { latencyMs: 0.005 } });
  });
});

describe('Datadog', () => {
  it('keeps 64-bit ids and nanoseconds exact', async () => {
    const span = '{"trace_id":9223372036854775809,"span_id":18446744073709551615,"parent_id":0,"name":"web.request","resource":"GET /cart","service":"web","type":"web","start":1790843400250000001,"duration":12500000,"error":1,"meta":{"error.msg":"boom","error.type":"E","http.status_code":"500","env":"prod","component":"rack"},"metrics":{"_sampling_priority_v1":1}}';
    for (const text of [`[[${span}]]`, `[${span}]`, `{"traces":[[${span}]]}`, `${span}\n${span}\n`]) {
      const { format, records } = await load(text);
      expect(format, text.slice(0, 20)).toBe('datadog-trace');
      expect(records[0]).toMatchObject({
        timeText: '2026-10-01T08:30:00.250000001Z', message: 'web.request GET /cart: boom', fields: { service: 'web', traceId: '9223372036854775809', spanId: '18446744073709551615' }, numbers: { latencyMs: 12.5, status: 500 },
        all: { 'resource.name': 'GET /cart', 'exception.type': 'E', 'deployment.environment': 'prod', component: 'rack', 'span.type': 'web' },
      });
      expect(records[0].all).not.toHaveProperty(['parent_span_id']);
    }
  });
});

describe('New Relic', () => {
  it('reads batches with what their spans have in common, before them or behind', async () => {
    const spans = [
      { 'trace.id': '123456', id: 'ABC', timestamp: 1790843400250.5, attributes: { 'duration.ms': 12.53, name: '/home', 'user.id': 'u1' } },
      { 'trace.id': '123456', id: 'DEF', timestamp: 1790843400251, attributes: { 'service.name': 'B', 'duration.ms': 2, 'parent.id': 'ABC', name: '/auth', 'error.message': 'Invalid credentials' } },
    ];
    const common = { attributes: { 'service.name': 'A', host: 'host123' } };
    for (const batch of [{ common, spans }, { spans, common }]) {
      const { format, records, rejects } = await load([batch]);
      expect([format, rejects]).toEqual(['newrelic-trace', []]);
      expect(records[0]).toMatchObject({ time: 1790843400250500, message: '/home', fields: { service: 'A', host: 'host123', user: 'u1', traceId: '123456', spanId: 'abc' }, numbers: { latencyMs: 12.53 } });
      expect(records[1]).toMatchObject({ message: '/auth: Invalid credentials', fields: { service: 'B', level: 'error' }, all: { parent_span_id: 'abc', 'otel.status_code': 'ERROR' } });
    }
  });
});
