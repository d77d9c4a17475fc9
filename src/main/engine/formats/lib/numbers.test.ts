import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, epochUs, plainNumber } from './numbers.ts';

const bytes = (text: string): [Uint8Array, number, number] => [Buffer.from(text), 0, text.length];

describe('numbers', () => {
  it('reads what Number reads', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(plainNumber(...bytes(String(value)))).toBe(Number(String(value)));
    }));
    for (const text of ['', '-', '.', 'x', '1x', '1.2.3', '1e', 'Infinity']) expect(plainNumber(...bytes(text)), text).toBeNaN();
  });

  it('tells epochs by their size, to the microsecond', () => {
    const us = 1790812800123456;
    for (const text of ['1790812800.123456', '1790812800123.456', '1790812800123456', '1790812800123456789', '1790812800.123456789']) expect(epochUs(...bytes(text)), text).toBe(us);
    for (const text of ['12', '99999999', '1790812800.5x', '-1790812800', '999999999999999999999']) expect(epochUs(...bytes(text)), text).toBeNaN();
  });

  it('reads durations with units', () => {
    expect(['12ms', '1.5 s', '250µs', '1m3.5s', '2h', '00:00:01.25', '1.02:00:00', '7ns'].map(durationMs)).toEqual([12, 1500, 0.25, 63500, 7200000, 1250, 93600000, 7e-6]);
    expect(['', '12', 'fast', '5 parsecs', '-1s'].map(durationMs).every(Number.isNaN)).toBe(true);
  });
});
