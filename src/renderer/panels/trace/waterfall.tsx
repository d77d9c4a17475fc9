import { IconFold, IconArrowsVertical } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Trace } from '../../../shared/contract/traces.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { below, criticalStretches, hasChildren, shareOf, ticksOf, visibleRows, zoomed } from './model.ts';
import { Scale } from './scale.tsx';
import { SpanRow } from './span-row.tsx';
import type { Part } from './model.ts';
import classes from './trace.module.css';

const ROW_PX = 24;
/** the scale above the rows, which stays while they scroll */
const SCALE_PX = 22;
const PAGE_ROWS = 10;
const TICKS = 5;
const CLOSER = 0.5;

interface WaterfallProps {
  trace: Trace;
  /** of services: their colour and shape */
  numbers: ReadonlyMap<string, number>;
  /** places of the spans that are looked for */
  found: ReadonlySet<number>;
}
/** The spans against time. One stop in the tab order; up and down go from span to span, left and right close and open, plus and minus zoom. */
export function Waterfall({ trace, numbers, found }: WaterfallProps) {
  const store = useViewStore();
  const selected = useView((view) => view.selectedId);
  const { spans } = trace;
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [zoom, setZoom] = useState<Part | null>(null);
  const part = zoom ?? trace;
  const rows = useMemo(() => visibleRows(spans, closed), [spans, closed]);
  const critical = useMemo(() => criticalStretches({ path: trace.path, start: part.start, end: part.end }), [trace.path, part.start, part.end]);
  const ticks = useMemo(() => ticksOf(trace, part, TICKS).map((tick) => ({ tick, share: shareOf(part, trace.start, trace.start + tick).to })), [trace, part]);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const name = useId();
  // oxlint-disable-next-line react/incompatible-library -- the compiler does not memoise this component; a row is memoised by itself
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 10, scrollMargin: SCALE_PX, scrollPaddingStart: SCALE_PX });
  const cursor = rows.findIndex((i) => spans[i].event === selected);

  // The selection may come from another panel: its span is brought into sight, also when it is below a closed one.
  const place = useMemo(() => spans.findIndex(({ event }) => event === selected), [spans, selected]);
  const [followed, setFollowed] = useState(-1);
  if (place !== followed) {
    setFollowed(place);
    const open = new Set(closed);
    for (let i = spans[place]?.parent ?? -1; i >= 0; i = spans[i].parent) open.delete(i);
    if (open.size !== closed.size) setClosed(open);
  }
  useEffect(() => {
    if (cursor >= 0) virtual.scrollToIndex(cursor);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a new selection scrolls, not every drawing
  }, [place]);

  const toggle = (i: number, open = closed.has(i)): void => {
    const next = new Set(closed);
    if (open) next.delete(i);
    else next.add(i);
    setClosed(next);
  };
  /** Only the roots and what they called: the outline of a trace of thousands of spans. */
  const closeAll = (): void => setClosed(new Set(spans.flatMap(({ depth }, i) => (depth > 0 && hasChildren(spans, i) ? [i] : []))));
  const openAll = (): void => setClosed(new Set());
  const go = (row: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, row));
    store.getState().select(spans[rows[to]].event);
    virtual.scrollToIndex(to);
  };
  const closer = (factor: number): void => {
    const span = spans[rows[cursor]];
    const middle = (part.start + part.end) / 2;
    const around = span && span.start >= part.start && span.start <= part.end ? span.start : middle;
    setZoom(zoomed(trace, part, around, factor));
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const i = rows[cursor];
    const act = (): boolean => {
      switch (event.key) {
        case 'ArrowDown': case 'j': go(cursor + 1); return true;
        case 'ArrowUp': case 'k': go(cursor < 0 ? 0 : cursor - 1); return true;
        case 'PageDown': go(cursor + PAGE_ROWS); return true;
        case 'PageUp': go(cursor - PAGE_ROWS); return true;
        case 'Home': go(0); return true;
        case 'End': go(rows.length - 1); return true;
        case 'ArrowRight':
          if (event.shiftKey) openAll();
          else if (i === undefined) go(0);
          else if (closed.has(i)) toggle(i, true);
          else if (hasChildren(spans, i)) go(cursor + 1);
          return true;
        case 'ArrowLeft':
          if (event.shiftKey) closeAll();
          else if (i === undefined) go(0);
          else if (hasChildren(spans, i) && !closed.has(i)) toggle(i, false);
          else if (spans[i].parent >= 0) go(rows.indexOf(spans[i].parent));
          return true;
        case '+': case '=': closer(CLOSER); return true;
        case '-': closer(1 / CLOSER); return true;
        case '0': setZoom(null); return true;
        case '*': openAll(); return true;
        default: return false;
      }
    };
    if (!act()) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const timeAt = (clientX: number): number | null => {
    const rect = plot.current?.getBoundingClientRect();
    if (!rect || rect.width === 0 || clientX < rect.left || clientX > rect.right) return null;
    return part.start + ((clientX - rect.left) / rect.width) * (part.end - part.start);
  };
  return (
    <div
      ref={box} className={classes.rows} role="tree" tabIndex={0} data-autofocus-panel aria-label="Spans" onKeyDown={keys}
      aria-activedescendant={cursor >= 0 && virtual.getVirtualItems().some(({ index }) => index === cursor) ? `${name}-${rows[cursor]}` : undefined}
      onPointerMove={(event) => store.getState().setHoverTime(timeAt(event.clientX))} onPointerLeave={() => store.getState().setHoverTime(null)}
    >
      <div className={classes.scale} aria-hidden="true">
        <div className={classes.folds}>
          <button type="button" tabIndex={-1} className={classes.icon} title="Close all but the first level (Shift+Left)" onClick={closeAll}><IconFold size={14} stroke={1.75} /></button>
          <button type="button" tabIndex={-1} className={classes.icon} title="Open all (Shift+Right)" onClick={openAll}><IconArrowsVertical size={14} stroke={1.75} /></button>
          {zoom ? <button type="button" tabIndex={-1} className={classes.action} title="See all of the trace (0)" onClick={() => setZoom(null)}>Whole trace</button> : null}
        </div>
        <Scale trace={trace} part={part} ticks={ticks} plot={plot} timeAt={timeAt} onZoom={setZoom} />
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const i = rows[index];
          return (
            <SpanRow
              key={i} id={`${name}-${i}`} y={start - SCALE_PX} start={trace.start} part={part} span={spans[i]} number={numbers.get(spans[i].service) ?? 1} critical={critical.get(i)} ticks={ticks}
              fold={hasChildren(spans, i) ? (closed.has(i) ? 'closed' : 'open') : 'none'} hidden={closed.has(i) ? below(spans, i) : 0} selected={index === cursor} found={found.has(i)} onToggle={() => toggle(i)} onSelect={() => go(index)}
            />
          );
        })}
      </div>
    </div>
  );
}
