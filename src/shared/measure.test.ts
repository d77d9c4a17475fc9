import { describe, expect, it } from 'vitest';
import { axisTitle, formatNumber, formatTick, formatValue, measureOf } from './measure.ts';
import type { Measure } from './measure.ts';

const of = (name: string, unit = '', cumulative = false, kind: 'gauge' | 'counter' | 'histogram' | 'untyped' = 'gauge'): Measure => measureOf({ name, unit, kind, cumulative });

describe('what a series measures', () => {
  it('is said by its unit, in the spellings of several sources', () => {
    expect(['s', 'ms', 'seconds', 'By', 'bytes', 'MiBy', 'percent', '%', 'ratio'].map((unit) => of('x', unit)).map(({ kind, factor }) => [kind, factor])).toEqual([
      ['seconds', 1], ['seconds', 1e-3], ['seconds', 1], ['bytes', 1], ['bytes', 1], ['bytes', 2 ** 20], ['percent', 1], ['percent', 1], ['ratio', 1],
    ]);
    expect(of('x', '{request}')).toMatchObject({ kind: 'plain', unit: 'request' });
    expect(of('x', 'Cel').unit).toBe('°C');
    expect(of('x', '1')).toMatchObject({ kind: 'plain', unit: '' });
    expect(of('x', 'constructor')).toMatchObject({ kind: 'plain', unit: 'constructor' });
    expect(of('x', 'u'.repeat(500)).unit.length).toBeLessThan(30);
  });
  it('is guessed from the end of the name when the source says nothing', () => {
    expect(of('process_cpu_seconds_total', '', true)).toMatchObject({ kind: 'seconds', perSecond: true });
    expect(of('node_memory_used_bytes').kind).toBe('bytes');
    expect(of('items').kind).toBe('plain');
    expect(of('rpc_s').kind).toBe('plain');
  });
  it('is a number of observations for buckets and counts of a histogram, whatever its unit', () => {
    expect(of('rpc_seconds_bucket', 'seconds', true, 'histogram')).toMatchObject({ kind: 'plain', perSecond: true });
    expect(of('rpc_seconds_sum', 'seconds', true, 'histogram').kind).toBe('seconds');
  });
  it('stands in the head of the axis in words', () => {
    expect([of('a', 'By', true), of('a', 'connections'), of('a', '', true), of('a')].map(axisTitle)).toEqual(['bytes per second', 'connections', 'per second', '']);
  });
});

describe('numbers', () => {
  it('have at most four digits', () => {
    expect([0, 3, 12.34567, 999.96, 1204331, -4500, 0.0312, 0.00001234, 2e24, NaN, -Infinity].map(formatNumber)).toEqual([
      '0', '3', '12.35', '1 k', '1.204 M', '-4.5 k', '0.0312', '1.234e-5', '2e24', 'no value', '-infinite',
    ]);
  });
  it('have their unit', () => {
    expect([0, 2e-8, 0.00042, 0.34, 12.5, 90, 8000].map((value) => formatValue(value, of('a', 's')))).toEqual(['0 s', '20 ns', '420 µs', '340 ms', '12.5 s', '1 min 30 s', '2 h 13 min']);
    expect(formatValue(250, of('a', 'ms'))).toBe('250 ms');
    expect(formatValue(0.35, of('a', 's', true))).toBe('0.35 s/s');
    expect([12, 1.5e6].map((value) => formatValue(value, of('a', 'By', true)))).toEqual(['12 B/s', '1.5 MB/s']);
    expect(formatValue(0.125, of('a', 'ratio'))).toBe('12.5 %');
    expect(formatValue(31.2, of('a', 'connections'))).toBe('31.2 connections');
    expect(formatValue(800, of('a', '', true))).toBe('800/s');
  });
  it('on the axis leave out long units, which the head says', () => {
    expect(formatTick(20, of('a', 'connections'))).toBe('20');
    expect(formatTick(20, of('a', '°C'))).toBe('20 °C');
    expect(formatTick(20, of('a', 'connections', true))).toBe('20/s');
  });
});
