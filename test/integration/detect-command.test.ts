/** tidemark detect: on a case, on a file as it is, with rules that run and rules that do not. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseArguments } from '../../src/main/cli/arguments.ts';
import { detect } from '../../src/main/cli/commands/detect.ts';
import { context, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const LINES = Array.from({ length: 6 }, (_, i) => `${JSON.stringify({ time: new Date(Date.UTC(2026, 9, 1, 0, i)).toISOString(), action: i % 3 === 1 ? 'drop' : 'read' })}\n`).join('');
const RULE = 'title: Dropped\nid: a-1\nauthor: Ana\nlevel: low\nlogsource: {product: db}\ndetection:\n  s: {action: drop}\n  condition: s\n';
const BROKEN = 'title: Slip\nlogsource: {product: db}\ndetection:\n  s: {action|what: drop}\n  condition: s\n';

async function run(...words: string[]): Promise<{ code: number; json: unknown[]; notes: string[] }> {
  const json: unknown[] = [];
  const notes: string[] = [];
  const out = { text: async () => await Promise.resolve(), json: async (value: unknown) => await Promise.resolve(void json.push(value)), end: async () => await Promise.resolve() };
  const code = await detect.run(parseArguments([...words, '--json'], detect.options), { engine: () => one.engine, out, note: (text) => void notes.push(text), progress: () => undefined, signal: context.signal, json: true, now: Date.now() * 1000 });
  return { code, json, notes };
}

const hits = [2, 5].map((record) => ({ rule_id: 'a-1', event_id: 4096 + record - 1, record, title: 'Dropped', level: 'low', author: 'Ana' }));

it('gives a line for each hit of a case, in the range that is asked for', async () => {
  await one.ingest(one.write('a.jsonl', LINES));
  const rules = one.write('rules/drop.yml', RULE);
  expect(await run(one.file, '--rules', rules)).toMatchObject({ code: 0, json: hits });
  expect((await run(one.file, '--rules', rules, '--from', '2026-10-01T00:03')).json).toEqual([hits[1]]);
});

it('reads a file for it, and names what does not run', async () => {
  const rules = one.write('rules/drop.yml', RULE);
  expect(await run(one.write('b.jsonl', LINES), '--rules', `${rules},${one.write('rules/slip.yml', BROKEN)}`)).toMatchObject({ code: 0, json: hits, notes: [expect.stringMatching(/slip\.yml:4:7: unknown_modifier: "what" is no modifier of Sigma\. \(Slip\)$/), '1 problem in rules (1 unknown_modifier); 1 rule runs.', expect.stringContaining('Nothing here tells')] });
});

it('adds rules to a case, runs them over what is there and what comes, lists them and takes them away', async () => {
  await one.ingest(one.write('a.jsonl', LINES));
  const added = await run(one.file, '--add', `${one.write('rules/drop.yml', RULE)},${one.write('rules/slip.yml', BROKEN)}`);
  const dropped = { rule_id: 'a-1', title: 'Dropped', level: 'low', author: 'Ana', events: 2, enabled: true };
  expect(added).toMatchObject({ code: 0, json: [dropped], notes: [expect.stringContaining('unknown_modifier'), expect.stringMatching(/^1 rule added from/)] });
  await one.ingest(one.write('b.jsonl', LINES.replaceAll('2026', '2025')));
  await one.engine.handlers.sigma.settled({}, context);
  expect(await run(one.file, '--list')).toMatchObject({ code: 0, json: [{ ...dropped, events: 4 }] });
  const two = one.write('two.yml', `${RULE.replace('a-1', 'b-1')}---\n${RULE.replace('a-1', 'b-2')}`);
  expect((await run(one.file, '--add', two)).json).toHaveLength(3);
  await expect(run(one.file, '--remove', 'b-1')).rejects.toThrow('has 1 more');
  await expect(run(one.file, '--remove', 'nothing')).rejects.toThrow('no rule with the id nothing');
  expect((await run(one.file, '--remove', 'a-1')).json).toMatchObject([{ rule_id: 'b-1' }, { rule_id: 'b-2' }]);
  const [{ file }] = (await run(one.file, '--list')).json as [{ file: number }];
  expect((await run(one.file, '--remove', String(file))).json).toEqual([]);
  await expect(run(one.file, '--list', '--rules', two)).rejects.toThrow('do not go together');
  await expect(run(one.file, '--add', one.write('slip2.yml', BROKEN.replace('what', 'whatever')))).rejects.toThrow('No rule could be loaded');
});

it('ends with 1 when no rule could be loaded, and says what is missing', async () => {
  await one.ingest(one.write('a.jsonl', LINES));
  const none = await run(one.file, '--rules', one.write('slip.yml', BROKEN));
  expect([none.code, none.json, none.notes.at(-1)]).toEqual([1, [], 'No rule could be loaded.']);
  expect((await run(one.file)).code).toBe(1);
  await expect(run(one.file, '--rules', '/nowhere/rules')).rejects.toThrow('does not exist');
  await expect(run(one.write('c.jsonl', LINES))).rejects.toThrow('--rules is missing');
});
