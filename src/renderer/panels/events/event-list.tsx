import { useCallback, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, Ref } from 'react';
import { useCase } from '../../state/case.ts';
import { useCommand } from '../../state/commands.ts';
import { useEventMarks } from '../../state/event-marks.ts';
import { useView, useViewStore } from '../../state/view.ts';
import type { Precision } from '../../ui/time.ts';
import { ColumnHeads } from './column-heads.tsx';
import { gridTemplate, leastWidth } from './columns.ts';
import type { Column, ColumnId } from './columns.ts';
import { makeFinder } from './hits.ts';
import type { Pages } from './pages.ts';
import { RowView } from './row-view.tsx';
import { ruleAbove } from './stamps.ts';
import type { Place } from './use-place.ts';
import type { Scroller } from './use-scroller.ts';
import classes from './events.module.css';

export interface EventListProps {
  pages: Pages;
  scroller: Scroller;
  place: Place;
  columns: readonly Column[];
  precision: Precision;
  /** rows are of more than one year */
  years: boolean;
  timeNote: string;
  /** rows further apart than this have a rule between them, microseconds */
  gap: number;
  linked: boolean;
  listRef: Ref<HTMLDivElement>;
  onWidth(id: ColumnId, width: number): void;
  onCopy(): void;
  onPin(): void;
}
/** How long after `g` a second one is waited for, milliseconds. */
const SEQUENCE_MS = 1500;

