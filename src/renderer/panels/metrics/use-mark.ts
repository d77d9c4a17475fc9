/** The pointer on a chart: moving tells the other panels when, dragging marks a stretch. The wheel scrolls the charts. */
import { useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { between, toTime } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';

/** A press that moves less than this is a click. */
const CLICK_PX = 4;

interface MarkOptions {
  range: Range;
  plot: Box;
  onHover(time: number | null): void;
  /** null: a click, which takes the mark away */
  onMark(range: Range | null): void;
}
export interface Mark {
  /** pixels in the chart; null while it is elsewhere or dragging */
  pointer: { x: number; y: number } | null;
  /** the stretch being drawn now */
  draft: Range | null;
  handlers: Record<'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onPointerLeave', (event: PointerEvent<HTMLElement>) => void>;
}
export function useMark({ range, plot, onHover, onMark }: MarkOptions): Mark {
  const [pointer, setPointer] = useState<Mark['pointer']>(null);
  const [draft, setDraft] = useState<Range | null>(null);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const at = (event: PointerEvent<HTMLElement>): { x: number; y: number } => {
    const rect = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const timeAt = (x: number): number => toTime(range, Math.min(1, Math.max(0, (x - plot.x) / plot.width)));
  const stop = (): void => {
    drag.current = null;
    setDraft(null);
  };
  return {
    pointer, draft,
    handlers: {
      onPointerDown(event) {
        const { x } = at(event);
        if (event.button !== 0 || x < plot.x || x > plot.x + plot.width) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        drag.current = { x, moved: false };
      },
      onPointerMove(event) {
        const now = at(event);
        const active = drag.current;
        const inside = now.x >= plot.x && now.x <= plot.x + plot.width;
        if (active && (active.moved || Math.abs(now.x - active.x) >= CLICK_PX)) {
          active.moved = true;
          setDraft(between(timeAt(active.x), timeAt(now.x)));
        }
        setPointer(inside && !active ? now : null);
        onHover(inside ? timeAt(now.x) : null);
      },
      onPointerUp(event) {
        const active = drag.current;
        if (!active) return;
        stop();
        onMark(active.moved ? between(timeAt(active.x), timeAt(at(event).x)) : null);
      },
      onPointerCancel: stop,
      onPointerLeave() {
        if (drag.current) return;
        setPointer(null);
        onHover(null);
      },
    },
  };
}
