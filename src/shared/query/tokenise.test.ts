import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findWord, isTokenByte, matchWord, tokensOf, wildcardToRegExp } from './tokenise.ts';

describe('tokens', () => {
  it('are runs of letters, digits, _ and what is not ASCII', () => {
    expect(tokensOf('GET /api/v1_x?q=Éa-10.0.0.5 ')).toEqual(['get', 'api', 'v1_x', 'q', 'Éa', '10', '0', '0', '5']);
    expect(isTokenByte.reduce((sum, each) => sum + each, 0)).toBe(26 + 26 + 10 + 1 + 128);
  });
  it('folds ASCII only', () => expect(tokensOf('ÀK \u212a')).toEqual(['Àk', '\u212a']));
});

describe('matchWord', () => {
  it.each<[string, string, boolean]>([
    ['a timeout b', 'timeout', true],
    ['timeouts', 'timeout', false],
    ['xtimeout timeout', 'timeout', true],
    ['TIMED-OUT', 'timed-out', true],
    ['ip=10.0.0.5:80', '10.0.0.5', true],
    ['ip=10.0.0.51', '10.0.0.5', false],
    ['110.0.0.5', '10.0.0.5', false],
    ['a->b', '->', true],
    ['a.b', '.', true],
    ['étimeout', 'timeout', false],
    ['x', '', true],
  ])('%s has %s: %s', (haystack, text, found) => expect(matchWord(haystack, text)).toBe(found));
  it('minds case when told', () => {
    expect(matchWord('Timeout', 'timeout', false)).toBe(false);
    expect(matchWord('Timeout', 'Timeout', false)).toBe(true);
  });
  it('agrees with the tokens for a single token, and with a plain check of every place', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', '.', 'é', '_'), maxLength: 14 });
    fc.assert(
      fc.property(text, text, (haystack, needle) => {
        const lower = haystack.replaceAll('A', 'a');
        const wanted = needle.replaceAll('A', 'a');
        const token = (char: string | undefined): boolean => char !== undefined && /[\wé]/.test(char);
        let at = -1;
        for (let i = 0; i + wanted.length <= lower.length && at < 0; i++) {
          const cut = (left: string | undefined, right: string | undefined): boolean => !(token(left) && token(right));
          if (lower.startsWith(wanted, i) && (wanted === '' || (cut(lower[i - 1], lower[i]) && cut(lower[i + wanted.length - 1], lower[i + wanted.length])))) at = i;
        }
        expect(findWord(lower, wanted, 0)).toBe(at);
        expect(matchWord(haystack, needle)).toBe(at >= 0);
        if (/^[\wé]+$/.test(wanted)) expect(matchWord(haystack, needle)).toBe(tokensOf(haystack).includes(wanted));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('wildcardToRegExp', () => {
  it.each<[string, string, boolean]>([
    ['time*', 'a timeout', true],
    ['time*', 'atime', false],
    ['*out', 'a timeout b', true],
    ['*out', 'outs', false],
    ['*out', 'outs out', true],
    ['t?me', 'TIME', true],
    ['web-?', 'web-12', false],
    ['web-?', 'web-1', true],
    ['a*b*c', 'a c b', false],
    ['a*b*c', 'a b\nc', true],
    ['a.c*', 'abc', false],
    ['x?y', 'x😀y', true],
  ])('%s in %s: %s', (pattern, text, found) => expect(wildcardToRegExp(pattern).test(text)).toBe(found));
  it.each<[string, string, boolean]>([
    ['web*', 'web-1', true],
    ['web*', 'a web-1', false],
    ['*-1', 'web-1', true],
    ['w*1*1', 'w1', false],
    ['w*1*1', 'w11', true],
    ['web', 'WEB', true],
    ['w?b', 'weeb', false],
  ])('%s is all of %s: %s', (pattern, text, found) => expect(wildcardToRegExp(pattern, { whole: true }).test(text)).toBe(found));
  it('agrees with a matcher that tries everything', () => {
    const slow = (pattern: string, text: string): boolean =>
      pattern === '' ? text === '' : pattern[0] === '*' ? slow(pattern.slice(1), text) || (text !== '' && slow(pattern, text.slice(1))) : text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && slow(pattern.slice(1), text.slice(1));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 7 }), fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 9 }), (pattern, text) => {
        expect(wildcardToRegExp(pattern, { whole: true }).test(text)).toBe(slow(pattern, text));
      }),
      { numRuns: 3000 },
    );
  });
  it('does not back-track: many stars over a long text that almost matches', () => {
    // Backtracking would need about 20000^20 steps; this must come back at all.
    expect(wildcardToRegExp(`${'a*'.repeat(20)}b`).test('a'.repeat(20_000))).toBe(false);
    expect(wildcardToRegExp(`${'a*'.repeat(20)}b`, { whole: true }).test('a'.repeat(20_000))).toBe(false);
  });
  it('is bounded', () => expect(() => wildcardToRegExp('a'.repeat(1001))).toThrow(RangeError));
});
