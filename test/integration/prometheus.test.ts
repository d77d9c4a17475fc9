/** The Prometheus connector against a real Prometheus that scrapes itself, where one is installed; and against one that misbehaves. */
import type http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import { serveHttp } from '../support/live.ts';
import { Prometheus, prometheusInstalled } from '../support/prometheus.ts';
import { context, TempCase } from '../support/temp-case.ts';

let one: TempCase;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await one.remove();
});

async function connect(config: Record<string, unknown>): Promise<ConnectionStatus> {
  const { connectors } = one.engine.handlers;
  const { id } = await connectors.add({ connector: 'prometheus', name: '', config }, context);
  return await connectors.settled({ id }, context);
}
async function listen(answer: http.RequestListener): Promise<string> {
  const { url, stop } = await serveHttp(answer);
  stops.push(stop);
  return url;
}

describe('the Prometheus connector', () => {
  it.runIf(prometheusInstalled)('reads what a real Prometheus has scraped, with the values that it says itself, and later what is new', async () => {
    const server = await Prometheus.start(one.folder);
    stops.push(async () => await server.kill());
    const { url } = server;
    // Some samples of each series.
    await new Promise((resolve) => setTimeout(resolve, 3000));

    const { connectors, metrics, events } = one.engine.handlers;
    expect(await connectors.test({ connector: 'prometheus', config: { url } }, context)).toMatchObject({ ok: true });
    const status = await connect({ url, names: 'prometheus_build_info|go_goroutines|prometheus_tsdb_compaction_chunk_range_seconds.*', hours: 0.05, step: 1 });
    expect(status).toMatchObject({ state: 'stopped', error: '', rejected: 0 });
    expect(status.stored).toBeGreaterThan(10);
    const { rows } = await metrics.list({ text: '', limit: 1000 }, context);
    expect(rows.length).toBe(Number((await server.query('count({__name__=~"prometheus_build_info|go_goroutines|prometheus_tsdb_compaction_chunk_range_seconds.*"})'))[0]));
    expect(rows.find(({ name }) => name === 'go_goroutines')).toMatchObject({ kind: 'gauge', cumulative: false });
    expect(rows.find(({ name }) => name.endsWith('_bucket'))).toMatchObject({ kind: 'histogram', cumulative: true });
    const goroutines = rows.find(({ name }) => name === 'go_goroutines');
    const { value } = await metrics.samples({ id: goroutines?.id ?? 0, from: null, to: null, limit: 1000 }, context);
    expect(Math.min(...value)).toBeGreaterThan(1);
    expect(await events.sources({}, context)).toMatchObject([{ signal: 'metrics', format: 'exposition', state: 'done' }]);

    const before = value.length;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await connectors.start({ id: status.id }, context);
    await connectors.settled({ id: status.id }, context);
    const again = await metrics.samples({ id: goroutines?.id ?? 0, from: null, to: null, limit: 1000 }, context);
    expect(again.value.length).toBeGreaterThan(before);
    expect(new Set(again.time).size).toBe(again.time.length);
  }, 60_000);

  it('asks for less when the server says it is too much, goes on after failures, and stores every sample once', async () => {
    let asked = 0;
    let failures = 3;
    const url = await listen((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.headers.authorization !== 'Bearer abc') return answer(401, {});
      if (pathname.endsWith('/values')) return answer(200, { status: 'success', data: ['up', 'down"\\quoted'] });
      if (pathname.endsWith('/metadata')) return answer(404, {});
      asked++;
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(searchParams.get(name)));
      if (end - start > 40 * step) return answer(422, { status: 'error', errorType: 'execution', error: 'query processing would load too many samples into memory in query execution' });
      if (failures-- > 0) return failures % 2 ? answer(503, { status: 'error', error: 'starting' }) : void request.socket.destroy();
      const values = [];
      for (let t = start; t <= end; t += step) values.push([t, String(t % 7)]);
      answer(200, { status: 'success', data: { resultType: 'matrix', result: [{ metric: { __name__: 'x', job: 'a "b"\n\\c' }, values }] } });
    });
    const { connectors, metrics } = one.engine.handlers;
    expect(await connect({ url, token: 'wrong' })).toMatchObject({ state: 'stopped', error: expect.stringContaining('token') as string, stored: 0 });
    expect(await connectors.test({ connector: 'prometheus', config: { url, token: 'abc', names: 'nothing.*' } }, context)).toMatchObject({ ok: false });
    const status = await connect({ url, token: 'abc', hours: 1, step: 15 });
    expect(status).toMatchObject({ state: 'stopped', error: '', stored: 480, rejected: 0 });
    expect(status.failuresTotal).toBeGreaterThan(0);
    expect(JSON.stringify(status)).not.toContain('abc');
    expect(asked).toBeGreaterThan(10);
    const { rows } = await metrics.list({ text: '', limit: 10 }, context);
    expect(rows.map(({ name, labels, n }) => [name, labels, n])).toEqual([['down"\\quoted', [['job', 'a "b"\n\\c']], 240], ['up', [['job', 'a "b"\n\\c']], 240]]);
    for (const { id } of rows) {
      const { time } = await metrics.samples({ id, from: null, to: null, limit: 1000 }, context);
      expect(new Set(time).size).toBe(240);
    }
  });

  it('says what is wrong with an address', async () => {
    const { connectors } = one.engine.handlers;
    const test = async (config: Record<string, unknown>): Promise<string> => (await connectors.test({ connector: 'prometheus', config }, context)).message;
    expect(await test({ url: 'ftp://x' })).toContain("'url'");
    expect(await test({ url: 'http://127.0.0.1:1' })).toContain('cannot be reached');
    const web = await listen((_, response) => void response.writeHead(200).end('<html>hello</html>'));
    expect(await test({ url: web })).toContain('not what Prometheus answers');
    const none = await listen((_, response) => void response.writeHead(404).end());
    expect(await test({ url: none })).toContain('no Prometheus API');
    expect(await test({ url: none, names: '(' })).toContain('no regular expression');
  });
});
