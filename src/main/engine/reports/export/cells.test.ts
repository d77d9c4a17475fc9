import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG, type EventPage } from '../../../../shared/event.ts';
import { csvCell, isoTimes, rowWriter } from './cells.ts';

function pageOf(message: string, service = 'a', time = 1_700_000_000_123_456): EventPage {
  return {
    id: Float64Array.of(7), time: Float64Array.of(time), severity: Uint8Array.of(4), flags: Uint8Array.of(FLAG.TIME_INFERRED | FLAG.ZONE_ASSUMED), source: Uint32Array.of(1),
    service: [service], host: ['h'], level: ['error'], message: [message],
  };
}
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', '\t', "'", 'x', '1', '.', 'e', '＝', '\u0000')).map((parts) => parts.join('')));

describe('CSV', () => {
  it('comes back from a parser as it went in, but for the apostrophe before formulas', () => {
    fc.assert(
      fc.property(text, text, (message, service) => {
        const { head, row } = rowWriter('csv', 'UTC');
        const rows = parse(head + row(pageOf(message, service), 0, message, '/x', []), { bom: false, record_delimiter: '\r\n' }) as string[][];
        expect(rows).toHaveLength(2);
        for (const [cell, original] of [[rows[1][6], message], [rows[1][3], service]]) expect([original, `'${original}`]).toContain(cell);
      }),
    );
  });
  it('never starts a cell with what a spreadsheet runs, unless it is a number', () => {
    fc.assert(
      fc.property(text, (value) => {
        const cell = csvCell(value).replace(/^"/, '');
        if (/^[=+\-@\t\r＝＋－＠]/.test(cell)) expect(Number.isNaN(Number(value))).toBe(false);
      }),
    );
    expect(csvCell('=1+1')).toBe("'=1+1");
    expect(csvCell('-2.5e3')).toBe('-2.5e3');
    expect(csvCell('-2+3')).toBe("'-2+3");
    expect(csvCell('@SUM(A1),"x"')).toBe('"\'@SUM(A1),""x"""');
  });
  it('writes any name and any value of a further column as one cell', () => {
    fc.assert(
      fc.property(text, text, (name, value) => {
        const { head, row } = rowWriter('csv', 'UTC', [name]);
        const rows = parse(head + row(pageOf('m'), 0, 'm', '/x', [value]), { bom: false, record_delimiter: '\r\n' }) as string[][];
        expect(rows.map((cells) => cells.length)).toEqual([10, 10]);
        expect([value, `'${value}`]).toContain(rows[1][9]);
      }),
    );
  });
  it('has one row with every column', () => {
    const { head, row } = rowWriter('csv', 'Europe/Berlin');
    expect(head + row(pageOf('m'), 0, 'm', '/var/log/x', [])).toBe(
      'id,time,time_local,severity,service,host,level,message,source,doubts\r\n7,2023-11-14T22:13:20.123456Z,2023-11-14T23:13:20.123456+01:00,critical,a,h,error,m,/var/log/x,time inferred; zone assumed\r\n',
    );
  });
});

describe('JSON', () => {
  it('comes back from a parser as it went in', () => {
    fc.assert(
      fc.property(text, text, (message, service) => {
        for (const format of ['json', 'jsonl'] as const) {
          const { head, row, between, tail } = rowWriter(format, 'UTC');
          const line = row(pageOf(message, service), 0, message, '/x', []);
          const parsed = JSON.parse(format === 'json' ? head + line + between + line + tail : line) as unknown;
          expect(format === 'json' ? (parsed as unknown[])[1] : parsed).toEqual({
            id: 7, time: '2023-11-14T22:13:20.123456Z', severity: 'critical', service, host: 'h', level: 'error', message, source: '/x', doubts: 'time inferred; zone assumed',
          });
        }
      }),
    );
  });
});

it('times are exact to the microsecond, before the epoch and across a change of the clock too', () => {
  const utc = isoTimes('UTC');
  expect(utc(-1)).toBe('1969-12-31T23:59:59.999999Z');
  expect(utc(0)).toBe('1970-01-01T00:00:00.000000Z');
  const berlin = isoTimes('Europe/Berlin');
  expect(berlin(Date.UTC(2026, 9, 25, 0, 59, 59) * 1000)).toBe('2026-10-25T02:59:59.000000+02:00');
  expect(berlin(Date.UTC(2026, 9, 25, 1, 0, 0) * 1000)).toBe('2026-10-25T02:00:00.000000+01:00');
});
