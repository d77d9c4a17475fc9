import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonl } from '../jsonl.ts';
import { CollectingSink, type ReadRecord } from './collect.ts';

function read(object: unknown, detail = true): ReadRecord {
  const buf = Buffer.from(`${JSON.stringify(object)}\n`);
  const sink = new CollectingSink(buf, detail);
  jsonl.open({ path: 'c-json.log', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  expect(sink.rejects).toEqual([]);
  return sink.records[0];
}
const docker = (log: string): unknown => ({ log, stream: 'stdout', time: '2026-10-01T00:00:00Z' });

describe('an object inside a message', () => {
  it('keeps the time and the host of the collector, and takes the rest from the program', () => {
    const log = JSON.stringify({ time: '2020-01-01T00:00:00Z', host: 'inner', level: 'warn', service: 'cart', msg: 'low' });
    const record = read({ MESSAGE: log, _HOSTNAME: 'node-3', service: 'docker', '@timestamp': '2026-10-01T00:00:00Z' });
    expect(record.attributes).toEqual(expect.arrayContaining([{ name: 'MESSAGE.time', value: '2020-01-01T00:00:00Z' }, { name: 'MESSAGE.host', value: 'inner' }, { name: 'service', value: 'docker' }]));
    expect(record).toMatchObject({ time: Date.UTC(2026, 9, 1) * 1000, message: 'low', fields: { host: 'node-3', service: 'cart', level: 'warn' } });
  });

  it('takes the time from the program where the collector wrote none', () => {
    expect(read({ log: JSON.stringify({ ts: '2026-10-01T00:00:00Z', msg: 'x' }) }).time).toBe(Date.UTC(2026, 9, 1) * 1000);
  });

  it('reads levels that are numbers as the logger means them', () => {
    expect(read(docker('{"level":50,"msg":"no","pid":7}\n')).fields.level).toBe('error');
  });

  it('makes a message for a program that writes none', () => {
    expect(read(docker('{"level":"info","a":1,"b":"x y"}\n')).message).toBe('a=1 b="x y"');
  });

  it.each(['{"level":"error"', '{"a":1} and more', '{braces} "quoted"', '[{"a":"b"}]'])('leaves %s as it is', (log) => {
    expect(read(docker(`${log}\n`)).message).toBe(log);
    expect(read(docker(`${log}\n`)).fields.level).toBeUndefined();
  });

  it('loses no value of any object', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }).filter((key) => /^[a-z]+$/.test(key)), value, { minKeys: 1, maxKeys: 6 }), (inner) => {
        const record = read(docker(`${JSON.stringify(inner)}\n`));
        const said = JSON.stringify([record.message, record.fields, record.numbers, record.attributes, record.time]);
        for (const item of Object.values(inner)) if (typeof item === 'string' && /^[a-z]{3,}$/.test(item)) expect(said).toContain(item);
        expect({ ...record, attributes: [] }).toEqual(read(docker(`${JSON.stringify(inner)}\n`), false));
      }),
      { numRuns: 300 },
    );
  });
});
