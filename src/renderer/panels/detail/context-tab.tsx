import { useState } from 'react';
import type { EventDetail } from '../../../shared/event.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { shortPath } from '../../ui/source-mark.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import classes from './detail.module.css';

const FIRST = 8;
const MORE = 20;
/** the contract's own limit */
const MOST = 200;

/** The records around this one in its file, whatever the filter says. */
export function ContextTab({ event }: { event: EventDetail }) {
  const [size, setSize] = useState({ before: FIRST, after: FIRST });
  const zone = useView((view) => view.zone);
  const select = useView((view) => view.select);
  const { id } = event;
  const { data, error, stale, retry } = useAsk(['events.context', id, size], (signal) => engine.events.context({ id, ...size }, { signal }));
  if (error && !data) return <ErrorState error={error} doing="Reading the context" retry={retry} />;
  if (!data) return <p className={classes.about} style={{ padding: 8 }}>reading</p>;
  const { rows, index } = data;
  const below = rows.id.length - 1 - index;
  const more = (side: 'before' | 'after'): void => setSize({ ...size, [side]: Math.min(MOST, size[side] + MORE) });
  return (
    <div className={`${classes.context} ${stale ? 'stale' : ''}`}>
      <button type="button" className={classes.more} disabled={index < size.before || size.before >= MOST} onClick={() => more('before')}>
        {index < size.before ? `Beginning of ${shortPath(event.provenance.path)}` : size.before >= MOST ? 'Select an earlier record to go further' : `${MORE} more before`}
      </button>
      {Array.from(rows.id, (rowId, at) => (
        <button key={rowId} type="button" className={classes.contextRow} aria-current={rowId === id || undefined} title={formatStamp(rows.time[at], zone)} onClick={() => select(rowId)}>
          <span>{formatTime(rows.time[at], zone, 'ms').slice(11)}</span>
          <SeverityMark severity={SEVERITIES[rows.severity[at]]} />
          <span><SafeText inline text={rows.message[at]} fold={400} /></span>
        </button>
      ))}
      <button type="button" className={classes.more} disabled={below < size.after || size.after >= MOST} onClick={() => more('after')}>
        {below < size.after ? `End of ${shortPath(event.provenance.path)}` : size.after >= MOST ? 'Select a later record to go further' : `${MORE} more after`}
      </button>
    </div>
  );
}
