/** Traces through the real engine: files of spans in, lists, trees and call graphs out. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1, 8) * 1000;
interface Given {
  id: string;
  parent?: string;
  service: string;
  name: string;
  from: number;
  /** ms */
  took: number;
  error?: string;
}
/** Jaeger's JSON of some traces; times in ms after START. */
function jaeger(traces: Record<string, Given[]>): string {
  return JSON.stringify({
    data: Object.entries(traces).map(([traceID, spans]) => ({
      traceID, processes: Object.fromEntries(spans.map(({ service }) => [service, { serviceName: service, tags: [] }])),
      spans: spans.map(({ id, parent, service, name, from, took, error }) => ({
        traceID, spanID: id, operationName: name, startTime: START + from * 1000, duration: took * 1000, processID: service, logs: [],
        references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parent }],
        tags: error === undefined ? [] : [{ key: 'error', type: 'bool', value: true }, { key: 'error.message', type: 'string', value: error }],
      })),
    })),
  });
}
const id = (n: number): string => n.toString(16).padStart(32, '0');
/** A call of a shop: web asks api, which asks the database; `slow` ms more there. */
function checkout(n: number, slow = 0, error?: string): Given[] {
  const at = n * 1000;
  return [
    { id: 'a1', service: 'web', name: 'POST /checkout', from: at, took: 100 + slow }, { id: 'a2', parent: 'a1', service: 'api', name: 'order', from: at + 10, took: 80 + slow },
    { id: 'a3', parent: 'a2', service: 'db', name: 'SELECT', from: at + 20, took: 30 + slow, ...(error !== undefined && { error }) }, { id: 'a4', parent: 'a2', service: 'api', name: 'log', from: at + 20, took: 5 },
  ];
}
const shop = (): Record<string, Given[]> => Object.fromEntries(Array.from({ length: 30 }, (_, n) => [id(n + 1), n === 29 ? checkout(n, 400, 'lock wait timeout') : checkout(n)]));

