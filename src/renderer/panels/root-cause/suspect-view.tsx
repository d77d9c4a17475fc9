import { IconArrowBackUp, IconArrowRight, IconThumbDown } from '@tabler/icons-react';
import type { CauseEvidence, RootCauseReply, Suspect } from '../../../shared/contract/root-cause.ts';
import { formatTime } from '../../../shared/time.ts';
import { markFinding, openFinding, unmarkFinding, useMarks } from '../../state/findings.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatWholePercent } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { valueProps } from '../../ui/value.ts';
import { MetricLine } from './metric-line.tsx';
import classes from './root-cause.module.css';

/** Why a service may be the cause: each sentence opens its events. */
export function SuspectView({ suspect, at, metrics }: { suspect: Suspect; at: number; metrics: RootCauseReply['periods']['metrics'] }) {
  const store = useViewStore();
  const mark = useMarks().get(suspect.like);
  const wrong = mark?.verdict === 'wrong';
  return (
    <section className={classes.view} aria-label={`Why ${suspect.service}`}>
      <header className={classes.head}>
        <h3 className={classes.title} {...valueProps('service', suspect.service)}><SafeText text={suspect.service} inline fold={80} /></h3>
        <span className={classes.dim}>strength of the evidence {formatWholePercent(suspect.score)}</span>
        <span className={classes.grow} />
        {mark && wrong ? (
          <button type="button" className={classes.action} title={`Marked wrong by ${mark.markedBy}`} onClick={() => void unmarkFinding(mark)}><IconArrowBackUp size={14} />Not wrong after all</button>
        ) : (
          <button type="button" className={classes.action} title="Puts the service last, now and when it is looked again" onClick={() => void markFinding(suspect, 'wrong')}><IconThumbDown size={14} />Mark wrong</button>
        )}
      </header>
      <ul className={classes.reasons}>
        {suspect.reasons.map((reason) => <Reason key={reason.text} reason={reason} at={at} metrics={metrics} onOpen={() => reason.scope && openFinding({ scope: reason.scope, events: reason.events }, store)} />)}
      </ul>
      {suspect.explains.length > 0 ? <p className={classes.note}>It explains what <SafeText text={suspect.explains.slice(0, 8).join(', ')} inline /> {suspect.explains.length === 1 ? 'shows' : 'show'}.</p> : null}
    </section>
  );
}

interface ReasonProps {
  reason: CauseEvidence;
  at: number;
  metrics: RootCauseReply['periods']['metrics'];
  onOpen(): void;
}

function Reason({ reason, at, metrics, onOpen }: ReasonProps) {
  const zone = useView((view) => view.zone);
  const seconds = reason.at === null ? 0 : Math.round((reason.at - at) / 1e6);
  return (
    <li className={classes.reason}>
      <span className={classes.strength} title={`Counts ${formatWholePercent(reason.score)}`}><span className={classes.part} data-part={reason.part} style={{ width: `${reason.score * 100}%` }} /></span>
      <div className={classes.sentence}>
        <SafeText text={reason.text} />
        {metrics && reason.series.length > 0 ? <MetricLine series={reason.series} periods={metrics} /> : null}
        <span className={classes.foot}>
          {reason.at !== null ? <span className={classes.dim} title={formatTime(reason.at, zone)}>{`since ${formatTime(reason.at, zone, 'second').slice(11)}${Math.abs(seconds) < 2 ? '' : seconds < 0 ? `, ${-seconds} s before` : `, ${seconds} s after`}`}</span> : null}
          {reason.scope ? <button type="button" className={classes.link} onClick={onOpen}><IconArrowRight size={14} />Open events</button> : null}
        </span>
      </div>
    </li>
  );
}
