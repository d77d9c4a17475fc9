/** Metrics files into a case and out again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { context, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1) / 1000;

/** OpenMetrics: a counter for two hosts, a gauge, one line that is none. */
function openMetrics(n: number): string {
  let text = '# TYPE http_requests counter\n# HELP http_requests Requests served.\n# TYPE pool_in_use gauge\n# UNIT pool_in_use connections\n';
  for (let i = 0; i < n; i++) text += `http_requests_total{host="a",code="200"} ${i * 60} ${START + i * 60}\nhttp_requests_total{host="b",code="200"} ${i * 30} ${START + i * 60}\npool_in_use ${i === 50 ? 400 : 20 + (i % 2)} ${START + i * 60}\n`;
  return `${text}pool_in_use {broken 1\n# EOF\n`;
}

describe('metrics', () => {
  it('are read, counted, listed and drawn, once', async () => {
    const file = one.write('metrics.prom', openMetrics(200));
    const [preview] = (await one.engine.handlers.ingest.preview({ paths: [file], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 }, limit: 10 }, context)).files;
    expect(preview).toMatchObject({ format: 'exposition', error: '' });
    expect(await one.ingest(file)).toMatchObject({ read: 601, stored: 600, rejected: 1, duplicates: 0 });
    const { metrics, events, rejects } = one.engine.handlers;
    const { rows, total } = await metrics.list({ text: '', limit: 100 }, context);
    expect(total).toBe(3);
    expect(rows.map(({ name, n, kind, cumulative }) => [name, n, kind, cumulative])).toEqual([['http_requests_total', 200, 'counter', true], ['http_requests_total', 200, 'counter', true], ['pool_in_use', 200, 'gauge', false]]);
    expect(rows[0]).toMatchObject({ labels: [['code', '200'], ['host', 'a']], t0: START * 1e6, t1: (START + 199 * 60) * 1e6 });
    expect((await metrics.list({ text: 'REQUESTS host b', limit: 100 }, context)).rows.map(({ labels }) => labels[1][1])).toEqual(['b']);

    const { lines } = await metrics.lines({ ids: rows.map(({ id }) => id), from: START * 1e6, to: (START + 200 * 60) * 1e6, buckets: 20 }, context);
    expect(lines[0].mean[5]).toBeCloseTo(1, 6);
    expect(lines[1].mean[5]).toBeCloseTo(0.5, 6);
    expect(lines[2].max[5]).toBe(400);
    expect(lines[2].z[5]).toBeGreaterThan(50);

    const { time, value, truncated } = await metrics.samples({ id: rows[2].id, from: (START + 49 * 60) * 1e6, to: (START + 52 * 60) * 1e6, limit: 10 }, context);
    expect([[...time].map((us) => us / 1e6 - START), [...value], truncated]).toEqual([[49 * 60, 50 * 60, 51 * 60], [21, 400, 21], false]);

    expect((await rejects.list({ after: 0, limit: 10 }, context)).total).toBe(1);
    expect(await events.sources({}, context)).toMatchObject([{ signal: 'metrics', format: 'exposition', state: 'done', ledger: { read: 601, stored: 600, rejected: 1 } }]);

    // The same file again is met again, not stored again; in a new engine too.
    expect(await one.ingest(file)).toMatchObject({ stored: 0 });
    await one.reopen();
    expect((await one.engine.handlers.metrics.list({ text: 'pool', limit: 5 }, context)).rows).toMatchObject([{ n: 200 }]);
    expect(await one.ingest(file)).toMatchObject({ stored: 0 });
  });

  it('are read as the kind that a person chose', async () => {
    // A bare number a line says little: nobody would take it for metrics.
    const file = one.write('odd.txt', 'load 1\nload 2\n');
    const options = { format: 'exposition', zone: 'UTC', service: '', dedupWindow: 0 };
    expect((await one.engine.handlers.ingest.preview({ paths: [file], options, limit: 10 }, context)).files).toMatchObject([{ format: 'exposition', reason: 'chosen by hand' }]);
    expect(await one.ingest(file, options)).toMatchObject({ read: 2, stored: 2 });
    expect((await one.engine.handlers.metrics.list({ text: 'load', limit: 5 }, context)).rows).toMatchObject([{ name: 'load', n: 2 }]);
  });

  it('whose reading was cut short are read from the start, and counted once', async () => {
    const lines = Array.from({ length: 900_000 }, (_, i) => `cpu,host=h${i % 50} used=${i % 97} ${(START + Math.floor(i / 50)) * 1000}000000`);
    const file = one.write('cpu.influx', `${lines.join('\n')}\n`);
    const { ingest, metrics } = one.engine.handlers;
    const { job } = await ingest.start({ paths: [file], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
    await new Promise<void>((resolve) => {
      const stop = one.engine.onPush((name) => {
        if (name !== 'ingest.progress') return;
        const total = one.engine.handlers.metrics.list({ text: '', limit: 1 }, context) as { total: number };
        if (total.total === 0) return;
        stop();
        void Promise.resolve(ingest.cancel({ job }, context)).then(resolve);
      });
    });
    await ingest.finished({ job }, context);
    expect(await one.ingest(file)).toMatchObject({ stored: 900_000, rejected: 0 });
    const { rows, total } = await metrics.list({ text: '', limit: 100 }, context);
    expect([total, rows.reduce((sum, { n }) => sum + n, 0)]).toEqual([50, 900_000]);
  });
});
