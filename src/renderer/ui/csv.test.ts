import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';

describe('toCsv', () => {
  it('quotes what needs it and ends lines as RFC 4180 says', () => {
    expect(toCsv(['a', 'b'], [['x,y', 'say "hi"'], [1.5, null], ['line\nbreak', '']])).toBe('a,b\r\n"x,y","say ""hi"""\r\n1.5,\r\n"line\nbreak",\r\n');
  });
  it('disarms formulas in text, not in numbers', () => {
    expect(toCsv(['v'], [['=HYPERLINK("http://x")'], ['@SUM(1)'], ['-1+1'], [-1], ['\tx']])).toBe('v\r\n"\'=HYPERLINK(""http://x"")"\r\n\'@SUM(1)\r\n\'-1+1\r\n-1\r\n\'\tx\r\n');
  });
});
