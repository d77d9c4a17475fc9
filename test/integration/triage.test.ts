/** Triage from marks to a ranked queue, through the whole engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TriageReply } from '../../src/shared/contract/models.ts';
import { context, TempCase, everything } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const SERVICES = ['cart', 'front', 'payment', 'search'];
const USUAL = ['request served in', 'cache hit for key', 'session refreshed for user', 'job finished with code', 'connection opened to', 'page rendered for'];
const TROUBLE = ['payment gateway timeout after', 'card processor timeout on attempt', 'ledger write timeout for order', 'gateway refused connection from', 'refund worker timeout in step', 'charge queue timeout at depth'];

/** A beat of usual lines of four services, and now and then trouble of the payment service. */
function log(hours: number, from = START): string {
  const lines: string[] = [];
  for (let i = 0; i < hours * 360; i++) {
    const timestamp = new Date(from + i * 10_000).toISOString();
    const service = SERVICES[i % 4];
    lines.push(JSON.stringify({ timestamp, service, level: 'info', message: `${USUAL[i % USUAL.length]} ${i}`, latency_ms: 10 + (i % 7) }));
    if (i % 41 === 7) lines.push(JSON.stringify({ timestamp, service: 'payment', level: i % 2 ? 'warn' : 'error', message: `${TROUBLE[i % TROUBLE.length]} ${i}`, latency_ms: 900 }));
    if (i % 97 === 5) lines.push(JSON.stringify({ timestamp, service: 'search', level: 'error', message: `index rebuild skipped shard ${i}` }));
  }
  return `${lines.join('\n')}\n`;
}

