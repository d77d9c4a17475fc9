/** Sigma rules of a case: events that were there and events that come, what is told of them, edits, correlations, rules that do not run. */
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1);
const RULE = `title: Failed Logon
id: 11111111-1111-4111-8111-111111111111
name: failed
author: Ana Example
license: DRL-1.1
level: high
tags: [attack.credential-access, attack.t1110.001]
logsource: {product: portal}
detection:
  selection: {action: login, outcome: failure}
  condition: selection
`;
const MANY = `title: Many Failed Logons
id: 22222222-2222-4222-8222-222222222222
level: critical
correlation: {type: event_count, rules: [failed], group-by: [account], timespan: 10m, condition: {gte: 5}, generate: true}
`;
const BROKEN = 'title: A Slip\nlogsource: {product: portal}\ndetection:\n  s: {action|contians: x}\n  condition: s\n';

/** JSON lines: in each ten one failed logon; accounts take turns. */
function lines(from: number, n: number): string {
  let text = '';
  for (let i = from; i < from + n; i++) text += `${JSON.stringify({ time: new Date(START + i * 1000).toISOString(), action: i % 10 === 3 ? 'login' : 'view', outcome: i % 10 === 3 ? 'failure' : 'success', account: `user-${Math.floor(i / 10) % 4}`, message: `request ${i}` })}\n`;
  return text;
}
const total = async (query: string): Promise<number> => (await whenComplete(async () => await one.engine.handlers.events.page({ scope: everything(query), order: 'asc', at: { rank: 0 }, limit: 1 }, context))).total;

it('rules match what was there and what comes, and say so in queries, details and findings', async () => {
  const { sigma, events } = one.engine.handlers;
  await one.ingest(one.write('a.jsonl', lines(0, 5000)));
  const folder = path.join(path.dirname(one.write('a.txt', '')), 'rules');
  fs.mkdirSync(path.join(folder, 'deep'), { recursive: true });
  one.write('rules/failed.yml', RULE);
  one.write('rules/deep/many.yaml', MANY);
  one.write('rules/slip.yml', BROKEN);
  one.write('rules/readme.txt', 'detection: none');
  one.write('rules/notes.yml', 'name: CI\non: push\n');
  const added = await sigma.add({ paths: [folder] }, context);
  expect(added).toMatchObject({ files: 3, rules: 2, unchanged: 0, ignored: 1, problems: [{ code: 'unknown_modifier', file: 'slip.yml', rule: 'A Slip', line: 4 }] });
  await sigma.settled({}, context);
  expect(await total('rule.id:11111111-1111-4111-8111-111111111111')).toBe(500);
  // Each account fails once in 40 s: every fifth time completes ten minutes with five.
  expect(await total('rule.name:"Many Failed Logons"')).toBe(100);
  expect(await total('has:rule')).toBe(500);
  expect(await total('threat.technique.id:T1110')).toBe(500);
  expect(await total('threat.tactic.name:"Credential Access" rule.level:high')).toBe(500);
  await one.ingest(one.write('b.jsonl', lines(100_000, 1000)));
  await sigma.settled({}, context);
  expect(await total('rule.level:high')).toBe(600);
  const [many, failed] = await sigma.findings({}, context);
  expect(many).toMatchObject({ title: 'Many Failed Logons', severity: 'critical', count: 120, like: 'sigma:22222222-2222-4222-8222-222222222222' });
  expect(failed).toMatchObject({ count: 600, rule: { author: 'Ana Example', license: 'DRL-1.1', tactics: [{ name: 'Credential Access' }], techniques: [{ id: 'T1110.001', name: 'Brute Force: Password Guessing' }] } });
  expect(failed.evidence).toContainEqual({ label: 'Author', value: 'Ana Example' });
  const detail = await events.get({ id: failed.events[0] }, context);
  expect(detail.derived).toContainEqual({ name: 'rule.name', value: 'Failed Logon' });
  expect(await sigma.problems({}, context)).toMatchObject([{ code: 'unknown_modifier' }]);
  expect(await sigma.status({}, context)).toMatchObject({ files: 3, rules: 2, enabled: 2, problems: 1, matching: null, error: '' });
  // What was read before is not read again.
  expect(await sigma.add({ paths: [folder] }, context)).toMatchObject({ files: 0, unchanged: 3 });
});

