import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact } from './exact-json.ts';

const parse = (text: string): unknown => parseExact(Buffer.from(text));

describe('parseExact', () => {
  it('keeps the digits of integers that a double cannot hold', () => {
    expect(parse('{"a":9223372036854775809,"b":-9223372036854775807,"c":9007199254740991,"d":"9223372036854775809","e":[1544712660000000001]}')).toEqual({
      a: '9223372036854775809', b: '-9223372036854775807', c: 9007199254740991, d: '9223372036854775809', e: ['1544712660000000001'],
    });
    expect(parse('[12345678901234567890.5,1e30,12345678901234567890e2,"\\"12345678901234567890"]')).toEqual([Number('12345678901234567890.5'), 1e30, Number('12345678901234567890e2'), '"12345678901234567890']);
  });

  it('is JSON.parse for all else, errors included', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // Long integers aside, which the test before is for.
        if (!/\d{16}/.test(text)) expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid || /\d{16}/.test(text)) return;
        expect(() => parse(text)).toThrow(SyntaxError);
      }),
    );
  });
});
