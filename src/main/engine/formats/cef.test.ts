/** CEF and LEEF against their neighbours, and what devices really write. */
import { describe, expect, it } from 'vitest';
import { cef } from './cef.ts';
import type { Format } from './format.ts';
import type { ReadRecord } from './lib/collect.ts';
import { leef } from './leef.ts';
import { readRecord } from './read-record.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
function read(format: Format, line: string): ReadRecord & { values: Record<string, unknown> } {
  const record = readRecord(format, { path: 'x', modified: Date.UTC(2026, 5, 15) * 1000, zone: 'UTC', head: bytes(line) }, bytes(line));
  if (!record) throw new Error('no record came out');
  return { ...record, values: Object.fromEntries(record.attributes.map(({ name, value }) => [name, value])) };
}
const recognised = (lines: string): string | undefined => recognise(makeHead('x', bytes(lines)), formats).format?.id;

describe('cef', () => {
  it('beats the syslog headers it comes behind, and leaves other syslog alone', () => {
    expect(recognised('<13>1 2026-05-01T00:00:00Z h a - - - CEF:0|A|B|1|x|y|5|src=1.1.1.1\n'.repeat(20))).toBe('cef');
    expect(recognised('May  1 12:00:00 h CEF:0|A|B|1|x|y|5|src=1.1.1.1\n'.repeat(20))).toBe('cef');
    expect(recognised(`${'May  1 12:00:00 h sshd[1]: session opened\n'.repeat(20)}May  1 12:00:00 h CEF:0|A|B|1|x|y|5|\n`)).toBe('rfc3164');
  });

  it('does not end a value at an equals sign without a name and a blank before it', () => {
    const { values, fields } = read(cef, 'CEF:0|A|B|1|x|y|5|request=http://h/p?a=1&b=2 cs1=k\\=v w cs1Label= msg=');
    expect(fields.url).toBe('http://h/p?a=1&b=2');
    expect(values).toMatchObject({ cs1: 'k=v w', cs1Label: '', msg: '' });
  });

  it.each([
    ['0', 0, 'Low'], ['3', 1, 'Low'], ['4', 2, 'Medium'], ['7', 3, 'High'], ['10', 4, 'Very-High'], ['High', 3, 'High'], ['Very-High', 4, 'Very-High'], ['Unknown', null, undefined], ['11', null, undefined],
  ])('reads severity %s', (written, severity, level) => {
    const record = read(cef, `CEF:0|A|B|1|x|y|${written}|src=1.1.1.1`);
    expect([record.severity, record.fields.level]).toEqual([severity, level]);
  });

  it('takes the first time that can be read, and says whether its zone was assumed', () => {
    const late = read(cef, 'May  1 12:00:00 h CEF:0|A|B|1|x|y|5|rt=soon end=Jan 02 2026 03:04:05 start=1767323000000');
    expect(late).toMatchObject({ time: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000, zoneAssumed: true, timeText: 'Jan 02 2026 03:04:05' });
    expect(late.values).toMatchObject({ rt: 'soon', start: 1767323000000 });
    expect(read(cef, 'CEF:0|A|B|1|x|y|5|rt=1767323045123')).toMatchObject({ time: 1767323045123000, zoneAssumed: false });
  });

  it.each(['<34>', '<34>Oct 11 22:14:15 h app[7]:', '<34>1 2026-05-01T00:00:00Z h app 7 - - \ufeff'])('is found behind %s', (header) => {
    const { severity, values, fields } = read(cef, `${header}CEF:0|A|B|1|x|y|5|src=1.1.1.1`);
    expect([severity, values.facility, fields.service]).toEqual([2, 'auth', 'B']);
    expect(recognised(`${header}CEF:0|A|B|1|x|y|5|src=1.1.1.1\n`.repeat(5))).toBe('cef');
  });

  it('goes through a line of nothing but equals signs once', () => {
    const started = performance.now();
    expect(read(cef, `CEF:0|A|B|1|x|y|5|a=${'b=c'.repeat(300_000)} d=e`).values).toMatchObject({ d: 'e' });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('keeps lines that are cut off in the header as they are', () => {
    expect(read(cef, '2026-05-01T00:00:00Z h CEF:0|A|B|1')).toMatchObject({ time: Date.UTC(2026, 4, 1) * 1000, message: '2026-05-01T00:00:00Z h CEF:0|A|B|1' });
  });
});

describe('leef', () => {
  it('is recognised behind syslog', () => {
    expect(recognised('<13>1 2026-05-01T00:00:00Z h a - - - LEEF:1.0|A|B|1|x|src=1.1.1.1\tsev=3\n'.repeat(20))).toBe('leef');
    expect(recognised('Jan 18 11:07:53 h LEEF:2.0|A|B|1|x|^|src=1.1.1.1^sev=3\n'.repeat(20))).toBe('leef');
  });

  it.each(['^', 'x5E', '0x5E', '0x005E'])('reads the mark between pairs written as %s', (mark) => {
    const { values, fields } = read(leef, `LEEF:2.0|A|B|1|x|${mark}|src=1.1.1.1^proto=TCP^note=a^b`);
    expect(fields.ip).toBe('1.1.1.1');
    // A piece without a name belongs to the value before it.
    expect(values).toMatchObject({ proto: 'TCP', note: 'a^b' });
  });

  it('reads 2.0 without a mark as tabs', () => {
    expect(read(leef, 'LEEF:2.0|A|B|1|x||src=1.1.1.1\tproto=TCP').values).toMatchObject({ proto: 'TCP' });
    expect(read(leef, 'LEEF:2.0|A|B|1|x|src=1.1.1.1\turl=a|b').fields).toMatchObject({ ip: '1.1.1.1', url: 'a|b' });
  });
});
