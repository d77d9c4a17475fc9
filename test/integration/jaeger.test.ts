/**
 * The Jaeger connector against a little server that searches as Jaeger's storage in memory does (any span of the service that starts in the
 * range and is long enough; whole traces, newest first, no more than the limit). No real Jaeger is asked.
 */
import fs from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jaeger } from '../../src/main/engine/formats/jaeger.ts';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import { serveHttp } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

interface Span { traceID: string; spanID: string; operationName: string; startTime: number; duration: number; processID: string; references: unknown[]; tags: unknown[]; logs: unknown[]; warnings: null }
interface Trace { traceID: string; spans: Span[]; processes: Record<string, { serviceName: string; tags: unknown[] }> }

let one: TempCase;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await one.remove();
});

async function connect(config: Record<string, unknown>): Promise<ConnectionStatus> {
  const { connectors } = one.engine.handlers;
  const { id } = await connectors.add({ connector: 'jaeger', name: '', config }, context);
  return await connectors.settled({ id }, context);
}
async function again(id: number): Promise<ConnectionStatus> {
  await one.engine.handlers.connectors.start({ id }, context);
  return await one.engine.handlers.connectors.settled({ id }, context);
}
async function listen(answer: http.RequestListener): Promise<string> {
  const { url, stop } = await serveHttp(answer);
  stops.push(stop);
  return url;
}

class FakeJaeger {
  traces: Trace[] = [];
  /** of /api/traces */
  asked: URLSearchParams[] = [];
  limited = 0;
  /** answers a request itself and returns true */
  disturb: (request: http.IncomingMessage, response: http.ServerResponse) => boolean = () => false;

  readonly answer: http.RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const answer = (data: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, total: 0, limit: 0, offset: 0, errors: null }));
    if (this.disturb(request, response)) return;
    if (pathname === '/api/services') return answer([...new Set(this.traces.flatMap(({ processes }) => Object.values(processes).map(({ serviceName }) => serviceName)))]);
    if (pathname !== '/api/traces') return void response.writeHead(404).end('404 page not found');
    this.asked.push(searchParams);
    const [start, end, limit] = ['start', 'end', 'limit'].map((name) => Number(searchParams.get(name)));
    const least = Number(/^(\d+)us$/.exec(searchParams.get('minDuration') ?? '0us')?.[1]);
    const service = searchParams.get('service');
    const found = this.traces.filter(({ spans, processes }) => spans.some((span) => processes[span.processID].serviceName === service && span.startTime >= start && span.startTime <= end && span.duration >= least));
    found.sort((a, b) => b.spans[0].startTime - a.spans[0].startTime);
    if (found.length > limit) this.limited++;
    answer(found.slice(0, limit));
  };
}

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}
const SERVICES = ['frontend', 'check/out & "pay"', 'bänk', 'store'];
/** Traces of several services whose spans are up to four hours apart. */
function generated(n: number, from: number, to: number): Trace[] {
  const random = numbers(7);
  return Array.from({ length: n }, (_, t) => {
    const traceID = (t * 7919 + 1).toString(16).padStart(32, '0');
    let startTime = from + random(to - from);
    const spans = Array.from({ length: 1 + random(5) }, (__, s): Span => {
      startTime = Math.min(to - 1, startTime + random(4) * random(3600e6));
      const tags = [{ key: 'http.status_code', type: 'int64', value: 200 + random(300) }, { key: 'ratio', type: 'float64', value: random(1000) / 7 }];
      return { traceID, spanID: (s + 1).toString(16).padStart(16, '0'), operationName: `op ${t}.${s}`, startTime, duration: random(2000), processID: `p${random(4)}`, references: s === 0 ? [] : [{ refType: 'CHILD_OF', traceID, spanID: s.toString(16).padStart(16, '0') }], tags, logs: [], warnings: null };
    });
    return { traceID, spans, processes: Object.fromEntries(SERVICES.map((serviceName, i) => [`p${i}`, { serviceName, tags: [{ key: 'hostname', type: 'string', value: `h${i}` }] }])) };
  });
}
const serviceOf = (trace: Trace, span: Span): string => trace.processes[span.processID].serviceName;