describe('traces', () => {
  it('are listed whole, by start, duration or errors, for a scope', async () => {
    await one.ingest(one.write('traces.json', jaeger(shop())));
    const { traces } = one.engine.handlers;
    const all = await traces.list({ scope: everything(), sort: 'start', limit: 10 }, context);
    expect(all).toMatchObject({ total: 30, truncated: false, unreadable: 0 });
    expect(all.rows.map(({ traceId }) => traceId)).toEqual(Array.from({ length: 10 }, (_, n) => id(n + 1)));
    expect(all.rows[0]).toEqual({ traceId: id(1), start: START, duration: 100_000, service: 'web', operation: 'POST /checkout', services: ['api', 'db', 'web'], spans: 4, errors: 0 });
    for (const sort of ['duration', 'errors'] as const) expect((await traces.list({ scope: everything(), sort, limit: 1 }, context)).rows).toMatchObject([{ traceId: id(30), duration: 500_000, errors: 1 }]);
    // One span of the trace fits; all of it is told.
    expect(await traces.list({ scope: everything('severity:high'), sort: 'start', limit: 10 }, context)).toMatchObject({ total: 1, rows: [{ traceId: id(30), spans: 4 }] });
    expect(await traces.list({ scope: { query: '', from: START + 5_000_000, to: START + 5_050_000 }, sort: 'start', limit: 10 }, context)).toMatchObject({ total: 1, rows: [{ traceId: id(6), duration: 100_000 }] });
    expect((await traces.list({ scope: everything('service:nobody'), sort: 'start', limit: 10 }, context)).total).toBe(0);
  });

  it('are told with tree, self time, critical path, errors, and what is slower than before', async () => {
    await one.ingest(one.write('traces.json', jaeger(shop())));
    await one.ingest(one.write('app.jsonl', `${JSON.stringify({ timestamp: '2026-10-01T08:00:29.100Z', level: 'warn', message: 'lock', trace_id: id(30), span_id: 'a3' })}\n`));
    const { traces, events } = one.engine.handlers;
    const trace = await traces.get({ traceId: id(30) }, context);
    expect(trace).toMatchObject({ start: START + 29_000_000, end: START + 29_500_000, total: 4, earlier: 116, unreadable: 0 });
    expect(trace.spans.map(({ operation, depth, parent, place, self, critical, failed, error, usual }) => [operation, depth, parent, place, self, critical, failed, error, usual?.slow, usual?.n])).toEqual([
      ['POST /checkout', 0, -1, 'root', 20_000, 20_000, false, '', true, 29],
      ['order', 1, 0, 'child', 50_000, 50_000, false, '', true, 29],
      ['SELECT', 2, 1, 'child', 430_000, 430_000, true, 'lock wait timeout', true, 29],
      ['log', 2, 1, 'child', 5_000, 0, false, '', false, 29],
    ]);
    expect(trace.spans[2].usual).toMatchObject({ median: 30_000, factor: 430 / 30 });
    expect(trace.path.map(({ span, from, to }) => [span, (from - trace.start) / 1000, (to - trace.start) / 1000])).toEqual([[0, 0, 10], [1, 10, 20], [2, 20, 450], [1, 450, 490], [0, 490, 500]]);
    expect((await events.get({ id: trace.spans[2].event }, context)).fields).toContainEqual({ name: 'span_id', value: 'a3' });
    // The first trace has nothing before it.
    expect((await traces.get({ traceId: id(1) }, context)).spans.map(({ usual }) => usual)).toEqual([null, null, null, null]);
    // Ids are found as people type them.
    expect((await traces.get({ traceId: id(30).toUpperCase() }, context)).total).toBe(4);
    await expect(traces.get({ traceId: 'gone' }, context)).rejects.toMatchObject({ code: 'not_found' });
    await expect(traces.get({ traceId: '" OR *' }, context)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('show which service calls which', async () => {
    await one.ingest(one.write('traces.json', jaeger(shop())));
    await one.reopen();
    const graph = await one.engine.handlers.traces.services({ scope: everything(), limit: 500 }, context);
    expect(graph).toEqual({
      nodes: [{ service: 'api', spans: 60, errors: 0 }, { service: 'db', spans: 30, errors: 1 }, { service: 'web', spans: 30, errors: 0 }],
      edges: [{ caller: 'api', callee: 'db', calls: 30, errors: 1, p50: 30_000, p95: 30_000 }, { caller: 'web', callee: 'api', calls: 30, errors: 0, p50: 80_000, p95: 80_000 }],
      more: 0, looked: 120, total: 120,
    });
    // The calls of a trace are told whole, also when only one of its spans fits.
    expect((await one.engine.handlers.traces.services({ scope: everything('severity:high'), limit: 1 }, context))).toMatchObject({ edges: [{ caller: 'api', callee: 'db', calls: 1 }], more: 3, looked: 4 });
  });

  it('of more spans than can be shown say so', async () => {
    const spans = Array.from({ length: 10_050 }, (_, n): Given => ({ id: `b${n}`, ...(n > 0 && { parent: 'b0' }), service: 'batch', name: 'row', from: n, took: 1 }));
    await one.ingest(one.write('traces.json', jaeger({ [id(7)]: spans })));
    const trace = await one.engine.handlers.traces.get({ traceId: id(7) }, context);
    expect([trace.spans.length, trace.total]).toEqual([10_000, 10_050]);
  });

  it('are found between logs: in OTLP files that hold both, and in JSON of one\u2019s own', async () => {
    const nano = (ms: number): string => `${BigInt(START + ms * 1000) * 1000n}`;
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'mixed' } }] };
    const logRecords = Array.from({ length: 40 }, (_, n) => ({ timeUnixNano: nano(n), severityNumber: 9, body: { stringValue: `step ${n}` }, traceId: id(8), spanId: 'aa00000000000001' }));
    const spans = [{ traceId: id(8), spanId: 'aa00000000000001', name: 'job', kind: 2, startTimeUnixNano: nano(0), endTimeUnixNano: nano(50), status: {} }];
    const both = `${JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })}\n${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })}\n`;
    await one.ingest(one.write('both.json', both));
    const line = (own: Record<string, unknown>): string => JSON.stringify({ timestamp: '2026-10-01T08:00:00.010Z', level: 'info', service: 'own', trace_id: id(8), ...own });
    await one.ingest(one.write('own.jsonl', `${[
      line({ message: 'read', name: 'read', span_id: 'bb01', parent_span_id: 'aa00000000000001', duration_ms: 12 }), line({ message: 'GET / 200', span_id: 'bb01', duration_ms: 3 }), line({ message: 'done' }),
    ].join('\n')}\n`));
    // A log of requests that took a while each is none of spans.
    await one.ingest(one.write('requests.jsonl', `${line({ message: 'GET / 200', span_id: 'bb01', duration_ms: 3 })}\n`));
    const { traces } = one.engine.handlers;
    const trace = await traces.get({ traceId: id(8) }, context);
    expect(trace.spans.map(({ service, operation, depth, duration }) => [service, operation, depth, duration])).toEqual([['mixed', 'job', 0, 50_000], ['own', 'read', 1, 12_000]]);
    expect(trace.total).toBe(2);
    expect((await traces.list({ scope: everything(), sort: 'start', limit: 10 }, context)).rows).toMatchObject([{ traceId: id(8), operation: 'job', services: ['own', 'mixed'], spans: 3 }]);
  });
});
