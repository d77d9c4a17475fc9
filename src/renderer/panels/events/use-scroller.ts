import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { centre, clampTop, contentHeight, MAX_SCROLL_PX, reveal, scrollOf, topOf, visibleRows } from './scroll.ts';
import type { Geometry } from './scroll.ts';

export interface Scroller {
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
export function useScroller(element: RefObject<HTMLElement | null>, geometry: Geometry): Scroller {
  const [top, setTop] = useState(0);
  /** what the bar was last set to by us: its scroll event is an echo, not the person */
  const echo = useRef(-1);
  const now = useRef({ top, geometry });
  useLayoutEffect(() => {
    now.current = { top, geometry };
  });
  const { total, rowHeight, viewport } = geometry;

  const to = useCallback((wanted: number) => {
    setTop(clampTop(wanted, now.current.geometry));
  }, []);
  const by = useCallback((rows: number) => setTop((before) => clampTop(before + rows, now.current.geometry)), []);

  // The bar follows the rows: after keys, jumps, and when the list got longer or shorter.
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const current = { total, rowHeight, viewport };
    const clamped = clampTop(top, current);
    if (clamped !== top && total > 0) setTop(clamped);
    const wanted = Math.round(scrollOf(clamped, current));
    if (Math.abs(target.scrollTop - wanted) < 1) return;
    echo.current = wanted;
    target.scrollTop = wanted;
  }, [element, top, total, rowHeight, viewport]);

  const onScroll = useCallback(() => {
    const target = element.current;
    if (!target) return;
    if (Math.abs(target.scrollTop - echo.current) <= 1) {
      echo.current = -1;
      return;
    }
    const current = now.current;
    // A bar whose pixel is many rows must not pull a place between two pixels onto one of them.
    if (Math.abs(scrollOf(current.top, current.geometry) - target.scrollTop) < 1) return;
    setTop(topOf(target.scrollTop, current.geometry));
  }, [element]);

  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const wheel = (event: WheelEvent): void => {
      const current = now.current.geometry;
      // Where the bar is true to the pixel, the browser scrolls better than we would.
      if (current.total * current.rowHeight <= MAX_SCROLL_PX || event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const rows = event.deltaMode === 1 ? event.deltaY : event.deltaMode === 2 ? event.deltaY * (current.viewport / current.rowHeight) : event.deltaY / current.rowHeight;
      setTop((before) => clampTop(before + rows, now.current.geometry));
    };
    target.addEventListener('wheel', wheel, { passive: false });
    return () => target.removeEventListener('wheel', wheel);
  }, [element]);

  return {
    top, geometry, visible: visibleRows(top, geometry), height: contentHeight(geometry), onScroll, by, to,
    reveal: useCallback((row: number) => setTop((before) => reveal(row, before, now.current.geometry)), []),
    show: useCallback((row: number) => setTop((before) => (reveal(row, before, now.current.geometry) === clampTop(before, now.current.geometry) ? before : centre(row, now.current.geometry))), []),
  };
}
