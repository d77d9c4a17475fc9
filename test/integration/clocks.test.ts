/** Clocks of sources through the real engine: set, seen everywhere, taken back without a trace, suggested. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClockSetting } from '../../src/shared/clock.ts';
import type { ExportStatus } from '../../src/shared/contract/reports.ts';
import type { Source } from '../../src/shared/event.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1, 8) * 1000;
const EVENTS = 5000;
/** Every 200 ms; the second source is `late` behind and each hour `slow` more. */
const iso = (time: number): string => `${new Date(Math.floor(time / 1000)).toISOString().slice(0, -1)}${String(time % 1000).padStart(3, '0')}Z`;
const line = (time: number, i: number, service: string): string => JSON.stringify({ time: iso(time), level: i % 50 === 0 ? 'error' : 'info', service, user: `u${i % 7}`, latency_ms: i % 90, msg: `${service} did step ${i}` });
function lines(service: string, shift: number, from = 0, to = EVENTS): string {
  return Array.from({ length: to - from }, (_, k) => `${line(START + (from + k) * 200_000 + shift, from + k, service)}\n`).join('');
}
const setting = (given: Partial<ClockSetting>): ClockSetting => ({ offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '', ...given });

async function source(name: string): Promise<Source> {
  const found = (await one.engine.handlers.events.sources({}, context)).find(({ path }) => path.endsWith(name));
  if (!found) throw new Error(`${name} is not there`);
  return found;
}
async function set(name: string, given: Partial<ClockSetting> | null): Promise<void> {
  const { clocks } = one.engine.handlers;
  await clocks.set({ source: (await source(name)).id, setting: given && setting(given) }, context);
  await clocks.counted({}, context);
}
const sql = async (text: string): Promise<(string | number | null)[][]> => (await one.engine.handlers.sql.run({ sql: text, limit: 200_000, timeoutMs: 20_000 }, context)).rows;

/** What can be seen of the case. */
async function seen(): Promise<unknown> {
  const { events, cases } = one.engine.handlers;
  const window = await whenComplete(async () => await events.window({ scope: everything(), buckets: 60, lanes: 'source', maxLanes: 9 }, context));
  const { rows } = await one.page(everything(), { rank: 0 });
  const info = await cases.info({}, context);
  return {
    window: { ...window, version: 0 }, ids: [...rows.id], times: [...rows.time], original: rows.original, extent: [info?.from, info?.to],
    sources: (await events.sources({}, context)).map(({ from, to, clock }) => [from, to, clock?.offset]),
    rollups: await Promise.all(['1s', '1m', '1h', '1d'].map(async (name) => await sql(`SELECT * FROM rollup_${name}`))),
    events: await sql('SELECT * FROM events ORDER BY id LIMIT 500'),
    range: (await one.page({ query: 'service:b', from: START + 100e6, to: START + 101e6 })).rows.message,
  };
}

