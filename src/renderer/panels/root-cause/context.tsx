import { IMPACT_AXES, type NearbyChange, type RootCauseReply } from '../../../shared/contract/root-cause.ts';
import { formatTime } from '../../../shared/time.ts';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { AXIS_TITLES } from './words.ts';
import classes from './root-cause.module.css';

const MOST_CHANGES = 12;

/** What it costs, what was changed before, and what the data cannot show. */
export function Around({ reply }: { reply: RootCauseReply }) {
  return (
    <div className={classes.around}>
      <h3 className={classes.heading}>Impact</h3>
      <dl className={classes.impact}>
        {IMPACT_AXES.map((axis) => (
          <div key={axis} className={classes.axis}>
            <dt>{AXIS_TITLES[axis]}</dt>
            <dd>{reply.impact[axis].map((sentence) => <p key={sentence}><SafeText text={sentence} /></p>)}</dd>
          </div>
        ))}
      </dl>
      {reply.changes.length > 0 ? <Changes changes={reply.changes} /> : null}
      {reply.notes.length > 0 ? <><h3 className={classes.heading}>What this does not show</h3>{reply.notes.map((note) => <p key={note} className={classes.note}>{note}</p>)}</> : null}
    </div>
  );
}

function Changes({ changes }: { changes: readonly NearbyChange[] }) {
  const zone = useView((view) => view.zone);
  const select = useView((view) => view.select);
  return (
    <>
      <h3 className={classes.heading}>Changes nearby</h3>
      <ul className={classes.changes}>
        {changes.slice(0, MOST_CHANGES).map(({ event, time, what, text, services }) => (
          <li key={event}>
            <button type="button" className={classes.change} title="Select the event" onClick={() => select(event)}>
              <span className={classes.dim}>{formatTime(time, zone, 'second')} {what}</span>
              <SafeText text={text.split('\n', 1)[0].slice(0, 160)} inline />
              {services.length > 0 ? <span className={classes.dim}><SafeText text={`names ${services.slice(0, 3).join(', ')}`} inline /></span> : null}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
