import { useView } from '../../state/view.ts';
import { formatDuration } from '../../ui/numbers.ts';
import { toShare } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import classes from './metrics.module.css';

/** Pixels of half a label, kept clear of the right edge. */
const HALF_LABEL = 24;

/** The time below all charts, always in sight; the marked stretch says its length here, once. */
export function TimeAxis({ range, plot }: { range: Range; plot: Box }) {
  const zone = useView((view) => view.zone);
  const brush = useView((view) => view.brush);
  const setBrush = useView((view) => view.setBrush);
  const setRange = useView((view) => view.setRange);
  const x = (time: number): number => plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
  const marked = brush && brush.to >= range.from && brush.from <= range.to ? brush : null;
  const left = marked ? x(marked.from) : 0;
  return (
    <div className={classes.axis}>
      {timeTicks(range, zone, plot.width).filter(({ time }) => x(time) < plot.x + plot.width - HALF_LABEL).map(({ time, label, strong }) => (
        <span key={time} className={classes.tick} data-strong={strong || undefined} style={{ left: x(time) }} aria-hidden="true">{label}</span>
      ))}
      {marked ? (
        <div className={classes.brushLabel} style={left > plot.x + plot.width * 0.6 ? { right: `calc(100% - ${x(marked.to)}px)` } : { left }}>
          {formatDuration(marked.to - marked.from)}
          <button type="button" title="Make this the range (z)" onClick={() => setRange(marked.from, marked.to)}>Zoom</button>
          <button type="button" title="Take the mark away" aria-label="Take the mark away" onClick={() => setBrush(null)}>×</button>
        </div>
      ) : null}
    </div>
  );
}
