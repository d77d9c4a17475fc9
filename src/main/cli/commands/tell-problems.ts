import type { RuleProblem } from '../../../shared/contract/sigma.ts';
import { count, visible } from '../output.ts';

/** Tells what is wrong with rules, a line each: file, place, name of the problem, sentence, rule. */
export function tellProblems(problems: readonly RuleProblem[], note: (text: string) => void): void {
  for (const { file, rule, line, column, code, message } of problems) note(visible(`${file}:${line}:${column}: ${code}: ${message}${rule === '' ? '' : ` (${rule})`}`));
}
/** "2 bad_regex, 1 placeholder". */
export function byCode(problems: readonly RuleProblem[]): string {
  const counts = new Map<string, number>();
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${count(n)} ${code}`).join(', ');
}
