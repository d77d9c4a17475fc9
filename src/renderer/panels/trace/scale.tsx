import { useState } from 'react';
import type { RefObject } from 'react';
import { useView } from '../../state/view.ts';
import { formatDuration } from '../../ui/numbers.ts';
import { drawnPart, shareOf } from './model.ts';
import type { Part } from './model.ts';
import classes from './trace.module.css';

interface ScaleProps {
  trace: Part;
  /** what is looked at */
  part: Part;
  ticks: readonly { tick: number; share: number }[];
  /** the box whose width is the part */
  plot: RefObject<HTMLDivElement | null>;
  timeAt(clientX: number): number | null;
  onZoom(part: Part | null): void;
}

/** Time since the start of the trace. A stretch drawn on it is looked at closer; a double click shows all again. */
export function Scale({ trace, part, ticks, plot, timeAt, onZoom }: ScaleProps) {
  const [draft, setDraft] = useState<{ from: number; to: number } | null>(null);
  const drawn = draft && shareOf(part, Math.min(draft.from, draft.to), Math.max(draft.from, draft.to));
  return (
    <div
      ref={plot} className={`${classes.plot} ${classes.scalePlot}`} title="Draw a stretch to look at it closer; double click for the whole trace"
      onPointerDown={(event) => {
        const time = timeAt(event.clientX);
        if (event.button !== 0 || time === null) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        setDraft({ from: time, to: time });
      }}
      onPointerMove={(event) => {
        const time = timeAt(event.clientX);
        if (draft && time !== null) setDraft({ ...draft, to: time });
      }}
      onPointerUp={() => {
        const chosen = draft && drawnPart(trace, draft.from, draft.to);
        if (chosen) onZoom(chosen);
        setDraft(null);
      }}
      onPointerCancel={() => setDraft(null)}
      onDoubleClick={() => onZoom(null)}
    >
      {ticks.map(({ tick, share }) => <span key={tick} className={classes.tick} style={{ left: `${share * 100}%` }}>{formatDuration(tick)}</span>)}
      <HoverMark part={part} />
      {drawn ? <span className={classes.draft} style={{ left: `${drawn.from * 100}%`, width: `${(drawn.to - drawn.from) * 100}%` }} /> : null}
    </div>
  );
}

/** Where the pointer is, here or on another time axis. */
function HoverMark({ part }: { part: Part }) {
  const time = useView((view) => view.hoverTime);
  if (time === null || time < part.start || time > part.end) return null;
  return <span className={classes.hoverMark} style={{ left: `${shareOf(part, time, time).from * 100}%` }} />;
}
