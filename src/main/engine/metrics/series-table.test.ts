import { describe, expect, it } from 'vitest';
import { readSeriesTable } from './series-table.ts';
import { after, stepOf, stepsBetween, timeForm } from './time-form.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const utc = (text: string): number => Date.parse(text) * 1000;

describe('the form of a time', () => {
  it.each([
    ['2026-11-21T09:05:00Z', '2026-11-21T10:05:00Z'],
    ['2026-11-21 09:05:00', '2026-11-21 10:05:00'],
    ['2026/11/21 09:05', '2026/11/21 10:05'],
    ['2026-11-21T09:05:00.250+02:00', '2026-11-21T10:05:00.250+02:00'],
    ['2026-11-21 09:05:00 UTC', '2026-11-21 10:05:00 UTC'],
    ['1795252200', '1795255800'],
    ['1795252200123', '1795255800123'],
    ['1795252200.5', '1795255800.5'],
  ])('%s goes on as it is written', (text, later) => {
    const form = timeForm(text);
    expect(form.write(form.read(text))).toBe(text);
    expect(form.write(form.read(text) + 3600e6)).toBe(later);
  });
  it('reads the zone, and writes what it cannot imitate as ISO 8601', () => {
    expect(timeForm('2026-11-21T09:00:00+02:00').read('2026-11-21T09:00:00+02:00')).toBe(utc('2026-11-21T07:00:00Z'));
    const form = timeForm('21/Nov/2026:09:00:00 +0000');
    expect(form.write(form.read('21/Nov/2026:09:00:00 +0000'))).toBe('2026-11-21T09:00:00.000Z');
    expect(timeForm('2026-01-01').read('2026-02-30')).toBeNaN();
    expect(timeForm('door').read('door')).toBeNaN();
  });
  it('counts months and years of the calendar', () => {
    const months = ['2025-11', '2025-12', '2026-01', '2026-02'].map((text) => timeForm('2025-11').read(text));
    const step = stepOf(months);
    expect(step).toEqual({ months: 1 });
    if (!step) return;
    expect(timeForm('2025-11').write(after(months[3], step, 1))).toBe('2026-03');
    expect(stepsBetween(months[0], months[3], step)).toBe(3);
    const ends = ['2025-01-01', '2026-01-01', '2027-01-01'].map((text) => timeForm(text).read(text));
    expect(stepOf(ends)).toEqual({ months: 12 });
    expect(stepOf(['2025-01-01', '2025-01-02', '2025-01-03'].map((text) => timeForm(text).read(text)))).toEqual({ us: 86_400e6 });
    expect(stepOf([5, 5])).toBeNull();
  });
});

describe('a series out of a table', () => {
  it('puts rows on a grid: gaps stay gaps, one time twice is the mean, order does not matter', () => {
    const table = readSeriesTable(bytes('timestamp,value\n2026-01-01 00:10:00,3\n2026-01-01 00:00:00,1\n2026-01-01 00:05:00,2\n2026-01-01 00:20:00,5\n2026-01-01 00:20:00,7\n'));
    expect(table.values).toEqual(Float64Array.of(1, 2, 3, Number.NaN, 6));
    expect(table).toMatchObject({ name: 'value', names: ['value'], step: { us: 300e6 }, start: utc('2026-01-01T00:00:00Z'), broken: [] });
  });
  it('takes the column that is asked for', () => {
    const text = 'time;cpu;memory\n2026-01-01;1,5;10\n2026-01-02;2,5;20\n';
    expect(readSeriesTable(bytes(text)).values).toEqual(Float64Array.of(1.5, 2.5));
    expect(readSeriesTable(bytes(text), 'memory').values).toEqual(Float64Array.of(10, 20));
    expect(() => readSeriesTable(bytes(text), 'disk')).toThrow('there are cpu, memory');
  });
  it('reads numbers without times one after the other', () => {
    expect(readSeriesTable(bytes('5\n6\n\n7\n'))).toMatchObject({ start: null, values: Float64Array.of(5, 6, 7) });
  });
  it('tells broken lines and keeps the rest', () => {
    const rows = Array.from({ length: 30 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')},${day}`);
    rows.splice(10, 4, '2026-01-11,x', 'later,3', '2026-01-13', '2026-01-14,"5');
    const { values, broken } = readSeriesTable(bytes(`t,v\n${rows.join('\n')}\n`));
    expect(broken.map(({ line }) => line)).toEqual([12, 13, 14, 15]);
    expect(values).toEqual(Float64Array.from({ length: 30 }, (_, day) => (day >= 10 && day < 14 ? Number.NaN : day)));
  });
  it('of one row goes on by the least that its times tell apart', () => {
    const step = (time: string): unknown => readSeriesTable(bytes(`t,v\n${time},1\n`)).step;
    expect([step('2026-01-01'), step('2026-01'), step('2026-01-01 10:00'), step('2026-01-01 10:00:00')]).toEqual([{ us: 86_400e6 }, { months: 1 }, { us: 60e6 }, { us: 1e6 }]);
  });
  it('says when there is no series in it', () => {
    expect(() => readSeriesTable(bytes(''))).toThrow('no column of numbers');
    expect(() => readSeriesTable(bytes('a,b\nx,y\nz,w\n'))).toThrow('no column of numbers');
  });
  it('takes rows that lie far apart one after the other', () => {
    const rows = ['2020-01-01T00:00:00Z,1', '2020-01-01T00:00:01Z,2', '2020-01-01T00:00:02Z,3', '2026-01-01T00:00:00Z,4'];
    const { values, start } = readSeriesTable(bytes(`t,v\n${rows.join('\n')}\n`));
    expect(values).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(start).toBe(utc('2026-01-01T00:00:00Z') - 3e6);
  });
});
