/** The receiver of OTLP against requests over real sockets, and against OpenTelemetry's own exporters. */
import http2 from 'node:http2';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { SpanStatusCode } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { status, when } from '../support/live.ts';
import { attribute, gauge, logRecord, Message, request, span } from '../support/otlp-request.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
const ends: (() => void)[] = [];
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await one.remove();
});

interface Receiver {
  id: number;
  http: number;
  grpc: number;
}
async function listening(config: Record<string, unknown> = {}): Promise<Receiver> {
  const { id } = await one.engine.handlers.connectors.add({ connector: 'otlp', name: '', config: { port: 0, grpcPort: 0, ...config } }, context);
  return await ports(id);
}
async function ports(id: number): Promise<Receiver> {
  const { note } = await when(one, id, ({ state, note: said, error }) => {
    if (error !== '') throw new Error(error);
    return state === 'ok' && said !== '';
  });
  const port = (what: string): number => Number(new RegExp(`${what} \\S+?:(\\d+)`).exec(note)?.[1]);
  return { id, http: port('HTTP'), grpc: port('gRPC') };
}

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}
async function post(port: number, path: string, body: string | Uint8Array, headers: Record<string, string> = {}, method = 'POST'): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method, headers: { 'Content-Type': typeof body === 'string' ? 'application/json' : 'application/x-protobuf', ...headers }, ...(method !== 'GET' && { body: typeof body === 'string' ? body : Buffer.from(body) }),
  });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

