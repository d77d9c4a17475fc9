import { describe, expect, it } from 'vitest';
import { hexLines } from './reject-bytes.tsx';

describe('hexLines', () => {
  it('writes sixteen bytes a line with offset and characters', () => {
    const hex = [...'{"a":1}\u0000\u001b0123456789'].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
    expect(hexLines(hex).split('\n')).toEqual(['000000  7b 22 61 22 3a 31 7d 00 1b 30 31 32 33 34 35 36  {"a":1}..0123456', '000010  37 38 39                                         789']);
  });
  it('is empty for nothing', () => expect(hexLines('')).toBe(''));
});
