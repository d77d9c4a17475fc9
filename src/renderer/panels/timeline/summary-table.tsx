import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SEVERITY_TITLES } from '../../ui/severity.tsx';
import { formatRange } from '../../ui/time.ts';
import { slices } from './severities.ts';
import type { Slice } from './severities.ts';
import classes from './timeline.module.css';

const ROWS = 24;

/** The picture as numbers: hidden until the focus is in it. Arrows go from row to row, Enter opens the events of one. */
export function SummaryTable({ reply, onOpen }: { reply: WindowReply; onOpen(slice: Slice): void }) {
  const zone = useView((view) => view.zone);
  const rows = useMemo(() => slices(reply, ROWS), [reply]);
  const [current, setCurrent] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length };
    const step = steps[event.key];
    if (event.key === 'Enter' && rows[current]) onOpen(rows[current]);
    else if (step === undefined) return;
    else {
      const next = Math.min(rows.length - 1, Math.max(0, current + step));
      setCurrent(next);
      body.current?.querySelectorAll<HTMLElement>('tr')[next]?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  if (rows.length === 0) return null;
  return (
    <div className={classes.table}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a table whose rows are gone through with arrow keys is a grid */}
      <table role="grid" onKeyDown={move} tabIndex={-1}>
        <caption>
          {formatCount(reply.total)} events in {formatDuration(reply.to - reply.from)}, {formatRange(reply.from, reply.to, zone)}
          {reply.more > 0 ? `; without ${formatCount(reply.more)} lanes that are not shown` : ''}. Arrow keys move, Enter opens the events.
        </caption>
        <thead>
          <tr><th scope="col">Time</th><th scope="col">Events</th>{[...SEVERITIES].reverse().map((severity) => <th key={severity} scope="col">{SEVERITY_TITLES[severity]}</th>)}</tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr key={row.from} tabIndex={index === Math.min(current, rows.length - 1) ? 0 : -1} onFocus={() => setCurrent(index)}>
              <th scope="row">{formatRange(row.from, row.to, zone)}</th>
              <td>{formatCount(row.total)}</td>
              {[...row.counts].reverse().map((count, severity) => <td key={severity}>{formatCount(count)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
