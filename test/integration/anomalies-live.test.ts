/** Anomalies as events and samples come in: the same however they come in, kept over a crash, with what comes late told apart. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import { anomalies } from '../../src/main/cli/commands/anomalies.ts';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import type { FoundAnomalies, LiveAnomalies } from '../../src/shared/contract/anomalies.ts';
import { listening } from '../support/live.ts';
import { context, TempCase } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1);
const MINUTE = 60_000;
const MINUTES = 240;
const LONG = 120_000;

interface Made {
  minute: number;
  line: string;
}
/** Two services over four hours; shop fails in minutes 150 to 155, mail is silent from 200 on for ten. */
function log(): Made[] {
  let seed = 7;
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const made: Made[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    for (let i = 0; i < 20; i++) {
      const time = new Date(START + minute * MINUTE + i * 3000).toISOString();
      const bad = minute >= 150 && minute < 156;
      made.push({ minute, line: `${JSON.stringify({ time, service: 'shop', level: chance() < (bad ? 0.8 : 0.03) ? 'error' : 'info', message: 'order handled', latency_ms: 20 + chance() * 10 })}\n` });
      if (minute < 200 || minute >= 210) made.push({ minute, line: `${JSON.stringify({ time, service: 'mail', level: 'info', message: 'mail handed over' })}\n` });
    }
  }
  return made;
}
const LOG = log();
const textOf = (from: number, to: number): string => LOG.filter(({ minute }) => minute >= from && minute < to).map(({ line }) => line).join('');
/** A gauge, a sample every 20 seconds; it jumps in minute 100. */
const samplesOf = (from: number, to: number): string =>
  Array.from({ length: (to - from) * 3 }, (_, i) => from * 3 + i).map((i) => `queue_length ${i >= 300 && i < 315 ? 90 : 5 + ((i * 7) % 3)} ${START + i * 20_000}\n`).join('');

const live = async (one: { engine: Engine }): Promise<LiveAnomalies> => await one.engine.handlers.anomalies.live({ limit: 500 }, context);
const settle = async (one: { engine: Engine }): Promise<void> => await one.engine.handlers.anomalies.settled({}, context);
/** What was found, with its numbers, whatever the clock on the wall said. */
const found = async (one: { engine: Engine }): Promise<unknown[]> => (await live(one)).findings.map(({ foundAt: _foundAt, ...finding }) => finding).sort((a, b) => (a.key < b.key ? -1 : 1));
const titles = async (one: { engine: Engine }): Promise<string[]> => (await live(one)).findings.map(({ title }) => title);

let made: TempCase;
beforeEach(async () => {
  made = await TempCase.create();
});
afterEach(async () => await made.remove());

/** All of it in one go, in a case of its own. */
async function inOneGo(text: string, samples = ''): Promise<{ findings: unknown[]; list: LiveAnomalies }> {
  const one = await TempCase.create();
  try {
    await one.ingest(one.write('app.jsonl', text));
    if (samples !== '') await one.ingest(one.write('queue.prom', samples));
    await settle(one);
    return { findings: await found(one), list: await live(one) };
  } finally {
    await one.remove();
  }
}

