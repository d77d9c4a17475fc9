import type { ThreatPart } from '../../../shared/contract/threat.ts';
import { PART_TITLES } from './types.ts';
import classes from './threat.module.css';

/** The score as a number, and as a bar whose pieces are how much each part says. */
export function ScoreBar({ parts, score }: { parts: readonly ThreatPart[]; score: number }) {
  const sum = parts.reduce((all, { weight, value }) => all + weight * value, 0);
  return (
    <span className={classes.score} title={parts.map(({ part, weight, value }) => `${PART_TITLES[part]} ${(weight * value).toFixed(2)}`).join(', ')}>
      <span className={classes.figure}>{score.toFixed(2)}</span>
      <span className={classes.bar} aria-hidden="true">
        {parts.map(({ part, weight, value }) => <span key={part} className={classes.piece} data-part={part} style={{ width: `${((weight * value) / sum) * score * 100}%` }} />)}
      </span>
    </span>
  );
}
