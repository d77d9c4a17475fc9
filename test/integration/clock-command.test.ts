/** tidemark clock on a real case: listing, setting in parts, suggesting and taking, taking back. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import { clock } from '../../src/main/cli/commands/clock.ts';
import { TempCase } from '../support/temp-case.ts';

let one: TempCase;
const START = Date.UTC(2026, 9, 1, 8);
beforeEach(async () => {
  one = await TempCase.create();
  const log = (name: string, shift: number): string => one.write(name, Array.from({ length: 40 }, (_, i) => `${JSON.stringify({ time: new Date(START + i * 1003 + shift).toISOString(), trace_id: `${i}`.padStart(32, '0'), msg: `${name} ${i}` })}\n`).join(''));
  await one.ingest([log('a.jsonl', 0), log('b.jsonl', -60_000)]);
});
afterEach(async () => await one.remove());

async function run(...words: string[]): Promise<{ code: number; json: Record<string, unknown>[] }> {
  const json: Record<string, unknown>[] = [];
  const out = { text: async () => await Promise.resolve(), json: async (value: unknown) => await Promise.resolve(void json.push(value as Record<string, unknown>)), end: async () => await Promise.resolve() };
  const code = await clock.run(parseArguments([one.file, ...words, '--json'], clock.options), { engine: () => one.engine, out, note: () => undefined, progress: () => undefined, signal: new AbortController().signal, json: true, now: START * 1000 });
  return { code, json };
}

it('lists, sets what is given and keeps the rest, and takes it back', async () => {
  expect((await run()).json.map(({ clock: of }) => of)).toEqual([null, null]);
  expect((await run('b.jsonl', '--offset', '-1.5s', '--note', 'why')).json).toMatchObject([{ from: '2026-10-01T07:58:58.500000Z', clock: { offset_us: -1_500_000, drift_ppm: 0, note: 'why', set_by: 'ana' } }]);
  // A drift counts from the first event unless said, whatever was set before.
  expect((await run('b.jsonl', '--drift', '20ppm', '--uncertainty=50ms')).json).toMatchObject([{ from: '2026-10-01T07:58:58.500000Z', clock: { offset_us: -1_500_000, drift_ppm: 20, reference: '2026-10-01T07:59:00.000000Z', uncertainty_us: 50_000, note: 'why' } }]);
  expect((await run('b.jsonl', '--at', '2026-10-01T07:59:30')).json).toMatchObject([{ clock: { drift_ppm: 20, reference: '2026-10-01T07:59:30.000000Z' } }]);
  expect((await run('b.jsonl', '--reset')).json).toMatchObject([{ from: '2026-10-01T07:59:00.000000Z', clock: null }]);
  expect((await run('b.jsonl', '--history')).json.map(({ offset_us: offset, drift_ppm: drift }) => [offset, drift])).toEqual([[-1_500_000, 0], [-1_500_000, 20], [-1_500_000, 20], [0, 0]]);
});

it('suggests, and takes the surest over', async () => {
  expect((await run('b.jsonl', '--suggest', '--take')).json).toMatchObject([{ kind: 'trace_id', offset_us: 60_000_000, shared: 40, against_path: `${one.folder}/a.jsonl` }]);
  expect((await run('b.jsonl')).json).toMatchObject([{ from: '2026-10-01T08:00:00.000000Z', clock: { offset_us: 60_000_000 } }]);
  expect((await run('--suggest')).json.map(({ offset_us: offset }) => Number(offset)).toSorted((a, b) => a - b)).toEqual([0, 60_000_000]);
});

it('says what is wrong', async () => {
  await expect(run('--offset', '3')).rejects.toThrow('SOURCE is missing');
  await expect(run('b.jsonl', '--offset', '3')).rejects.toThrow('--offset is a length of time');
  await expect(run('b.jsonl', '--drift', 'fast')).rejects.toThrow('--drift');
  await expect(run('b.jsonl', '--zone', 'Mars')).rejects.toThrow('--zone');
  await expect(run('c.jsonl', '--offset', '3s')).rejects.toThrow('There is no source');
  await expect(run('b.jsonl', '--offset', '3s', '--reset')).rejects.toThrow('Set it, or');
  await expect(run('b.jsonl', '--take')).rejects.toThrow('--take goes with');
});
