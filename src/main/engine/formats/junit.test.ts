import { describe, expect, it } from 'vitest';
import { readDecoded, type ReadDecoded } from '../../../../test/support/read-decoded.ts';
import { junit } from './junit.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const read = (document: string | Uint8Array, size?: number): Promise<ReadDecoded> => readDecoded(junit, document, size);
const suite = (inside: string, attributes = ''): string => `<testsuite name="s" ${attributes}>${inside}</testsuite>`;
const statuses = ({ records }: ReadDecoded): unknown[] => records.filter(({ values }) => values['test.case.name'] !== undefined).map(({ values }) => values['test.case.result.status']);

describe('JUnit XML', () => {
  it('tells failed, skipped and passed by elements first, then by the status', async () => {
    const cases = '<testcase name="a"/><testcase name="b"><failure/><skipped/></testcase><testcase name="c"><error/></testcase><testcase name="d"><skipped/></testcase>'
      + '<testcase name="e" status="notrun"/><testcase name="f" result="suppressed"/><testcase name="g" status="failed"/><testcase name="h" status="run" result="completed"/>'
      + '<testcase name="i"><flakyFailure message="once">stack</flakyFailure></testcase>';
    const found = await read(suite(cases));
    expect(statuses(found)).toEqual(['pass', 'fail', 'fail', 'skip', 'skip', 'skip', 'fail', 'pass', 'pass']);
    expect(found.records.at(-2)?.values).toMatchObject({ 'junit.tries': 1, 'exception.stacktrace': 'flakyFailure: once\nstack' });
    expect(found.records.at(-1)).toMatchObject({ message: 'Test suite s: 3 passed, 3 failed, 3 skipped of 9', fields: { level: 'warning' } });
  });

  it('works out when each case began', async () => {
    const cases = '<testcase name="a" time="1.5"/><testcase name="b" time="0,25"/><testcase name="c" time="1,000.5"/><testcase name="d"/><testcase name="e" timestamp="2026-01-02T00:00:00Z"/>';
    const { records } = await read(suite(cases, 'timestamp="2026-01-01T00:00:00+02:00" time="1002.25"'));
    const began = Date.parse('2025-12-31T22:00:00Z') * 1000;
    expect(records.map(({ time }) => time)).toEqual([began, began + 1.5e6, began + 1.75e6, began + 1002.25e6, Date.parse('2026-01-02T00:00:00Z') * 1000, began]);
    expect(records.map(({ numbers }) => numbers.latencyMs)).toEqual([1500, 250, 1_000_500, undefined, undefined, 1_002_250]);
  });

  it('has no time where the report has none, or the beginning of 1970', async () => {
    for (const attributes of ['', 'timestamp="1970-01-01T00:00:00"']) expect((await read(suite('<testcase name="a" time="1"/>', attributes))).records.map(({ time }) => time)).toEqual([null, null]);
  });

  it('keeps what a failure says', async () => {
    const { records } = await read(suite('<testcase name="a" classname="C" file="c.py" line="3" owner="x"><properties><property name="p" value="1"/><property name="q">two</property></properties><failure message="no &lt;b&gt; &#x1b;[31m" type="E">first\nsecond</failure><system-out><![CDATA[out <1>]]></system-out><system-err>err</system-err></testcase>', 'hostname="h"'));
    expect(records[0]).toMatchObject({ message: 'C a: failed: no <b> &#x1b;[31m', fields: { host: 'h', level: 'error' } });
    expect(records[0].values).toMatchObject({
      'exception.message': 'no <b> &#x1b;[31m', 'exception.stacktrace': 'first\nsecond', 'error.type': 'E', 'test.case.output': 'out <1>\nerr', 'code.file.path': 'c.py', 'code.line.number': '3',
      'junit.owner': 'x', 'junit.properties.p': '1', 'junit.properties.q': 'two', 'document.line': 1, 'document.record': 1,
    });
  });

  it('tells a suite that failed to start', async () => {
    const { records } = await read('<testsuites><testsuite name="broken"><error message="no compiler"/></testsuite></testsuites>');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ message: 'Test suite broken: 0 passed of 0: no compiler', fields: { level: 'warning' } });
  });

  it('reads other encodings, byte order marks, prefixes, and blanks in front', async () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><testsuite><testcase name="caf\u00e9"/></testsuite>', 'latin1');
    expect((await read(latin, 5)).records[0].values['test.case.name']).toBe('café');
    const marked = '\ufeff\n<?xml version="1.0" encoding="utf-16"?>\n<j:testsuite xmlns:j="u"><j:testcase name="日本 😀"/></j:testsuite>';
    for (const size of [1, 2, 3, 1000]) expect((await read(marked, size)).records[0].values['test.case.name']).toBe('日本 😀');
    expect(recognise(makeHead('x', Buffer.from(marked)), formats).format?.id).toBe('junit');
  });

  it('reads control characters that tests print', async () => {
    const found = await read(suite('<testcase name="a"><system-out>\u001b[31mred\u0000\u0008 ]]> &nbsp;</system-out></testcase>'));
    expect(found.rejects).toEqual([]);
    expect(found.records[0].values['test.case.output']).toBe('\ufffd[31mred\ufffd\ufffd ]]> &nbsp;');
  });

  it('keeps what was complete before the damage, and says where that is', async () => {
    const whole = suite('<testcase name="a"/><testcase name="b"/>');
    const cut = await read(whole.slice(0, whole.indexOf('b"')));
    expect(statuses(cut)).toEqual(['pass']);
    expect(cut.rejects).toHaveLength(1);
    expect(cut.rejects[0].reason).toMatch(/ends too early/);
    const damaged = await read(`${suite('<testcase name="ä"/>\n</wrong>')}<testcase name="c"/>`, 7);
    expect(statuses(damaged)).toEqual(['pass']);
    expect(damaged.rejects).toHaveLength(1);
    expect(damaged.rejects[0].reason).toMatch(/^The XML is damaged at line 2, column \d+: un\w+ close tag.*at byte 51 of the file/);
  });
});

