/**
 * JSON.parse that keeps the digits of integers that a double cannot hold (64-bit ids, nanoseconds since 1970): they become strings.
 */
import { decodeUtf8 } from './json-text.ts';

/** Integers with fewer digits are always exact. */
const EXACT_DIGITS = 16;

/** The value that `bytes` say. Throws a SyntaxError when they are not valid JSON. */
export function parseExact(bytes: Uint8Array): unknown {
  const cuts: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    if (c === 34) {
      for (i++; i < bytes.length && bytes[i] !== 34; i++) if (bytes[i] === 92) i++;
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      const start = i;
      while (i + 1 < bytes.length && bytes[i + 1] >= 48 && bytes[i + 1] <= 57) i++;
      const next = bytes[i + 1];
      if (next === 46 || (next | 32) === 101) {
        while (i + 1 < bytes.length && /[\d.eE+-]/.test(String.fromCharCode(bytes[i + 1]))) i++;
      } else if (i + 1 - start >= EXACT_DIGITS && bytes[start] !== 48 && !Number.isSafeInteger(Number(decodeUtf8(bytes, start, i + 1)))) {
        cuts.push(start, i + 1);
      }
    }
  }
  if (cuts.length === 0) return JSON.parse(decodeUtf8(bytes, 0, bytes.length));
  let text = '';
  let at = 0;
  for (let k = 0; k < cuts.length; k += 2) {
    text += `${decodeUtf8(bytes, at, cuts[k])}"${decodeUtf8(bytes, cuts[k], cuts[k + 1])}"`;
    at = cuts[k + 1];
  }
  return JSON.parse(text + decodeUtf8(bytes, at, bytes.length));
}
