import type { AnomalyDetector, AnomalyVote } from '../../../shared/contract/anomalies.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import classes from './anomalies.module.css';

interface VotesProps {
  votes: readonly AnomalyVote[];
  detectors: readonly AnomalyDetector[];
}

/** What each detector says, side by side; behind it, in words. The mark in each bar is where its vote begins. */
export function Votes({ votes, detectors }: VotesProps) {
  const explain = (id: string): string => detectors.find((detector) => detector.id === id)?.explain ?? '';
  return (
    <>
      <ul className={classes.votes} aria-label="Votes">
        {votes.map(({ detector, title, score, voted, why }) => (
          <li key={detector} className={classes.vote} data-voted={voted || undefined} title={`${explain(detector)}\n${voted || score === null ? why : `Score ${score.toFixed(2)}, below 0.5: ${why}`}`}>
            <span className={classes.name}>{title}</span>
            <span className={classes.score}>{score === null ? 'does not judge' : `${score.toFixed(2)}${voted ? ', votes' : ''}`}</span>
            <span className={classes.bar} aria-hidden="true"><span className={classes.fill} style={{ width: `${(score ?? 0) * 100}%` }} /></span>
          </li>
        ))}
      </ul>
      <details className={classes.details}>
        <summary>What each says</summary>
        <dl className={classes.reasons}>
          {votes.map(({ detector, title, score, voted, why }) => (
            <div key={detector} className={classes.reason} data-voted={voted || undefined}>
              <dt>{title}</dt>
              <dd><SafeText inline text={why} /> <span className={classes.dim}>{score === null ? '' : `(${score.toFixed(2)})`} {explain(detector)}</span></dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
