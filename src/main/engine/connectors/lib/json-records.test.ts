import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenAt } from './broken-at.ts';
import { recordsOf } from './json-records.ts';

const texts = (body: string): string[] => recordsOf(Buffer.from(body)).map(({ bytes }) => bytes.toString());

describe('a posted body', () => {
  it('is one object, one a line, or a list, and keeps its bytes', () => {
    expect(texts('{"a":1.10}')).toEqual(['{"a":1.10}']);
    expect(texts('\ufeff{\n "a": 12345678901234567890,\r\n "b": "x\\ny"\n}\n')).toEqual(['{  "a": 12345678901234567890,   "b": "x\\ny" } '.trimEnd() + ' ']);
    expect(texts('{"a":1}\r\n\n {"b":2}\n{"c":3}')).toEqual(['{"a":1} ', '{"b":2}', '{"c":3}']);
    expect(texts(' [ {"a":[1,{"x":"],}"}]} ,\n{"b":"\\"]"}, {} ]\n')).toEqual(['{"a":[1,{"x":"],}"}]} ', '{"b":"\\"]"}', '{} ']);
    expect(texts('[]')).toEqual([]);
  });

  it('is refused as a whole with the place where it breaks', () => {
    const refused = (body: string): string => {
      try {
        recordsOf(Buffer.from(body));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(refused('')).toBe('The body is empty.');
    expect(refused('{"a":1}\n{"b":x}\n')).toBe('Line 2 is not valid JSON: "x" at character 6 does not belong there.');
    expect(refused('{"a":1,}')).toContain('"}" at character 8');
    expect(refused('[{"a":1}, 5]')).toBe('Element 1 is a number, not an object.');
    expect(refused('[{"a":1}')).toContain('ends before');
    expect(refused('"text"')).toBe('The body is a string, not an object.');
    expect(refused('{"a":1}\nnull')).toBe('Line 2 is null, not an object.');
  });

  it('takes lists of anything apart as JSON.parse does', () => {
    fc.assert(fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.nat(3), (values, indent) => {
      const records = recordsOf(Buffer.from(JSON.stringify(values, null, indent)));
      expect(records.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
      expect(records.every(({ bytes }) => !bytes.includes(10))).toBe(true);
    }));
  });

  it('breaks where it is broken: no text that begins alike can be mended before, and it could be until there', () => {
    expect(brokenAt('{"a":[1,2,]}')).toBe(10);
    expect(brokenAt('{"a":tru}')).toBe(5);
    expect(brokenAt('{"a":"\\x"}')).toBe(6);
    expect(brokenAt('{"a":1} x')).toBe(8);
    expect(brokenAt('{"a" 1}')).toBe(5);
    expect(brokenAt('{1:2}')).toBe(1);
    expect(brokenAt('{"a":"x\ny"}')).toBe(7);
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      // A valid text breaks nowhere, and behind it nothing belongs.
      expect(brokenAt(text)).toBe(text.length);
      expect(brokenAt(`${text} ,`)).toBe(text.length + 1);
    }));
  });
});
