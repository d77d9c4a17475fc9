import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declaredSchema, loadDeclared } from './declared.ts';
import { CollectingSink } from './lib/collect.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const root = new URL('../../../../', import.meta.url);
const schemaFile = new URL('resources/schemas/format.schema.json', root);
const docFile = new URL('docs/declared-formats.md', root);

const door = {
  id: 'door',
  title: 'Door controller',
  patterns: [
    String.raw`^(?<when>\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d,\d{3}) <(?<lv>\w)> (?<who>\w+)@(?<door>\w+) took=(?<took>\d+) code=(?<code>\d+) - (?<message>.*)`,
    String.raw`^(?<when>\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d,\d{3}) ALARM (?<message>.*)`,
  ],
  fields: { who: 'user', door: 'host', took: 'latency_ms', code: { attribute: 'badge.code', kind: 'number' } },
  time: { field: 'when', format: '%d.%m.%Y %H:%M:%S,%L', zone: 'Europe/Berlin' },
  severity: { field: 'lv', map: { K: 'critical', O: 'info' } },
  multiline: {},
  samples: [
    {
      record: '01.10.2026 12:00:00,012 <K> ann@north took=7 code=0042 - forced open\n  by hand',
      time: '2026-10-01T10:00:00.012Z', severity: 'critical', message: 'forced open\n  by hand',
      fields: { user: 'ann', host: 'north' }, numbers: { latencyMs: 7 }, attributes: { 'badge.code': 42 },
    },
    { record: '01.12.2026 12:00:00,012 ALARM fire', time: '2026-12-01T11:00:00.012Z' },
  ],
};
const load = (change: Record<string, unknown>): ReturnType<typeof loadDeclared> => loadDeclared({ ...door, ...change }, 'door.json');
const one = (pattern: string, record: string, more: Record<string, unknown> = {}): ReturnType<typeof loadDeclared> =>
  loadDeclared({ id: 'one', title: 'One', pattern, samples: [{ record }], ...more }, 'one.json');

describe('declared formats', () => {
  it.each(formats.map(({ id }) => id))('refuses the id of the built-in format %s', (id) => {
    const json = { id, title: 'Mine', pattern: '^(?<message>mine .*)', samples: [{ record: 'mine x' }] };
    expect(() => loadDeclared(json, 'mine.json', formats)).toThrow(`mine.json: the id '${id}' is that of the built-in format`);
  });

  it('loads what has an id of its own beside the built-in formats', () => {
    const json = { id: 'mine', title: 'Mine', pattern: '^(?<message>mine .*)', samples: [{ record: 'mine x' }] };
    expect(loadDeclared(json, 'mine.json', formats).id).toBe('mine');
  });

  it('reads what its samples promise, and is recognised before the built-in formats', () => {
    const format = load({});
    expect(format.warnings).toEqual([]);
    const buf = Buffer.from(door.samples.map(({ record }) => record).join('\n'));
    expect(recognise(makeHead('x', buf), [...formats, format]).format?.id).toBe('door');
    const sink = new CollectingSink(buf, true);
    format.open({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
    expect(sink.records.map(({ message }) => message)).toEqual(['forced open\n  by hand', 'fire']);
  });

  it('warns of a pattern that no sample proves', () => {
    expect(load({ samples: door.samples.slice(0, 1) }).warnings).toEqual(['pattern 2 matches no sample']);
  });

  it.each([
    ['a sample that matches nothing', { samples: [{ record: 'rubbish' }] }, 'door.json: sample 1 matches no pattern: rubbish'],
    ['a sample that reads differently', { samples: [{ ...door.samples[1], time: '2026-12-01T12:00:00.012Z' }] }, 'sample 1: time reads as 1796122800012000, the sample expects 1796126400012000'],
    ['an unknown key', { colour: 1 }, 'door.json: '],
    ['an unknown group', { fields: { nobody: 'user' } }, "fields names the group 'nobody', which no pattern has"],
    ['an unknown zone', { time: { ...door.time, zone: 'Mars/Olympus' } }, "time.zone 'Mars/Olympus' is no zone"],
    ['an unknown time part', { time: { ...door.time, format: '%Q' } }, "has an unknown part %Q"],
    ['two groups for one column', { fields: { who: 'user', door: 'user' } }, "two groups of one pattern go to 'user'"],
    ['pattern and patterns', { pattern: '^x' }, "give either 'pattern' or 'patterns'"],
  ])('refuses %s', (_name, change, message) => {
    expect(() => load(change)).toThrow(message);
  });

  it.each([
    ['(a+)+b', 'a repeat stands inside another'],
    ['^(?:x(?:\\w*)y)*$', 'a repeat stands inside another'],
    ['^(?:a{2,}){99}', 'a repeat stands inside another'],
    ['(?<=a)b', 'it looks behind'],
    ['(?<!a)b', 'it looks behind'],
    ['(a)\\1', 'it refers back'],
    ['(?<q>a)\\k<q>', 'it refers back'],
    ['(a', 'no regular expression'],
  ])('refuses the pattern %s', (pattern, reason) => {
    expect(() => one(pattern, 'a')).toThrow(reason);
  });
  it('allows repeats that cannot run away', () => {
    expect(() => one('^(?:\\d+\\.){3}\\d+ (?<message>[a-z)(*+]+(?: \\w+)?)$', '1.2.3.4 abc')).not.toThrow();
    expect(() => loadDeclared({ id: 'x'.repeat(20), title: 't', pattern: `^${'a'.repeat(2001)}`, samples: [{ record: 'a' }] }, 'f')).toThrow('f: ');
  });

  it.each([
    ['%Y-%m-%dT%H:%M:%S.%f%z', '2026-10-01T12:00:00.25+0200', '2026-10-01T10:00:00.250Z'],
    ['%d %b %Y %I:%M:%S %p', '01 Oct 2026 01:00:00 PM', '2026-10-01T13:00:00Z'],
    ['%a, %d %B %Y %T %Z', 'Thu, 01 October 2026 10:00:00 GMT', '2026-10-01T10:00:00Z'],
    ['%y%j %R', '26274 10:30', '2026-10-01T10:30:00Z'],
    ['%s', '1790848800.5', '2026-10-01T10:00:00.500Z'],
    ['epoch_ns', '1790848800123456789', '2026-10-01T10:00:00.123456Z'],
    ['epoch_ms', '1790848800123', '2026-10-01T10:00:00.123Z'],
    ['%e/%m %T', ' 1/06 10:00:00', '2026-06-01T10:00:00Z'],
  ])('reads times written as %s', (format, text, time) => {
    const record = `[${text}] hello`;
    expect(() => one('^\\[(?<time>[^\\]]+)\\] (?<message>.*)', record, { time: { format }, samples: [{ record, time, message: 'hello' }] })).not.toThrow();
  });

  it('publishes the schema that it checks with', () => {
    const schema = { ...z.toJSONSchema(declaredSchema, { io: 'input' }), title: 'Tidemark declared format' };
    expect(JSON.parse(fs.readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('explains itself with an example that works', () => {
    const examples = [...fs.readFileSync(docFile, 'utf8').matchAll(/```json\n(\{[^]*?\n\})\n```/g)].map(([, text]) => JSON.parse(text) as unknown);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(loadDeclared(example, 'docs').warnings).toEqual([]);
  });
});
