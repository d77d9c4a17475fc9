/** Times written by a pattern of Java's SimpleDateFormat, which LEEF events carry with them. */
import { timeReader } from './declared-time.ts';
import type { Clock } from './clock.ts';

export type TimeReader = (buf: Uint8Array, start: number, end: number, clock: Clock) => number;

const LETTERS: Readonly<Record<string, (count: number) => string>> = {
  y: (count) => (count === 2 ? '%y' : '%Y'),
  u: () => '%Y',
  M: (count) => (count >= 3 ? '%b' : '%m'),
  L: (count) => (count >= 3 ? '%b' : '%m'),
  d: () => '%e',
  D: () => '%j',
  H: () => '%H',
  k: () => '%H',
  h: () => '%I',
  K: () => '%I',
  m: () => '%M',
  s: () => '%S',
  S: (count) => (count <= 3 ? '%L' : '%f'),
  a: () => '%p',
  E: () => '%a',
  z: () => '%Z',
  Z: () => '%z',
  X: () => '%z',
};

/** The pattern as strptime writes it, or null when it has parts that name no time (weeks, eras). */
function strptime(pattern: string): string | null {
  let out = '';
  for (let i = 0; i < pattern.length; ) {
    const c = pattern[i];
    if (c === "'") {
      const close = pattern.indexOf("'", i + 1);
      if (close < 0) return null;
      out += close === i + 1 ? "'" : pattern.slice(i + 1, close).replaceAll('%', '%%');
      i = close + 1;
    } else if (/[A-Za-z]/.test(c)) {
      let count = 1;
      while (pattern[i + count] === c) count++;
      const letter = LETTERS[c];
      if (letter === undefined) return null;
      out += letter(count);
      i += count;
    } else {
      out += c === '%' ? '%%' : c;
      i++;
    }
  }
  return out;
}

const MAX_PATTERNS = 64;
const MAX_LENGTH = 100;
const readers = new Map<string, TimeReader | null>();
/** Reads times of that pattern; null when it is none. The patterns met are remembered, up to a limit. */
export function javaTime(pattern: string): TimeReader | null {
  const known = readers.get(pattern);
  if (known !== undefined) return known;
  if (readers.size >= MAX_PATTERNS) readers.clear();
  const written = pattern.length > MAX_LENGTH ? null : strptime(pattern);
  const reader = written?.includes('%') === true ? timeReader(written) : null;
  readers.set(pattern, reader);
  return reader;
}
