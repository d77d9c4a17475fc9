import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostileText, nodeOf } from '../../../test/support/query-arbitraries.ts';
import type { QueryNode } from './ast.ts';
import { MAX_DEPTH, parseQuery } from './grammar.ts';
import { lex, MAX_QUERY_LENGTH } from './lexer.ts';

const word = (text: string): QueryNode => ({ kind: 'text', match: { type: 'word', text } });
const field = (name: string, text: string, op: ':' | '>' | '>=' | '!=' | '=' = ':'): QueryNode => ({ kind: 'field', field: name, op, match: { type: 'word', text } });
const range = (name: string, low: string | null, high: string | null): QueryNode => ({ kind: 'field', field: name, op: ':', match: { type: 'range', low, high } });
const and = (...nodes: QueryNode[]): QueryNode => ({ kind: 'and', nodes });
const or = (...nodes: QueryNode[]): QueryNode => ({ kind: 'or', nodes });
const not = (node: QueryNode): QueryNode => ({ kind: 'not', node });
const utc = (text: string): number => Date.parse(text) * 1000;
const NOW = utc('2026-11-21T12:00:00Z');

describe('joining', () => {
  it.each<[string, QueryNode]>([
    ['', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['a b', and(word('a'), word('b'))],
    ['a AND b', and(word('a'), word('b'))],
    ['a OR b c', or(word('a'), and(word('b'), word('c')))],
    ['(a OR b) c', and(or(word('a'), word('b')), word('c'))],
    ['a and b', and(word('a'), word('and'), word('b'))],
    ['-a', not(word('a'))],
    ['NOT a', not(word('a'))],
    ['NOT(a OR b)', not(or(word('a'), word('b')))],
    ['a - b --verbose', and(word('a'), word('-'), word('b'), word('--verbose'))],
  ])('%s', (text, node) => expect(nodeOf(text)).toEqual(node));
});

describe('text that looks like syntax', () => {
  it.each(['12:30:45', 'http://x/y?'.slice(0, -1), '::1', 'fe80::1', 'de:ad:be:ef:00:01', 'C:\\Windows', 'c:/x', 'std::string', 'a->b', 'List<String>', 'YWJj==', 'a=>b', 'error:', '10.0.0.0/8', '/var/log', '/var/log/syslog', 'main()', '[main]', "it's", '{x}'])('%s is a word', (text) => {
    expect(nodeOf(text)).toEqual(word(text));
  });
  it('reads a path as text and an expression as an expression', () => {
    expect(nodeOf('/a b/i')).toEqual({ kind: 'text', match: { type: 'regex', source: 'a b', flags: 'i' } });
    expect(nodeOf('/[^/]+/')).toEqual({ kind: 'text', match: { type: 'regex', source: '[^/]+', flags: '' } });
    expect(nodeOf('\\/a/i')).toEqual(word('/a/i'));
    expect(nodeOf('url:/api/v1')).toEqual(field('url', '/api/v1'));
  });
  it('keeps backslashes of phrases that escape nothing', () => {
    expect(nodeOf('"C:\\Windows \\"x\\" \\\\"')).toEqual({ kind: 'text', match: { type: 'phrase', text: 'C:\\Windows "x" \\' } });
  });
});

describe('fields', () => {
  it.each<[string, QueryNode]>([
    ['sev:error', field('severity', 'high')],
    ['severity>=WARN', field('severity', 'medium', '>=')],
    ['severity:low..high', range('severity', 'low', 'high')],
    ['http.response.status_code:0500', field('status', '500')],
    ['@x:1', field('@x', '1')],
    ['constructor:x', field('constructor', 'x')],
    ['latency_ms>1.5s', field('latency_ms', '1500', '>')],
    ['latency:250ms', field('latency_ms', '250')],
    ['latency:250us', field('latency_ms', '0.25')],
    ['status:>=500', field('status', '500', '>=')],
    ['status:500..599', range('status', '500', '599')],
    ['status:[500 TO *]', range('status', '500', null)],
    ['status:5xx', range('status', '500', '599')],
    ['bytes:1..2', range('bytes', '1', '2')],
    ['path:../x', field('path', '../x')],
    ['temp>-5', field('temp', '-5', '>')],
    ['host:*', { kind: 'has', field: 'host' }],
    ['host!=*', not({ kind: 'has', field: 'host' })],
    ['host:""', not({ kind: 'has', field: 'host' })],
    ['has:"my field"', { kind: 'has', field: 'my field' }],
    ['"time":x', field('time', 'x')],
    ['is:Pinned', { kind: 'is', what: 'pinned' }],
    ['state:OR', field('state', 'OR')],
    ['attr:(a OR b "c d")', or(field('attr', 'a'), and(field('attr', 'b'), { kind: 'field', field: 'attr', op: ':', match: { type: 'phrase', text: 'c d' } }))],
    ['host:(a OR -b)', or(field('host', 'a'), not(field('host', 'b')))],
    ['host!=(a OR b)', not(or(field('host', 'a'), field('host', 'b')))],
    ['url:/x\\/y/i', { kind: 'field', field: 'url', op: ':', match: { type: 'regex', source: 'x\\/y', flags: 'i' } }],
    ['host:web-?', { kind: 'field', field: 'host', op: ':', match: { type: 'wildcard', pattern: 'web-?' } }],
  ])('%s', (text, node) => expect(nodeOf(text)).toEqual(node));
});

describe('times', () => {
  const time = (from: string | null, to: string | null): QueryNode => ({ kind: 'time', from: from === null ? null : utc(from), to: to === null ? null : utc(to) });
  it.each<[string, string, QueryNode]>([
    ['time:2026-10-01', 'UTC', time('2026-10-01T00:00Z', '2026-10-02T00:00Z')],
    ['time:2026-10-01..2026-10-02', 'UTC', time('2026-10-01T00:00Z', '2026-10-03T00:00Z')],
    ['time:2026-12', 'UTC', time('2026-12-01T00:00Z', '2027-01-01T00:00Z')],
    ['time>=2026-10-01T12:00', 'Europe/Berlin', time('2026-10-01T10:00Z', null)],
    ['time>2026-10-01', 'UTC', time('2026-10-02T00:00Z', null)],
    ['time>2026-10-01T12:00', 'UTC', time('2026-10-01T12:00Z', null)],
    ['time<=2026-10-01T12:00', 'UTC', time(null, '2026-10-01T12:01Z')],
    ['time:2026-10-25', 'Europe/Berlin', time('2026-10-24T22:00Z', '2026-10-25T23:00Z')],
    ['time>=2026-10-25T02:30', 'Europe/Berlin', time('2026-10-25T00:30Z', null)],
    ['time>=2026-03-29T02:30', 'Europe/Berlin', time('2026-03-29T01:30Z', null)],
    ['time>=2026-10-01T12:00-0530', 'Europe/Berlin', time('2026-10-01T17:30Z', null)],
    ['time>-15m', 'UTC', time('2026-11-21T11:45Z', null)],
    ['time:-1h..now', 'UTC', time('2026-11-21T11:00Z', '2026-11-21T12:00Z')],
    ['time:yesterday', 'Pacific/Auckland', time('2026-11-20T11:00Z', '2026-11-21T11:00Z')],
    ['after:2026-10-01', 'UTC', time('2026-10-02T00:00Z', null)],
    ['before:"2026-10-01 12:30:05.5"', 'UTC', time(null, '2026-10-01T12:30:05.500Z')],
    ['@timestamp>=1754-01-01', 'UTC', time('1754-01-01T00:00Z', null)],
    ['time<9999-12-31', 'UTC', time(null, '9999-12-31T00:00Z')],
  ])('%s in %s', (text, zone, node) => expect(nodeOf(text, { zone, now: NOW })).toEqual(node));
  it('keeps microseconds', () => expect(nodeOf('time:2026-10-01T00:00:00.000001Z')).toEqual({ kind: 'time', from: utc('2026-10-01T00:00Z') + 1, to: utc('2026-10-01T00:00Z') + 2 }));
  it('refuses a zone that does not exist', () => expect(parseQuery('a', { zone: 'Mars/Olympus' })).toMatchObject({ ok: false }));
});

describe('errors', () => {
  it.each<[string, number, number, RegExp]>([
    ['severity:bad', 9, 12, /critical, high, medium, low or info/],
    ['a severity>=bad', 12, 15, /critical, high/],
    ['is:foo', 3, 6, /pinned, noted, suspect, inferred/],
    ['has:pinned', 4, 10, /is:pinned/],
    ['has:5', 4, 5, /field name/],
    ['status:abc', 7, 10, /number/],
    ['status:599..500', 7, 15, /599 is more than 500/],
    ['status:5*', 7, 9, /500\.\.599/],
    ['bytes>1x', 6, 8, /numbers/],
    ['host>5', 5, 6, /text/],
    ['ip:10.0.0.0/33', 3, 14, /32/],
    ['(a b', 0, 1, /not closed/],
    ['a (', 2, 3, /not closed/],
    ['a)', 1, 2, /no \( before/],
    ['()', 0, 2, /nothing between/],
    ['OR a', 0, 2, /before it/],
    ['a OR', 2, 4, /after it/],
    ['a AND OR b', 2, 5, /after it/],
    ['NOT', 0, 3, /after it/],
    ['x "abc', 2, 6, /not closed/],
    ['""', 0, 2, /empty/],
    ['/(?<=a)b/', 1, 5, /Look-behind/],
    ['x /(a)\\1/', 6, 8, /back-reference/],
    ['/a(/', 0, 4, /Unterminated group/],
    ['/a/g', 3, 4, /flag g/],
    ['/a.*b', 0, 5, /not closed/],
    [`/${'a'.repeat(1001)}/`, 0, 1003, /1000 characters/],
    ['severity >= high', 9, 11, /without spaces/],
    ['severity:', 8, 9, /follow directly/],
    ['status==5', 6, 8, /no operator/],
    ['a && b', 2, 4, /AND/],
    ['host:(a service:b)', 8, 16, /close them first/],
    ['host:(a b)', 8, 9, /cannot be two values/],
    ['status>(1 OR 2)', 6, 8, /one value/],
    ['time:2026-13-01', 5, 15, /month/],
    ['time:2026-02-30', 5, 15, /28 days/],
    ['time:soon', 5, 9, /2026-10-01/],
    ['time:-15m', 5, 9, /time>-15m/],
    ['time:2026-10-02..2026-10-01', 5, 27, /ends before/],
  ])('%s', (text, from, to, message) => {
    const result = parseQuery(text, { now: NOW });
    expect(result).toMatchObject({ ok: false, error: { from, to } });
    if (!result.ok) expect(result.error.message).toMatch(message);
  });
  it('bounds depth and length', () => {
    expect(parseQuery(`${'('.repeat(MAX_DEPTH)}a${')'.repeat(MAX_DEPTH)}`).ok).toBe(true);
    expect(parseQuery(`${'('.repeat(MAX_DEPTH + 1)}a${')'.repeat(MAX_DEPTH + 1)}`)).toMatchObject({ ok: false, error: { from: MAX_DEPTH } });
    expect(parseQuery('NOT '.repeat(60_000 / 4) + 'a').ok).toBe(false);
    expect(parseQuery('a'.repeat(MAX_QUERY_LENGTH + 1))).toMatchObject({ ok: false, error: { from: MAX_QUERY_LENGTH, to: MAX_QUERY_LENGTH + 1 } });
  });
});

describe('properties', () => {
  const answered = (text: string): void => {
    const result = parseQuery(text, { now: NOW });
    if (result.ok) return;
    const { from, to, message } = result.error;
    expect(message.length).toBeGreaterThan(10);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeGreaterThan(from);
    expect(to).toBeLessThanOrEqual(text.length);
  };
  it('never throws, and errors point inside the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), hostileText), answered), { numRuns: 3000 });
  });
  it('looks at each character a bounded number of times', () => {
    const pieces = ['/[ ', '/a ', '/ ', '"', '\\', '(', 'a:', 'a:[', 'f:(', 'a:b:', '-', '[1 TO ', 'x=', '/[/ ', 'a*?', '::', '()', 'a()', 'status ', '"a":', '/[ ]', '..', 'ab:cd:'];
    for (const one of pieces) {
      for (const other of pieces) {
        for (const end of ['', '/', ']', '"', ')']) {
          const text = (one + other).repeat(400) + end;
          expect(lex(text).steps, `${one}${other}...${end}`).toBeLessThan(text.length * 16);
        }
      }
    }
  });
});

describe('the documentation', () => {
  const page = readFileSync(new URL('../../../docs/query-language.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^(?:\| )?`([^`]+)`/gm)].map((match) => match[1] ?? '');
  const others = [...page.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '').filter((text) => /^-?[a-z@][\w.]*(:|[<>=!]+)\S/.test(text) && !text.includes('...'));
  it('has examples', () => expect(examples.length).toBeGreaterThan(30));
  it.each([...examples, ...others])('%s parses', (text) => expect(parseQuery(text)).toMatchObject({ ok: true }));
});
