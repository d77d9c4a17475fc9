import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Trace } from '../../../shared/contract/traces.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatDuration } from '../../ui/numbers.ts';
import { criticalStretches, hasChildren, shareOf, ticksOf, visibleRows } from './model.ts';
import { SpanRow } from './span-row.tsx';
import classes from './trace.module.css';

const ROW_PX = 24;
/** the scale above the rows, which stays while they scroll */
const SCALE_PX = 20;
const PAGE_ROWS = 10;
const TICKS = 5;

/** The spans against time. One stop in the tab order; up and down go from span to span, left and right close and open. */
export function Waterfall({ trace, numbers }: { trace: Trace; numbers: ReadonlyMap<string, number> }) {
  const store = useViewStore();
  const selected = useView((view) => view.selectedId);
  const { spans } = trace;
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => visibleRows(spans, closed), [spans, closed]);
  const critical = useMemo(() => criticalStretches(trace), [trace]);
  const ticks = useMemo(() => ticksOf(trace.end - trace.start, TICKS).map((tick) => ({ tick, share: shareOf(trace, trace.start, trace.start + tick).to })), [trace]);
  const box = useRef<HTMLDivElement>(null);
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
  const go = (row: number): void => {
    const to = Math.min(rows.length - 1, Math.max(0, row));
    store.getState().select(spans[rows[to]].event);
    virtual.scrollToIndex(to);
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
          if (i === undefined) go(0);
          else if (closed.has(i)) toggle(i, true);
          else if (hasChildren(spans, i)) go(cursor + 1);
          return true;
        case 'ArrowLeft':
          if (i === undefined) go(0);
          else if (hasChildren(spans, i) && !closed.has(i)) toggle(i, false);
          else if (spans[i].parent >= 0) go(rows.indexOf(spans[i].parent));
          return true;
        case '*': setClosed(new Set()); return true;
        default: return false;
      }
    };
    if (!act()) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={box} className={classes.rows} role="tree" tabIndex={0} data-autofocus-panel aria-label="Spans" onKeyDown={keys}
      aria-activedescendant={cursor >= 0 && virtual.getVirtualItems().some(({ index }) => index === cursor) ? `${name}-${rows[cursor]}` : undefined}
    >
      <div className={classes.scale} aria-hidden="true">
        <span />
        <div className={classes.plot}>
          {ticks.map(({ tick, share }) => <span key={tick} className={classes.tick} style={{ left: `${share * 100}%` }}>{formatDuration(tick)}</span>)}
        </div>
      </div>
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const i = rows[index];
          return (
            <SpanRow
              key={i} id={`${name}-${i}`} y={start - SCALE_PX} trace={trace} span={spans[i]} number={numbers.get(spans[i].service) ?? 1} critical={critical.get(i)} ticks={ticks}
              fold={hasChildren(spans, i) ? (closed.has(i) ? 'closed' : 'open') : 'none'} place={i} selected={index === cursor} onToggle={() => toggle(i)} onSelect={() => go(index)}
            />
          );
        })}
      </div>
    </div>
  );
}
