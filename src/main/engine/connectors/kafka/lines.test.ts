import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { lineOf } from './lines.ts';

const line = (value: string | null, key: string | null = null): string | null => lineOf('t', 3, { key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value), offset: '42', timestamp: '1790000000000' })?.toString() ?? null;
const PLACE = '"kafka.topic":"t","kafka.partition":3,"kafka.offset":42,"kafka.timestamp":"2026-09-21T14:13:20.000Z"}';

describe('a line of a message', () => {
  it('tells the place of an object, and leaves its bytes as they are', () => {
    expect(line('{"a":1.50,  "b":"\\u00e9"}')).toBe(`{"a":1.50,  "b":"\\u00e9",${PLACE}\n`);
    expect(line(' {\r\n "a": 1\n}\n ')).toBe(` {   "a": 1 ,${PLACE}\n`);
    expect(line('{ }')).toBe(`{ ${PLACE}\n`);
    expect(line('{"a":1}', 'k"1')).toContain('"kafka.key":"k\\"1"');
  });
  it('leaves what is no object alone, but for its line breaks', () => {
    expect(line('{no json}')).toBe('{no json}\n');
    expect(line('[1]')).toBe('[1]\n');
    expect(line('a\nb\n')).toBe('a\n\tb\n\t\n');
    expect(line('')).toBeNull();
    expect(line(null)).toBeNull();
  });
  it('says what is too long', () => {
    expect(line('\n'.repeat(3 << 20))).toMatch(/^\{"undecodable":"The message at offset 42 of t\/3 is 3145728 bytes long/);
  });
  it('is one record whatever is in it, and can be had back', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (value) => {
      const text = line(value) ?? '';
      expect(text.slice(0, -1).replaceAll('\n\t', '\n')).toBe(value);
      expect(text.slice(0, -1)).not.toMatch(/\n[^\t]/);
    }));
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = line(JSON.stringify(value, null, 2)) ?? '';
      expect(text.indexOf('\n')).toBe(text.length - 1);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ ...value, ...JSON.parse(`{${PLACE}`) as object })));
    }));
  });
});
