/** Pointer and wheel on the plot: drag marks a stretch, Shift or middle drag pans, wheel zooms around the cursor. */
import { useEffect, useRef, useState } from 'react';
import type { PointerEvent, RefObject } from 'react';
import { between, pan, toTime, zoomAround } from './range.ts';
import type { Box, Range } from './range.ts';

/** A press that moves less than this is a click. */
const CLICK_PX = 4;
const ZOOM_PER_PIXEL = 0.0016;

export interface Pointer {
  /** pixels inside the chart */
  x: number;
  y: number;
}
interface Drag {
  kind: 'brush' | 'pan';
  start: Pointer;
  range: Range;
  moved: boolean;
}
export interface Gestures {
  /** the stretch being drawn, null when none */
  draft: Range | null;
  pointer: Pointer | null;
  dragging: 'brush' | 'pan' | null;
  handlers: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
    onPointerCancel(): void;
    onPointerLeave(): void;
  };
}
export interface GestureOptions {
  element: RefObject<HTMLElement | null>;
  range: Range;
  plot: Box;
  onRange(range: Range): void;
  onBrush(range: Range): void;
  onClick(pointer: Pointer): void;
  onHover(time: number | null): void;
  /** false: this turn of the wheel is not meant for the time axis, it scrolls */
  takesWheel?(event: WheelEvent): boolean;
}

export function useGestures(options: GestureOptions): Gestures {
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const [draft, setDraft] = useState<Range | null>(null);
  const [dragging, setDragging] = useState<Drag['kind'] | null>(null);
  const drag = useRef<Drag | null>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const timeAt = (x: number, range = options.range): number => toTime(range, Math.min(1, Math.max(0, (x - options.plot.x) / options.plot.width)));
  const at = (event: PointerEvent<HTMLElement>): Pointer => {
    const rect = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const stop = (): void => {
    drag.current = null;
    setDraft(null);
    setDragging(null);
  };

  const { element } = options;
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const wheel = (event: WheelEvent): void => {
      if (latest.current.takesWheel?.(event) === false) return;
      // React listens passively; only a listener of our own can keep the page from scrolling along.
      event.preventDefault();
      const { range, plot, onRange } = latest.current;
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
        onRange(pan(range, (sideways * unit) / plot.width));
        return;
      }
      const x = event.clientX - target.getBoundingClientRect().left;
      const share = Math.min(1, Math.max(0, (x - plot.x) / plot.width));
      const pixels = Math.max(-300, Math.min(300, event.deltaY * unit));
      onRange(zoomAround(range, toTime(range, share), Math.exp(pixels * ZOOM_PER_PIXEL)));
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !drag.current) return;
      event.stopPropagation();
      if (drag.current.kind === 'pan') latest.current.onRange(drag.current.range);
      stop();
    };
    target.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', escape, true);
    return () => {
      target.removeEventListener('wheel', wheel);
      window.removeEventListener('keydown', escape, true);
    };
  }, [element]);

  return {
    draft,
    pointer,
    dragging,
    handlers: {
      onPointerDown(event) {
        if (event.button > 1 || (event.target as HTMLElement).closest('button')) return;
        const start = at(event);
        if (start.x < options.plot.x || start.x > options.plot.x + options.plot.width) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        drag.current = { kind: event.button === 1 || event.shiftKey ? 'pan' : 'brush', start, range: options.range, moved: false };
        if (event.button === 1) event.preventDefault();
      },
      onPointerMove(event) {
        const now = at(event);
        const active = drag.current;
        if (!active) {
          const inside = now.x >= options.plot.x && now.x <= options.plot.x + options.plot.width && now.y <= options.plot.y + options.plot.height;
          setPointer(inside ? now : null);
          options.onHover(inside ? timeAt(now.x) : null);
          return;
        }
        if (!active.moved && Math.abs(now.x - active.start.x) < CLICK_PX) return;
        if (!active.moved) setDragging(active.kind);
        active.moved = true;
        setPointer(null);
        if (active.kind === 'pan') options.onRange(pan(active.range, (active.start.x - now.x) / options.plot.width));
        else setDraft(between(timeAt(active.start.x), timeAt(now.x)));
        options.onHover(timeAt(now.x));
      },
      onPointerUp(event) {
        const active = drag.current;
        if (!active) return;
        const now = at(event);
        stop();
        if (!active.moved) {
          if (active.kind === 'brush') options.onClick(now);
        } else if (active.kind === 'brush') options.onBrush(between(timeAt(active.start.x), timeAt(now.x)));
      },
      onPointerCancel: stop,
      onPointerLeave() {
        if (drag.current) return;
        setPointer(null);
        options.onHover(null);
      },
    },
  };
}
