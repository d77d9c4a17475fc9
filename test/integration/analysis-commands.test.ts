/** tidemark triage and tidemark statistics on a real case: what they print, for people and as JSON, and what they refuse. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import type { Command } from '../../src/main/cli/command.ts';
import { statistics } from '../../src/main/cli/commands/statistics.ts';
import { triage } from '../../src/main/cli/commands/triage.ts';
import { TempCase } from '../support/temp-case.ts';

// Each command opens the case anew, and starts its workers: that takes long on a busy machine.
const PATIENCE_MS = 120_000;
let one: TempCase;
const START = Date.UTC(2026, 9, 1, 8);
beforeAll(async () => {
  one = await TempCase.create();
  const lines = Array.from({ length: 240 }, (_, i) => {
    const bad = i % 6 === 0;
    const kinds = bad ? ['card declined by bank', 'gateway timeout after', 'ledger locked by job'] : ['page rendered in', 'cart read for', 'session refreshed by', 'job done with'];
    return JSON.stringify({ timestamp: new Date(START + i * 1000).toISOString(), service: bad ? 'payment' : i % 2 ? 'cart' : 'front', level: bad ? 'error' : 'info', message: `${kinds[(i / (bad ? 6 : 1)) % kinds.length | 0]} ${i}`, latency_ms: bad ? 300 + i : 20 + (i % 9) });
  });
  await one.ingest(one.write('app.jsonl', `${lines.join('\n')}\n`));
});
afterAll(async () => await one.remove());

async function run(command: Command, ...words: string[]): Promise<{ code: number; json: Record<string, unknown>[]; text: string; notes: string[] }> {
  const json: Record<string, unknown>[] = [];
  const notes: string[] = [];
  let text = '';
  const out = {
    text: async (more: string) => await Promise.resolve(void (text += more)), json: async (value: unknown) => await Promise.resolve(void json.push(value as Record<string, unknown>)), end: async () => await Promise.resolve(),
  };
  const args = parseArguments([one.file, ...words], command.options);
  const code = await command.run(args, { engine: () => one.engine, out, note: (note) => void notes.push(note), progress: () => undefined, signal: new AbortController().signal, json: args.switches.has('json'), now: START * 1000 });
  return { code, json, text, notes };
}

it('triage marks, trains, ranks, exports and imports', async () => {
  const before = await run(triage, '--json');
  expect(before.notes[0]).toContain('There is no model yet');
  expect(before.json[0]).toMatchObject({ event: expect.any(Number), alike: expect.any(Number), reasons: [{ text: expect.any(String) }, {}, {}] });
  await expect(run(triage, '--train')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('at least 5') });
  const events = (await one.page({ query: 'service:payment', from: null, to: null })).rows;
  const relevant = [...events.id].slice(0, 8).join(',');
  const others = [...(await one.page({ query: 'service:cart', from: null, to: null })).rows.id].slice(0, 6).join(',');
  const trained = await run(triage, '--relevant', relevant, '--not-relevant', others, '--train', '--json', '--limit', '3');
  expect(trained.json[0]).toMatchObject({ version: 1, lineage: { relevant: 8, notRelevant: 6 }, figures: { measuredOn: 'marked' } });
  expect(trained.json[0]).not.toHaveProperty('lineage.marks');
  expect(trained.json).toHaveLength(4);
  expect(trained.json[1]).toMatchObject({ service: 'payment' });
  const told = await run(triage, '--limit', '2');
  expect(told.text).toMatch(/^score +event +time +severity +service +alike +message\n +0\.\d\d +\d+ +2026-10-01T08:/);
  const file = path.join(one.folder, 'model.json');
  expect((await run(triage, '--export', file)).notes[0]).toContain('SHA-256');
  expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ format: 'tidemark-triage-model' });
  expect((await run(triage, '--import', file, '--limit', '1', '--json')).json).toHaveLength(1);
  await expect(run(triage, '--relevant', 'x')).rejects.toThrow('--relevant is ids');
}, PATIENCE_MS);

it('statistics describe, compare and relate', async () => {
  expect((await run(statistics, '--json')).json).toMatchObject([{ name: 'latency_ms', unit: 'ms', share: 1 }]);
  const compared = (await run(statistics, 'latency_ms', '--by', 'service', '--json')).json[0];
  expect(compared).toMatchObject({ field: 'latency_ms', test: { id: 'welch-anova' }, present: 240, groups: [{ group: 'cart', n: 120 }, { n: 80 }, { group: 'payment', n: 40 }] });
  const told = await run(statistics, 'latency_ms', '--by', 'service');
  expect(told.text).toContain('Hardly chance. At least one group differs (p < 0.0001, large effect');
  expect(told.text).toContain('payment');
  const half = (await run(statistics, 'latency_ms', '--part-from', '2026-10-01T08:02', '--json')).json[0];
  expect(half).toMatchObject({ groups: [{ group: 'selection', n: 120 }, { group: 'the rest', n: 120 }] });
  await expect(run(statistics, 'latency_ms', '--on', 'service')).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(run(statistics, 'latency_ms', '--on', 'a', '--by', 'b')).rejects.toThrow('--on goes without --by');
  await expect(run(statistics, 'a', 'b')).rejects.toThrow('There is one FIELD');
}, PATIENCE_MS);