describe('a clock', () => {
  beforeEach(async () => {
    await one.ingest([one.write('a.jsonl', lines('a', 0)), one.write('b.jsonl', lines('b', -3_000_000))]);
  });

  it('moves every answer about the source, keeps what it wrote, and leaves the others alone', async () => {
    const { events } = one.engine.handlers;
    expect((await one.page({ query: 'step', from: START, to: START + 100_000 })).rows.message.toSorted()).toEqual(['a did step 0', 'b did step 15']);
    await set('b.jsonl', { offset: 3_000_000, uncertainty: 20_000, note: 'NTP was off' });
    const { rows } = await one.page(everything(), { rank: 0 });
    expect(rows.message.slice(0, 4).toSorted()).toEqual(['a did step 0', 'a did step 1', 'b did step 0', 'b did step 1']);
    expect([...rows.time.slice(0, 4)].map((time) => time - START)).toEqual([0, 0, 200_000, 200_000]);
    expect([...rows.id].map((id, i) => rows.time[i] - (rows.original?.[i] ?? Number.NaN) - (rows.service[i] === 'b' ? 3_000_000 : 0)).every((difference) => difference === 0)).toBe(true);
    expect((await one.page({ query: 'service:b', from: START + 100e6, to: START + 101e6 })).rows.message).toEqual([500, 501, 502, 503, 504].map((i) => `b did step ${i}`));
    expect((await one.page({ query: 'service:b', from: null, to: START }, { rank: 0 })).total).toBe(0);
    const id = rows.id[rows.service.indexOf('b')];
    const detail = await events.get({ id }, context);
    expect(detail).toMatchObject({ time: START, timeText: iso(START - 3_000_000), clock: { original: START - 3_000_000, uncertainty: 20_000 }, raw: lines('b', -3_000_000, 0, 1).trim() });
    expect(await source('b.jsonl')).toMatchObject({ from: START, to: START + (EVENTS - 1) * 200_000, clock: { offset: 3_000_000, uncertainty: 20_000, note: 'NTP was off', setBy: 'ana' } });
    expect(await source('a.jsonl')).not.toHaveProperty('clock');
    const window = await whenComplete(async () => await events.window({ scope: everything(), buckets: 10, lanes: 'service', maxLanes: 9 }, context));
    expect([window.from, window.to]).toEqual([START, START + (EVENTS - 1) * 200_000 + 1]);
    expect(Array.from(window.lanes[0].counts)).toEqual(Array.from(window.lanes[1].counts));
    // Both did the same at the same seconds.
    expect(await sql("SELECT time_us, total, info, high FROM rollup_1s WHERE service = 'b'")).toEqual(await sql("SELECT time_us, total, info, high FROM rollup_1s WHERE service = 'a'"));
    expect(await sql("SELECT DISTINCT time_us - original_time_us, time_uncertainty_us FROM events WHERE query = 'service:b'")).toEqual([[3_000_000, 20_000]]);
    expect(await sql("SELECT count(*) FROM events WHERE query = 'service:a' AND original_time IS NOT NULL")).toEqual([[0]]);
    expect((await events.rank({ scope: everything('service:b'), order: 'asc', id }, context))?.rank).toBe(0);
  });

  it('that drifts is corrected along the way, in one order of time', async () => {
    const reference = START - 3_000_000;
    await set('b.jsonl', { offset: 3_000_000, drift: 50, reference });
    const { rows } = await one.page(everything('service:b'), { rank: EVENTS - 1 });
    const original = START - 3_000_000 + (EVENTS - 1) * 200_000;
    expect(rows.time[0]).toBe(Math.round(original + 3_000_000 + 50e-6 * (original - reference)));
    const all: number[] = [];
    for (let rank = 0; rank < EVENTS * 2; rank += 1000) all.push(...(await one.page(everything(), { rank })).rows.time);
    expect(all.every((time, i) => i === 0 || time >= all[i - 1])).toBe(true);
    const ids = new Set<number>();
    let after = (await one.page(everything(), { rank: 0 }, 'asc', 1)).rows.id[0];
    ids.add(after);
    for (;;) {
      const page = await one.page(everything(), { after });
      if (page.rows.id.length === 0) break;
      for (const id of page.rows.id) ids.add(id);
      after = page.rows.id[page.rows.id.length - 1];
    }
    expect(ids.size).toBe(EVENTS * 2);
  });

  it('taken back leaves everything as it was, also after opening again', async () => {
    const before = await seen();
    await set('b.jsonl', { offset: 3_000_000, drift: -80, reference: START, uncertainty: 5 });
    const corrected = await seen();
    expect(corrected).not.toEqual(before);
    await one.reopen();
    expect(await seen()).toEqual(corrected);
    await set('b.jsonl', null);
    expect(await seen()).toEqual(before);
    await one.reopen(true);
    expect(await seen()).toEqual(before);
    const history = await one.engine.handlers.clocks.history({ source: (await source('b.jsonl')).id }, context);
    expect(history.map(({ offset, setBy }) => [offset, setBy])).toEqual([[3_000_000, 'ana'], [0, 'ana']]);
  });

  it('holds for what is read on', async () => {
    await set('b.jsonl', { offset: 3_000_000 });
    fs.appendFileSync(`${one.folder}/b.jsonl`, lines('b', -3_000_000, EVENTS, EVENTS + 1000));
    fs.appendFileSync(`${one.folder}/a.jsonl`, lines('a', 0, EVENTS, EVENTS + 1000));
    await one.ingest([`${one.folder}/a.jsonl`, `${one.folder}/b.jsonl`]);
    expect((await source('b.jsonl')).to).toBe(START + (EVENTS + 999) * 200_000);
    for (const name of ['1s', '1m', '1h']) {
      const of = async (service: string): Promise<unknown> => await sql(`SELECT time_us, total, latency_count, latency_mean, latency_p95, users FROM rollup_${name} WHERE service = '${service}'`);
      expect(await of('b')).toEqual(await of('a'));
    }
    const before = await seen();
    // Counted from the segments it is the same as counted while they came in.
    await set('b.jsonl', { offset: 3_000_001 });
    await set('b.jsonl', { offset: 3_000_000 });
    expect(await seen()).toEqual(before);
  });

  it('is in exports and reports', async () => {
    const { reports, investigations, events } = one.engine.handlers;
    const exported = async (format: 'csv' | 'jsonl', query: string): Promise<string[]> => {
      const file = `${one.folder}/out.${format}`;
      const told: ExportStatus[] = [];
      const stop = one.engine.onPush((name, value) => name === 'reports.exportProgress' && told.push(value as ExportStatus));
      await reports.exportEvents({ scope: { ...everything(query), to: START + 1e6 }, order: 'asc', format, path: file, zone: 'UTC' }, context);
      while (!told.some(({ state }) => state !== 'running')) await new Promise((resolve) => setTimeout(resolve, 5));
      stop();
      expect(told.at(-1)).toMatchObject({ state: 'done' });
      return fs.readFileSync(file, 'utf8').trim().split(/\r?\n/);
    };
    expect((await exported('csv', ''))[0]).not.toContain('original_time');
    await set('b.jsonl', { offset: 3_000_000, uncertainty: 20_000 });
    const csv = await exported('csv', '');
    expect(csv[0].split(',').slice(0, 4)).toEqual(['id', 'time', 'original_time', 'time_uncertainty_us']);
    const cells = csv.slice(1).map((row) => row.split(','));
    expect(cells.find((row) => row.includes('b'))?.slice(1, 4)).toEqual([iso(START), iso(START - 3_000_000), '20000']);
    expect(cells.find((row) => row.includes('a'))?.slice(1, 4)).toEqual([iso(START), '', '']);
    const rows = (await exported('jsonl', 'service:b')).map((row) => JSON.parse(row) as Record<string, unknown>);
    expect(rows[0]).toMatchObject({ time: iso(START), original_time: iso(START - 3_000_000), time_uncertainty_us: 20_000 });
    const { id } = await investigations.create({ title: 'Clocks' }, context);
    const found = await events.page({ scope: everything('service:b'), order: 'asc', at: { rank: 0 }, limit: 1 }, context);
    await investigations.pin({ id, eventIds: [...found.rows.id], note: '' }, context);
    const { html } = await reports.incidentHtml({ investigationId: id, zone: 'UTC' }, context);
    expect(html).toContain('2026-10-01 07:59:57.000000');
    expect(html).toMatch(/b\.jsonl[^<]*moved by 3 s; right within 20 ms/);
    expect(await reports.incidentJson({ investigationId: id }, context)).toMatchObject({ pins: [{ event: { time: START, clock: { original: START - 3_000_000, uncertainty: 20_000 } } }] });
  });

  it('that another source knows better is suggested with what speaks for it', async () => {
    const { clocks } = one.engine.handlers;
    const write = (name: string, shift: (i: number) => number): string =>
      one.write(name, Array.from({ length: 400 }, (_, i) => `${JSON.stringify({ time: iso(Math.round(START + i * 9_000_000 + shift(i))), service: name[0], trace_id: i.toString(16).padStart(32, '0'), msg: `request of ${name}` })}\n`).join(''));
    // d is 7.5 s behind at the start and loses 40 us a second; 3 ms pass from c to d.
    await one.ingest([write('c.jsonl', (i) => (i * 7919) % 900), write('d.jsonl', (i) => 3000 - 7_500_000 - i * 360)]);
    const { suggestions, looked, truncated } = await clocks.suggest({ source: (await source('d.jsonl')).id }, context);
    expect([looked, truncated]).toEqual([EVENTS * 2 + 800, false]);
    expect(suggestions[0]).toMatchObject({ against: (await source('c.jsonl')).id, kind: 'trace_id', shared: 400, zone: null });
    const { offset, drift, reference, uncertainty } = suggestions[0].setting;
    for (const i of [0, 399]) {
      const wrote = START + i * 9_000_000 + 3000 - 7_500_000 - i * 360;
      expect(Math.abs(wrote + offset + (drift / 1e6) * (wrote - reference) - (START + i * 9_000_000 + 450))).toBeLessThanOrEqual(uncertainty);
    }
    expect(drift).toBeCloseTo(40, 0);
    expect(uncertainty).toBeLessThan(3000);
    await set('d.jsonl', suggestions[0].setting);
    const again = await clocks.suggest({ source: (await source('d.jsonl')).id }, context);
    // What is suggested does not hang on what is set.
    expect(again.suggestions[0].setting).toEqual(suggestions[0].setting);
  });

  it('is refused where it cannot be meant', async () => {
    const { clocks } = one.engine.handlers;
    await expect(async () => await clocks.set({ source: 99, setting: setting({ offset: 1 }) }, context)).rejects.toMatchObject({ code: 'not_found' });
    await expect(async () => await set('b.jsonl', { zone: 'Europe/Berlin' })).rejects.toMatchObject({ code: 'invalid_input' });
    await one.reopen(true);
    await expect(async () => await set('b.jsonl', { offset: 1 })).rejects.toMatchObject({ code: 'read_only' });
  });
});

