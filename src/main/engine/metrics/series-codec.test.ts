import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSamples, encodeSamples, MAX_CHUNK_SAMPLES } from './series-codec.ts';

const back = (times: number[], values: number[]): { times: number[]; values: number[]; bytes: number } => {
  const blob = encodeSamples({ times: Float64Array.from(times), values: Float64Array.from(values) });
  const read = decodeSamples(blob);
  return { times: [...read.times], values: [...read.values], bytes: blob.length };
};
const expectSame = (times: number[], values: number[]): boolean => {
  const read = back(times, values);
  return times.length === read.times.length && times.every((time, i) => Object.is(time, read.times[i])) && values.every((value, i) => Object.is(value, read.values[i]));
};
/** Random walk without Math.random: the same every time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('samples come back bit by bit', () => {
  const anyValue = fc.oneof(
    fc.double(), fc.integer(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, -(2 ** 53), Number.MAX_VALUE),
    fc.maxSafeInteger(), fc.integer({ min: -100_000, max: 100_000 }).map((whole) => whole / 1000),
  );
  const anyTime = fc.oneof(
    fc.integer({ min: 0, max: 2e9 }).map((s) => s * 1e6), fc.integer({ min: 0, max: 2e12 }).map((ms) => ms * 1e3), fc.maxSafeInteger(), fc.double({ noNaN: true }),
  );

  it('of any kind', () => {
    fc.assert(fc.property(fc.array(fc.tuple(anyTime, anyValue), { maxLength: 60 }), (samples) => expectSame(samples.map(([time]) => time), samples.map(([, value]) => value))), { numRuns: 1000 });
  });
  it('where all are of one kind', () => {
    for (const value of [fc.double(), fc.float(), fc.integer(), fc.maxSafeInteger(), fc.integer({ min: 0, max: 9999 }).map((whole) => whole / 100), fc.constantFrom(1, 2), fc.constant(NaN)]) {
      fc.assert(fc.property(fc.array(value, { maxLength: 100 }), fc.integer({ min: 0, max: 1e9 }), (values, step) => expectSame(values.map((_, i) => 1.7e15 + i * step), values)), { numRuns: 200 });
    }
  });
  it('with times that repeat and go back', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(5e6, 5e6, 4e6, 1.7e15, 1), { maxLength: 30 }), (times) => expectSame(times, times.map((_, i) => i * 0.1))));
  });
});

describe('what is not a chunk', () => {
  it('throws a RangeError, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, versioned) => {
      if (versioned && bytes.length > 4) {
        bytes[0] = 1;
        bytes[4] = 0;
        bytes[5] = 0;
      }
      try {
        const { times, values } = decodeSamples(bytes);
        expect(times.length).toBe(values.length);
        expect(times.length).toBeLessThanOrEqual(MAX_CHUNK_SAMPLES);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }), { numRuns: 3000 });
  });
  it('is cut, lengthened, of another version, or says it is huge', () => {
    const random = noise(1);
    const blob = encodeSamples({ times: Float64Array.from({ length: 50 }, (_, i) => i * 1e6), values: Float64Array.from({ length: 50 }, random) });
    for (let n = 0; n < blob.length; n++) expect(() => decodeSamples(blob.subarray(0, n))).toThrow(RangeError);
    expect(() => decodeSamples(Uint8Array.from([...blob, 0]))).toThrow('longer');
    expect(() => decodeSamples(Uint8Array.from([2, ...blob.subarray(1)]))).toThrow('version 2');
    const huge = blob.slice();
    huge.set([255, 255, 255, 255], 2);
    expect(() => decodeSamples(huge)).toThrow('4294967295 samples');
  });
  it('cannot be made', () => {
    expect(() => encodeSamples({ times: new Float64Array(1), values: new Float64Array(2) })).toThrow(RangeError);
    expect(() => encodeSamples({ times: new Float64Array(MAX_CHUNK_SAMPLES + 1), values: new Float64Array(MAX_CHUNK_SAMPLES + 1) })).toThrow(RangeError);
  });
});

describe('bytes a sample, 1,000 samples a chunk', () => {
  const N = 1000;
  const random = noise(7);
  const regular = Array.from({ length: N }, (_, i) => 1_700_000_000e6 + i * 15e6);
  const jittery = regular.map((time) => time + Math.round((random() - 0.5) * 20) * 1e3);
  let counter = 1e6;
  let walk = 50;
  const cases: [name: string, times: number[], values: number[], most: number][] = [
    ['a constant, regular times', regular, regular.map(() => 1), 0.05],
    ['a counter of requests, times off by up to 10 ms', jittery, jittery.map(() => (counter += Math.floor(random() * 50))), 1.8],
    ['per cent with two decimals', regular, regular.map(() => Math.round((walk += random() - 0.5) * 100) / 100), 1.2],
    ['bytes of memory in pages', regular, regular.map(() => 2 ** 28 + Math.floor(random() * 256) * 4096), 1.5],
    ['doubles of full precision', regular, regular.map((_, i) => Math.sin(i / 50) * 100), 7.2],
  ];
  it.each(cases)('%s', (_name, times, values, most) => {
    expect(expectSame(times, values)).toBe(true);
    const bytes = back(times, values).bytes / N;
    expect(bytes).toBeLessThan(most);
    if (process.env.TIDEMARK_FIGURES) console.log(`${_name}: ${bytes.toFixed(2)} bytes a sample`);
  });
});
