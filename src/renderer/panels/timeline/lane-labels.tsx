import type { WindowReply } from '../../../shared/contract/events.ts';
import { useCase } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { MiddleCut } from '../../ui/middle-cut.tsx';
import { formatCount, formatShort } from '../../ui/numbers.ts';
import { shortPath, SourceMark } from '../../ui/source-mark.tsx';
import { valueProps } from '../../ui/value.ts';
import { peakOf } from './density.ts';
import { laneBox } from './window-option.ts';
import type { Box } from '../../ui/time-axis/range.ts';
import classes from './timeline.module.css';

/** Names and totals of the lanes, in the gutter. A click filters for the lane, Alt+click filters it out. */
export function LaneLabels({ reply, plot }: { reply: WindowReply; plot: Box }) {
  const field = useView((view) => view.laneField);
  const addFilter = useView((view) => view.addFilter);
  const sources = useCase((state) => state.sources);
  return reply.lanes.map((lane, index) => {
    const { y, height } = laneBox(plot, index, reply.lanes.length);
    const source = field === 'source' ? [...sources.values()].find((one) => one.path === lane.key) : undefined;
    const name = field === 'source' ? shortPath(lane.label) : lane.label;
    const counts = `${formatCount(lane.total)} events, ${formatCount(peakOf(lane.counts))} in the fullest bar`;
    return (
      <button
        key={lane.key} type="button" className={classes.lane} style={{ top: y, height, width: plot.x }} disabled={field === 'none'}
        title={field === 'none' ? counts : `${lane.label || `no ${field}`}: ${counts}. Click: filter for it. Alt+click: filter it out.`}
        onClick={(event) => addFilter(field, lane.key, event.altKey ? 'exclude' : 'include')} {...(field === 'none' ? {} : valueProps(field, lane.key))}
      >
        {source ? <SourceMark id={source.id} title={source.path} /> : null}
        <span className={classes.laneName}><MiddleCut text={name || `no ${field}`} /></span>
        <span className={classes.laneTotal}>{formatShort(lane.total)}</span>
      </button>
    );
  });
}