it('rules can be off, on, changed and taken away', async () => {
  const { sigma } = one.engine.handlers;
  await one.ingest(one.write('a.jsonl', lines(0, 1000)));
  expect(await sigma.save({ text: RULE, name: 'mine', replaces: null }, context)).toMatchObject({ rules: 1 });
  await sigma.settled({}, context);
  expect(await total('has:rule')).toBe(100);
  const [rule] = await sigma.rules({}, context);
  await sigma.enable({ rules: [rule.id], enabled: false }, context);
  expect([await total('has:rule'), await sigma.findings({}, context)]).toEqual([0, []]);
  await sigma.enable({ rules: [rule.id], enabled: true }, context);
  expect(await total('has:rule')).toBe(100);
  await expect(Promise.resolve(sigma.save({ text: BROKEN, name: 'mine', replaces: rule.file }, context))).rejects.toThrow('Line 4: "contians" is no modifier of Sigma.');
  expect(await total('has:rule')).toBe(100);
  await sigma.save({ text: RULE.replace('outcome: failure', 'outcome: failure, account: user-1'), name: 'mine', replaces: rule.file }, context);
  await sigma.settled({}, context);
  expect(await total('has:rule')).toBe(25);
  const [changed] = await sigma.rules({}, context);
  expect((await sigma.source({ file: changed.file }, context)).text).toContain('user-1');
  // A filter narrows rules of other files; without it they are as they were.
  await sigma.save({ text: 'title: Mine\nlogsource: {product: portal}\nfilter:\n  rules: [failed]\n  late: {message|endswith: "3"}\n  condition: not late\n', name: 'filter', replaces: null }, context);
  await sigma.settled({}, context);
  expect(await total('has:rule')).toBe(0);
  const filter = (await sigma.rules({}, context)).find(({ kind }) => kind === 'filter');
  await sigma.remove({ file: filter?.file ?? 0, removed: true }, context);
  await sigma.settled({}, context);
  expect(await total('has:rule')).toBe(25);
  await sigma.remove({ file: changed.file, removed: true }, context);
  expect(await total('has:rule')).toBe(0);
  await sigma.remove({ file: changed.file, removed: false }, context);
  await sigma.settled({}, context);
  expect(await total('has:rule')).toBe(25);
});

it('a rule is tried out before it is saved, in a range, and detect keeps nothing', async () => {
  const { sigma } = one.engine.handlers;
  await one.ingest(one.write('a.jsonl', lines(0, 1000)));
  const scope = { ...everything(), from: START * 1000, to: (START + 100_000) * 1000 };
  const tried = await sigma.tryRules({ text: RULE, replaces: null, scope, run: '' }, context);
  expect(tried).toMatchObject({ problems: [], looked: 100, rules: [{ title: 'Failed Logon', events: 10 }] });
  expect(tried.rules[0].examples[0].message).toContain('request 3');
  expect((await sigma.tryRules({ text: `${RULE}---\n${MANY}`, replaces: null, scope: everything(), run: '' }, context)).rules.map(({ title, events }) => [title, events])).toEqual([['Failed Logon', 100], ['Many Failed Logons', 20]]);
  expect(await sigma.check({ text: BROKEN, replaces: null }, context)).toMatchObject({ rules: [], problems: [{ code: 'unknown_modifier', line: 4, column: 7 }] });
  const found = await sigma.detect({ paths: [one.write('failed.yml', RULE)], scope: everything(), run: '' }, context);
  expect([found.event.length, found.record[0], found.record[1], found.rules[0].author]).toEqual([100, 4, 14, 'Ana Example']);
  expect(await sigma.status({}, context)).toMatchObject({ files: 0, rules: 0 });
  await expect(Promise.resolve(sigma.add({ paths: [one.write('slip.yml', BROKEN)] }, context))).rejects.toThrow('contians');
});
