/** Rules that run by themselves, as in the window: when files are through, and as events come over a connection. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { DEFAULT_RULES } from '../../src/main/engine/analysis/alerts/default-rules.ts';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import type { FiredAlerts } from '../../src/shared/contract/alerts.ts';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import { context, OPTIONS } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const WAIT = { timeout: 60_000, interval: 100 };
/** Workers are started one after the other, and five seconds are waited for what may come late. */
const LONG = 120_000;
/** Requests, one a second; those of the second half fail. */
const requests = (from: number, to: number, failing: number): string =>
  Array.from({ length: to - from }, (_, i) => `${JSON.stringify({ timestamp: new Date(START + (from + i) * 1000).toISOString(), service: 'shop', message: 'GET /', status: from + i >= failing ? 503 : 200 })}\n`).join('');

let folder: string;
let engine: Engine;
let fired: FiredAlerts[];
let log: MockInstance<typeof console.error>;
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-alerts-'));
  engine = createEngine({ dataDir: path.join(folder, 'data'), toolVersion: '0', user: 'ana', startWorkersEarly: true });
  fired = [];
  log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  engine.onPush((name, value) => void (name === 'alerts.fired' && fired.push(value as FiredAlerts)));
  await engine.handlers.cases.create({ path: path.join(folder, 'x.tidemark') }, context);
});
afterEach(async () => {
  await engine.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
const named = async (): Promise<string[]> => (await engine.handlers.alerts.list({ state: null, rule: null, limit: 100 }, context)).alerts.map(({ ruleName, state }) => `${ruleName} ${state}`).sort();

/** Connects something that listens, and gives what posts to it. */
async function listening(): Promise<(body: string) => Promise<void>> {
  const { id } = await engine.handlers.connectors.add({ connector: 'http-json', name: '', config: { port: 0 } }, context);
  let status: ConnectionStatus | undefined;
  await vi.waitFor(async () => {
    status = (await engine.handlers.connectors.list({}, context)).find((one) => one.id === id);
    expect(status?.note).toMatch(/:\d+/);
  }, WAIT);
  const port = Number(/:(\d+)[ /]/.exec(status?.note ?? '')?.[1]);
  return async (body) => expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(200);
}

describe('rules that run by themselves', () => {
  it('run when files are through, and tell nothing of what is long over', async () => {
    const file = path.join(folder, 'a.jsonl');
    fs.writeFileSync(file, requests(0, 300, 200));
    const { job } = await engine.handlers.ingest.start({ paths: [file], options: OPTIONS }, context);
    await engine.handlers.ingest.finished({ job }, context);
    await vi.waitFor(async () => expect(await named()).toEqual(['Critical Errors active', 'High Error Rate active']), WAIT);
    expect(fired).toEqual([]);
    expect(log).not.toHaveBeenCalled();
  }, LONG);

  it('run as events come, tell what fires, and judge again what comes late', async () => {
    const post = await listening();
    await post(requests(0, 200, 200));
    await post(requests(200, 230, 200));
    await vi.waitFor(() => expect(fired.flatMap(({ alerts }) => alerts.map(({ title }) => title)).sort()).toEqual(['Critical Errors', 'High Error Rate']), WAIT);
    expect(log.mock.calls.map(([line]) => String(line).split(' ').slice(0, 4).join(' ')).sort()).toEqual(['alert CRITICAL "Critical Errors"', 'alert WARNING "High Error']);
    // Good requests of the same time, which had been held up: what fired is taken back, and not told again.
    await post(Array.from({ length: 40 }, () => requests(150, 240, 1000)).join(''));
    await vi.waitFor(async () => expect(await named()).toEqual([]), WAIT);
    expect(fired.flatMap(({ alerts }) => alerts)).toHaveLength(2);
  }, LONG);

  it('notice that nothing comes any more', async () => {
    await engine.handlers.alerts.saveRule({ id: null, rule: { ...DEFAULT_RULES[0], name: 'Silent', metric: 'event_count', operator: '<', threshold: 1, window: 2 } }, context);
    const post = await listening();
    // Events of the last minute, by the clock on the wall; then none.
    const now = Date.now();
    await post(Array.from({ length: 60 }, (_, i) => `${JSON.stringify({ timestamp: new Date(now - (60 - i) * 1000).toISOString(), service: 'shop', message: 'beat' })}\n`).join(''));
    await vi.waitFor(async () => expect(await named()).toContain('Silent active'), WAIT);
    expect(fired.flatMap(({ alerts }) => alerts.map(({ title }) => title))).toContain('Silent');
  }, LONG);
});
