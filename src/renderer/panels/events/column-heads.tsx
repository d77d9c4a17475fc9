import { VisuallyHidden } from '@mantine/core';
import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Column, ColumnId } from './columns.ts';
import classes from './events.module.css';

interface ColumnHeadsProps {
  columns: readonly Column[];
  template: string;
  /** pixels */
  minWidth: number;
  /** the year and zone that the rows' times leave out */
  timeNote: string;
  onWidth(id: ColumnId, width: number): void;
}
const STEP_PX = 8;

/** Titles of the columns; the edge of one is dragged (or moved with arrow keys) to resize it. */
export function ColumnHeads({ columns, template, minWidth, timeNote, onWidth }: ColumnHeadsProps) {
  return (
    <div className={classes.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth }}>
      <span role="columnheader"><VisuallyHidden>Pinned</VisuallyHidden></span>
      {columns.map((column) => (
        <span key={column.id} role="columnheader" className={classes.headCell}>
          {column.id === 'severity' ? <VisuallyHidden>Severity</VisuallyHidden> : column.title}{column.id === 'time' ? <span className="dim"> {timeNote}</span> : null}
          {column.width === 0 || column.id === 'severity' ? null : <Handle column={column} onWidth={onWidth} />}
        </span>
      ))}
    </div>
  );
}

function Handle({ column, onWidth }: { column: Column; onWidth(id: ColumnId, width: number): void }) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const move = (event: PointerEvent): void => {
    if (start.current) onWidth(column.id, start.current.width + event.clientX - start.current.x);
  };
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? STEP_PX : event.key === 'ArrowLeft' ? -STEP_PX : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onWidth(column.id, column.width + by);
  };
  return (
    <span
      role="slider" aria-orientation="horizontal" aria-label={`Width of ${column.title}`} aria-valuenow={column.width} aria-valuemin={0} aria-valuemax={800} tabIndex={0} className={classes.handle} onKeyDown={keys}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width: column.width };
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null;
      }}
    />
  );
}
