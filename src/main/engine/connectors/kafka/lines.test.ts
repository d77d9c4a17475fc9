import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Lines } from './lines.ts';

const message = (value: string | null, key: string | null = null, offset = '42'): { key: Buffer | null; value: Buffer | null; offset: string; timestamp: string } => ({ key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value), offset, timestamp: '1790000000000' });
const line = (value: string | null, key: string | null = null): string | null => {
  const lines = new Lines('t', 3, 10);
  return lines.add(message(value, key)) ? lines.take().toString() : null;
};
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
  it('brings the beginning of what is too long, which is too long for a record', () => {
    const text = line('\n'.repeat(3 << 20)) ?? '';
    expect([text.length, text.length > 1 << 20]).toEqual([(3 << 20) + 1, true]);
  });
  it('is checked where there is a schema, and says what is wrong where', () => {
    const lines = new Lines('t', 3, 10, (value) => ((value as { a: unknown }).a === 1 ? '' : '/a must be 1'));
    const checked = (value: string): string => (lines.add(message(value)), lines.take().toString());
    expect(checked('{"a":1}')).toBe(`{"a":1,${PLACE}\n`);
    expect(JSON.parse(checked('{"a":2}'))).toMatchObject({ undecodable: 'Does not match the JSON Schema: /a must be 1.' });
    expect(JSON.parse(checked('[1]'))).toMatchObject({ undecodable: 'The message at offset 42 of t/3 is no JSON object.' });
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
  it('stands behind the lines before, however little room there was', () => {
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 30 })), fc.nat(100), (values, room) => {
      const lines = new Lines('t', 3, room);
      const alone = values.map((value) => line(value) ?? '');
      const added = values.filter((value) => lines.add(message(value))).length;
      expect(lines.count).toBe(added);
      expect(lines.take().toString()).toBe(alone.join(''));
      expect([lines.count, lines.size]).toEqual([0, 0]);
    }));
  });
  it('gives away what it held for good', () => {
    const lines = new Lines('t', 3, 1000);
    lines.add(message('first'));
    const first = lines.take();
    lines.add(message('other', null, '43'));
    expect(first.toString()).toBe('first\n');
    expect(lines.take().toString()).toBe('other\n');
  });
});
