import { useView } from '../../state/view.ts';
import { toShare } from '../../ui/time-axis/range.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import type { Columns } from './columns.ts';
import classes from './coverage.module.css';

/** Pixels kept clear at the right end, so that no label runs into the next column. */
const LABEL_PX = 48;

/** Titles of the columns and the time, always in sight; the line on it is the time that all sources are about. */
export function CoverageAxis({ range, columns, overlap }: { range: Range; columns: Columns; overlap: Range | null }) {
  const zone = useView((view) => view.zone);
  const x = (time: number): number => Math.min(1, Math.max(0, toShare(range, time))) * columns.plot;
  const inSight = overlap && overlap.to >= range.from && overlap.from <= range.to;
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      <span role="columnheader" className={classes.headName} style={{ width: columns.name }}>Source</span>
      <span role="columnheader" className={classes.headPlot} style={{ width: columns.plot }} aria-label="Presence over time">
        {timeTicks(range, zone, columns.plot).filter(({ time }) => x(time) < columns.plot - LABEL_PX).map(({ time, label, strong }) => (
          <span key={time} className={classes.tick} data-strong={strong || undefined} style={{ left: x(time) }} aria-hidden="true">{label}</span>
        ))}
        {inSight ? <span className={classes.shared} style={{ left: x(overlap.from), width: Math.max(2, x(overlap.to) - x(overlap.from)) }} aria-hidden="true" /> : null}
      </span>
      <span role="columnheader" className={classes.number} style={{ width: columns.events }}>Events</span>
      <span role="columnheader" className={classes.headTime} style={{ width: columns.time }} hidden={columns.time === 0}>First</span>
      <span role="columnheader" className={classes.headTime} style={{ width: columns.time }} hidden={columns.time === 0}>Last</span>
    </div>
  );
}
