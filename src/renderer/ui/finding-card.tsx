import { IconArrowBackUp, IconArrowRight, IconThumbDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../shared/finding.ts';
import { formatRange } from '../../shared/time.ts';
import { markFinding, openFinding, unmarkFinding, useMarks } from '../state/findings.ts';
import { useView, useViewStore } from '../state/view.ts';
import { SafeText } from './safe-text.tsx';
import { SeverityMark } from './severity.tsx';
import classes from './finding-card.module.css';

interface FindingCardProps {
  finding: Finding;
  /** what the panel shows of it besides: a chart, a list */
  children?: ReactNode;
}

/** A finding: what it is, why, its numbers, the way to its events, and a way to say that it is wrong. */
export function FindingCard({ finding, children }: FindingCardProps) {
  const zone = useView((view) => view.zone);
  const store = useViewStore();
  const mark = useMarks().get(finding.like);
  const wrong = mark?.verdict === 'wrong';
  return (
    <article className={classes.card} data-quieted={wrong || undefined} aria-label={finding.title}>
      <header className={classes.head}>
        <SeverityMark severity={finding.severity} />
        <h3 className={classes.title}><SafeText text={finding.title} /></h3>
        <span className={classes.when}>{formatRange(finding.from, finding.to, zone)}</span>
      </header>
      <p className={classes.why}><SafeText text={finding.why} /></p>
      {finding.evidence.length > 0 ? (
        <dl className={classes.evidence}>
          {finding.evidence.map(({ label, value }) => (
            <div key={label} className={classes.pair}>
              <dt>{label}</dt>
              <dd><SafeText text={value} /></dd>
            </div>
          ))}
        </dl>
      ) : null}
      {children}
      <footer className={classes.foot}>
        <button type="button" className={classes.action} onClick={() => openFinding(finding, store)}><IconArrowRight size={14} />Open events</button>
        {mark && wrong ? (
          <button type="button" className={classes.action} title={`Marked wrong by ${mark.markedBy}${mark.note === '' ? '' : `: ${mark.note}`}`} onClick={() => void unmarkFinding(mark)}><IconArrowBackUp size={14} />Not wrong after all</button>
        ) : (
          <button type="button" className={classes.action} title="Quiets this and all findings like it" onClick={() => void markFinding(finding, 'wrong')}><IconThumbDown size={14} />Mark wrong</button>
        )}
        <span className={classes.detector}>{finding.detector}</span>
      </footer>
    </article>
  );
}
