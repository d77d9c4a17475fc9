import { useState } from 'react';
import { EVIDENCE_PARTS, type Suspect } from '../../../shared/contract/root-cause.ts';
import { useMarks } from '../../state/findings.ts';
import { formatWholePercent } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { PART_TITLES } from './words.ts';
import classes from './root-cause.module.css';

/** So many are listed before somebody asks for the rest. */
const FIRST = 7;

interface SuspectListProps {
  suspects: readonly Suspect[];
  more: number;
  chosen: string;
  onChoose(service: string): void;
}

/** Services by how likely they are the cause; the bar is made of what speaks for it. */
export function SuspectList({ suspects, more, chosen, onChoose }: SuspectListProps) {
  const marks = useMarks();
  const [all, setAll] = useState(false);
  const shown = all ? suspects : suspects.filter(({ service }, i) => i < FIRST || service === chosen);
  const left = suspects.length - shown.length;
  return (
    <div className={classes.listFrame}>
      <div className={classes.legend} aria-hidden="true">
        {EVIDENCE_PARTS.map((part) => <span key={part} className={classes.key}><span className={classes.swatch} data-part={part} />{PART_TITLES[part]}</span>)}
      </div>
      <ol className={classes.list} aria-label="Services by how likely they are the cause">
        {shown.map(({ service, rank, score, parts, like }) => {
          const wrong = marks.get(like)?.verdict === 'wrong';
          const sum = EVIDENCE_PARTS.reduce((total, part) => total + parts[part], 0) || 1;
          return (
            <li key={service}>
              <button type="button" className={classes.suspect} aria-pressed={service === chosen} data-wrong={wrong || undefined} onClick={() => onChoose(service)}>
                <span className={classes.rank}>{rank}</span>
                <span className={classes.service}><SafeText text={service} inline fold={60} />{wrong ? <span className={classes.dim}> marked wrong</span> : null}</span>
                <span className={classes.score}>{formatWholePercent(score)}</span>
                <span className={classes.track} title={EVIDENCE_PARTS.filter((part) => parts[part] >= 0.005).map((part) => `${PART_TITLES[part]} ${formatWholePercent(parts[part])}`).join(', ')}>
                  {EVIDENCE_PARTS.map((part) => <span key={part} className={classes.part} data-part={part} style={{ width: `${(100 * score * parts[part]) / sum}%` }} />)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {left > 0 ? <button type="button" className={classes.more} onClick={() => setAll(true)}>Show {left} less likely ones</button> : null}
      {left === 0 && more > 0 ? <p className={classes.note}>{more} more are even less likely.</p> : null}
    </div>
  );
}
