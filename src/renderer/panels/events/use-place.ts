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
  /** selects a row; `extend` keeps the other end where it was */
  go(rank: number, extend?: boolean): void;
  /** jumps to the first event at a moment */
  toTime(time: number): void;
  /** moves with the rows when events came in before them */
  shift(by: number): void;
}

export function usePlace(scope: Scope, order: Order, pages: Pages, tick: number, scroller: Scroller): Place {
  const selectedId = useView((view) => view.selectedId);
  const select = useView((view) => view.select);
  const brush = useView((view) => view.brush);
  const [cursor, setCursor] = useState<number | null>(null);
  const [other, setOther] = useState<number | null>(null);
  /** the selection this list made itself: it needs no looking up */
  const own = useRef<number | null>(null);
  /** a row the cursor went to before its page was here */
  const pending = useRef<number | null>(null);
  const { reveal, show, to } = scroller;

  const go = useCallback((wanted: number, extend = false) => {
    const last = pages.state.total - 1;
    if (last < 0) return;
    const rank = Math.min(last, Math.max(0, wanted));
    setOther((before) => (extend ? (before ?? cursor ?? rank) : null));
    setCursor(rank);
    reveal(rank);
    const row = pages.row(rank);
    pending.current = row ? null : rank;
    if (!row) return;
    own.current = row.id;
    select(row.id);
  }, [pages, reveal, select, cursor]);

  // The page of a row the keyboard ran ahead to has come.
  useEffect(() => {
    if (pending.current === null) return;
    const row = pages.row(pending.current);
    if (!row) return;
    pending.current = null;
    own.current = row.id;
    select(row.id);
  }, [tick, pages, select]);

  // Selected elsewhere (timeline, detail, a pin), or the question changed: find the event in this result.
  useEffect(() => {
    if (selectedId === null) {
      setCursor(null);
      setOther(null);
      own.current = null;
      return undefined;
    }
    if (own.current === selectedId && pages.rankOf(selectedId) !== undefined) return undefined;
    const abort = new AbortController();
    engine.events.rank({ scope, order, id: selectedId }, { signal: abort.signal }).then(
      (found) => {
        if (abort.signal.aborted) return;
        setOther(null);
        setCursor(found?.exact ? found.rank : null);
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
    setCursor((rank) => (rank === null ? null : rank + by));
    setOther((rank) => (rank === null ? null : rank + by));
  }, []);

  return { cursor, other, go, toTime, shift };
}
