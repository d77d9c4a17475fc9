import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import type { IncidentReport } from '../../src/main/engine/reports/incident/data.ts';
import type { ExportStatus } from '../../src/shared/contract/reports.ts';

const EVENTS = 12_000;
const context = { signal: new AbortController().signal };
let folder: string;
let engine: Engine;
const told: ExportStatus[] = [];

function start(): Engine {
  const made = createEngine({ dataDir: path.join(folder, 'data'), toolVersion: '0.1.0', user: 'ana' });
  made.onPush((name, value) => name === 'reports.exportProgress' && told.push(value as ExportStatus));
  return made;
}
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-report-'));
  const lines = Array.from({ length: EVENTS }, (_, i) =>
    JSON.stringify({ time: new Date(Date.UTC(2026, 10, 20) + i * 250).toISOString(), level: i % 100 === 0 ? 'error' : 'info', service: i % 2 ? 'a' : 'b', msg: i === 5000 ? '=<script>\u202e' : `step ${i} ${'z'.repeat(i === 7000 ? 5000 : 3)}` }),
  );
  fs.writeFileSync(path.join(folder, 'app.jsonl'), `${lines.join('\n')}\n`);
  engine = start();
  await engine.handlers.cases.create({ path: path.join(folder, 'x.tidemark') }, context);
  const { job } = await engine.handlers.ingest.start({ paths: [path.join(folder, 'app.jsonl')], options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
  await engine.handlers.ingest.finished({ job }, context);
});
afterAll(async () => {
  await engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function exported(query: string, order: 'asc' | 'desc'): Promise<{ id: number; time: string; message: string }[]> {
  const file = path.join(folder, 'out.jsonl');
  const { job } = await engine.handlers.reports.exportEvents({ scope: { query, from: null, to: null }, order, format: 'jsonl', path: file, zone: 'UTC' }, context);
  while (!told.some((status) => status.job === job && status.state !== 'running')) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told.findLast((status) => status.job === job)).toMatchObject({ state: 'done', error: '' });
  return fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { id: number; time: string; message: string });
}

it('exports every event once, in order, whole', async () => {
  for (const order of ['asc', 'desc'] as const) {
    const rows = await exported('', order);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(EVENTS);
    const times = rows.map(({ time }) => time);
    expect(times).toEqual(order === 'asc' ? times.toSorted() : times.toSorted().reverse());
    expect(rows.reduce((longest, { message }) => Math.max(longest, message.length), 0)).toBe('step 7000 '.length + 5000);
  }
  expect(await exported('message:/step \\d*7 /', 'asc')).toHaveLength(EVENTS / 10);
});

it('reports an investigation as it was left, after closing and opening too', async () => {
  const { investigations, reports, events, cases } = engine.handlers;
  const { id } = await investigations.create({ title: 'Steps fail' }, context);
  const { rows } = await events.page({ scope: { query: 'severity:high OR message:script', from: null, to: null }, order: 'asc', at: { rank: 0 }, limit: 200 }, context);
  const eventIds = [...rows.id];
  expect(eventIds.length).toBeGreaterThan(100);
  await investigations.pin({ id, eventIds, note: '' }, context);
  await investigations.setPinNote({ id, eventId: eventIds[3], note: 'the **first** one' }, context);
  await expect(Promise.resolve(investigations.pin({ id, eventIds: [2 ** 40], note: '' }, context))).rejects.toMatchObject({ code: 'not_found' });
  await investigations.update({ id, edit: { status: 'resolved' } }, context);
  const marked = await events.page({ scope: { query: 'is:pinned', from: null, to: null }, order: 'asc', at: { rank: 0 }, limit: 1 }, context);
  expect(marked.total).toBe(eventIds.length);

  await engine.close();
  engine = start();
  await engine.handlers.cases.open({ path: path.join(folder, 'x.tidemark'), readOnly: true }, context);
  const data = (await engine.handlers.reports.incidentJson({ investigationId: id }, context)) as IncidentReport;
  expect(data).toMatchObject({ investigation: { title: 'Steps fail', status: 'resolved', pins: eventIds.length }, ledger: { read: EVENTS, stored: EVENTS }, history: { total: 4 } });
  expect(data.pins.map(({ eventId }) => eventId)).toEqual(eventIds);
  expect(data.pins[3].note).toBe('the **first** one');
  const source = fs.readFileSync(path.join(folder, 'app.jsonl'));
  for (const { event } of data.pins) {
    if (!event) throw new Error('a pinned event is missing');
    const { offset, length } = event.provenance;
    // The bytes that the provenance names, cut to 4 KiB.
    const shown = Math.min(length, 4096);
    expect(event.raw === source.toString('utf8', offset, offset + shown)).toBe(true);
    expect(event.rawLeftOut).toBe(length - shown);
  }
  const { html } = await engine.handlers.reports.incidentHtml({ investigationId: id, zone: 'Asia/Tokyo' }, context);
  expect(html).toContain('the <strong>first</strong> one');
  expect(html).not.toContain('<script');
  await expect(async () => await engine.handlers.investigations.update({ id, edit: { status: 'open' } }, context)).rejects.toMatchObject({ code: 'read_only' });
  await expect(reports.incidentHtml({ investigationId: id, zone: 'Mars/Olympus' }, context)).rejects.toMatchObject({ code: 'invalid_input' });
  await cases.close({}, context);
});
