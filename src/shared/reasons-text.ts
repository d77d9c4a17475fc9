/** Reasons of a score as one line, the same in the window and on the command line. */
import type { Reason } from './contract/models.ts';

/** What speaks for the verdict first, then what speaks against it: "it says "timeout"; but its severity is info". */
export function reasonsText(reasons: readonly Reason[], score: number): string {
  const agrees = ({ weight }: Reason): boolean => weight > 0 === score >= 0.5;
  return [...reasons.filter(agrees).map(({ text }) => text), ...reasons.filter((reason) => !agrees(reason)).map(({ text }) => `but ${text}`)].join('; ');
}
