import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine } from './fit-line.ts';

describe('fitLine', () => {
  it('writes what fits as it is', () => {
    expect(fitLine(new Map<string, unknown>([['2', 'b'], ['1', null], ['x', [1, { y: true }]]]))).toBe('{"2":"b","1":null,"x":[1,{"y":true}]}\n');
  });

  it('cuts long values first, and says so', () => {
    const line = fitLine(new Map<string, unknown>([['a', 'short'], ['b', 'ü'.repeat(3_000_000)], ['c', Array.from({ length: 20_000 }, () => 'x'.repeat(100))]]));
    const read = JSON.parse(line) as Record<string, unknown>;
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_000_000);
    expect(read).toMatchObject({ a: 'short', 'record.cut': expect.stringContaining('were cut') as unknown });
    expect(String(read.b).length).toBeGreaterThan(8000);
  });

  it('stays within 1 MB whatever it is given', () => {
    const many = new Map(Array.from({ length: 30_000 }, (_, index) => [`${'name'.repeat(20)}${index}`, index] as const));
    const line = fitLine(many);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_000_000);
    expect(JSON.parse(line)).toHaveProperty(['record.cut']);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(400_000), (object, length) => {
        const text = fitLine(new Map<string, unknown>([...Object.entries(object), ['long', '\u0001'.repeat(length)]]));
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
        JSON.parse(text);
      }),
      { numRuns: 30 },
    );
  });
});