function client(port: number): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  ends.push(() => session.destroy());
  return session;
}
interface CallAnswer {
  http: number;
  status: string;
  message: string;
  details: string;
  body: Buffer;
}
const EXPORTS = { logs: 'logs.v1.LogsService', traces: 'trace.v1.TraceService', metrics: 'metrics.v1.MetricsService' };
function frame(message: Uint8Array, packed = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = packed;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
/** `pieces`: what is written, one after the other with a wait between them. */
async function call(session: http2.ClientHttp2Session, signal: keyof typeof EXPORTS, pieces: Uint8Array | readonly Uint8Array[], headers: Record<string, string> = {}): Promise<CallAnswer> {
  const stream = session.request({ ':method': 'POST', ':path': `/opentelemetry.proto.collector.${EXPORTS[signal]}/Export`, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  const answer: CallAnswer = { http: 0, status: '', message: '', details: '', body: Buffer.alloc(0) };
  const take = (found: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader): void => {
    if (found[':status']) answer.http = found[':status'];
    answer.status = String(found['grpc-status'] ?? answer.status);
    answer.message = decodeURIComponent(String(found['grpc-message'] ?? answer.message));
    answer.details = String(found['grpc-status-details-bin'] ?? answer.details);
  };
  stream.on('response', take).on('trailers', take);
  const parts: Buffer[] = [];
  stream.on('data', (data: Buffer) => parts.push(data));
  const closed = new Promise<void>((resolve, reject) => {
    stream.on('close', resolve);
    stream.on('error', (error) => (answer.status === '' ? reject(error) : resolve()));
  });
  for (const piece of pieces instanceof Uint8Array ? [pieces] : pieces) {
    stream.write(piece);
    if (!(pieces instanceof Uint8Array)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stream.end();
  await closed;
  return { ...answer, body: Buffer.concat(parts) };
}
const logs = (from: number, count: number): Buffer => request('shop', Array.from({ length: count }, (_, i) => logRecord(from + i)));

describe('the OTLP receiver', () => {
  it('takes what OpenTelemetry’s exporters send: logs as protobuf over HTTP, traces over gRPC, metrics as JSON', async () => {
    const { id, http, grpc } = await listening();
    const resource = resourceFromAttributes({ 'service.name': 'shop', 'host.name': 'web-1' });
    const logger = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `http://127.0.0.1:${http}/v1/logs`, compression: 'gzip' as never }) })] });
    for (let i = 0; i < 700; i++) logger.getLogger('pay', '1.0').emit({ severityNumber: SeverityNumber.ERROR, severityText: 'ERROR', body: `declined ${i}`, attributes: { 'user.id': `u-${i}`, nested: { a: [1, 'x'] } } });
    const tracer = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `http://127.0.0.1:${grpc}` }))] });
    const started = tracer.getTracer('http').startSpan('GET /cart');
    started.recordException(new Error('went off'));
    started.setStatus({ code: SpanStatusCode.ERROR, message: 'went off' });
    started.end();
    const meter = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `http://127.0.0.1:${http}/v1/metrics` }), exportIntervalMillis: 60_000 })] });
    meter.getMeter('app').createCounter('orders', { unit: '1' }).add(3, { shop: 'a' });
    meter.getMeter('app').createHistogram('latency', { unit: 'ms' }).record(12);
    for (const provider of [logger, tracer, meter]) await provider.shutdown();

    const { note, sources, rejected } = await status(one, id);
    expect([note, sources.length, rejected]).toEqual([`Listens on HTTP 127.0.0.1:${http}, gRPC 127.0.0.1:${grpc}`, 3, 0]);
    const shown = await one.engine.handlers.events.sources({}, context);
    expect(shown.map(({ path, signal, format, ledger }) => `${path}: ${signal}, ${format}, ${ledger.stored > 0}`).toSorted()).toEqual([
      'OTLP 127.0.0.1:0 logs: logs, otlp-logs, true', 'OTLP 127.0.0.1:0 metrics: metrics, otlp-metrics, true', 'OTLP 127.0.0.1:0 traces: traces, otlp, true',
    ]);
    expect(await one.messages('declined severity:high service:shop otel.scope.name:pay')).toHaveLength(700);
    expect(await one.messages('GET host:web-1')).toEqual(['GET /cart: went off']);
    const { rows: series } = await one.engine.handlers.metrics.list({ text: '', limit: 100 }, context);
    expect(series.map(({ name, kind }) => `${name} ${kind}`)).toEqual(expect.arrayContaining(['orders counter', 'latency_count histogram', 'latency_bucket histogram']));
  });

  it('answers in the encoding it was asked in, when all is on the disk', async () => {
    const { id, http } = await listening();
    const protobuf = await post(http, '/v1/logs', logs(0, 3));
    expect([protobuf.status, protobuf.headers.get('content-type'), protobuf.body.length]).toEqual([200, 'application/x-protobuf', 0]);
    // Answered, so it is stored.
    expect(await status(one, id)).toMatchObject({ stored: 3 });
    const json = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x', startTimeUnixNano: '1790843400250000000' }] }] }], resourceLogs: [{}], unknown: 1 }, null, 1);
    const answer = await post(http, '/v1/traces', json, { 'Content-Type': 'application/json; charset=utf-8' });
    expect([answer.status, answer.headers.get('content-type'), answer.body.toString()]).toEqual([200, 'application/json', '{}']);
    for (const [path, body] of [['/v1/logs', gzipSync(logs(3, 2))], ['/v1/traces', gzipSync(request('shop', [span(1)]))], ['/v1/metrics', gzipSync(request('shop', [gauge('heat', 1, 20.5)]))]] as const) {
      expect((await post(http, path, body, { 'Content-Encoding': 'gzip' })).status).toBe(200);
    }
    expect((await post(http, '/v1/logs', new Uint8Array(0))).status).toBe(200);
    expect(await status(one, id)).toMatchObject({ stored: 8, rejected: 0 });
    expect(await one.messages('event')).toEqual([0, 1, 2, 3, 4].map((n) => `event ${n}`));
    expect((await one.engine.handlers.metrics.list({ text: '', limit: 100 }, context)).rows).toMatchObject([{ name: 'heat', kind: 'gauge', n: 1 }]);
  });

  it('takes the three calls of gRPC, with gzip, in pieces and many at once', async () => {
    const { id, grpc } = await listening();
    const session = client(grpc);
    const whole = frame(logs(0, 20));
    const bytes = Array.from({ length: 40 }, (_, i) => whole.subarray(Math.floor((i * whole.length) / 40), Math.floor(((i + 1) * whole.length) / 40)));
    expect(await call(session, 'logs', bytes)).toEqual({ http: 200, status: '0', message: '', details: '', body: frame(Buffer.alloc(0)) });
    expect(await call(session, 'traces', frame(gzipSync(request('shop', [span(1), span(2)])), 1), { 'grpc-encoding': 'gzip' })).toMatchObject({ status: '0' });
    expect(await call(session, 'metrics', frame(request('shop', [gauge('heat', 1, 3)])), { 'content-type': 'application/grpc+proto' })).toMatchObject({ status: '0' });
    const many = await Promise.all(Array.from({ length: 60 }, async (_, i) => await call(session, 'logs', frame(logs(100 + i * 10, 10)))));
    expect(many.every((answer) => answer.status === '0')).toBe(true);
    expect(await status(one, id)).toMatchObject({ stored: 23 + 600, rejected: 0, state: 'ok' });
    expect(await one.messages('event')).toHaveLength(620);
  });

  it('says how many points it could not keep, and keeps them as dead letters', async () => {
    const { id, http, grpc } = await listening();
    const labels = Array.from({ length: 200 }, (_, i) => attribute(`label${i}`, 'x'));
    const crowded = new Message().text(1, 'crowded').message(5, new Message().message(1, labels.reduce((point, each) => point.message(7, each), new Message().fixed64(3, 1_790_843_400_250_000_000n).double(4, 1))));
    const timeless = new Message().text(1, 'timeless').message(5, new Message().message(1, new Message().double(4, 1)));
    const answers = await Promise.all([
      post(http, '/v1/metrics', request('shop', [gauge('heat', 1, 1), crowded, timeless])), post(http, '/v1/metrics', request('shop', [gauge('heat', 2, 2)])),
      post(http, '/v1/metrics', JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints: [{ timeUnixNano: 'never', asInt: '1' }] } }] }] }] })),
      call(client(grpc), 'metrics', frame(request('shop', [timeless]))),
    ]);
    expect(answers[0].status).toBe(200);
    // partial_success: rejected_data_points 2, and a sentence.
    expect(answers[0].body.subarray(2, 4)).toEqual(Buffer.from([0x08, 2]));
    expect(answers[0].body.toString()).toContain('They cannot be read');
    expect(answers[1].body).toHaveLength(0);
    expect(JSON.parse(answers[2].body.toString())).toMatchObject({ partialSuccess: { rejectedDataPoints: '1' } });
    expect(answers[3]).toMatchObject({ status: '0' });
    expect(answers[3].body.subarray(5 + 2, 5 + 4)).toEqual(Buffer.from([0x08, 1]));
    expect(await status(one, id)).toMatchObject({ stored: 2, rejected: 4 });
    const { rows } = await one.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
    expect(rows.map(({ reason }) => reason).toSorted()).toEqual([
      expect.stringContaining('203 labels'), expect.stringContaining('not a number of nanoseconds'), expect.stringContaining('not a number of nanoseconds'), expect.stringContaining('not a number of nanoseconds'),
    ].map((each) => each as unknown));
  });

  it('refuses what is malformed with the place, and takes what others send meanwhile', async () => {
    const { id, http, grpc } = await listening();
    const good = logs(0, 2);
    const damaged = good.subarray(0, -5);
    // A field that no request has, of any kind, is passed over and spoils nothing behind it.
    const foreign = Buffer.concat([new Message().number(9, 5).done(), new Message().fixed32(8, 1).done(), good, new Message().text(7, 'x').done()]);
    const session = client(grpc);
    const [a, b, c, d, e, f] = await Promise.all([
      post(http, '/v1/logs', damaged), post(http, '/v1/logs', foreign), post(http, '/v1/logs', '{"resourceLogs":[{"scopeLogs":7}]}'), post(http, '/v1/logs', '{"resourceLogs": oops}'),
      call(session, 'logs', frame(damaged)), post(http, '/v1/logs', logs(2, 2)),
    ]);
    expect([a.status, a.headers.get('content-type'), a.body.subarray(0, 2)]).toEqual([400, 'application/x-protobuf', Buffer.from([0x08, 3])]);
    expect(a.body.toString()).toContain('longer than the message around it');
    expect([b.status, f.status]).toEqual([200, 200]);
    expect(JSON.parse(c.body.toString())).toEqual({ code: 3, message: 'resourceLogs[0].scopeLogs is not a list.' });
    expect(JSON.parse(d.body.toString())).toMatchObject({ code: 3, message: 'The body is not valid JSON: "o" at character 18 does not belong there.' });
    expect(e).toMatchObject({ http: 200, status: '3', message: expect.stringContaining('longer than the message around it') as unknown });
    for (let i = 0; i < 40; i++) await post(http, '/v1/traces', Buffer.from(Array.from({ length: 50 }, (_, n) => (n * 37 + i * 101) % 256)));
    expect(await status(one, id)).toMatchObject({ stored: 4, rejected: 0, state: 'ok' });
    expect((await when(one, id, ({ note }) => note.includes('refused'))).note).toMatch(/; \d+ refused, the last: /);
    expect(await call(session, 'logs', frame(good).subarray(0, 20))).toMatchObject({ status: '3', message: 'A call must have exactly one message.' });
    expect(await call(session, 'logs', frame(good, 1), { 'grpc-encoding': 'snappy' })).toMatchObject({ status: '12' });
    expect(await call(session, 'logs', frame(good), { ':path': '/x.Y/Export' })).toMatchObject({ status: '12' });
    expect(await call(session, 'logs', frame(good), { 'content-type': 'application/json' })).toMatchObject({ http: 415 });
    expect((await post(http, '/v1/logs', good, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await post(http, '/v1/logs', good, { 'Content-Encoding': 'br' })).status).toBe(415);
    expect((await post(http, '/v2/logs', good)).status).toBe(404);
    expect((await post(http, '/v1/logs', good, {}, 'GET')).headers.get('allow')).toBe('POST');
  });

  it('lets in who has the token, and no pages', async () => {
    const { http, grpc } = await listening({ token: 'geheim' });
    const good = logs(0, 1);
    expect((await post(http, '/v1/logs', good)).status).toBe(401);
    expect((await post(http, '/v1/logs', good, { Authorization: 'Bearer gehein' })).headers.get('www-authenticate')).toBe('Bearer');
    expect((await post(http, '/v1/logs', good, { Authorization: 'Bearer geheim' })).status).toBe(200);
    const session = client(grpc);
    expect(await call(session, 'logs', frame(good))).toMatchObject({ http: 200, status: '16' });
    // More than fits into the windows of a call: the answer comes all the same.
    expect(await call(session, 'logs', frame(logs(0, 30_000)), { authorization: 'Bearer x' })).toMatchObject({ status: '16' });
    expect(await call(session, 'logs', frame(good), { authorization: 'Bearer geheim' })).toMatchObject({ status: '0' });
    expect(await one.messages()).toHaveLength(2);
    const open = await listening();
    expect((await post(open.http, '/v1/logs', good, { Origin: 'https://evil.example' })).status).toBe(403);
    const everyone = await one.engine.handlers.connectors.add({ connector: 'otlp', name: '', config: { address: '0.0.0.0', port: 0, grpcPort: 0 } }, context);
    expect((await when(one, everyone.id, ({ state }) => state === 'stopped')).error).toContain('Set a token');
  });

  it('refuses what is too much, packed or not, and stays small', async () => {
    const { id, http, grpc } = await listening();
    const bomb = gzipSync(Buffer.alloc(300 << 20), { level: 9 });
    const session = client(grpc);
    expect((await post(http, '/v1/logs', bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
    expect(await call(session, 'logs', frame(bomb, 1), { 'grpc-encoding': 'gzip' })).toMatchObject({ status: '8', details: '' });
    expect((await post(http, '/v1/logs', Buffer.alloc(17 << 20))).status).toBe(413);
    expect(await call(session, 'logs', frame(Buffer.alloc(17 << 20)))).toMatchObject({ status: '8', details: '' });
    expect((await post(http, '/v1/logs', gzipSync(logs(0, 5)).subarray(0, 30), { 'Content-Encoding': 'gzip' })).status).toBe(400);
    expect((await post(http, '/v1/logs', logs(0, 1))).status).toBe(200);
    expect(await status(one, id)).toMatchObject({ stored: 1, state: 'ok' });
  });

  it('outlives senders that hang, break off or speak something else', async () => {
    const { id, http, grpc } = await listening();
    for (const port of [http, grpc]) {
      for (const text of ['', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nabc', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\0\0\0\0garbage\xff']) {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(text, 'latin1');
        ends.push(() => socket.destroy());
        if (text.startsWith('POST')) setTimeout(() => socket.destroy(), 50);
      }
    }
    const session = client(grpc);
    const hanging = session.request({ ':method': 'POST', ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'content-type': 'application/grpc' });
    hanging.on('error', () => undefined);
    hanging.write(frame(logs(0, 5)).subarray(0, 50));
    const broken = client(grpc);
    broken.request({ ':method': 'POST', ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'content-type': 'application/grpc' }).on('error', () => undefined).write(frame(logs(0, 5)).subarray(0, 50));
    setTimeout(() => broken.destroy(), 30);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await post(http, '/v1/logs', logs(0, 2))).status).toBe(200);
    expect(await call(client(grpc), 'logs', frame(logs(2, 2)))).toMatchObject({ status: '0' });
    expect(await status(one, id)).toMatchObject({ stored: 4, rejected: 0, state: 'ok' });
    // It can be stopped in spite of them, and its ports are free again.
    await one.engine.handlers.connectors.stop({ id }, context);
    expect(await status(one, id)).toMatchObject({ state: 'stopped', error: '' });
    await expect(fetch(`http://127.0.0.1:${http}/v1/logs`)).rejects.toThrow();
  });

  it('goes on in the same sources after a restart; what it said yes to is there once', async () => {
    const first = await listening();
    const acknowledged: number[] = [];
    const session = client(first.grpc);
    const sending = Promise.all(Array.from({ length: 40 }, async (_, i) => {
      const answer = i % 2 === 0
        ? await post(first.http, '/v1/logs', logs(i * 10, 10)).then(({ status: code }) => code === 200, () => false)
        : await call(session, 'logs', frame(logs(i * 10, 10))).then(({ status: code }) => code === '0', () => false);
      if (answer) for (let n = 0; n < 10; n++) acknowledged.push(i * 10 + n);
    }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await one.reopen();
    await sending;
    const { connectors, events } = one.engine.handlers;
    await connectors.start({ id: first.id }, context);
    const again = await ports(first.id);
    expect((await post(again.http, '/v1/logs', logs(1000, 1))).status).toBe(200);
    const numbers = (await one.messages()).map((message) => Number(message.split(' ')[1]));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).toEqual(expect.arrayContaining([...acknowledged, 1000]));
    expect(await events.sources({}, context)).toHaveLength(1);
    const { rows } = await one.page(everything());
    expect(rows.id).toHaveLength(numbers.length);
  });
});
