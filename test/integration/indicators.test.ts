/** Lists of indicators, and events that have them: while they are read, and when they were there before. */
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1);
const LIST = '# our own\nvalue,type,confidence,tags,tlp\n203.0.113.7,ip,90,"c2,botnet",amber\n198.51.100.0/24,ip,,,\nevil[.]example,domain,40,,\nhxxp://bad.example/gate.php,url,,,\nd41d8cd98f00b204e9800998ecf8427e,md5,,,\nnothing here,domain,,,\n203.0.113.7,ip,,,\n';

/** JSON lines: every tenth has something of the list, in turns; `n` lines. */
function lines(n: number): { text: string; hits: number } {
  const bad = [
    (i: number) => `"message":"connect to 203.0.113.7:${1000 + i} refused"`, (i: number) => `"message":"ok","dest":{"ip":"198.51.100.${i % 256}"}`, (i: number) => `"message":"lookup h${i}.evil.example took ${i} ms"`,
    (i: number) => `"message":"fetched","url":"http:\\/\\/bad.example\\/gate.php?id=${i}"`, (i: number) => `"message":"file ${i}","md5":"D41D8CD98F00B204E9800998ECF8427E"`, (i: number) => `"message":"\\u0022203.0.113.7\\u0022 said ${i}"`,
  ];
  let text = '';
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const is = i % 10 === 7;
    if (is) hits++;
    text += `{"time":"${new Date(START + i * 1000).toISOString()}","level":"info","host":"web-${i % 5}",${is ? bad[(i / 10 | 0) % bad.length](i) : `"message":"request ${i} of 203.0.113.${8 + (i % 200)} at good.example took ${i % 97}.5 ms"`}}\n`;
  }
  return { text, hits };
}
const total = async (query: string): Promise<number> => (await whenComplete(async () => await one.engine.handlers.events.page({ scope: everything(query), order: 'asc', at: { rank: 0 }, limit: 1 }, context))).total;
async function summary(): Promise<[string, number][]> {
  return (await one.engine.handlers.indicators.hits({ text: '', list: null, limit: 50 }, context)).rows.map(({ value, events }): [string, number] => [value, events]).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('indicators', () => {
  it('of a list that was there first are met while events are read; queries, counts and a detail tell', async () => {
    const { indicators, events } = one.engine.handlers;
    const list = await indicators.add({ path: one.write('list.csv', LIST), name: '' }, context);
    expect(list).toMatchObject({ read: 7, stored: 5, duplicates: 1, rejected: 1, format: 'csv', name: 'list.csv', addedBy: 'ana', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(list.reasons).toMatchObject([{ count: 1, example: 'nothing here' }]);
    const { text, hits } = lines(6000);
    await one.ingest(one.write('a.jsonl', text));
    expect(await total('has:threat')).toBe(hits);
    expect(await total('threat.indicator.type:ip')).toBe(200);
    expect(await total('threat.indicator.type:domain')).toBe(100);
    expect(await total('threat.indicator.confidence>50')).toBe(200);
    expect(await total('threat.indicator.marking.tlp:amber -threat.indicator.label:c2')).toBe(0);
    expect(await total('threat.indicator.label:c2')).toBe(200);
    expect(await total('threat.indicator.provider:list.csv')).toBe(hits);
    expect(await summary()).toEqual([['198.51.100.0/24', 100], ['203.0.113.7', 200], ['d41d8cd98f00b204e9800998ecf8427e', 100], ['evil.example', 100], ['http://bad.example/gate.php', 100]]);
    const metOf = async (query: string): Promise<unknown> => (await events.get({ id: (await one.page(everything(query))).rows.id[0] }, context)).met;
    expect(await metOf('threat.indicator.type:cidr')).toEqual([{ indicator: '198.51.100.0/24', in: ['dest.ip'] }]);
    expect(await metOf('threat.indicator.type:domain')).toEqual([{ indicator: 'evil.example', in: ['message'] }]);
    expect(await metOf('-has:threat')).toBeUndefined();
    const { facets } = await whenComplete(async () => await events.facets({ scope: everything(), fields: ['threat.indicator.type'], limit: 10 }, context));
    expect(facets[0]).toMatchObject({ present: hits, values: [{ value: 'ip', count: 200 }, { value: 'cidr', count: 100 }, { value: 'domain', count: 100 }, { value: 'hash', count: 100 }, { value: 'url', count: 100 }] });
  });

  it('of a list that came later are met just the same, also after a kill; lists can be off, on and away', async () => {
    const { text, hits } = lines(6000);
    await one.ingest(one.write('a.jsonl', text));
    const file = one.write('list.csv', LIST);
    expect(await total('has:threat')).toBe(0);
    const { id } = await one.engine.handlers.indicators.add({ path: file, name: 'ours' }, context);
    // The engine goes away in the middle, and goes on.
    await one.reopen();
    await one.engine.handlers.indicators.settled({}, context);
    expect(await total('has:threat')).toBe(hits);
    const late = await summary();
    await one.engine.handlers.indicators.enable({ id, enabled: false }, context);
    expect([await total('has:threat'), (await summary()).length]).toEqual([0, 0]);
    await one.ingest(one.write('b.jsonl', text.replaceAll('web-', 'db-')));
    await one.engine.handlers.indicators.enable({ id, enabled: true }, context);
    expect(await total('has:threat')).toBe(2 * hits);
    expect(await summary()).toEqual(late.map(([value, n]) => [value, 2 * n]));
    await one.engine.handlers.indicators.remove({ id }, context);
    expect([await total('has:threat'), (await one.engine.handlers.indicators.status({}, context)).lists]).toEqual([0, []]);
    await one.engine.handlers.indicators.add({ path: file, name: 'again' }, context);
    await one.engine.handlers.indicators.settled({}, context);
    expect(await total('has:threat')).toBe(2 * hits);
    await one.reopen(true);
    expect(await total('has:threat')).toBe(2 * hits);
    await expect(one.engine.handlers.indicators.add({ path: file, name: '' }, context)).rejects.toThrow(/read-only/);
  });

  it('are the same whether events or lists came first, for texts of any kind', async () => {
    const part = fc.constantFrom('10.1.2.3', '10.1.2.', '3', '.', '-', 'evil.example', 'a.evil', '.example', 'http://bad.example/x', '://', 'bad', '/x', 'ab'.repeat(16), '=', ' ', ' ', '"', ',', '\\/', '\\u0031', '7', 'user=bob');
    const record = fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));
    const records = fc.sample(fc.oneof(record, record.map((text) => JSON.stringify({ time: '2026-10-01T00:00:00Z', message: text.slice(0, 20), x: text, ip: '10.1.2.3' })), record.map((text) => `2026-10-01T00:00:01Z host=web ip=10.1.2.4 q="${text.replaceAll('"', '')}" x=${text.replaceAll(/[ "]/g, '')}`)), { numRuns: 3000, seed: 5 });
    const list = '10.1.2.3\nevil.example\nhttp://bad.example/x\nhttp://bad.example/\n10.1.2.4/31\n' + 'ab'.repeat(16);
    const plain = one.write('plain.log', records.filter((text) => !text.startsWith('{') && !text.startsWith('2026')).map((text, i) => `Oct  1 00:00:${String(i % 60).padStart(2, '0')} web app[${i}]: ${text}`).join('\n'));
    const json = one.write('json.jsonl', records.filter((text) => text.startsWith('{')).join('\n'));
    const pairs = one.write('pairs.log', records.filter((text) => text.startsWith('2026')).join('\n'));
    const file = one.write('list.txt', list);
    const { id } = await one.engine.handlers.indicators.add({ path: file, name: '' }, context);
    await one.ingest([plain, json, pairs]);
    const ids = async (query: string): Promise<string[]> => (await one.messages(query)).sort();
    const queries = ['threat:10.1.2.3', 'threat:evil.example', 'threat:"http://bad.example/x"', 'threat:"http://bad.example/"', 'threat.indicator.type:cidr', 'threat.indicator.type:hash'];
    const first = await Promise.all(queries.map(ids));
    expect(first.every((found) => found.length > 0)).toBe(true);
    await one.engine.handlers.indicators.remove({ id }, context);
    await one.engine.handlers.indicators.add({ path: file, name: '' }, context);
    await one.engine.handlers.indicators.settled({}, context);
    for (const [i, query] of queries.entries()) {
      const late = await ids(query);
      expect({ query, only: late.filter((text) => !first[i].includes(text)), missed: first[i].filter((text) => !late.includes(text)), n: late.length }).toEqual({ query, only: [], missed: [], n: first[i].length });
    }
  });

  it('are told with first and last times by the corrected clock', async () => {
    const { indicators, clocks, events } = one.engine.handlers;
    await one.ingest(one.write('a.jsonl', lines(400).text));
    await one.ingest(one.write('b.jsonl', lines(100).text.replaceAll('web-', 'db-')));
    await indicators.add({ path: one.write('list.csv', LIST), name: '' }, context);
    await indicators.settled({}, context);
    const row = async (): Promise<{ first: number; last: number } | undefined> => (await indicators.hits({ text: 'evil.example', list: null, limit: 1 }, context)).rows.at(0);
    const before = await row();
    const source = (await events.sources({}, context)).find(({ path }) => path.endsWith('a.jsonl'));
    await clocks.set({ source: source?.id ?? 0, setting: { offset: 3600e6, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' } }, context);
    // The other source has the first of them still.
    expect(await row()).toMatchObject({ first: before?.first, last: (before?.last ?? 0) + 3600e6 });
  });

  it('of a list that cannot be used leave nothing behind', async () => {
    const { indicators } = one.engine.handlers;
    await expect(indicators.add({ path: one.write('empty.csv', ''), name: '' }, context)).rejects.toThrow(/holds no indicator/);
    await expect(indicators.add({ path: one.write('prose.txt', 'just some words\nand more'), name: '' }, context)).rejects.toThrow(/holds no indicator/);
    await expect(indicators.add({ path: `${one.folder}/none`, name: '' }, context)).rejects.toThrow();
    const abort = new AbortController();
    const many = Array.from({ length: 60_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).join('\n');
    const adding = indicators.add({ path: one.write('many.txt', many), name: '' }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(adding).rejects.toThrow(/given up/);
    expect((await indicators.status({}, context)).lists).toEqual([]);
    expect(await indicators.add({ path: one.write('many.txt', many), name: '' }, context)).toMatchObject({ stored: 60_000, rejected: 0 });
  });
});

it('is told on the command line', async () => {
  const file = one.write('list.csv', LIST);
  await one.ingest(one.write('a.jsonl', lines(2000).text));
  await one.engine.handlers.cases.close({}, context);
  const run = async (...args: string[]): Promise<string> =>
    await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['build/tidemark.mjs', 'indicators', one.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      child.stdout.on('data', (data: Buffer) => (out += data.toString()));
      child.stderr.on('data', (data: Buffer) => (out += data.toString()));
      child.on('exit', (code) => (code === 0 ? resolve(out) : reject(new Error(out))));
    });
  expect(JSON.parse(await run('add', file, '--json'))).toMatchObject({ id: 1, stored: 5, rejected: 1 });
  expect((await run('hits', '--json')).trim().split('\n').map((line) => JSON.parse(line) as { value: string })).toHaveLength(5);
  expect(fs.existsSync(`${one.file}-lock`)).toBe(false);
}, 60_000);
