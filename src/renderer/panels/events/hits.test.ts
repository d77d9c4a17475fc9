import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTame, makeFinder } from './hits.ts';

function marked(query: string, text: string): string[] {
  return makeFinder(query)(text).map(({ from, to }) => text.slice(from, to));
}

describe('makeFinder', () => {
  it('marks whole words in any case, as the search finds them', () => {
    expect(marked('error', 'ERROR: no errors, one error')).toEqual(['ERROR', 'error']);
    expect(marked('10.0.0.5', 'from 10.0.0.5 to 10.0.0.55')).toEqual(['10.0.0.5']);
    expect(marked('"timed out" payments', 'upstream timed out calling payments')).toEqual(['timed out', 'payments']);
  });
  it('takes any text as it stands', () => {
    for (const text of ['timed-out', 'a/b', '[x]{2}', '(y)|z', '^$.*+?', '\\d', '#!%&~`@=<>:;,']) expect(marked(`"${text.replace(/["\\]/g, '\\$&')}"`, `- ${text} -`)).toEqual([text]);
  });
  it('marks wildcards and expressions', () => {
    expect(marked('pay*', 'payments repay')).toEqual(['payments'.slice(0, 3)]);
    expect(marked('/\\d+ ms/', 'took 3000 ms and 20 ms')).toEqual(['3000 ms', '20 ms']);
  });
  it('does not mark what is excluded, fields, or anything for a broken query', () => {
    expect(marked('-error service:api', 'error api')).toEqual([]);
    expect(marked('"open', 'open')).toEqual([]);
    expect(marked('', 'anything')).toEqual([]);
  });
  it('joins overlapping hits and keeps them in order, inside the text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'ab', 'a b', '<b>')), fc.array(fc.constantFrom('a', 'b', 'a*', '"a b"'), { minLength: 1, maxLength: 4 }), (words, terms) => {
      const text = words.join(' ');
      let at = 0;
      for (const hit of makeFinder(terms.join(' OR '))(text)) {
        expect(hit.from).toBeGreaterThanOrEqual(at);
        expect(hit.to).toBeGreaterThan(hit.from);
        expect(hit.to).toBeLessThanOrEqual(text.length);
        at = hit.to;
      }
    }));
  });
});

describe('isTame', () => {
  it('refuses what could take for ever', () => {
    for (const wild of ['(a+)+$', '(a|aa)+$', '(.*a){20}', '((ab)*)*', '(\\w+)\\1', 'a*b*c*d*e*']) expect(isTame(wild)).toBe(false);
  });
  it('takes what people write', () => {
    for (const tame of ['\\d+ ms', '.*x.*', 'time(d)? ?out', 'error|fail', '(GET|POST) /api/[a-z]+', 'x{3}', '[(+*]+']) expect(isTame(tame)).toBe(true);
  });
  it('finishes quickly on hostile text with what it takes', () => {
    const started = performance.now();
    const find = makeFinder('/.*x.*y/');
    for (let row = 0; row < 40; row++) find('x'.repeat(5000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
