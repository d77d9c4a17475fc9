import { describe, expect, it } from 'vitest';
import { cellsOf, columnsOf, numberOf } from './series-rows.ts';

describe('lines of a series', () => {
  it('are cut where no quote holds the delimiter; one that is not closed spoils its own line alone', () => {
    expect(cellsOf('"a ""b""", c', ',')).toEqual(['a "b"', 'c']);
    expect(cellsOf('a,"5', ',')).toEqual(['a', '"5']);
    expect(cellsOf('', ',')).toEqual(['']);
  });
  it('have numbers as tables write them', () => {
    expect(['-.5', '+3.', '1E-3', '12%'].map((cell) => numberOf(cell, ','))).toEqual([-0.5, 3, 0.001, 12]);
    expect(['', 'NaN', 'n/a'].map((cell) => numberOf(cell, ','))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(['0x10', '1,5', '12 kB'].map((cell) => numberOf(cell, ','))).toEqual([undefined, undefined, undefined]);
    expect(numberOf('1,5', ';')).toBe(1.5);
  });
});

describe('columns of a series', () => {
  it('go by their names, whatever stands in the first rows', () => {
    expect(columnsOf(['timestamp\tvalue'])).toMatchObject({ delimiter: '\t', headed: true, time: 0, named: 1, numbers: [] });
    expect(columnsOf(['value,host,Time', '1.5,a,x', ',b,y'])).toMatchObject({ time: 2, readable: false, named: 0 });
  });
  it('go by what they hold where there is no name', () => {
    expect(columnsOf(['2026-01-01 00:00:00|a|5', '2026-01-01 00:01:00|b|6'])).toMatchObject({ delimiter: '|', headed: false, time: 0, readable: true, numbers: [2], named: -1 });
    expect(columnsOf(['cpu;when', '1,5;2026-01-01', '1,7;2026-01-02'])).toMatchObject({ time: 0 });
    expect(columnsOf(['cpu;date', '1,5;2026-01-01', '1,7;2026-01-02'])).toMatchObject({ delimiter: ';', time: 1, readable: true, numbers: [0] });
    expect(columnsOf(['0,5', '1,6'])).toMatchObject({ headed: false, time: 0, readable: false, numbers: [0, 1] });
    expect(columnsOf(['5', '6'])).toMatchObject({ time: -1, numbers: [0] });
  });
  it('are found although rows are damaged', () => {
    expect(columnsOf(['t;v', ...Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 'torn' : `2026-01-${String((i % 28) + 1).padStart(2, '0')};${i}`))])).toMatchObject({ delimiter: ';', headed: true });
  });
});
