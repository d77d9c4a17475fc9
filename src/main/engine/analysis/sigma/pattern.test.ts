import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANY_CHAR, ANY_TEXT, compilePattern, matchPattern, readPattern, surest, withAnyDash } from './pattern.ts';

const matches = (pattern: string, value: string, cased = false): boolean => matchPattern(compilePattern(readPattern(pattern), cased), value, value.toLowerCase());

test.each([
  [String.raw`C:\Windows\\*`, String.raw`C:\Windows\System32`, true],
  [String.raw`C:\Windows\*`, String.raw`C:\Windows\System32`, false],
  [String.raw`\\server\share`, String.raw`\server\share`, true],
  [String.raw`\\\\server`, String.raw`\\server`, true],
  [String.raw`a\*b`, 'a*b', true],
  [String.raw`a\*b`, 'axb', false],
  [String.raw`a\\*b`, String.raw`a\xxb`, true],
  [String.raw`a\?`, 'a?', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*a*', 'bab', true],
  ['a*b*c', 'a1b2c', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['ABC', 'abc', true],
  ['', '', true],
  ['*', '', true],
  ['Straße*', 'STRASSE', false],
])('%s on %s: %s', (pattern, value, wanted) => expect(matches(pattern, value)).toBe(wanted));

test('case counts where it is said to', () => {
  expect(matches('ABC*', 'abcd', true)).toBe(false);
  expect(matches('ABC*', 'ABCd', true)).toBe(true);
});

test('dashes in front of words are any dash', () => {
  const pattern = compilePattern(`${ANY_TEXT}${withAnyDash(' -urlcache a-b')}${ANY_TEXT}`, false);
  for (const [text, wanted] of [['x /urlcache a-b', true], ['x \u2013urlcache a-b', true], ['x +urlcache a-b', false], ['x -urlcache a/b', false]] as const) expect(matchPattern(pattern, text, text)).toBe(wanted);
});

test('means what the same regular expression means', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });
  fc.assert(
    fc.property(pattern, text, (written, value) => {
      const expression = new RegExp(`^${[...written].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : c)).join('')}$`);
      expect(matches(written, value)).toBe(expression.test(value));
    }),
    { numRuns: 3000 },
  );
});

test('what is sure stands in every text that matches', () => {
  const unit = fc.constantFrom('a', 'B', '7', ' ', '\\', '"', 'é', ANY_TEXT, ANY_CHAR);
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 10 }), fc.string({ unit: fc.constantFrom('x', '"'), maxLength: 4 }), (pattern, filling) => {
      const compiled = compilePattern(pattern, false);
      const value = pattern.replaceAll(ANY_TEXT, filling).replaceAll(ANY_CHAR, 'z');
      expect(matchPattern(compiled, value, value.toLowerCase())).toBe(true);
      expect(JSON.stringify(value).toLowerCase().replaceAll(/[\\"]/g, '')).toContain(surest(compiled));
    }),
    { numRuns: 2000 },
  );
});

test('stars do not make it slow', () => {
  const value = 'a'.repeat(100_000);
  expect(matches(`${'a*'.repeat(60)}b`, value)).toBe(false);
});
