import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, nodeOf } from '../../../test/support/query-arbitraries.ts';
import { complete } from './complete.ts';
import { highlightTerms } from './terms.ts';
import { tokens } from './tokens.ts';

describe('tokens', () => {
  it('names the parts', () => {
    const text = '-service:api AND status>=500 "x y" w* /r/i (z';
    expect(tokens(text).filter(({ kind }) => kind !== 'space').map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`)).toEqual([
      'operator -', 'field service', 'operator :', 'word api', 'keyword AND', 'field status', 'operator >=', 'number 500', 'phrase "x y"', 'wildcard w*', 'regex /r/i', 'paren (', 'word z',
    ]);
    expect(tokens('a "b')).toContainEqual({ kind: 'error', from: 2, to: 4 });
  });
  it('covers any text without gaps', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (text) => {
        let end = 0;
        for (const { from, to } of tokens(text)) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBe(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('complete', () => {
  const fields = [{ name: 'service', kind: 'keyword' as const }, { name: 'pid', kind: 'number' as const }, { name: 'my field', kind: 'keyword' as const }];
  /** `|` is the cursor; answers the text after taking the option */
  const at = (marked: string) => complete(marked.replace('|', ''), marked.indexOf('|'), { fields });
  const taking = (marked: string, label: string): string | undefined => {
    const text = marked.replace('|', '');
    const found = at(marked);
    const option = found?.options.find((each) => each.label === label);
    return found && option ? text.slice(0, found.from) + option.apply + text.slice(found.to) : undefined;
  };
  it('offers fields, attributes and keywords', () => {
    expect(at('|')).toMatchObject({ kind: 'field', prefix: '' });
    expect(taking('serv|', 'service')).toBe('service:');
    expect(taking('a -p|', 'pid')).toBe('a -pid:');
    expect(taking('my|', 'my field')).toBe('"my field":');
    expect(taking('se|x:a', 'service')).toBe('service:a');
    expect(taking('se|:a', 'service')).toBe('service:a');
    expect(taking('dura|', 'latency_ms')).toBe('latency_ms:');
    expect(taking('a O| b', 'OR')).toBe('a OR  b');
    expect(at('a AN|')).toMatchObject({ kind: 'keyword', from: 2, to: 4 });
    expect(taking('i|', 'is:')).toBe('is:');
  });
  it('offers values', () => {
    expect(taking('severity>=|', 'high')).toBe('severity>=high');
    expect(taking('severity:cr|', 'critical')).toBe('severity:critical');
    expect(taking('severity:(high OR c|', 'critical')).toBe('severity:(high OR critical');
    expect(taking('is:|', 'pinned')).toBe('is:pinned');
    expect(taking('has:my|', 'my field')).toBe('has:"my field"');
    expect(taking('time>|', '-15m')).toBe('time>-15m');
    expect(taking('time:|', '-15m')).toBe(undefined);
    expect(taking('after:|', '-1h')).toBe('after:-1h');
    expect(at('sev:h|igh x')).toMatchObject({ kind: 'value', field: 'severity', from: 4, to: 8, prefix: 'h' });
    expect(at('pid:|')).toMatchObject({ kind: 'value', field: 'pid', from: 4, to: 4, prefix: '' });
    expect(at('host:"web o|ne" x')).toMatchObject({ kind: 'value', field: 'host', from: 5, to: 14, prefix: 'web o' });
    expect(at('host:(a OR |')).toMatchObject({ kind: 'value', field: 'host', from: 11 });
    expect(at('host:(a) |')).toMatchObject({ kind: 'field' });
  });
  it('offers nothing inside a phrase or after an expression', () => {
    expect(at('"some wo|')).toBe(null);
    expect(at('/ab/|')).toBe(null);
  });
  it('answers spans inside any text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: -2, max: 120 }), (text, pos) => {
        const found = complete(text, pos, { fields });
        if (found === null) return;
        expect(found.from).toBeGreaterThanOrEqual(0);
        expect(found.to).toBeGreaterThanOrEqual(found.from);
        expect(found.to).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('highlightTerms', () => {
  it('gives what messages are asked to hold, once', () => {
    expect(highlightTerms(nodeOf('a "b c" (d* OR /e/i) -f host:g message:h a message!=i'))).toEqual([
      { type: 'word', text: 'a' }, { type: 'phrase', text: 'b c' }, { type: 'wildcard', pattern: 'd*' }, { type: 'regex', source: 'e', flags: 'i' }, { type: 'word', text: 'h' },
    ]);
  });
});
