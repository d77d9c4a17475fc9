/** Clocks of live sources, of traces, of logs without ids, and of a case that was damaged. */
import net from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ClockSetting } from '../../src/shared/clock.ts';
import { listening, when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1, 8) * 1000;
const idOf = async (name: string): Promise<number> => (await one.engine.handlers.events.sources({}, context)).find(({ path }) => path.endsWith(name))?.id ?? 0;
async function set(source: number, given: Partial<ClockSetting>): Promise<void> {
  await one.engine.handlers.clocks.set({ source, setting: { offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '', ...given } }, context);
  await one.engine.handlers.clocks.counted({}, context);
}
const rollups = async (): Promise<unknown> => (await one.engine.handlers.sql.run({ sql: 'SELECT time_us, service, total, info, high FROM rollup_1s ORDER BY 1, 2', limit: 1000, timeoutMs: 10_000 }, context)).rows;

it('a zone is declared for a connection whose lines have none: what is stored and what comes', async () => {
  const { id, port } = await listening(one, 'syslog', { protocols: 'tcp' });
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const send = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      socket.write(`<13>Oct 11 22:14:${String(10 + i)} web-1 app: step ${i}\n`);
      await when(one, id, ({ stored }) => stored === i + 1);
    }
  };
  await send(0, 3);
  const [source] = await one.engine.handlers.events.sources({}, context);
  await set(source.id, { zone: 'Europe/Berlin' });
  await send(3, 8);
  const { rows } = await one.page(everything());
  const at = (i: number): number => Date.UTC(2026, 9, 11, 20, 14, 10 + i) * 1000;
  expect([...rows.time]).toEqual([...Array(8).keys()].map(at));
  expect(rows.message).toEqual([...Array(8).keys()].map((i) => `step ${i}`));
  const detail = await one.engine.handlers.events.get({ id: rows.id[7] }, context);
  expect(detail).toMatchObject({ raw: expect.stringContaining('<13>Oct 11 22:14:17 web-1 app: step 7') as string, clock: { original: at(7) + 7200e6 } });
  const counted = await rollups();
  expect((counted as number[][]).map(([time]) => time)).toEqual([...Array(8).keys()].map(at));
  // Counted as they came in it is the same as counted anew.
  await set(source.id, { zone: 'Europe/Berlin', offset: 1 });
  await set(source.id, { zone: 'Europe/Berlin' });
  expect(await rollups()).toEqual(counted);
  await one.engine.handlers.clocks.set({ source: source.id, setting: null }, context);
  expect([...(await one.page(everything())).rows.time]).toEqual([...Array(8).keys()].map((i) => at(i) + 7200e6));
  socket.destroy();
});

