import { createPortal } from 'react-dom';
import { SEVERITIES } from '../../../shared/event.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { formatRange, formatTime, precisionFor } from '../../ui/time.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { useFiredAlerts } from './alert-strip.tsx';
import type { Spot } from './severities.ts';
import classes from './timeline.module.css';

const WIDTH = 240;
const HEIGHT = 170;

/**
 * What lies under the pointer. `at` is in pixels of the window. Drawn at the end of the page so that no panel cuts it off;
 * for the pointer only, the table has the same for everybody.
 */
export function SpotTooltip({ spot, range, time, at }: { spot: Spot; range: Range; time: number; at: { x: number; y: number } }) {
  const zone = useView((view) => view.zone);
  const style = {
    left: at.x + 16 + WIDTH > window.innerWidth ? at.x - 16 - WIDTH : at.x + 16,
    top: Math.min(at.y + 12, window.innerHeight - HEIGHT),
    ...(at.x + 16 + WIDTH > window.innerWidth ? { width: WIDTH } : {}),
  };
  return createPortal(
    <div className={classes.tooltip} style={style} aria-hidden="true">
      <p>{spot.total > 0 ? formatRange(spot.from, spot.to, zone) : formatTime(time, zone, precisionFor(range.to - range.from))}</p>
      <p className="dim ellipsis">{spot.lane.label}{spot.total > 0 ? ` · ${formatDuration(spot.to - spot.from)} a bar` : ''}</p>
      {spot.total > 0 ? (
        <>
          <dl>
            {SEVERITIES.map((severity, index) => ({ severity, count: spot.counts[index] })).reverse().filter(({ count }) => count > 0).map(({ severity, count }) => (
              <div key={severity} style={{ display: 'contents' }}>
                <dt><SeverityMark severity={severity} label /></dt>
                <dd>{formatCount(count)}</dd>
              </div>
            ))}
            <dt>Events</dt>
            <dd>{formatCount(spot.total)}</dd>
          </dl>
          <p className={classes.hint}>Click opens the first of them</p>
        </>
      ) : spot.gap ? (
        <p>Silent for {formatDuration(spot.gap.to - spot.gap.from)}: much longer than usual here<br />{formatRange(spot.gap.from, spot.gap.to, zone)}</p>
      ) : (
        <p>No events</p>
      )}
      <Alerts from={spot.total > 0 ? spot.from : time} to={spot.total > 0 ? spot.to : time} />
    </div>,
    document.body,
  );
}

/** Alerts that are named; more are counted. */
const NAMED = 3;

/** What fired there: the line under the bars. */
function Alerts({ from, to }: Range) {
  const there = useFiredAlerts().filter(({ started, ended }) => started <= to && ended >= from);
  if (there.length === 0) return null;
  return (
    <div className={classes.tooltipAlerts}>
      {there.slice(0, NAMED).map(({ id, severity, finding }) => <p key={id} className="ellipsis"><SeverityMark severity={severity} /> Alert: <SafeText inline text={finding.title} fold={60} /></p>)}
      {there.length > NAMED ? <p className="dim">{formatCount(there.length - NAMED)} more alerts</p> : null}
    </div>
  );
}