describe('triage', () => {
  let made: TempCase;
  const models = (): TempCase['engine']['handlers']['models'] => made.engine.handlers.models;
  const ask = async (query = '', limit = 100): Promise<TriageReply> => await models().triage({ scope: everything(query), limit, run: '' }, context);
  const ids = async (query: string): Promise<number[]> => [...(await made.page(everything(query))).rows.id];
  beforeAll(async () => {
    made = await TempCase.create();
    await made.ingest(made.write('app.jsonl', log(3)));
  });
  afterAll(async () => await made.remove());

  it('has, before anything is marked, patterns that are unlike each other', async () => {
    const { by, version, rows, events, total, scored } = await ask();
    expect([by, version]).toEqual(['unlike', null]);
    expect(scored).toBe(total);
    expect(rows.length).toBeGreaterThan(8);
    expect([...events.id]).toEqual(rows.map(({ event }) => event));
    expect(rows[0].reasons[0].text).not.toBe('');
    expect(rows.reduce((sum, { alike }) => sum + alike, 0)).toBe(total);
  });

  it('refuses to learn from too few marks, with what is missing', async () => {
    const timeouts = await ids('timeout');
    await models().mark({ eventIds: timeouts.slice(0, 3), relevant: true }, context);
    await expect(models().train({ run: '' }, context)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('Mark 2 more.') });
    expect((await models().state({}, context)).tooFew).toContain('there are 3 relevant and 0 not relevant');
  });

  it('undoes marks to what was said before', async () => {
    const [one] = await ids('timeout');
    expect(await models().mark({ eventIds: [one], relevant: false }, context)).toEqual([{ eventId: one, relevant: true }]);
    expect(await models().mark({ eventIds: [one], relevant: true }, context)).toEqual([{ eventId: one, relevant: false }]);
    expect(await models().mark({ eventIds: [one], relevant: true }, context)).toEqual([]);
    expect(await models().unmark({ eventIds: [one] }, context)).toEqual([{ eventId: one, relevant: true }]);
    await expect(models().mark({ eventIds: [1e9], relevant: true }, context)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('learns, ranks what is like the marks first, and says why', async () => {
    const timeouts = (await ids('timeout')).slice(0, 10);
    await models().mark({ eventIds: timeouts, relevant: true }, context);
    await models().mark({ eventIds: [...(await ids('rendered')).slice(0, 4), ...(await ids('index')).slice(0, 3)], relevant: false }, context);
    const version = await models().train({ run: '' }, context);
    expect(version).toMatchObject({ version: 1, current: true, lineage: { relevant: 10, notRelevant: 7, seed: 20_261_121, case: 'x', importedFrom: '' }, figures: { measuredOn: 'marked' } });
    expect(version.figures.rocAuc).toBeGreaterThan(0.8);
    const { by, rows, events, drift, total, scored, marked } = await ask();
    expect(by).toBe('model');
    expect([marked, scored]).toEqual([17, total - 17]);
    expect(drift).toEqual([]);
    expect(rows.every(({ event }) => !timeouts.includes(event))).toBe(true);
    const places = rows.map(({ pattern }, place) => (/timeout|refused/.test(pattern) ? place : -1)).filter((place) => place >= 0);
    // What says timeout comes before all usual lines, also patterns that were not marked.
    expect(Math.max(...places)).toBeLessThan(rows.findIndex(({ pattern }) => pattern.includes('cache')));
    expect(rows[0].score).toBeGreaterThan(0.5);
    expect(rows[0].reasons.some(({ weight, text }) => weight > 0 && /payment|timeout|severity|took|level|pattern/.test(text))).toBe(true);
    expect(events.message[0]).toMatch(/timeout|refused/);
    const [{ score, reasons }] = await models().score({ eventIds: [rows[0].event] }, context);
    expect(score).toBe(rows[0].score);
    expect(reasons).toEqual(rows[0].reasons);
  });

  it('keeps to a query', async () => {
    const { rows, total } = await ask('service:search');
    expect(new Set(rows.map(({ service }) => service))).toEqual(new Set(['search']));
    expect(total).toBeLessThan(400);
  });

  it('trains to the same model again, keeps versions, and goes back', async () => {
    const { versions: [first] } = await models().state({}, context);
    const second = await models().train({ run: '' }, context);
    expect(second.version).toBe(2);
    await models().use({ version: 1 }, context);
    expect((await models().state({}, context)).versions.map(({ version, current }) => [version, current])).toEqual([[2, false], [1, true]]);
    const { json, name } = await models().exportVersion({ version: 1 }, context);
    expect(name).toBe('triage-x-v1.tidemark-model.json');
    const back = await models().importVersion({ json }, context);
    expect(back).toMatchObject({ version: 3, current: true, kind: first.kind, lineage: { importedFrom: first.sha256 } });
    await models().remove({ version: 3 }, context);
    expect((await ask()).by).toBe('unlike');
    await models().restore({ version: 3 }, context);
    await models().use({ version: 1 }, context);
    expect((await ask()).version).toBe(1);
  });

  it('refuses a model that was changed, or is none', async () => {
    const { json } = await models().exportVersion({ version: 1 }, context);
    const importing = async (text: string): Promise<unknown> => await models().importVersion({ json: text }, context);
    await expect(importing(json.replace('"seed":20261121', '"seed":20261122'))).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('checksum') });
    await expect(importing('{"format":1}')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(importing('no')).rejects.toMatchObject({ message: expect.stringContaining('not JSON') });
  });

  it('says when what comes is not like what it was trained among', async () => {
    expect((await models().drift({ run: '' }, context)).rows).toEqual([]);
    // Half a day later, and all of it in trouble.
    const lines = Array.from({ length: 600 }, (_, i) => JSON.stringify({ timestamp: new Date(START + 15 * 3600e3 + i * 1000).toISOString(), service: 'payment', level: 'fatal', message: `disk full on volume ${i}` }));
    await made.ingest(made.write('later.jsonl', `${lines.join('\n')}\n`));
    const { rows, since, findings, compared } = await models().drift({ run: '' }, context);
    expect([since, compared]).toEqual([true, 600]);
    expect(rows.find(({ feature }) => feature === 'Severity')?.drifted).toBe(true);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ detector: 'triage.drift', quieted: false, title: 'Triage model 1 was trained among other events' });
    expect((await ask()).drift).toHaveLength(1);
    await made.engine.handlers.findings.mark({ ...findings[0], verdict: 'wrong', note: '' }, context);
    expect((await models().drift({ run: '' }, context)).findings[0].quieted).toBe(true);
  });

  it('counts pins as relevant, and survives a reopening', async () => {
    const { investigations } = made.engine.handlers;
    const { id } = await investigations.create({ title: 'x' }, context);
    const [refused] = await ids('refused');
    await investigations.pin({ id, eventIds: [refused], note: '' }, context);
    await made.reopen();
    const state = await models().state({}, context);
    expect(state).toMatchObject({ relevant: 11, notRelevant: 7, byPinOrNote: 1, marksSince: 1 });
    await made.reopen(true);
    expect((await ask()).by).toBe('model');
    await expect(models().train({ run: '' }, context)).rejects.toMatchObject({ code: 'read_only' });
  });
});