it('a zone can be declared for times that name none, as if they had been read with it', async () => {
  const text = Array.from({ length: 200 }, (_, i) => `2026-10-25 ${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00 INFO app: tick ${i}\n`).join('');
  await one.ingest(one.write('x.log', text));
  const other = await TempCase.create();
  try {
    await other.ingest(other.write('x.log', text), { zone: 'Europe/Berlin' });
    await set('x.log', { zone: 'Europe/Berlin' });
    const [mine, read] = [await one.page(everything()), await other.page(everything())];
    expect([...mine.rows.time]).toEqual([...read.rows.time]);
    expect(mine.rows.message).toEqual(read.rows.message);
    expect(mine.rows.original?.[0]).toBe(Date.UTC(2026, 9, 25) * 1000);
    expect(await source('x.log')).toMatchObject({ zone: 'UTC', from: (await other.engine.handlers.events.sources({}, context))[0].from });
  } finally {
    await other.remove();
  }
});

it('a machine whose battery was empty is put on the time axis', async () => {
  await one.ingest(one.write('x.jsonl', Array.from({ length: 50 }, (_, i) => `${JSON.stringify({ time: iso(i * 1e6), msg: `up for ${i} s` })}\n`).join('')));
  expect((await source('x.jsonl')).from).toBeNull();
  await set('x.jsonl', { offset: START });
  expect(await source('x.jsonl')).toMatchObject({ from: START, to: START + 49e6 });
  expect((await one.page(everything('is:suspect'))).total).toBe(0);
  expect(await sql('SELECT sum(total) FROM rollup_1m')).toEqual([[50]]);
  await set('x.jsonl', null);
  expect((await one.page(everything('is:suspect'))).total).toBe(50);
  expect((await source('x.jsonl')).from).toBeNull();
});

