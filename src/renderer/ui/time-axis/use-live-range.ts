import { useCallback, useEffect, useRef, useState } from 'react';
import { useBounds } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { keepNear } from './range.ts';
import type { Range } from './range.ts';

/** A zoom is told to the other panels when the wheel has been still for this long; the timeline itself follows every step. */
const SETTLE_MS = 140;

export interface LiveRange {
  /** what is drawn; null when the case has no events and no range is set */
  visible: Range | null;
  /** the range has not reached the other panels yet */
  moving: boolean;
  move(range: Range): void;
}

/** The visible range: the view's own, the whole case where that is open, or where the wheel has just taken it. */
export function useLiveRange(): LiveRange {
  const from = useView((view) => view.from);
  const to = useView((view) => view.to);
  const setRange = useView((view) => view.setRange);
  const bounds = useBounds();
  /** where the wheel has taken the range, and the range it set out from */
  const [live, setLive] = useState<{ range: Range; from: number | null; to: number | null } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const first = from ?? bounds?.from ?? null;
  const last = to ?? (bounds ? bounds.to + 1 : null);
  const settled = first === null || last === null || last <= first ? null : { from: first, to: last };

  // Somebody else changed the range (undo, the range picker): that wins over a zoom that has not settled.
  const moving = live !== null && live.from === from && live.to === to;
  useEffect(() => () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
  }, [from, to]);

  const boundsFrom = bounds?.from ?? null;
  const boundsTo = bounds?.to ?? null;
  const move = useCallback((wanted: Range) => {
    const data = boundsFrom === null || boundsTo === null ? null : { from: Math.min(boundsFrom, from ?? boundsFrom), to: Math.max(boundsTo + 1, to ?? boundsTo + 1) };
    const next = keepNear(wanted, data);
    setLive({ range: next, from, to });
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = null;
      const covers = boundsFrom !== null && boundsTo !== null && next.from <= boundsFrom && next.to > boundsTo;
      if (covers) setRange(null, null);
      else setRange(next.from, next.to);
      setLive(null);
    }, SETTLE_MS);
  }, [boundsFrom, boundsTo, from, to, setRange]);

  return { visible: moving ? live.range : settled, moving, move };
}
