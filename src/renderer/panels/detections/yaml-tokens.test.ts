import { expect, test } from 'vitest';
import { yamlTokens } from './yaml-tokens.ts';

test('names, quoted texts, numbers and comments', () => {
  const text = "title: A rule # why\ndetection:\n    s:\n        - Image|endswith: '\\a: b.exe'\n          n: 12\n    condition: s";
  expect(yamlTokens(text).map(({ kind, from, to }) => [kind, text.slice(from, to)])).toEqual([
    ['keyword', 'title'], ['operator', '# why'], ['keyword', 'detection'], ['keyword', 's'], ['keyword', 'Image|endswith'], ['phrase', "'\\a: b.exe'"], ['keyword', 'n'], ['number', '12'], ['keyword', 'condition'],
  ]);
});
