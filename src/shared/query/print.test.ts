import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText, nodeOf, tree } from '../../../test/support/query-arbitraries.ts';
import { parseQuery } from './grammar.ts';
import { filtersOf, printQuery, withFilter, withoutFilter } from './print.ts';

const NOW = 1_795_262_400_000_000;

describe('printQuery', () => {
  it.each([
    ['', ''],
    ['  a   AND b ', 'a b'],
    ['NOT (a OR b) c', '-(a OR b) c'],
    ['sev:error latency>1.5s', 'severity:high latency_ms>1500'],
    ['status:[500 TO 599]', 'status:500..599'],
    ['host:(a OR b)', 'host:a OR host:b'],
    ['NOT --x', 'NOT --x'],
    ['status AND >=5', 'status AND >=5'],
    ['time:2026-10-01..2026-10-02', 'time:2026-10-01Z..2026-10-02Z'],
    ['time>=2026-10-01T12:30:05.25Z', 'time>=2026-10-01T12:30:05.250Z'],
    ['/usr x/"foo"', '\\/usr x/ "foo"'],
    ['/var/log/syslog', '/var/log/syslog'],
    ['"time":x', '"time":x'],
  ])('%s -> %s', (text, printed) => expect(printQuery(nodeOf(text))).toBe(printed));

  it('is read again as the same tree, in any zone', () => {
    fc.assert(
      fc.property(tree, (made) => {
        // Leaves the parser would write otherwise become canonical by one turn; from there on nothing may change.
        const first = parseQuery(printQuery(made), { now: NOW });
        expect(first, printQuery(made)).toMatchObject({ ok: true });
        if (first.ok) expect(nodeOf(printQuery(first.node), { zone: 'Asia/Kathmandu' }), printQuery(made)).toEqual(first.node);
      }),
      { numRuns: 1500 },
    );
  });
  it('prints what was parsed from any text as the same tree', () => {
    let parsed = 0;
    fc.assert(
      fc.property(hostileText, (text) => {
        const result = parseQuery(text, { now: NOW });
        if (!result.ok) return;
        parsed++;
        expect(nodeOf(printQuery(result.node), { zone: 'America/St_Johns' }), printQuery(result.node)).toEqual(result.node);
      }),
      { numRuns: 6000 },
    );
    expect(parsed).toBeGreaterThan(300);
  });
  it('leaves canonical trees of plain leaves as they are', () => {
    const plain = nodeOf('a (b OR -c) host:x -(d e) NOT -f status>=500 is:pinned has:ip /x y/i "p q" w*d time>2026-10-01Z');
    expect(nodeOf(printQuery(plain))).toEqual(plain);
  });
});

describe('withFilter', () => {
  it.each<[string, string, string, 'include' | 'exclude', string]>([
    ['', 'host', 'web-1', 'include', 'host:web-1'],
    ['timeout', 'host', 'web-1', 'exclude', 'timeout -host:web-1'],
    ['timeout -host:web-1 x', 'host', 'WEB-1', 'include', 'timeout x host:WEB-1'],
    ['timeout host:web-1', 'host', 'web-1', 'exclude', 'timeout -host:web-1'],
    ['timeout AND host:a', 'host', 'b', 'include', 'timeout host:(a OR b)'],
    ['host:(a OR b)', 'host', 'b', 'exclude', 'host:a -host:b'],
    ['host:a OR host:b', 'host', 'c', 'include', 'host:(a OR b OR c)'],
    ['a OR b', 'host', 'x', 'include', '(a OR b) host:x'],
    ['host!=a', 'host', 'a', 'include', 'host:a'],
    ['', 'user', 'Jane "J" Doe', 'include', 'user:"Jane \\"J\\" Doe"'],
    ['', 'user', 'C:\\x*', 'include', 'user:"C:\\\\x*"'],
    ['', 'url', '/api', 'include', 'url:"/api"'],
    ['', 'host', '', 'include', '-has:host'],
    ['-has:host', 'host', '', 'exclude', 'has:host'],
    ['host:a', 'host', '', 'include', 'host:(a OR "")'],
    ['', 'status', '500', 'include', 'status:500'],
    ['status>=500', 'status', '503', 'include', 'status>=500 status:503'],
    ['', 'time', 'x', 'include', '"time":x'],
    ['', 'Process Name', 'sshd', 'exclude', '-"Process Name":sshd'],
    ['(', 'host', 'a', 'include', '('],
    ['x', 'status', 'abc', 'include', 'x'],
    ['message:a', 'message', 'b', 'include', 'message:a message:b'],
    ['service.name:api', 'service', 'api', 'include', 'service.name:api'],
  ])('%s + %s %s %s', (text, field, value, mode, expected) => expect(withFilter(text, field, value, mode)).toBe(expected));

  const fieldName = fc.oneof(fc.constantFrom('host', 'user', 'attr', 'time', 'a b', 'message', 'url', 'status'), fc.string({ minLength: 1, maxLength: 4 }));
  const fieldValue = fc.oneof(fc.constantFrom('', 'a', 'b', '/x/', '-1', '500', 'AND'), fc.string({ maxLength: 6 }));
  const mode = fc.constantFrom('include' as const, 'exclude' as const);
  it('is idempotent, keeps the text right, and is undone', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.constantFrom('', 'a OR b', 'host:a OR host:b', '-host:(a OR b) x', 'status==')), fieldName, fieldValue, mode, (text, field, value, how) => {
        const once = withFilter(text, field, value, how);
        expect(withFilter(once, field, value, how)).toBe(once);
        expect(parseQuery(once).ok).toBe(parseQuery(text).ok);
        const other = withFilter(once, field, value, how === 'include' ? 'exclude' : 'include');
        expect(parseQuery(other).ok).toBe(parseQuery(text).ok);
        const without = withoutFilter(once, field, value);
        expect(withoutFilter(without, field, value)).toBe(without);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('withoutFilter and filtersOf', () => {
  it.each([
    ['a host:x -host:y b', 'host', 'x', 'a -host:y b'],
    ['a host:(x OR y)', 'host', 'x', 'a host:y'],
    ['a AND status>=500 AND status<600', 'status', undefined, 'a'],
    ['is:pinned a', 'is', undefined, 'a'],
    ['time>-15m a', 'time', undefined, 'a'],
    ['a', 'host', 'x', 'a'],
  ])('%s - %s %s', (text, field, value, expected) => expect(withoutFilter(text, field, value)).toBe(expected));
  it('lists the outermost field terms', () => {
    expect(filtersOf('timeout sev>=error -host:(a OR b) is:pinned')).toEqual([
      { field: 'severity', negated: false, values: [], text: 'sev>=error', from: 8, to: 18 },
      { field: 'host', negated: true, values: ['a', 'b'], text: '-host:(a OR b)', from: 19, to: 33 },
      { field: 'is', negated: false, values: [], text: 'is:pinned', from: 34, to: 43 },
    ]);
    expect(filtersOf('"open')).toEqual([]);
  });
});
