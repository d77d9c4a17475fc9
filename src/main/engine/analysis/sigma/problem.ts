/** What a rule has that cannot be understood. Such a rule is never run in part: it is listed with its problems instead. */
import type { RuleProblem } from '../../../../shared/contract/sigma.ts';

/** Thrown while one rule is read or compiled; becomes a RuleProblem with the file and the rule. */
export class SigmaError extends Error {
  readonly code: RuleProblem['code'];
  /** bytes of the text, not of the line; -1 = the rule as a whole */
  readonly at: number;

  constructor(code: RuleProblem['code'], message: string, at = -1) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Line and column, both from 1, of a position in a text. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  if (at < 0) return { line: 1, column: 1 };
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}