/** The rows, their keyboard and pointer. It has one stop in the tab order; aria-activedescendant says which row is meant. */
export function EventList({ pages, scroller, place, columns, precision, years, timeNote, gap, linked, listRef, onWidth, onCopy, onPin }: EventListProps) {
  const store = useViewStore();
  const zone = useView((view) => view.zone);
  const query = useView((view) => view.query);
  const sources = useCase((state) => state.sources);
  const pinned = useCase((state) => state.pinned);
  const marks = useEventMarks();
  const find = useMemo(() => makeFinder(query), [query]);
  const shown = useMemo(() => columns.filter((column) => column.shown), [columns]);
  const template = gridTemplate(columns);
  const minWidth = leastWidth(columns);
  const [cell, setCell] = useState(-1);
  const firstG = useRef(-Infinity);
  const name = useId();
  const { cursor, other, go } = place;
  const { from, to } = scroller.visible;
  const { focus } = scroller;
  const perPage = Math.max(1, Math.floor(scroller.geometry.viewport / scroller.geometry.rowHeight) - 1);
  const low = cursor === null ? -1 : Math.min(cursor, other ?? cursor);
  const high = cursor === null ? -1 : Math.max(cursor, other ?? cursor);

  const step = useCallback((by: number, extend = false) => go(cursor === null ? (by > 0 ? scroller.visible.from : scroller.visible.to - 1) : cursor + by, extend), [cursor, go, scroller.visible.from, scroller.visible.to]);
  // j, k and the arrows work from anywhere in the window for the list that shares its view.
  useCommand('event.next', () => step(1), linked);
  useCommand('event.previous', () => step(-1), linked);
  useCommand('event.first', () => go(0), linked);
  useCommand('event.last', () => go(scroller.geometry.total - 1), linked);
  useCommand('hit.next', () => step(1), linked);
  useCommand('hit.previous', () => step(-1), linked);

  const filterCell = (mode: 'include' | 'exclude'): boolean => {
    const column = shown[cell];
    const row = cursor === null ? undefined : pages.row(cursor);
    if (!column?.field || !row) return false;
    const at = document.getElementById(`${name}-${cursor}`)?.querySelector<HTMLElement>('[data-cell][data-field]');
    if (!at) return false;
    store.getState().addFilter(at.dataset.field ?? '', at.dataset.value ?? '', mode);
    return true;
  };
  const keys = (event: KeyboardEvent): void => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, timeStamp } = event;
    const mod = ctrlKey || metaKey;
    const last = scroller.geometry.total - 1;
    const act = (): boolean => {
      if (altKey) return false;
      if (mod) {
        if (key === 'c' && cursor !== null && (getSelection()?.isCollapsed ?? true)) onCopy();
        else if (key === 'a') {
          go(0);
          go(last, true);
        } else return false;
        return true;
      }
      switch (key) {
        case 'ArrowDown': case 'j': case 'J': step(1, shiftKey); return true;
        case 'ArrowUp': case 'k': case 'K': step(-1, shiftKey); return true;
        case 'PageDown': step(perPage, shiftKey); return true;
        case 'PageUp': step(-perPage, shiftKey); return true;
        case 'Home': go(0, shiftKey); return true;
        case 'End': case 'G': go(last, shiftKey && key === 'End'); return true;
        case 'ArrowRight': setCell(Math.min(shown.length - 1, cell + 1)); return true;
        case 'ArrowLeft': setCell(Math.max(-1, cell - 1)); return true;
        case 'g':
          if (timeStamp - firstG.current > SEQUENCE_MS) {
            firstG.current = timeStamp;
            return false;
          }
          firstG.current = -Infinity;
          go(0);
          return true;
        case 'f': return filterCell('include');
        case 'F': return filterCell('exclude');
        case 'p':
          if (low === high) return false;
          onPin();
          return true;
        default: return false;
      }
    };
    if (!act()) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const press = useCallback((rank: number, event: MouseEvent) => {
    if (event.button !== 0) return;
    const value = event.altKey ? (event.target as HTMLElement).closest<HTMLElement>('[data-field]') : null;
    if (value) {
      event.preventDefault();
      store.getState().addFilter(value.dataset.field ?? '', value.dataset.value ?? '', event.shiftKey ? 'exclude' : 'include');
      return;
    }
    // Otherwise Shift+click marks the text between the two rows; what is prevented includes the focus.
    if (event.shiftKey) {
      event.preventDefault();
      focus();
    }
    go(rank, event.shiftKey);
  }, [go, store, focus]);
  const hover = useCallback((time: number | null) => store.getState().setHoverTime(time), [store]);

  const rows = [];
  for (let rank = from; rank < to; rank++) {
    const row = pages.row(rank);
    const before = rank > 0 ? pages.row(rank - 1) : undefined;
    rows.push(
      <RowView
        key={rank} row={row} rank={rank} y={Math.round((rank - scroller.top) * scroller.geometry.rowHeight)} columns={shown} template={template} zone={zone} precision={precision} years={years}
        source={row ? sources.get(row.source) : undefined} find={find} rule={row ? ruleAbove(row.time, before?.time, zone, gap) : null} since={row && before ? row.time - before.time : null}
        pinned={row !== undefined && pinned.has(row.id)} mark={row === undefined ? undefined : marks.get(row.id)} selected={rank >= low && rank <= high} cursor={rank === cursor} cell={rank === cursor ? (shown[cell]?.id ?? '') : ''}
        domId={`${name}-${rank}`} onPress={press} onHover={hover}
      />,
    );
  }
  return (
    <div
      ref={listRef} className={classes.list} onScroll={scroller.onScroll} onMouseLeave={() => hover(null)} role="grid" tabIndex={0} data-autofocus-panel onKeyDown={keys} aria-activedescendant={cursor !== null && cursor >= from && cursor < to ? `${name}-${cursor}` : undefined}
      aria-label="Events" aria-rowcount={scroller.geometry.total + 1} aria-colcount={shown.length + 1} aria-multiselectable="true"
    >
      <ColumnHeads columns={shown} template={template} minWidth={minWidth} timeNote={timeNote} onWidth={onWidth} />
      <div className={classes.content} style={{ height: scroller.height, minWidth }} role="rowgroup">
        <div className={classes.window} style={{ height: Math.min(scroller.geometry.viewport, scroller.height) }} data-stale={!pages.state.ready} role="presentation">{rows}</div>
      </div>
    </div>
  );
}
