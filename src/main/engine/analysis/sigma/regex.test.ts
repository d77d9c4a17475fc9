import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRegex, RegexProblem } from './regex.ts';

test.each([
  ['a.b', '', 'a\rb', true],
  ['a.b', '', 'a\nb', false],
  ['a.b', 's', 'a\nb', true],
  ['^b$', 'm', 'a\nb', true],
  ['^b$', '', 'a\nb', false],
  ['(?i)ABC', '', 'abc', true],
  ['^(?i)ABC', '', 'xabc', false],
  ['\\Aab\\z', '', 'ab', true],
  ['\\Aab\\Z', '', 'ab\n', true],
  ['\\Ab', 'm', 'a\nb', false],
  ['[A-Za-z0-9*+/=]{3}', '', 'a+*', true],
  ['[]a]+$', '', ']a', true],
  ['[[:alpha:]_]+[[:digit:]]$', '', 'a_b7', true],
  ['[[.]x', '', '[x', true],
  ['\\x{41}\\x42', '', 'AB', true],
  ['\\Qa.b*\\E+', '', 'a.b**', true],
  ['\\Qa.b\\E', '', 'axb', false],
  ['(?P<n>a)(?P=n)', '', 'aa', true],
  ['a(?#never mind)b', '', 'ab', true],
  ['a\\hb', '', 'a\tb', true],
  ['\\-\\"\\@\\%', '', '-"@%', true],
  ['\\p{Lu}\\-', '', 'É-', true],
  ['a{2}{', '', 'aa{', true],
  ['^a{,3}$', '', 'aa', true],
  ['^a{,3}$', '', 'aaaa', false],
  ['a{,}', '', 'a{,}', true],
  ['a+?b', '', 'aab', true],
  ['\\*+', '', '***', true],
  ['(?:cmd|powershell)(?:\\.exe)?["\']?\\s+[-/]e', '', 'powershell.exe -e', true],
])('%s with "%s" on %j: %s', (source, flags, value, wanted) => expect(compileRegex(source, flags).test(value)).toBe(wanted));

test.each(['a++', 'a*+', '(?>a)', '(?|a)', '(?&x)', '(?R)', '(*ACCEPT)', 'a(?i)b', '(?x) a', '\\Ka', '\\Ga', '\\y', '[[:^alpha:]]', '[[:nope:]]', '[[:constructor:]]', '\\x{10ffff}'])('%s is refused by name', (source) => expect(() => compileRegex(source, '')).toThrow(RegexProblem));
test.each(['(', '[a', 'a**', '*', '\\', ')', '(?<n>a)(?<n>b)'])('%s is no expression', (source) => expect(() => compileRegex(source, '')).toThrow(SyntaxError));

test('what both mean alike is left as it is', () => {
  const piece = fc.constantFrom('a', 'b', '-', '\\d', '\\.', '[ab]', '[^b]', '(?:a|b)', '(a)', 'a|b', '^', '$', '\\s', ' ');
  const repeat = fc.constantFrom('', '', '*', '+', '?', '{1,2}', '*?');
  const source = fc.array(fc.tuple(piece, repeat).map(([one, more]) => (/^[\^$]|\|/.test(one) ? one : one + more)), { maxLength: 6 }).map((parts) => parts.join(''));
  fc.assert(fc.property(source, fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', ' ', '-'), maxLength: 8 }), (written, value) => {
    expect(compileRegex(written, '').test(value)).toBe(new RegExp(written).test(value));
  }), { numRuns: 1000 });
});

test('whatever is written compiles or is refused', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\\', '(', ')', '[', ']', '?', '*', '+', '{', '}', '1', ',', 'a', 'Q', 'E', 'P', '<', '>', ':', '^', '-', '|', 'x'), maxLength: 16 }), (written) => {
    try {
      compileRegex(written, '');
    } catch (error) {
      expect(error instanceof RegexProblem || error instanceof SyntaxError).toBe(true);
    }
  }), { numRuns: 3000 });
});