it('series go by the clock of their source', async () => {
  const samples = Array.from({ length: 100 }, (_, i) => `load,host=a value=${i} ${(START + i * 10e6) * 1000}\n`).join('');
  await one.ingest(one.write('m.influx', samples));
  const { metrics } = one.engine.handlers;
  const before = await metrics.list({ text: '', limit: 100 }, context);
  const { id } = before.rows[0];
  await set('m.influx', { offset: -60e6, drift: 100, reference: START });
  expect((await metrics.list({ text: '', limit: 100 }, context)).rows[0]).toMatchObject({ t0: START - 60e6, t1: START - 60e6 + 990e6 + 99_000 });
  const some = await metrics.samples({ id, from: START - 60e6 + 10e6, to: START - 60e6 + 30e6, limit: 100 }, context);
  expect([[...some.time], [...some.value]]).toEqual([[START - 60e6 + 10e6 + 1000, START - 60e6 + 20e6 + 2000], [1, 2]]);
  expect((await source('m.influx')).from).toBe(START - 60e6);
  await set('m.influx', null);
  expect(await metrics.list({ text: '', limit: 100 }, context)).toEqual(before);
});

it('what is killed while it counts anew is counted to the end when the case is opened next', async () => {
  await one.ingest(Array.from({ length: 60 }, (_, k) => one.write(`s${k}.jsonl`, lines('a', 0, k * 100, k * 100 + 100))));
  const rollups = async (): Promise<unknown> => await sql("SELECT time_us, total, info, high, latency_mean, users FROM rollup_1m");
  const path = (await one.engine.handlers.events.sources({}, context)).find(({ id }) => id === 1)?.path ?? '';
  await set(path, { offset: 86_400e6 });
  const wanted = await rollups();
  await set(path, null);
  const { file, folder } = one;
  await one.engine.close();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../support/clock-child.ts', import.meta.url)), `${folder}/child`, file, String(86_400e6)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  child.kill('SIGKILL');
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Somebody looks at it as it was left: what is not counted yet is not told as if it were.
  await one.reopen(true);
  const left = await rollups().catch((error: unknown) => error);
  expect(left instanceof Error ? left : wanted).toEqual(left instanceof Error ? expect.objectContaining({ code: 'busy' }) : left);
  expect((await one.page(everything(), { rank: 5999 })).rows.time[0]).toBeGreaterThan(START + 86_400e6);
  await one.reopen();
  await one.engine.handlers.clocks.counted({}, context);
  expect(await rollups()).toEqual(wanted);
});
