import { useMemo } from 'react';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { formatStamp } from '../../ui/time.ts';
import { toShare } from './range.ts';
import type { Range } from './range.ts';
import type { Box } from './density.ts';
import classes from './timeline.module.css';

interface OverlayProps {
  range: Range;
  plot: Box;
  /** the stretch being drawn now */
  draft: Range | null;
}
const CLUSTER_PX = 8;

function inside(range: Range, time: number): boolean {
  return time >= range.from && time <= range.to;
}
function left(range: Range, plot: Box, time: number): number {
  return plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
}

/** What lies over the bars and moves without redrawing them: cursor, selected event, pins, marked stretch. */
export function Overlay({ range, plot, draft }: OverlayProps) {
  const brush = useView((view) => view.brush);
  return (
    <>
      <Brush range={range} plot={plot} brush={draft ?? brush} drawn={draft === null} />
      <SelectedLine range={range} plot={plot} />
      <HoverLine range={range} plot={plot} />
      <Pins range={range} plot={plot} />
    </>
  );
}

function HoverLine({ range, plot }: { range: Range; plot: Box }) {
  const time = useView((view) => view.hoverTime);
  if (time === null || !inside(range, time)) return null;
  return <div className={`${classes.line} ${classes.hoverLine}`} style={{ left: left(range, plot, time), height: plot.height }} />;
}

function SelectedLine({ range, plot }: { range: Range; plot: Box }) {
  const id = useView((view) => view.selectedId);
  // The key of the detail panel: one request serves both.
  const { data, stale } = useAsk(['events.get', id], (signal) => engine.events.get({ id: id ?? 0 }, { signal }), { enabled: id !== null, keep: false });
  if (!data || (stale && data.id !== id) || !inside(range, data.time)) return null;
  return <div className={`${classes.line} ${classes.selectedLine}`} style={{ left: left(range, plot, data.time), height: plot.height }} data-testid="selected-line" />;
}

function Pins({ range, plot }: { range: Range; plot: Box }) {
  const pins = useCase((state) => state.pins);
  const select = useView((view) => view.select);
  const zone = useView((view) => view.zone);
  const clusters = useMemo(() => {
    const seen = new Map<number, { time: number; eventId: number }>();
    for (const pin of pins) if (inside(range, pin.time)) seen.set(pin.eventId, pin);
    const found: { x: number; time: number; eventId: number; count: number }[] = [];
    for (const pin of [...seen.values()].sort((a, b) => a.time - b.time)) {
      const x = left(range, plot, pin.time);
      const last = found.at(-1);
      if (last && x - last.x < CLUSTER_PX) last.count++;
      else found.push({ x, time: pin.time, eventId: pin.eventId, count: 1 });
    }
    return found;
  }, [pins, range, plot]);
  return clusters.map(({ x, time, eventId, count }) => (
    <button
      key={eventId} type="button" tabIndex={-1} className={classes.pin} style={{ left: x }} onClick={() => select(eventId)}
      title={count === 1 ? `Pinned event, ${formatStamp(time, zone)}` : `${formatCount(count)} pinned events from ${formatStamp(time, zone)}`} aria-label={count === 1 ? 'Pinned event' : `${formatCount(count)} pinned events`}
    >
      <svg width="11" height="13" viewBox="0 0 11 13" aria-hidden="true"><path d="M.5.5h10v6l-5 6l-5-6z" fill="currentColor" /></svg>
    </button>
  ));
}

function Brush({ range, plot, brush, drawn }: { range: Range; plot: Box; brush: Range | null; drawn: boolean }) {
  const zone = useView((view) => view.zone);
  const setBrush = useView((view) => view.setBrush);
  const setRange = useView((view) => view.setRange);
  if (!brush || brush.to < range.from || brush.from > range.to) return null;
  const x = left(range, plot, brush.from);
  const width = Math.max(1, left(range, plot, brush.to) - x);
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
