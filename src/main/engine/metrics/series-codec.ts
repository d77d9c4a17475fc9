/**
 * The samples of one chunk of a series as a compact blob.
 *
 * Times: whole columns (whole-numbers.ts) of their differences' differences, in the largest of s, ms, us that all are whole in. Values: the same
 * where all are decimals with few digits (as ALP does it: Afroozeh et al., SIGMOD 2024), else XOR with the value before after Facebook's Gorilla
 * (Pelkonen et al., VLDB 2015). Whatever is shorter. Everything comes back bit by bit, but that a NaN is any NaN.
 *
 * Blob: byte version (1); byte form of the times (0 us, 1 ms, 2 s, 15 raw doubles) + 16 * form of the values (0..12 whole numbers by powers
 * of ten, 14 XOR, 15 raw doubles); 32-bit count, little endian; bits of the times; bits of the values. Raw doubles are big endian.
 */
import { BitReader, BitWriter } from './bits.ts';
import { planWhole, readWhole, writeWhole, type WholePlan } from './whole-numbers.ts';

/** A chunk never holds more: what a hostile blob can make a reader allocate is 1 MiB. */
export const MAX_CHUNK_SAMPLES = 65_536;

export interface Samples {
  /** microseconds UTC, in any order */
  times: Float64Array;
  values: Float64Array;
}

const VERSION = 1;
const HEAD_BYTES = 6;
const TIME_UNITS = [1, 1e3, 1e6] as const;
const RAW = 15;
const XOR = 14;
const MAX_DECIMALS = 12;
/** the powers of ten that doubles hold exactly */
const TENS = Array.from({ length: MAX_DECIMALS + 1 }, (_, i) => Number(`1e${i}`));

/** Throws a RangeError when the columns differ in length or hold more than MAX_CHUNK_SAMPLES. */
export function encodeSamples({ times, values }: Samples): Uint8Array<ArrayBuffer> {
  const n = times.length;
  if (n !== values.length) throw new RangeError('A chunk needs as many times as values.');
  if (n > MAX_CHUNK_SAMPLES) throw new RangeError(`A chunk holds at most ${MAX_CHUNK_SAMPLES} samples.`);
  const out = new BitWriter();
  const timeForm = wholeTimes(times);
  const whole = wholeValues(values);
  const xor = xorBits(values);
  const valueCode = whole && whole.plan.bits <= xor ? whole.decimals : xor < 64 * n ? XOR : RAW;
  out.write(VERSION, 8);
  out.write((timeForm ? timeForm.unit : RAW) + 16 * valueCode, 8);
  for (let shift = 0; shift < 32; shift += 8) out.write((n >>> shift) & 255, 8);
  if (timeForm) writeWhole(out, timeForm.whole, timeForm.plan);
  else writeRaw(out, times);
  if (whole && valueCode === whole.decimals) writeWhole(out, whole.whole, whole.plan);
  else if (valueCode === XOR) writeXor(out, values);
  else writeRaw(out, values);
  return out.take();
}

/** Throws a RangeError when the blob is not one that encodeSamples made. */
export function decodeSamples(blob: Uint8Array): Samples {
  if (blob.length < HEAD_BYTES) throw new RangeError('The chunk ends in the middle.');
  if (blob[0] !== VERSION) throw new RangeError(`The chunk is of version ${blob[0]}, which this program does not know.`);
  const timeForm = blob[1] & 15;
  const valueForm = blob[1] >>> 4;
  const n = (blob[2] | (blob[3] << 8) | (blob[4] << 16) | (blob[5] << 24)) >>> 0;
  if (n > MAX_CHUNK_SAMPLES) throw new RangeError(`The chunk says it holds ${n} samples.`);
  if (timeForm !== RAW && timeForm >= TIME_UNITS.length) throw new RangeError('The chunk names a form of times that does not exist.');
  if (valueForm > MAX_DECIMALS && valueForm !== XOR && valueForm !== RAW) throw new RangeError('The chunk names a form of values that does not exist.');
  const from = new BitReader(blob.subarray(HEAD_BYTES));
  const times = timeForm === RAW ? readRaw(from, n) : readWhole(from, n);
  if (timeForm !== RAW) for (let i = 0; i < n; i++) times[i] *= TIME_UNITS[timeForm];
  const values = valueForm === RAW ? readRaw(from, n) : valueForm === XOR ? readXor(from, n) : readWhole(from, n);
  if (valueForm <= MAX_DECIMALS) for (let i = 0; i < n; i++) values[i] /= TENS[valueForm];
  from.finish();
  return { times, values };
}

interface Whole {
  whole: Float64Array;
  plan: WholePlan;
}

function wholeTimes(times: Float64Array): (Whole & { unit: number }) | null {
  for (let unit = TIME_UNITS.length - 1; unit >= 0; unit--) {
    const whole = times.map((time) => time / TIME_UNITS[unit]);
    if (!whole.every((value, i) => Number.isSafeInteger(value) && !Object.is(value, -0) && value * TIME_UNITS[unit] === times[i])) continue;
    const plan = planWhole(whole);
    if (plan && plan.bits < 64 * times.length + 64) return { whole, plan, unit };
  }
  return null;
}

