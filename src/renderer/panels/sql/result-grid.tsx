import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { SqlReply } from '../../../shared/contract/sql.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import classes from './sql.module.css';

const ROW_PX = 24;
const CHARACTER_PX = 7.3;

/** Column widths from the first rows, so that they hold while scrolling. */
function widthsOf(reply: SqlReply): number[] {
  return reply.columns.map((name, column) => {
    let longest = name.length;
    for (const row of reply.rows.slice(0, 200)) longest = Math.max(longest, String(row[column] ?? '').length);
    return Math.ceil(Math.min(60, Math.max(5, longest)) * CHARACTER_PX) + 18;
  });
}

/** The rows of a reply; only those in sight are drawn. */
export function ResultGrid({ reply }: { reply: SqlReply }) {
  const box = useRef<HTMLDivElement>(null);
  const widths = useMemo(() => widthsOf(reply), [reply]);
  const columns = widths.map((width) => `${width}px`).join(' ');
  // oxlint-disable-next-line react/incompatible-library -- the compiler does not memoise this component, and need not: a reply is drawn once
  const rows = useVirtualizer({ count: reply.rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 10 });
  const total = widths.reduce((sum, width) => sum + width, 0);
  return (
    <div ref={box} className={classes.grid} role="table" aria-label="Rows" aria-rowcount={reply.rows.length + 1} tabIndex={0}>
      <div role="rowgroup" className={classes.gridHead}>
        <div role="row" aria-rowindex={1} className={classes.gridRow} style={{ gridTemplateColumns: columns, minWidth: total }}>
          {reply.columns.map((name, column) => <div key={column} role="columnheader" data-number={typeof reply.rows[0]?.[column] === 'number' || undefined}>{name}</div>)}
        </div>
      </div>
      <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative', minWidth: total }}>
        {rows.getVirtualItems().map((item) => (
          <div key={item.key} role="row" aria-rowindex={item.index + 2} className={classes.gridRow} style={{ gridTemplateColumns: columns, minWidth: '100%', transform: `translateY(${item.start}px)`, position: 'absolute', top: 0 }}>
            {reply.rows[item.index].map((value, column) => (
              <div key={column} role="cell" data-number={typeof value === 'number' || undefined} title={typeof value === 'string' && value.length > 60 ? value.slice(0, 500) : undefined}>
                {value === null ? <span className="dim">null</span> : typeof value === 'number' ? value : <SafeText text={value} inline fold={300} />}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
