import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitUnsafe } from './unsafe-text.ts';

describe('splitUnsafe', () => {
  it('leaves plain text, tabs and line ends as one part', () => {
    expect(splitUnsafe('a\tb\nc ü 日本')).toEqual([{ kind: 'text', text: 'a\tb\nc ü 日本', title: '' }]);
  });
  it('marks what would act on a terminal, reorder or hide', () => {
    expect(splitUnsafe('\u001b[31mred\u0000\u202eevil\u200b').map(({ kind, text }) => [kind, text])).toEqual([
      ['ansi', 'ESC[31m'], ['text', 'red'], ['control', 'NUL'], ['bidi', 'RLO'], ['text', 'evil'], ['hidden', 'U+200B'],
    ]);
  });
  it('does not let a sequence without an end hide the text behind it', () => {
    expect(splitUnsafe('\u001b]0;the evidence').map(({ text }) => text).join('|')).toBe('ESC]|0;the evidence');
  });
  it('loses no visible character and shows no special one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '<', '\u001b', '[', ']', '3', 'm', '\u0007', '\u009b', '\u202e', '\u0000', '\r', '\n', '\u2028', '\u{e0041}', '😀')), (chars) => {
        const shown = splitUnsafe(chars.join(''));
        // oxlint-disable-next-line no-control-regex -- the characters that must not get through
        for (const { text } of shown) expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2028\u{e0041}]/u);
        expect(shown.map(({ text }) => text).join('').replace(/[^<😀]/gu, '')).toBe(chars.join('').replace(/[^<😀]/gu, ''));
      }),
    );
  });
});