it('callers and callees say how far the clocks of two tracers are apart', async () => {
  const jaeger = (spans: { id: string; parent?: string; kind: string; from: number; took: number; trace: number }[]): string => JSON.stringify({
    data: [...new Set(spans.map(({ trace }) => trace))].map((trace) => ({
      traceID: trace.toString(16).padStart(32, '0'), processes: { p: { serviceName: spans[0].kind, tags: [] } },
      spans: spans.filter((span) => span.trace === trace).map(({ id, parent, kind, from, took }) => ({
        traceID: trace.toString(16).padStart(32, '0'), spanID: id, operationName: 'call', startTime: START + from, duration: took, processID: 'p', logs: [],
        references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: trace.toString(16).padStart(32, '0'), spanID: parent }], tags: [{ key: 'span.kind', type: 'string', value: kind }],
      })),
    })),
  });
  const n = [...Array(60).keys()];
  const hex = (i: number): string => i.toString(16).padStart(16, '0');
  // The way there takes 1 to 4 ms, the way back 2 ms; the callee's clock is 7 s ahead.
  const there = (i: number): number => 1000 + (i % 4) * 1000;
  await one.ingest([
    one.write('web.json', jaeger(n.map((i) => ({ id: hex(i + 1), kind: 'client', from: i * 1e6 + 137, took: there(i) + 40_000 + 2000, trace: i + 1 })))),
    one.write('db.json', jaeger(n.map((i) => ({ id: hex(i + 1000), parent: hex(i + 1), kind: 'server', from: i * 1e6 + 137 + there(i) + 7e6, took: 40_000, trace: i + 1 })))),
  ]);
  for (const [source, other, sign] of [['db.json', 'web.json', -1], ['web.json', 'db.json', 1]] as const) {
    const { suggestions } = await one.engine.handlers.clocks.suggest({ source: await idOf(source) }, context);
    expect(suggestions).toMatchObject([{ kind: 'call', against: await idOf(other), setting: { drift: 0 } }]);
    const { offset, uncertainty } = suggestions[0].setting;
    expect(Math.abs(offset - sign * 7e6)).toBeLessThanOrEqual(uncertainty);
    expect(uncertainty).toBeLessThan(4000);
  }
  // Set, the callee works while its caller waits.
  const { suggestions } = await one.engine.handlers.clocks.suggest({ source: await idOf('db.json') }, context);
  await set(await idOf('db.json'), suggestions[0].setting);
  const trace = await one.engine.handlers.traces.get({ traceId: '1'.padStart(32, '0') }, context);
  expect(trace.spans.map(({ kind, early }) => [kind, early])).toEqual([['client', 0], ['server', 0]]);
  expect(trace.spans[1].start).toBeGreaterThanOrEqual(trace.spans[0].start);
});

it('where there are no ids, messages that stand once in each log do', async () => {
  const log = (name: string, shift: number, noise: string): string =>
    one.write(name, Array.from({ length: 80 }, (_, i) => `${new Date(START / 1000 + i * 1700 + shift).toISOString()} INFO relay: ${i % 8 === 7 ? noise : `mail ${i * 7919} was handed over to the queue`}\n`).join(''));
  await one.ingest([log('mta.log', 0, 'nothing to do for the next ten seconds'), log('spool.log', 42_000, 'nothing to do for the next ten seconds')]);
  const { suggestions } = await one.engine.handlers.clocks.suggest({ source: await idOf('spool.log') }, context);
  expect(suggestions).toMatchObject([{ kind: 'message', shared: 70, setting: { offset: -42_000_000, drift: 0 } }]);
});

it('a suggestion can be given up', async () => {
  await one.ingest(one.write('a.log', Array.from({ length: 20_000 }, (_, i) => `${new Date(START / 1000 + i).toISOString()} INFO app: request ${i} of the day came in\n`).join('')));
  await one.ingest(one.write('b.log', Array.from({ length: 20_000 }, (_, i) => `${new Date(START / 1000 + 700 + i).toISOString()} INFO app: request ${i} of the day came in\n`).join('')));
  const source = await idOf('a.log');
  const abort = new AbortController();
  const asked = one.engine.handlers.clocks.suggest({ source }, { signal: abort.signal });
  abort.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

it('what is salvaged of a case goes by its clocks', async () => {
  await one.ingest(one.write('x.jsonl', Array.from({ length: 50 }, (_, i) => `${JSON.stringify({ time: new Date(START / 1000 + i * 1000).toISOString(), msg: `step ${i}` })}\n`).join('')));
  await set(await idOf('x.jsonl'), { offset: 5e6, uncertainty: 7 });
  const before = await rollups();
  const into = `${one.folder}/saved.tidemark`;
  await one.engine.handlers.cases.close({}, context);
  await one.engine.handlers.cases.salvage({ path: one.file, into }, context);
  expect((await one.engine.handlers.events.sources({}, context))[0]).toMatchObject({ from: START + 5e6, to: START + 54e6, clock: { offset: 5e6, uncertainty: 7, setBy: 'ana' } });
  expect((await one.page(everything())).rows.time[0]).toBe(START + 5e6);
  expect(await rollups()).toEqual(before);
});