describe('hostile XML', () => {
  it('expands no entities of its own making and reads no others', async () => {
    const levels = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const laughs = `<!DOCTYPE x [<!ENTITY l0 "ha">${levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>${suite('<testcase name="&l10;"><system-out>&f;&l10;</system-out></testcase>')}`;
    const { records, lines } = await read(laughs);
    expect(records[0].values).toMatchObject({ 'test.case.name': '&l10;', 'test.case.output': '&f;&l10;' });
    expect(lines.length).toBeLessThan(2000);
  });

  it('holds depth, attributes and the length of one text', async () => {
    const deep = await read(`<testsuite>${'<a>'.repeat(100_000)}`);
    expect(deep.rejects.map(({ reason }) => reason)).toEqual([expect.stringMatching(/nested deeper than 200/)]);
    const wide = await read(`<testsuite ${Array.from({ length: 5000 }, (_, i) => `a${i}="1"`).join(' ')}/>`);
    expect(wide.rejects.map(({ reason }) => reason)).toEqual([expect.stringMatching(/more than 1000 attributes/)]);
    const long = suite(`<testcase name="a"/><testcase name="b"><system-out>${'x'.repeat(34 << 20)}</system-out></testcase>`);
    const found = [await read(long, 1 << 20), await read(long, 777_777)];
    expect(found.map(statuses)).toEqual([['pass'], ['pass']]);
    expect(found[0].rejects.map(({ reason }) => reason)).toEqual([expect.stringMatching(/longer than 32 million characters/)]);
    expect(found[0].lines).toBe(found[1].lines);
  });

  it('cuts long texts, and writes no line over a megabyte', async () => {
    const text = '\u20ac'.repeat(3 << 20);
    const { records, lines } = await read(suite(`<testcase name="a"><properties>${`<property name="p" value="${'\u20ac'.repeat(100_000)}"/>`.repeat(20)}</properties><failure message="${'m'.repeat(1 << 20)}">${text}</failure><system-out>${text}</system-out></testcase>`));
    expect(records[0].values['test.case.result.status']).toBe('fail');
    expect(Math.max(...lines.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(1_000_000);
  });

  it('keeps names that objects have of their own', async () => {
    const { records, rejects } = await read(suite('<testcase name="__proto__" constructor="c" __proto__="p"><properties><property name="__proto__" value="1"/><property name="toString" value="2"/></properties></testcase>'));
    expect(rejects).toEqual([]);
    expect(records[0].values).toMatchObject({ 'test.case.name': '__proto__', 'junit.constructor': 'c', 'junit.properties.toString': '2' });
  });
});