/** The values times a power of ten, where all of them are whole then and divide back to the very same doubles. */
function wholeValues(values: Float64Array): (Whole & { decimals: number }) | null {
  let decimals = 0;
  const fits = (value: number): boolean => {
    const scaled = Math.round(value * TENS[decimals]);
    return Number.isSafeInteger(scaled) && scaled / TENS[decimals] === value && (scaled !== 0 || !Object.is(value, -0));
  };
  for (let i = 0; i < values.length; i++) {
    if (fits(values[i])) continue;
    // More digits are needed: those before may divide back differently then, so look at all of them again.
    do decimals++; while (decimals <= MAX_DECIMALS && !fits(values[i]));
    if (decimals > MAX_DECIMALS) return null;
    i = -1;
  }
  const whole = values.map((value) => Math.round(value * TENS[decimals]) + 0);
  const plan = planWhole(whole);
  return plan && { whole, plan, decimals };
}

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);
/** Which half of a double is the high one depends on the machine. */
float[0] = 1;
const HIGH = halves[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

/** Walks over the XORs of each value with the one before. A NaN counts as the one NaN. */
function eachXor(values: Float64Array, see: (high: number, low: number) => void): void {
  let beforeHigh = 0;
  let beforeLow = 0;
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    const isNaN = values[i] !== values[i];
    const high = isNaN ? 0x7ff80000 : halves[HIGH];
    const low = isNaN ? 0 : halves[LOW];
    see((high ^ beforeHigh) >>> 0, (low ^ beforeLow) >>> 0);
    beforeHigh = high;
    beforeLow = low;
  }
}

/** Zeroes in front (at most 31, as five bits hold) and behind of a XOR that is not zero. */
function zeroes(high: number, low: number): { leading: number; trailing: number } {
  const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
  const trailing = low === 0 ? 32 + tail(high) : tail(low);
  return { leading, trailing };
}
function tail(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** One bit for a repeated value; 10 and the bits that fit between the zeroes of the XOR before; 11, zeroes in front, length, bits. */
function walkXor(
  values: Float64Array,
  same: () => void,
  inside: (high: number, low: number, length: number, trailing: number) => void,
  fresh: (high: number, low: number, leading: number, length: number, trailing: number) => void,
): void {
  let leading = -1;
  let trailing = 0;
  eachXor(values, (high, low) => {
    if (high === 0 && low === 0) {
      same();
      return;
    }
    const now = zeroes(high, low);
    if (leading >= 0 && now.leading >= leading && now.trailing >= trailing && 64 - leading - trailing <= 64 - now.leading - now.trailing + 11) {
      inside(high, low, 64 - leading - trailing, trailing);
      return;
    }
    ({ leading, trailing } = now);
    fresh(high, low, leading, 64 - leading - trailing, trailing);
  });
}
function xorBits(values: Float64Array): number {
  let bits = 0;
  walkXor(values, () => (bits += 1), (_high, _low, length) => (bits += 2 + length), (_high, _low, _leading, length) => (bits += 13 + length));
  return bits;
}

function writeXor(out: BitWriter, values: Float64Array): void {
  const middle = (high: number, low: number, length: number, trailing: number): void => {
    // The XOR shifted right by its trailing zeroes, in two words.
    const lowPart = trailing >= 32 ? high >>> (trailing - 32) : trailing === 0 ? low : ((low >>> trailing) | (high << (32 - trailing))) >>> 0;
    const highPart = trailing >= 32 ? 0 : high >>> trailing;
    if (length > 32) out.write(highPart, length - 32);
    out.write(lowPart, Math.min(32, length));
  };
  walkXor(
    values,
    () => out.write(0, 1),
    (high, low, length, trailing) => {
      out.write(2, 2);
      middle(high, low, length, trailing);
    },
    (high, low, leading, length, trailing) => {
      out.write(3, 2);
      out.write(leading, 5);
      // 64 does not fit six bits and 0 does not happen.
      out.write(length & 63, 6);
      middle(high, low, length, trailing);
    },
  );
}

function readXor(from: BitReader, n: number): Float64Array {
  const out = new Float64Array(n);
  let high = 0;
  let low = 0;
  let leading = -1;
  let length = 0;
  for (let i = 0; i < n; i++) {
    if (from.read(1) === 1) {
      if (from.read(1) === 1) {
        leading = from.read(5);
        length = from.read(6) || 64;
        if (leading + length > 64) throw new RangeError('The chunk names widths that cannot be.');
      } else if (leading < 0) {
        throw new RangeError('The chunk refers to a value that is not there.');
      }
      const trailing = 64 - leading - length;
      const highPart = length > 32 ? from.read(length - 32) : 0;
      const lowPart = from.read(Math.min(32, length));
      high ^= trailing >= 32 ? lowPart << (trailing - 32) : trailing === 0 ? highPart : (highPart << trailing) | (lowPart >>> (32 - trailing));
      low ^= trailing >= 32 ? 0 : lowPart << trailing;
    }
    halves[HIGH] = high;
    halves[LOW] = low;
    out[i] = float[0];
  }
  return out;
}

function writeRaw(out: BitWriter, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    out.write(halves[HIGH], 32);
    out.write(halves[LOW], 32);
  }
}
function readRaw(from: BitReader, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    halves[HIGH] = from.read(32);
    halves[LOW] = from.read(32);
    out[i] = float[0];
  }
  return out;
}
