/** Numbers and durations on bytes. */
import { decodeUtf8 } from './json-text.ts';

/** A decimal number that fills buf[start, end) (JSON's grammar, a leading zero or plus allowed), or NaN. */
export function plainNumber(buf: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 32) return NaN;
  let i = start;
  const negative = buf[i] === 45;
  if (negative || buf[i] === 43) i++;
  let value = 0;
  let digits = 0;
  let scale = 1;
  let fraction = false;
  for (; i < end; i++) {
    const d = buf[i] - 48;
    if (d >>> 0 <= 9) {
      digits++;
      value = value * 10 + d;
      if (fraction) scale *= 10;
    } else if (buf[i] === 46 && !fraction) {
      fraction = true;
    } else {
      const text = decodeUtf8(buf, start, end);
      return /^[+-]?\d+(\.\d+)?[eE][+-]?\d+$/.test(text) ? Number(text) : NaN;
    }
  }
  if (digits === 0) return NaN;
  // Up to 15 digits both parts are exact, and one division rounds as the text would.
  if (digits > 15) value = Number(decodeUtf8(buf, start, end).replace(/^[+-]/, ''));
  else value /= scale;
  return negative ? -value : value;
}

/**
 * Microseconds of an epoch number that fills buf[start, end): seconds below 1e11, milliseconds below 1e14, microseconds below 1e17,
 * else nanoseconds; a fraction is allowed; finer than a microsecond is cut off. NaN for anything before March 1973 (1e8 seconds): such small
 * numbers are durations, not times.
 */
export function epochUs(buf: Uint8Array, start: number, end: number): number {
  let whole = 0;
  let digits = 0;
  let i = start;
  for (; i < end; i++) {
    const d = buf[i] - 48;
    if (d >>> 0 > 9) break;
    digits++;
    if (digits <= 16) whole = whole * 10 + d;
  }
  if (digits < 9 || digits > 20) return exponentUs(buf, start, end);
  let fraction = 0;
  let places = 0;
  if (i < end && buf[i] === 46) {
    for (i++; i < end; i++) {
      const d = buf[i] - 48;
      if (d >>> 0 > 9) break;
      if (places < 6) {
        fraction = fraction * 10 + d;
        places++;
      }
    }
  }
  if (i !== end) return exponentUs(buf, start, end);
  if (digits <= 11) return whole * 1e6 + Math.floor(fraction * 10 ** (6 - places));
  if (digits <= 14) return whole * 1e3 + Math.floor((fraction * 10 ** (6 - places)) / 1e3);
  if (digits <= 16) return whole;
  // 17 digits are still microseconds (after the year 5138); more are nanoseconds, of which 16 digits were kept
  if (digits === 17) return whole * 10;
  return Math.floor(whole * 10 ** (digits - 19));
}

function exponentUs(buf: Uint8Array, start: number, end: number): number {
  const value = plainNumber(buf, start, end);
  if (!(value >= 1e8 && value < 1e20)) return NaN;
  return Math.floor(value < 1e11 ? value * 1e6 : value < 1e14 ? value * 1e3 : value < 1e17 ? value : value / 1e3);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, sec: 1e3, secs: 1e3, second: 1e3, seconds: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5,
  millis: 1, milliseconds: 1,
};
/** "12ms", "1.5 s", "1m3.2s" (Go's notation), "00:00:01.25" (.NET's) to milliseconds, or NaN. */
export function durationMs(text: string): number {
  const clock = /^(?:(\d+)\.)?(\d{1,2}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (clock) return ((Number(clock[1] ?? 0) * 24 + Number(clock[2])) * 3600 + Number(clock[3]) * 60 + Number(clock[4])) * 1000;
  if (text.length > 40 || !/^(?:\d+(?:\.\d*)? ?[a-zµμ]+ ?)+$/.test(text)) return NaN;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?) ?([a-zµμ]+)/g)) total += Number(amount) * (UNIT_MS[unit] ?? NaN);
  return total;
}
