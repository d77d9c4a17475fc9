import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DDSKETCH_MAX, DDSKETCH_MIN, sketchIndex, sketchIndexOfBits, sketchValue } from './sketch.ts';

const bitsOf = (float: number): number => new Uint32Array(Float32Array.of(float).buffer)[0];
const floatOf = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0];

it('the table says the bucket that the logarithm says, for floats of any size', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0x7f800000 }), (bits) => sketchIndexOfBits(bits) === sketchIndex(floatOf(bits))), { numRuns: 20_000 });
  expect([0, -0, Number.POSITIVE_INFINITY].map((float) => sketchIndexOfBits(bitsOf(float)))).toEqual([DDSKETCH_MIN, DDSKETCH_MIN, DDSKETCH_MAX]);
});

it('the table is right on both sides of every border', () => {
  const borders = [1e-9, ...Array.from({ length: DDSKETCH_MAX - DDSKETCH_MIN + 1 }, (_, i) => (1.02 / 0.98) ** (DDSKETCH_MIN + i))].map(bitsOf);
  const beside = borders.flatMap((border) => [-3, -2, -1, 0, 1, 2, 3].map((distance) => border + distance));
  expect(beside.filter((bits) => sketchIndexOfBits(bits) !== sketchIndex(floatOf(bits)))).toEqual([]);
});

it('the value of a bucket is within 2 % of what falls into it', () => {
  fc.assert(fc.property(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), (ms) => Math.abs(sketchValue(sketchIndex(ms)) - ms) / ms < 0.0200001));
});
