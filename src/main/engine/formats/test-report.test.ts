import { describe, expect, it } from 'vitest';
import { readDecoded } from '../../../../test/support/read-decoded.ts';
import { goTest } from './go-test.ts';
import { nunit } from './nunit.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';
import { testReport } from './test-report.ts';
import { trx } from './trx.ts';

const us = (text: string): number => Date.parse(text) * 1000;
const formatOf = (text: string): string | undefined => recognise(makeHead('report', Buffer.from(text)), formats).format?.id;

describe('test reports', () => {
  it('reads mocha: the lists decide, hooks that failed count, times add up', async () => {
    const test = (title: string, more: object = {}): object => ({ title, fullTitle: `Till ${title}`, file: '/t.js', duration: 100, err: {}, ...more });
    const [a, b, c] = [test('a'), test('b', { err: { message: 'expected 2', stack: 'Error: expected 2\n at t.js' } }), test('c', { duration: undefined })];
    const hook = test('"before each" hook', { err: { message: 'no till' } });
    const text = JSON.stringify({ stats: { suites: 1, tests: 3, passes: 1, pending: 1, failures: 2, start: '2026-05-04T10:00:00.000Z', end: '2026-05-04T10:00:01.000Z', duration: 1000 }, tests: [a, b, c], pending: [c], failures: [b, hook], passes: [a] }, null, 2);
    expect(formatOf(text)).toBe('test-report');
    const { records } = await readDecoded(testReport, text);
    expect(records.map(({ message, time }) => [message, time])).toEqual([
      ['Till a: passed', us('2026-05-04T10:00:00.000Z')], ['Till b: failed: expected 2', us('2026-05-04T10:00:00.100Z')], ['Till c: skipped', us('2026-05-04T10:00:00.200Z')],
      ['Till "before each" hook: failed: no till', us('2026-05-04T10:00:00.200Z')], ['Test suite run: 1 passed, 2 failed, 1 skipped of 4', us('2026-05-04T10:00:00.000Z')],
    ]);
  });

  it('reads Jest, with files that did not load', async () => {
    const start = Date.parse('2026-05-04T10:00:00Z');
    const text = JSON.stringify({
      numFailedTests: 1, numTotalTests: 2, success: false, startTime: start,
      testResults: [
        { name: '/src/till.test.ts', status: 'failed', startTime: start, endTime: start + 500, message: '', assertionResults: [{ ancestorTitles: ['till'], fullName: 'till rings', title: 'rings', status: 'passed', duration: 5, failureMessages: [] }, { fullName: 'till adds', title: 'adds', status: 'failed', duration: 7, failureMessages: ['Error: expected 2\n at x'] }] },
        { name: '/src/broken.test.ts', status: 'failed', startTime: start, endTime: start, message: 'Cannot find module', assertionResults: [] },
      ],
    });
    expect(formatOf(text)).toBe('test-report');
    const { records } = await readDecoded(testReport, text);
    expect(records.map(({ message, fields }) => [message, fields.level])).toEqual([
      ['till.test.ts till rings: passed', 'info'], ['till.test.ts till adds: failed: Error: expected 2', 'error'], ['Test suite till.test.ts: 1 passed, 1 failed of 2', 'warning'],
      ['Test suite broken.test.ts: 0 passed of 0: Cannot find module', 'warning'],
    ]);
    expect(records[1].time).toBe((start + 5) * 1000);
  });

  it('reads go test: builds that fail, panics, text between, tests that never end', async () => {
    const line = (event: object): string => JSON.stringify({ Time: '2026-05-04T10:00:00Z', ...event });
    const text = [
      'go: downloading example.org/x v1.0.0', line({ ImportPath: 'example.org/bad', Action: 'build-output', Output: '# example.org/bad\n' }), line({ ImportPath: 'example.org/bad', Action: 'build-output', Output: './bad.go:3: undefined: x\n' }),
      line({ ImportPath: 'example.org/bad', Action: 'build-fail' }), line({ Action: 'start', Package: 'example.org/shop/v2' }), line({ Action: 'run', Package: 'example.org/shop/v2', Test: 'TestA' }),
      line({ Action: 'output', Package: 'example.org/shop/v2', Test: 'TestA', Output: 'log\n' }), line({ Action: 'output', Package: 'example.org/shop/v2', Test: 'TestA', Output: 'panic: boom\n' }),
      line({ Action: 'fail', Package: 'example.org/shop/v2', Test: 'TestA', Elapsed: 1.5 }), line({ Action: 'run', Package: 'example.org/shop/v2', Test: 'TestB' }), '{"Action":',
    ].join('\n');
    expect(formatOf(text)).toBe('go-test');
    const { records, rejects } = await readDecoded(goTest, text, 11);
    expect(records.map(({ message, fields }) => [message, fields.level])).toEqual([
      ['go: downloading example.org/x v1.0.0', undefined], ['Build of example.org/bad failed: ./bad.go:3: undefined: x', 'error'], ['example.org/shop/v2 TestA: failed: panic: boom', 'error'],
      ['Test suite example.org/shop/v2: 0 passed, 1 failed of 1: it did not end', 'warning'], ['example.org/shop/v2 TestB: without a result', 'warning'],
    ]);
    expect(records[2]).toMatchObject({ numbers: { latencyMs: 1500 }, fields: { service: 'shop' } });
    expect(rejects).toHaveLength(1);
  });

  it('reads TRX, also when it is cut off', async () => {
    const document = Buffer.from(trx.document?.() ?? []).toString();
    expect(formatOf(document)).toBe('trx');
    const { records } = await readDecoded(trx, document);
    expect(records.map(({ message, time }) => [message, time])).toEqual([['Shop.Till Rings: passed', us('2026-05-04T10:00:00.100Z')], ['Shop.Till AddsUp: failed: Expected 2, was 3', us('2026-05-04T10:00:00.350Z')]]);
    const cut = await readDecoded(trx, document.slice(0, document.indexOf('<TestDefinitions>')));
    expect(cut.records.map(({ message }) => message)).toEqual(['Rings: passed', 'AddsUp: failed: Expected 2, was 3']);
    expect(cut.rejects).toHaveLength(1);
  });

  it('reads NUnit 2', async () => {
    const text = '<test-results name="Shop.dll" total="3" date="2026-05-04" time="10:00:00"><test-suite name="Till" success="False" time="0.5"><results>'
      + '<test-case name="Shop.Till.A" executed="True" success="True" time="0.25" result="Success"/><test-case name="Shop.Till.B" executed="True" success="False" time="0.25" result="Failure"><failure><message>2 is not 3</message></failure></test-case>'
      + '<test-case name="Shop.Till.C" executed="False" result="Ignored"><reason><message>later</message></reason></test-case></results></test-suite></test-results>';
    expect(formatOf(text)).toBe('nunit');
    const { records } = await readDecoded(nunit, text);
    expect(records.map(({ message, time }) => [message, time])).toEqual([
      ['Shop.Till.A: passed', us('2026-05-04T10:00:00Z')], ['Shop.Till.B: failed: 2 is not 3', us('2026-05-04T10:00:00.250Z')], ['Shop.Till.C: skipped: later', us('2026-05-04T10:00:00.500Z')],
      ['Test suite Till: 1 passed, 1 failed, 1 skipped of 3', us('2026-05-04T10:00:00Z')],
    ]);
  });
});