/** What the format makes of a file with these traces. */
async function decodedLines(traces: readonly Trace[]): Promise<string[]> {
  const parts: Uint8Array[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array, void, void> {
    yield await Promise.resolve(Buffer.from(JSON.stringify({ data: traces })));
  }
  for await (const part of jaeger.decode?.(bytes(), { path: 'x', modified: 0 }) ?? []) parts.push(part);
  return Buffer.concat(parts).toString('utf8').trimEnd().split('\n').toSorted();
}
async function storedLines(query = ''): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const { rows, total } = await one.page(everything(query), { rank: lines.length });
    for (const id of rows.id) lines.push((await one.engine.handlers.events.get({ id }, context)).raw);
    if (lines.length >= total || rows.id.length === 0) return lines.toSorted();
  }
}

describe('the Jaeger connector', () => {
  it('stores every span once, as the format reads it from a file, in halves where there are too many, over failures and restarts', async () => {
    const now = Date.now() * 1000;
    const server = new FakeJaeger();
    server.traces = generated(1400, now - 28 * 3600e6, now - 20 * 3600e6);
    let requests = 0;
    server.disturb = (request, response) => {
      requests++;
      if (requests === 5) return (response.writeHead(503).end('starting'), true);
      if (requests === 8) return (request.socket.destroy(), true);
      if (requests === 11) return (response.writeHead(200).write('{"data":['), response.destroy(), true);
      // From here on nothing is answered until it is stopped and started again.
      return requests >= 14 && requests < 1000;
    };
    const url = await listen(server.answer);
    const { connectors } = one.engine.handlers;
    const { id } = await connectors.add({ connector: 'jaeger', name: '', config: { url, hours: 30, settle: 1800 } }, context);
    for (let i = 0; i < 400 && requests < 14; i++) await new Promise((resolve) => setTimeout(resolve, 25));
    const before = (await connectors.list({}, context)).find((status) => status.id === id);
    expect(before?.failuresTotal).toBe(3);
    expect(before?.stored).toBeGreaterThan(0);
    const all = server.traces.reduce((sum, { spans }) => sum + spans.length, 0);
    expect(before?.stored).toBeLessThan(all);
    await connectors.stop({ id }, context);
    await one.reopen();
    requests = 1000;
    expect(await again(id)).toMatchObject({ state: 'stopped', error: '', rejected: 0, stored: all - (before?.stored ?? 0) });
    expect(server.limited).toBeGreaterThan(2);
    expect(await storedLines()).toEqual(await decodedLines(server.traces));
    expect(await one.engine.handlers.events.sources({}, context)).toMatchObject([{ signal: 'traces', format: 'jaeger', state: 'done' }]);

    // What began in the last half hour is left for later, and nothing comes again.
    const [first, second] = generated(2, now - 100e6, now - 90e6);
    const later = { ...second, spans: second.spans.map((span) => ({ ...span, traceID: 'feed', startTime: Date.now() * 1000 })) };
    server.traces.push({ ...first, traceID: 'beef', spans: first.spans.map((span, i) => ({ ...span, traceID: 'beef', startTime: now - 50e6 + i })) }, later);
    expect(await again(id)).toMatchObject({ stored: all - (before?.stored ?? 0) });
    expect(await storedLines('trace_id:feed')).toEqual([]);
  }, 120_000);

  it('comes back for what was too new', async () => {
    const now = Date.now() * 1000;
    const server = new FakeJaeger();
    const [trace] = generated(40, now - 3600e6, now - 1800e6).filter(({ spans }) => spans.length >= 4);
    const [old, ...young] = trace.spans;
    old.startTime = now - 600e6;
    server.traces = [{ ...trace, spans: [old] }];
    const url = await listen(server.answer);
    const status = await connect({ url, hours: 1, settle: 2 });
    expect(status).toMatchObject({ stored: 1, error: '' });
    // These began before the reading was over, and less than two seconds before it began.
    young.forEach((span, i) => (span.startTime = Date.now() * 1000 - 2e6 + i));
    server.traces = [trace];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await again(status.id)).toMatchObject({ stored: trace.spans.length });
    expect(await again(status.id)).toMatchObject({ stored: trace.spans.length });
    expect(await storedLines()).toEqual(await decodedLines([trace]));
  });

  it('takes the traces of chosen services whole, and once', async () => {
    const now = Date.now() * 1000;
    const server = new FakeJaeger();
    server.traces = generated(300, now - 40 * 3600e6, now - 120e6);
    const url = await listen(server.answer);
    expect(await connect({ url, hours: 41, services: 'b.nk|frontend', minimum: 1 })).toMatchObject({ error: '', rejected: 0 });
    const wanted = server.traces.filter((trace) => trace.spans.some((span) => ['bänk', 'frontend'].includes(serviceOf(trace, span)) && span.duration >= 1000));
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.length).toBeLessThan(250);
    expect(await storedLines()).toEqual(await decodedLines(wanted));
    expect(new Set(server.asked.map((asked) => asked.get('service')))).toEqual(new Set(['bänk', 'frontend']));
    expect(server.asked.every((asked) => asked.get('minDuration') === '1000us')).toBe(true);
  });

  it('cuts an answer that is more than is stored at once, without parting what starts together', async () => {
    const now = Date.now() * 1000;
    const server = new FakeJaeger();
    const traces = generated(40, now - 3600e6, now - 120e6);
    for (const { spans } of traces) for (const span of spans) span.tags.push({ key: 'text', type: 'string', value: 'x'.repeat(60_000) });
    server.traces = traces;
    const url = await listen(server.answer);
    expect(await connect({ url, hours: 2 })).toMatchObject({ error: '', rejected: 0, stored: traces.reduce((sum, { spans }) => sum + spans.length, 0) });
    expect(await storedLines()).toEqual(await decodedLines(traces));
  });

  it('says what is wrong with an address or a token', async () => {
    const { connectors } = one.engine.handlers;
    const test = async (config: Record<string, unknown>): Promise<string> => (await connectors.test({ connector: 'jaeger', config }, context)).message;
    expect(await test({ url: 'ftp://x' })).toContain("'url'");
    expect(await test({ url: 'http://127.0.0.1:1' })).toContain('cannot be reached');
    expect(await test({ url: await listen((_, response) => void response.writeHead(200).end('<html>hello</html>')) })).toContain('not what Jaeger answers');
    expect(await test({ url: await listen((_, response) => void response.writeHead(200).end('{"data":{"a":1}}')) })).toContain('not what Jaeger answers');
    const none = await listen((_, response) => void response.writeHead(404).end('404 page not found'));
    expect(await test({ url: none })).toContain('no Jaeger API');
    expect(await test({ url: none, services: '(' })).toContain('no regular expression');
    expect(await test({ url: await listen((_, response) => void response.writeHead(500).end('{"data":null,"errors":[{"code":500,"msg":"no storage"}]}')) })).toContain('500: no storage');
    expect(await test({ url: await listen((_, response) => void response.end('{"data":null,"errors":null}')) })).toContain('it has no services');

    const server = new FakeJaeger();
    server.traces = generated(5, Date.now() * 1000 - 3600e6, Date.now() * 1000 - 120e6);
    server.disturb = (request, response) => request.headers.authorization !== 'Bearer abc' && (response.writeHead(401).end(), true);
    const url = await listen(server.answer);
    expect(await connect({ url, token: 'wrong' })).toMatchObject({ state: 'stopped', error: expect.stringContaining('token') as string, stored: 0 });
    expect(await test({ url, token: 'abc', services: 'nothing.*' })).toContain("like 'nothing.*'");
    expect(await test({ url, token: 'abc' })).toContain('services, from');
    const status = await connect({ url, token: 'abc' });
    expect(status.stored).toBeGreaterThan(0);
    expect(JSON.stringify(status)).not.toContain('abc');
  });

  const folder = fileURLToPath(new URL('../../../shared/data/traces/jaeger-ui', import.meta.url));
  const there = fs.existsSync(folder);
  if (!there) console.log('skipped: there is no ../shared/data/traces beside the repository');
  it.runIf(there)('reads the traces of Jaeger’s own window as the format does', async () => {
    const server = new FakeJaeger();
    for (const name of fs.readdirSync(folder)) {
      const trace = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Trace;
      // Only what is written as the API answers; the rest is the window's own shape.
      if (!Array.isArray(trace.spans) || !trace.spans.every(({ processID }) => processID in (trace.processes ?? {}))) continue;
      const shift = Date.now() * 1000 - 1800e6 - Math.min(...trace.spans.map(({ startTime }) => startTime));
      for (const span of trace.spans) span.startTime += shift;
      server.traces.push(trace);
    }
    expect(server.traces.length).toBeGreaterThan(3);
    const url = await listen(server.answer);
    expect(await connect({ url, hours: 1 })).toMatchObject({ error: '', rejected: 0 });
    expect(await storedLines()).toEqual(await decodedLines(server.traces));
  });
});
