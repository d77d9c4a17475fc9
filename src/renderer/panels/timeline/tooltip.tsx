import { createPortal } from 'react-dom';
import { SEVERITIES } from '../../../shared/event.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SeverityMark } from '../../ui/severity.tsx';
import { formatRange, formatTime, precisionFor } from '../../ui/time.ts';
import type { Range } from '../../ui/time-axis/range.ts';
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
    </div>,
    document.body,
  );
}
