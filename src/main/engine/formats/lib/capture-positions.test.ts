import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf, positioned } from './capture-positions.ts';

/** Where the engine itself says the groups are. */
function truth(pattern: RegExp, text: string): unknown {
  const indices = new RegExp(pattern.source, `${pattern.flags.replace(/[gyd]/g, '')}d`).exec(text)?.indices;
  if (!indices) return null;
  return groupsOf(pattern).map(({ name, index }) => {
    const range = indices[index] as [number, number] | undefined;
    return [name, ...(range ?? [-1])];
  });
}
function placed(pattern: RegExp, text: string): unknown {
  const groups = positioned(pattern);
  if (!groups.match(text)) return null;
  return groups.names.map((name, slot) => (groups.from[slot] < 0 ? [name, -1] : [name, groups.from[slot], groups.to[slot]]));
}
function agree(pattern: RegExp, text: string): void {
  expect(placed(pattern, text), `${pattern.source} on ${JSON.stringify(text)}`).toEqual(truth(pattern, text));
}

describe('positions of groups', () => {
  it.each([
    [/^(?<a>x+)-(?<b>y*)\.(?<c>.*)$/, ['xx-yy.z', 'x-.', 'x-y']],
    [/(?<a>b)c/, ['aabc', 'bc', 'ac']],
    [/^(?:(?<a>x) )?(?<b>\w+)/, ['x yy', 'yy', ' ']],
    [/^(?:(?<a>\d+)|v(?<b>\w+)) (?<c>.)/, ['12 x', 'v9 y', 'v 1']],
    [/^(?<m>a(?<n>b+)(c)?(?<o>d)?)e(?<p>.)/, ['abbcdeX', 'abeY', 'ae']],
    [/^(?<s>\w+) (?<m>\{(?=.*"l":(?<l>\d+))(?=.*"t":(?<t>\d+)).*)/, ['s {"t":12,"l":3}', 's {"l":3,"t":1}', 's {"l":3}']],
    [/^(?!no)(?<a>\w+)(?= end)(?<b>.*)(?<!x)$/, ['yes end', 'no end', 'yes endx']],
    [/^[\](](?<a>[^\]]+)[)\]]\(?(?<b>[(|)]*)/, [']abc](|)', '(x)']],
    [/^(?<a>\x41\cA?|\u0042{2})(?<b>.)/, ['AC', 'BBx', 'A']],
    [/^(?:x(?<a>\d)){1}(?<b>.*)/, ['x1z']],
    [/^(?:x(?<a>\d))+(?<b>.*)/, ['x1x2z']],
    [/^(?<q>["'])(?<a>.*)\k<q>(?<b>.*)/, ['"x"y', "'a\"'"]],
    [/^(a)(?<b>.)\1(?<c>.)/, ['abac', 'abbc']],
    [/^(?<a>(?:ab|c){2,3}?)(?:d{2}|ee)(?<b>\b.*)/i, ['ABcddX', 'ccee!', 'cccee y']],
    [/^(?<a>.{3})(?:|x|yy)(?<b>z)/s, ['a\nbz', 'abcxz', 'abcyyz']],
    [/^(?:(?<a>x)??)(?<b>x*)/, ['xxx']],
    [/(?<a>\p{Lu}+)(?<b>.)/u, ['aBCd']],
  ] as const)('%s', (pattern, texts) => {
    for (const text of texts) agree(pattern, text);
  });

  it('leaves out groups that nobody wants, and finds the others where they were', () => {
    const pattern = /^(?<a>\w+) (?<b>(?<c>\d+)x)? ?(?<d>.*)/;
    const groups = positioned(pattern, (name) => name !== 'a' && name !== 'b');
    expect(groups.match('ab 12x rest')).toBe(true);
    expect(groups.names).toEqual(['c', 'd']);
    expect([...groups.from, ...groups.to]).toEqual([3, 7, 5, 11]);
  });

  it('agrees with the engine on made-up expressions and texts', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '(?:ab)', '(?:a|bb)', '(b)', '(?=a)', '(?!bb)', '\\b', '(?:a{2})');
    const quantified = fc.tuple(atom, fc.constantFrom('', '', '?', '*', '+', '+?', '{1,2}')).map(([source, quantifier]) => (/^(?:\(\?[=!]|\\b)/.test(source) ? source : source + quantifier));
    const { sequence } = fc.letrec<{ sequence: string; item: string; group: string }>((tie) => ({
      sequence: fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => items.join('')),
      item: fc.oneof({ maxDepth: 3 }, quantified, tie('group')),
      group: fc.tuple(fc.constantFrom('(?<#>', '(?<#>', '(?:', '(?='), fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }), fc.constantFrom('', '', '?', '??', '+'))
        .map(([opening, alternatives, quantifier]) => `${opening}${alternatives.join('|')})${opening === '(?=' ? '' : quantifier}`),
    }));
    // Short texts: expressions with repeats in repeats take time that grows exponentially with their length.
    fc.assert(
      fc.property(sequence, fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }), { minLength: 1, maxLength: 6 }), (written, texts) => {
        let count = 0;
        const pattern = new RegExp(written.replace(/#/g, () => `g${count++}`));
        for (const text of texts) agree(pattern, text.join(''));
      }),
      { numRuns: 2000 },
    );
  });
});
