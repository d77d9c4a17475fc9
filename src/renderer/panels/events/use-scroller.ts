import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { centre, clampTop, contentHeight, MAX_SCROLL_PX, reveal, scrollOf, topOf, visibleRows } from './scroll.ts';
import type { Geometry } from './scroll.ts';

export interface Scroller {
  /** to be given to the element that scrolls, as its ref; it may come and go */
  attach(element: HTMLDivElement | null): void;
  focus(): void;
  top: number;
  geometry: Geometry;
  visible: { from: number; to: number };
  /** height of the scrolled box in pixels */
  height: number;
  onScroll(): void;
  /** makes a row visible with as little movement as possible */
  reveal(row: number): void;
  /** puts a row in the middle unless it is visible already */
  show(row: number): void;
  /** moves by rows, also by fractions */
  by(rows: number): void;
  to(top: number): void;
}

/** Keeps `top` (in rows) and the scroll bar together; see scroll.ts. */
export function useScroller(geometry: Geometry): Scroller {
  const [element, attach] = useState<HTMLDivElement | null>(null);
  const [wanted, setWanted] = useState(0);
  // While nothing is known the place is kept as it is: it may be right again with the next answer.
  const top = geometry.total > 0 ? clampTop(wanted, geometry) : wanted;
  /** what the bar was last set to by us: its scroll event is an echo, not the person */
  const echo = useRef(-1);
  const now = useRef({ top, geometry });
  useLayoutEffect(() => {
    now.current = { top, geometry };
  });
  const { total, rowHeight, viewport } = geometry;
  /** Moves from where the list stands to where `next` says. */
  const move = useCallback((next: (top: number, geometry: Geometry) => number) => {
    setWanted((before) => next(clampTop(before, now.current.geometry), now.current.geometry));
  }, []);

  // The bar follows the rows: after keys, jumps, and when the list got longer or shorter.
  useLayoutEffect(() => {
    if (!element) return;
    const scroll = Math.round(scrollOf(top, { total, rowHeight, viewport }));
    if (Math.abs(element.scrollTop - scroll) < 1) return;
    echo.current = scroll;
    element.scrollTop = scroll;
  }, [element, top, total, rowHeight, viewport]);

  const onScroll = useCallback(() => {
    if (!element) return;
    if (Math.abs(element.scrollTop - echo.current) <= 1) {
      echo.current = -1;
      return;
    }
    const current = now.current;
    // A bar whose pixel is many rows must not pull a place between two pixels onto one of them.
    if (Math.abs(scrollOf(current.top, current.geometry) - element.scrollTop) < 1) return;
    setWanted(topOf(element.scrollTop, current.geometry));
  }, [element]);

  useEffect(() => {
    if (!element) return undefined;
    const wheel = (event: WheelEvent): void => {
      const current = now.current.geometry;
      // Where the bar is true to the pixel, the browser scrolls better than we would.
      if (current.total * current.rowHeight <= MAX_SCROLL_PX || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const rows = event.deltaMode === 1 ? event.deltaY : event.deltaMode === 2 ? event.deltaY * (current.viewport / current.rowHeight) : event.deltaY / current.rowHeight;
      move((before, known) => clampTop(before + rows, known));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [element, move]);

  return {
    attach, focus: useCallback(() => element?.focus(), [element]), top, geometry, visible: visibleRows(top, geometry), height: contentHeight(geometry), onScroll,
    by: useCallback((rows: number) => setWanted((before) => Math.max(0, before + rows)), []),
    to: useCallback((row: number) => setWanted(Math.max(0, row)), []),
    reveal: useCallback((row: number) => move((before, known) => reveal(row, before, known)), [move]),
    show: useCallback((row: number) => move((before, known) => {
      // The answer that says where the row is may be faster than the one that says how many there are.
      if (row >= known.total) return Math.max(0, row - known.viewport / known.rowHeight / 2);
      return reveal(row, before, known) === before ? before : centre(row, known);
    }), [move]),
  };
}
