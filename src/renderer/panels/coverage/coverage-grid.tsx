import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { CoverageReply, SourceCoverage } from '../../../shared/contract/coverage.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { reportError } from '../../state/notices.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { pan, toShare, toTime, zoomAround } from '../../ui/time-axis/range.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { useGestures } from '../../ui/time-axis/use-gestures.ts';
import type { Pointer } from '../../ui/time-axis/use-gestures.ts';
import type { LiveRange } from '../../ui/time-axis/use-live-range.ts';
import { CoverageAxis } from './coverage-axis.tsx';
import { CoverageRow } from './coverage-row.tsx';
import { HEAD_PX, ROW_PX, columnsOf } from './columns.ts';
import classes from './coverage.module.css';

interface CoverageGridProps {
  reply: CoverageReply;
  rows: readonly SourceCoverage[];
  /** what was looked for and in which order: another list begins at its top */
  list: string;
  live: LiveRange;
  visible: Range;
  width: number;
  height: number;
}
/** Where the keyboard is: a row, and one of its gaps or (-1) its name. */
interface Place {
  row: number;
  gap: number;
}

/** One row a source; the arrows go from row to row and along the gaps of a row. */
export function CoverageGrid({ reply, rows, list, live, visible, width, height }: CoverageGridProps) {
  const store = useViewStore();
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>({ row: 0, gap: -1 });
  const row = Math.min(place.row, Math.max(0, rows.length - 1));
  const columns = useMemo(() => columnsOf(width), [width]);
  const plot = useMemo(() => ({ x: columns.name, y: 0, width: columns.plot, height }), [columns, height]);
  // oxlint-disable-next-line react/incompatible-library -- the compiler does not memoise this component; the bars of a row are memoised by themselves
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 8, scrollMargin: HEAD_PX, scrollPaddingStart: HEAD_PX });
  useEffect(() => {
    if (box.current) box.current.scrollTop = 0;
  }, [list]);
  const { from, to } = visible;
  const range = useMemo(() => ({ from, to }), [from, to]);

  const openBucket = async (source: SourceCoverage, time: number): Promise<void> => {
    const step = (reply.to - reply.from) / reply.buckets;
    const bucket = Math.floor((time - reply.from) / step);
    const view = store.getState();
    if (!source.counts[bucket]) {
      view.setBrush(null);
      return;
    }
    const stretch = { from: Math.floor(reply.from + bucket * step), to: Math.ceil(reply.from + (bucket + 1) * step) };
    view.setBrush(stretch);
    try {
      const page = await engine.events.page({ scope: { query: withFilter('', 'source', source.path, 'include'), ...stretch }, order: view.order, at: { rank: 0 }, limit: 1 });
      if (page.rows.id.length > 0) view.select(page.rows.id[0]);
    } catch (error) {
      reportError(error, 'Opening the events of the source');
    }
  };
  const gestures = useGestures({
    element: box, range, plot,
    onRange: live.move,
    onBrush: (stretch) => store.getState().setBrush(stretch),
    onHover: (time) => store.getState().setHoverTime(time),
    onClick: ({ x, y }: Pointer) => {
      const source = rows[Math.floor((y - HEAD_PX + (box.current?.scrollTop ?? 0)) / ROW_PX)];
      if (source && y > HEAD_PX) void openBucket(source, toTime(range, (x - plot.x) / plot.width));
    },
    // A list that is longer than its box scrolls; with Ctrl, or where nothing scrolls, the wheel zooms as on the timeline.
    takesWheel: (event) => event.ctrlKey || event.metaKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY) || (box.current !== null && box.current.scrollHeight <= box.current.clientHeight),
  });

  const go = (next: Place): void => {
    setPlace(next);
    virtual.scrollToIndex(next.row, { align: 'auto' });
    // After the row is drawn.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-place="${next.row}:${next.gap}"]`)?.focus());
  };
  const inSight = (source: SourceCoverage | undefined): number[] => source?.gaps.flatMap((gap, i) => (gap.to > from && gap.from < to ? [i] : [])) ?? [];
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const toRow = (index: number) => (): void => go({ row: Math.min(rows.length - 1, Math.max(0, index)), gap: -1 });
    const gaps = inSight(rows[row]);
    const along = (by: number) => (): void => {
      const next = gaps.indexOf(place.gap) + by;
      if (next < gaps.length) go({ row, gap: next < 0 ? -1 : gaps[next] });
    };
    const middle = (from + to) / 2;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: toRow(row + 1), ArrowUp: toRow(row - 1), j: toRow(row + 1), k: toRow(row - 1), PageDown: toRow(row + page), PageUp: toRow(row - page), Home: toRow(0), End: toRow(rows.length - 1),
      ArrowRight: event.shiftKey ? () => live.move(pan(range, 0.25)) : along(1),
      ArrowLeft: event.shiftKey ? () => live.move(pan(range, -0.25)) : along(-1),
      '+': () => live.move(zoomAround(range, middle, 0.6)), '=': () => live.move(zoomAround(range, middle, 0.6)), '-': () => live.move(zoomAround(range, middle, 1 / 0.6)),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  // The tab order has one stop in here, which must be there even when the row was filtered away.
  useEffect(() => {
    if (place.gap >= 0 && !rows[row]?.gaps[place.gap]) setPlace({ row, gap: -1 });
  }, [place.gap, row, rows]);

  return (
    <div
      ref={box} className={classes.grid} role="grid" tabIndex={-1} data-autofocus-panel aria-label="Coverage of the sources. Arrows go from source to source and along gaps, plus and minus zoom." aria-rowcount={rows.length + 1} aria-colcount={5}
      data-dragging={gestures.dragging ?? undefined} onKeyDown={keys} onDoubleClick={() => {
        store.getState().setBrush(null);
        store.getState().resetRange();
      }}
      {...gestures.handlers}
    >
      <CoverageAxis range={range} columns={columns} overlap={reply.overlap} />
      <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <CoverageRow
            key={rows[index].id} source={rows[index]} index={index} top={start - HEAD_PX} range={range} reply={reply} columns={columns}
            stop={index === row ? place.gap : null} onPlace={(gap) => setPlace({ row: index, gap })}
          />
        ))}
        <Marks range={range} plot={plot} draft={gestures.draft} />
      </div>
      {rows.length === 0 ? <p className={classes.none}>No source has these words in its path.</p> : null}
    </div>
  );
}

/** The stretch that is marked and the moment under the pointer, which all charts of the window share. */
function Marks({ range, plot, draft }: { range: Range; plot: { x: number; width: number }; draft: Range | null }) {
  const brush = useView((view) => view.brush);
  const hover = useView((view) => view.hoverTime);
  const x = (time: number): number => plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
  const marked = draft ?? brush;
  return (
    <>
      {marked && marked.to >= range.from && marked.from <= range.to ? <div className={classes.brush} style={{ left: x(marked.from), width: Math.max(1, x(marked.to) - x(marked.from)) }} data-testid="coverage-brush" /> : null}
      {hover !== null && hover >= range.from && hover <= range.to ? <div className={classes.hover} style={{ left: x(hover) }} /> : null}
    </>
  );
}
