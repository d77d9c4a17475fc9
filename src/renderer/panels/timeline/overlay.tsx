import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { formatDuration } from '../../ui/numbers.ts';
import { formatStamp } from '../../ui/time.ts';
import { AlertStrip } from './alert-strip.tsx';
import { inside, leftOf } from './pin-marks.ts';
import { Pins } from './pins.tsx';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import classes from './timeline.module.css';

interface OverlayProps {
  range: Range;
  plot: Box;
  /** the stretch being drawn now */
  draft: Range | null;
}

/** What lies over the bars and moves without redrawing them: cursor, selected event, pins, alerts, marked stretch. */
export function Overlay({ range, plot, draft }: OverlayProps) {
  const brush = useView((view) => view.brush);
  return (
    <>
      <Brush range={range} plot={plot} brush={draft ?? brush} drawn={draft === null} />
      <AlertStrip range={range} plot={plot} />
      <SelectedLine range={range} plot={plot} />
      <HoverLine range={range} plot={plot} />
      <Pins range={range} plot={plot} />
    </>
  );
}

function HoverLine({ range, plot }: { range: Range; plot: Box }) {
  const time = useView((view) => view.hoverTime);
  if (time === null || !inside(range, time)) return null;
  return <div className={`${classes.line} ${classes.hoverLine}`} style={{ left: leftOf(range, plot, time), height: plot.height }} />;
}

function SelectedLine({ range, plot }: { range: Range; plot: Box }) {
  const id = useView((view) => view.selectedId);
  // The key of the detail panel: one request serves both.
  const { data, stale } = useAsk(['events.get', id], (signal) => engine.events.get({ id: id ?? 0 }, { signal }), { enabled: id !== null, keep: false });
  if (!data || (stale && data.id !== id) || !inside(range, data.time)) return null;
  return <div className={`${classes.line} ${classes.selectedLine}`} style={{ left: leftOf(range, plot, data.time), height: plot.height }} data-testid="selected-line" />;
}

function Brush({ range, plot, brush, drawn }: { range: Range; plot: Box; brush: Range | null; drawn: boolean }) {
  const zone = useView((view) => view.zone);
  const setBrush = useView((view) => view.setBrush);
  const setRange = useView((view) => view.setRange);
  if (!brush || brush.to < range.from || brush.from > range.to) return null;
  const x = leftOf(range, plot, brush.from);
  const width = Math.max(1, leftOf(range, plot, brush.to) - x);
  // The label lies on the axis, not on bars, and keeps to the plot: it hangs to the left of stretches near the right edge.
  const label = { top: plot.height + 1, ...(x > plot.x + plot.width * 0.6 ? { right: `calc(100% - ${x + width}px)` } : { left: x }) };
  return (
    <>
      <div className={classes.brush} style={{ left: x, width, height: plot.height }} data-testid="brush" />
      <div className={classes.brushLabel} style={label} title={`${formatStamp(brush.from, zone)} to ${formatStamp(brush.to, zone)}`}>
        {formatDuration(brush.to - brush.from)}
        {drawn ? (
          <>
            <button type="button" title="Make this the range (z)" onClick={() => setRange(brush.from, brush.to)}>Zoom</button>
            <button type="button" title="Take the mark away" aria-label="Take the mark away" onClick={() => setBrush(null)}>×</button>
          </>
        ) : null}
      </div>
    </>
  );
}
