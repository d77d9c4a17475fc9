/** Where the cursor of the list is, and how it and the view's selection follow each other. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Order, Scope } from '../../../shared/contract/scope.ts';
import { engine } from '../../client/client.ts';
import { reportError } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import type { Pages } from './pages.ts';
import type { Scroller } from './use-scroller.ts';

export interface Place {
  /** rank of the selected event; null when it is not in the result (or nothing is selected) */
  cursor: number | null;
  /** the other end of a selection of several rows; null when one is selected */
  other: number | null;
  /** the selected event was looked for and is not in the result */
  outside: boolean;
  /** selects a row; `extend` keeps the other end where it was */
  go(rank: number, extend?: boolean): void;
  /** jumps to the first event at a moment */
  toTime(time: number): void;
  /** moves with the rows when events came in before them */
  shift(by: number): void;
}
interface Stand {
  /** the selection this is about; 'coming' while the page of the row is not here */
  id: number | 'coming' | null;
  cursor: number | null;
  other: number | null;
}

export function usePlace(scope: Scope, order: Order, pages: Pages, tick: number, scroller: Scroller): Place {
  const selectedId = useView((view) => view.selectedId);
  const select = useView((view) => view.select);
  const brush = useView((view) => view.brush);
  const [stand, setStand] = useState<Stand>({ id: null, cursor: null, other: null });
  /** the selection this list made itself: it needs no looking up */
  const own = useRef<number | null>(null);
  const { reveal, show, to } = scroller;
  const known = stand.id === 'coming' || (stand.id !== null && stand.id === selectedId);
  const cursor = known ? stand.cursor : null;
  const other = known ? stand.other : null;

  const go = useCallback((wanted: number, extend = false) => {
    const last = pages.state.total - 1;
    if (last < 0) return;
    const rank = Math.min(last, Math.max(0, wanted));
    const row = pages.row(rank);
    setStand({ id: row ? row.id : 'coming', cursor: rank, other: extend ? (other ?? cursor ?? rank) : null });
    reveal(rank);
    if (!row) return;
    own.current = row.id;
    select(row.id);
  }, [pages, reveal, select, cursor, other]);

  // The page of a row the keyboard ran ahead to has come.
  const coming = stand.id === 'coming' ? stand.cursor : null;
  useEffect(() => {
    if (coming === null) return;
    const row = pages.row(coming);
    if (!row) return;
    own.current = row.id;
    select(row.id);
    setStand((before) => (before.id === 'coming' && before.cursor === coming ? { ...before, id: row.id } : before));
  }, [coming, tick, pages, select]);

  // Selected elsewhere (timeline, detail, a pin), or the question changed: find the event in this result.
  useEffect(() => {
    if (selectedId === null || (own.current === selectedId && pages.rankOf(selectedId) !== undefined)) return undefined;
    const abort = new AbortController();
    engine.events.rank({ scope, order, id: selectedId }, { signal: abort.signal }).then(
      (found) => {
        if (abort.signal.aborted) return;
        setStand({ id: selectedId, cursor: found?.exact ? found.rank : null, other: null });
        // Not in this result: its neighbourhood in time is still the best place to be.
        if (found) show(found.rank);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) reportError(error, 'Finding the selected event in the list');
      },
    );
    return () => abort.abort();
  }, [selectedId, scope, order, pages, show]);

  const toTime = useCallback((time: number) => {
    engine.events.page({ scope, order, at: { time }, limit: 1 }).then(
      (page) => to(page.rank),
      (error: unknown) => reportError(error, 'Jumping to the time'),
    );
  }, [scope, order, to]);

  // A stretch was marked on the timeline: the list goes to its beginning.
  const start = brush === null ? null : order === 'asc' ? brush.from : brush.to;
  const before = useRef(start);
  useEffect(() => {
    if (start === before.current) return;
    before.current = start;
    if (start !== null) toTime(start);
  }, [start, toTime]);

  const shift = useCallback((by: number) => {
    setStand(({ id, cursor: at, other: end }) => ({ id, cursor: at === null ? null : at + by, other: end === null ? null : end + by }));
  }, []);

  return { cursor, other, outside: selectedId !== null && known && stand.cursor === null, go, toTime, shift };
}
