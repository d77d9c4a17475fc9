/**
 * Recognition by counting: what share of the head's lines a format explains.
 */
import type { Head, Recognition } from '../format.ts';

export interface LineTest {
  /** Whether a line (no colour codes, no byte order mark) is a record's first line. */
  matches(line: string): boolean;
  /** Whether records may go on over lines that do not match. Default false. */
  multiline?: boolean;
  /** How special the format is, 0..1: the confidence when every line matches. */
  weight: number;
  /** completes 'N of M lines are ...' */
  what: string;
  /** the least share of matching lines that counts, default 0.05 for multi-line formats and 0.5 for others */
  least?: number;
}

/** ECMA-48 control sequences: colours, cursor moves. */
const ANSI = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/** A line as its plain twin has it: no colour codes, no byte order mark, no CR. */
export function plainLine(line: string): string {
  const bare = line.replace(/^\ufeff/, '').replace(/\r$/, '');
  return bare.includes('\u001b') ? bare.replace(ANSI, '') : bare;
}

/** Lines that only make sense as part of the record before: indented, stack frames, closing brackets. */
const CONTINUATION = /^(?:\s|at |Caused by:|Traceback |File "|\.\.\. \d+ more|#\d+ |goroutine \d+|[)\]}])/;

/** Counts the lines of the head; null when too few match. */
export function recogniseLines(head: Head, test: LineTest): Recognition | null {
  const { lines } = head;
  if (lines.length === 0) return null;
  let matched = 0;
  let continued = 0;
  for (const line of lines) {
    const plain = plainLine(line);
    if (test.matches(plain)) matched++;
    else if (test.multiline && matched > 0) continued += CONTINUATION.test(plain) ? 0.9 : 0.4;
  }
  const least = test.least ?? (test.multiline ? 0.05 : 0.5);
  if (matched === 0 || matched / lines.length < least) return null;
  const share = (matched + continued) / lines.length;
  const rest = lines.length - matched;
  const tail = rest > 0 && test.multiline ? `, the other ${rest} continue the record before` : '';
  return {
    confidence: test.weight * share,
    reason: `${matched} of ${lines.length} lines are ${test.what}${tail}`,
  };
}
