import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceContext } from './format.ts';
import { CollectingSink } from './lib/collect.ts';
import { jsonl } from './jsonl.ts';

const context: SourceContext = { path: 'x', modified: Date.UTC(2026, 5, 15) * 1000, zone: 'UTC', head: new Uint8Array(0) };
function parse(bytes: Uint8Array, detail = false): CollectingSink {
  const sink = new CollectingSink(bytes, detail);
  jsonl.open(context).parse(bytes, 0, bytes.length, bytes.length, true, sink);
  return sink;
}
const parseText = (text: string, detail = false): CollectingSink => parse(Buffer.from(text), detail);
const valid = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('jsonl', () => {
  it('accepts exactly what JSON.parse accepts, broken anywhere', () => {
    const value = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(value, fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', ']', ',', ':', '0', '-', '.', 'e', 'u', '\t', '\u0001', 'true', 'null', ' '), fc.nat(3), (json, at, piece, cut) => {
        const object = `{"a b":${json},"time":1,"level":{"x":[]}}`;
        const place = 1 + (at % object.length);
        const text = (object.slice(0, place) + piece + object.slice(place + cut)).replaceAll('\n', ' ');
        const sink = parseText(text);
        expect(sink.records.length + sink.rejects.length).toBe(1);
        expect(sink.records.length === 1, text).toBe(valid(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads back every scalar that JSON.parse sees', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }).map((key) => `k ${key}`), fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))), (object) => {
        const sink = parseText(JSON.stringify(object).replaceAll('\n', ' '), true);
        const attributes = new Map(sink.records[0].attributes.map(({ name, value }) => [name, value]));
        for (const [key, value] of Object.entries(JSON.parse(JSON.stringify(object)) as Record<string, string | number | boolean | null>)) {
          // Whole numbers that a double cannot hold keep their digits as text.
          const exact = typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value) || /e/.test(String(value));
          expect(attributes.get(key)).toEqual(exact ? value : String(value));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says where a record goes wrong', () => {
    const reasons = ['{"a":1,}', '{"a":"x', '{"a":01}', '{"a":"\\q"}', '{"a":1} x', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, '{"a":"\u0001"}'].map((text) => parseText(text).rejects[0].reason);
    expect(reasons).toEqual([
      'Not valid JSON at column 8: a key in double quotes is missing.',
      'Not valid JSON at column 8: the record ends in the middle.',
      'Not valid JSON at column 7: a comma or a closing brace is missing.',
      'Not valid JSON at column 7: an unknown escape stands in a string.',
      'Not valid JSON at column 9: something follows the object.',
      'Not valid JSON at column 105: objects and lists are nested deeper than 100.',
      'Not valid JSON at column 7: a control character stands in a string.',
    ]);
  });

  it('keeps lines that are no objects as events', () => {
    const sink = parseText('Starting up\n{"msg":"a"}\n\n  at main.go:7\n');
    expect(sink.records.map((record) => record.message)).toEqual(['Starting up', 'a', '  at main.go:7']);
  });

  it('understands the same keys in any order, nested or dotted, again and again', () => {
    const lines = ['{"level":"info","msg":"a","host":"h"}', '{"msg":"b","host":{"name":"h"},"level":"info"}', '{"host.name":"h","log":{"level":"info"},"message":"c"}'];
    const sink = parseText([...lines, ...lines.toReversed(), ...lines].join('\n'));
    expect(sink.records.map(({ fields }) => fields)).toEqual(Array.from({ length: 9 }, () => ({ level: 'info', host: 'h' })));
  });

  it('stays right when a source makes up thousands of keys', () => {
    const lines = Array.from({ length: 6000 }, (_, i) => `{"key${i}":{"x${i}":1},"msg":"m${i}","log":{"level":"warn"},"level${i}":"no"}`);
    const sink = parseText(lines.join('\n'));
    expect(sink.records).toHaveLength(6000);
    expect(sink.records.every(({ message, fields }, i) => message === `m${i}` && fields.level === 'warn')).toBe(true);
  });

  it('reads times by magnitude', () => {
    const times = ['1790812800', '1790812800.25', '1790812800250', '1790812800250000', '1790812800250000123', '"1790812800250"', '1.79081280025e9'];
    const sink = parseText(times.map((time) => `{"time":${time},"msg":"x"}`).join('\n'));
    expect(sink.records.map(({ time }) => time)).toEqual([1790812800e6, ...Array.from({ length: 6 }, () => 1790812800.25e6)]);
  });

  it('does not take every number or word for what its key suggests', () => {
    const { records } = parseText('{"status":"Pending","time":0.25,"level":7,"ip":"localhost","msg":"x","name":"Ann"}\n{"reqId":"1","level":3,"message":"y"}', true);
    expect(records[0]).toMatchObject({ time: null, fields: {}, numbers: {} });
    expect(records[0].attributes.map(({ name }) => name)).toEqual(['status', 'time', 'level', 'ip', 'name']);
    expect(records[1].fields.level).toBe('error');
  });
});
