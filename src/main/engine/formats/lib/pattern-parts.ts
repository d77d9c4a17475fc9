/**
 * Pieces of the patterns that several text formats share, and how they are put together.
 */
import { byteText } from './lines.ts';

/** Named pieces, written {NAME} in a pattern given to `pattern`. */
const PARTS: Readonly<Record<string, string>> = {
  /** ISO date and time with an optional fraction and zone */
  ISO: String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?`,
  /** a time of day with milliseconds */
  DAYTIME: String.raw`\d\d:\d\d:\d\d[.,]\d{3,6}`,
  CTIME: String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{3,5})? \d{4}`,
  LEVEL: 'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE|CONFIG|FINE|FINER|FINEST',
  LOGGER: String.raw`[A-Za-z_][\w.$/@#-]*`,
};

/** A regular expression with {NAME} replaced by the shared pieces. */
export function pattern(source: string): RegExp {
  return new RegExp(source.replace(/\{([A-Z]+)\}/g, (whole, name: string) => PARTS[name] ?? whole));
}

/** A `starts` that also takes lines that match one of the expressions, which are only run where `first` allows the line's first byte. */
export function orMatches(
  test: (buf: Uint8Array, start: number, end: number) => boolean,
  first: (c: number) => boolean,
  expressions: readonly RegExp[],
): (buf: Uint8Array, start: number, end: number) => boolean {
  return (buf, start, end) => {
    if (test(buf, start, end)) return true;
    if (!first(buf[start])) return false;
    const text = byteText(buf, start, Math.min(end, start + 256));
    return expressions.some((expression) => expression.test(text));
  };
}