describe('anomalies as they come in', () => {
  it('are found by the minutes before them alone, with reasons, and lead to their events', async () => {
    await made.ingest(made.write('app.jsonl', textOf(0, MINUTES)));
    await settle(made);
    expect((await titles(made)).map((title) => title.replace(/[\d.]+/g, 'N'))).toEqual(['Events of mail: N in N min, usually N', 'Errors of shop: N in N min, usually N']);
    const { findings: [, errors], judged, late, total, open } = await live(made);
    expect(errors.from / 1000).toBe(START + 150 * MINUTE);
    expect([late, total, open]).toEqual([0, 2, 2]);
    expect(judged).toEqual({ from: START * 1000, to: (START + (MINUTES - 3) * MINUTE) * 1000 });
    const { total: events } = await made.page(errors.scope);
    expect(events).toBeGreaterThan(8);
    // Nothing is judged twice.
    const before = await live(made);
    await settle(made);
    expect(await live(made)).toEqual(before);
  }, LONG);

  it('are the same in one go as piece by piece, of events and metrics, with the case closed in between', async () => {
    const whole = await inOneGo(textOf(0, MINUTES), samplesOf(0, MINUTES));
    expect(whole.findings.map((finding) => (finding as { like: string }).like)).toContain('anomalies:series:metric:queue_length{}:high');
    const cuts = [0, 61, 152, MINUTES];
    for (const [i, to] of cuts.slice(1).entries()) {
      fs.appendFileSync(path.join(made.folder, 'app.jsonl'), textOf(cuts[i], to));
      fs.appendFileSync(path.join(made.folder, 'queue.prom'), samplesOf(cuts[i], to));
      await made.ingest([path.join(made.folder, 'app.jsonl'), path.join(made.folder, 'queue.prom')]);
      await settle(made);
      if (i === 1) await made.reopen();
    }
    expect(await found(made)).toEqual(whole.findings);
    expect((await live(made)).late).toBe(0);
  }, LONG);

  it('are found all the same when judging was cut short, and nothing committed is lost', async () => {
    // Enough for several steps: 24 services over twenty hours, one of which fails for a while.
    const many = Array.from({ length: 1200 }, (_, minute) => Array.from({ length: 24 }, (_, service) => {
      const bad = service === 5 && minute >= 900 && minute < 904;
      return `${JSON.stringify({ time: new Date(START + minute * MINUTE + service).toISOString(), service: `s${service}`, level: bad ? 'error' : 'info', message: 'beat' })}\n`.repeat(bad ? 30 : 1);
    }).join('')).join('');
    const whole = await inOneGo(many);
    await made.ingest(made.write('app.jsonl', many));
    const stop = new AbortController();
    const ended = made.engine.onPush((name, value) => name === 'cases.changed' && (value as { tables: string[] }).tables.includes('anomalies') && stop.abort());
    await expect(made.engine.handlers.anomalies.settled({}, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    ended();
    const between = (await live(made)).judged?.to ?? 0;
    expect(between).toBeGreaterThan(START * 1000);
    expect(between).toBeLessThan(whole.list.judged?.to ?? 0);
    // As after a crash: what is in the file is all that is known.
    await made.reopen();
    await settle(made);
    expect(await found(made)).toEqual(whole.findings);
  }, LONG);

  it('are judged anew when a file brings what is older, and stay the findings they were', async () => {
    await made.ingest(made.write('a.jsonl', textOf(0, MINUTES).split('\n').filter((line) => !line.includes('"mail"')).join('\n')));
    await settle(made);
    const first = await live(made);
    await made.ingest(made.write('b.jsonl', textOf(0, MINUTES).split('\n').filter((line) => line.includes('"mail"')).join('\n')));
    await settle(made);
    const then = await live(made);
    expect(then.late).toBe(0);
    expect(then.findings.map(({ like }) => like).sort()).toEqual(['anomalies:series:errors:shop:high', 'anomalies:series:events:mail:low']);
    expect(then.findings.find(({ key }) => key === first.findings[0].key)?.foundAt).toBe(first.findings[0].foundAt);
  }, LONG);

  it('are judged anew when the clock of their source is set', async () => {
    await made.ingest(made.write('app.jsonl', textOf(0, 160)));
    await settle(made);
    const [{ from }] = (await live(made)).findings;
    const [{ id }] = await made.engine.handlers.events.sources({}, context);
    const hour = 3600e6;
    await made.engine.handlers.clocks.set({ source: id, setting: { offset: hour, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' } }, context);
    await made.engine.handlers.clocks.counted({}, context);
    await settle(made);
    expect((await live(made)).findings.map((finding) => Math.abs(finding.from - from))).toEqual([hour]);
  }, LONG);

  it('are told on the command line', async () => {
    await made.ingest(made.write('app.jsonl', textOf(0, 160)));
    const run = async (...words: string[]): Promise<{ json: unknown[]; text: string }> => {
      const json: unknown[] = [];
      let text = '';
      const out = { text: async (more: string) => await Promise.resolve(void (text += more)), json: async (value: unknown) => await Promise.resolve(void json.push(value)), end: async () => await Promise.resolve() };
      const args = parseArguments([made.file, ...words], anomalies.options);
      expect(await anomalies.run(args, { engine: () => made.engine, out, note: () => undefined, progress: () => undefined, signal: context.signal, json: args.switches.has('json'), now: START * 1000 })).toBe(0);
      return { json, text };
    };
    expect((await run('--live')).text).toBe('Nothing was judged yet.\n');
    await made.reopen();
    await settle(made);
    const { json: [told] } = await run('--live', '--json');
    expect(told).toMatchObject({ total: 1, late: 0, judged: { from: '2026-10-01T00:00:00.000000Z', to: '2026-10-01T02:37:00.000000Z' }, findings: [{ kind: 'series', detector: 'novelty', found_at: expect.stringMatching(/Z$/), votes: [{ detector: 'robust-z' }, { detector: 'novelty' }] }] });
    expect((await run('--live')).text).toMatch(/^1 found in minutes from 2026-10-01T00:00:00.000000Z to .*\n\nHIGH {2}Errors of shop: /);
    await expect(run('--live', 'service:shop')).rejects.toThrow('no query');
  }, LONG);

  it('are quiet when their like is marked wrong', async () => {
    await made.ingest(made.write('app.jsonl', textOf(0, 160)));
    await settle(made);
    const [{ like, key, title }] = (await live(made)).findings;
    await made.engine.handlers.findings.mark({ like, key, title, verdict: 'wrong', note: '' }, context);
    expect(await live(made)).toMatchObject({ open: 0, total: 1, findings: [{ quieted: true }] });
  }, LONG);
});

describe('over a connection', () => {
  let engine: Engine;
  let folder: string;
  const told: FoundAnomalies[] = [];
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-live-'));
    told.length = 0;
    engine = createEngine({ dataDir: path.join(folder, 'data'), toolVersion: '0', user: 'ana', startWorkersEarly: true });
    engine.onPush((name, value) => void (name === 'anomalies.found' && told.push(value as FoundAnomalies)));
    await engine.handlers.cases.create({ path: path.join(folder, 'x.tidemark') }, context);
  });
  afterEach(async () => {
    await engine.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('are found by themselves and told when somebody asked for it; what comes late is counted, and judged when somebody says so', async () => {
    const one = { engine } as TempCase;
    const { port } = await listening(one, 'http-json', {});
    const post = async (body: string): Promise<void> => expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(200);
    const until = async (minute: number): Promise<void> => await vi.waitFor(async () => expect((await live(one)).judged?.to).toBe((START + minute * MINUTE) * 1000), { timeout: 60_000, interval: 100 });
    const plain = (from: number, to: number): string => textOf(from, to).split('\n').filter((line) => !line.includes('"mail"')).join('\n');
    await post(plain(0, 140));
    await until(137);
    expect(told).toEqual([]);
    await engine.handlers.anomalies.setNotice({ notice: true }, context);
    await post(plain(140, 170));
    await until(167);
    expect((await titles(one)).map((title) => title.replace(/[\d.]+/g, 'N'))).toEqual(['Errors of shop: N in N min, usually N']);
    expect(told.flatMap(({ findings }) => findings.map(({ severity }) => severity))).toEqual(['high']);
    // Failures that had been held up: of minutes that were judged.
    const late = Array.from({ length: 30 }, (_, i) => `${JSON.stringify({ time: new Date(START + 110 * MINUTE + i * 1000).toISOString(), service: 'shop', level: 'error', message: 'held up' })}\n`).join('');
    await post(late);
    await vi.waitFor(async () => expect((await live(one)).late).toBe(30), { timeout: 60_000, interval: 100 });
    expect(await titles(one)).toHaveLength(1);
    await engine.handlers.anomalies.anew({}, context);
    const then = await live(one);
    expect(then.late).toBe(0);
    expect(then.findings.map(({ from }) => from / 1000)).toContain(START + 110 * MINUTE);
    expect(told.flatMap(({ findings }) => findings)).toHaveLength(1);
  }, LONG);
});
