import { IconArrowDown, IconArrowUp, IconCopy, IconPin } from '@tabler/icons-react';
import { useState } from 'react';
import { readTime } from '../../../shared/query/time-text.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { nowMicros } from '../../ui/time.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import type { Column, ColumnId } from './columns.ts';
import type { PagesState } from './pages.ts';
import classes from './events.module.css';

interface ListBarProps {
  state: PagesState;
  columns: readonly Column[];
  /** rows selected, 0 or 1 when not several */
  several: number;
  /** an event is selected that is not in this result */
  outside: boolean;
  /** the day at the upper edge, 2026-11-21: a clock time alone means that day */
  day: string;
  onColumn(id: ColumnId, shown: boolean): void;
  onAdd(name: string): void;
  onRemove(name: string): void;
  onTime(time: number): void;
  onCopy(): void;
  onPin(): void;
}

/** How many there are and how sure that is; order, jump, columns; what can be done with several rows. */
export function ListBar({ state, columns, several, outside, day, onColumn, onAdd, onRemove, onTime, onCopy, onPin }: ListBarProps) {
  const order = useView((view) => view.order);
  const setOrder = useView((view) => view.setOrder);
  return (
    <div className={classes.bar}>
      <span className={classes.total} role="status">
        {state.version < 0 ? 'searching' : <>{formatCount(state.total)}{state.complete ? '' : '+'} {state.total === 1 && state.complete ? 'event' : 'events'}</>}
        {state.version >= 0 && state.ready ? <Completeness state={state} /> : state.version >= 0 ? <span className="dim"> · updating</span> : null}
      </span>
      {outside ? <span className={classes.outside} title="The selected event is not in this result: the filter or the range leaves it out. The list stands at its time.">selected event is not in this result</span> : null}
      {several > 1 ? (
        <>
          <span>{formatCount(several)} selected</span>
          <button type="button" className={classes.action} onClick={onPin} title="Pin all selected (p)"><IconPin size={14} />Pin</button>
          <button type="button" className={classes.action} onClick={onCopy} title="Copy as tab separated text (Ctrl+C)"><IconCopy size={14} />Copy</button>
        </>
      ) : null}
      <span className={classes.spacer} />
      <Jump day={day} onTime={onTime} />
      <button type="button" className={classes.action} onClick={() => setOrder(order === 'asc' ? 'desc' : 'asc')} title="Turn the order round">
        {order === 'asc' ? <IconArrowDown size={14} /> : <IconArrowUp size={14} />}{order === 'asc' ? 'Oldest first' : 'Newest first'}
      </button>
      <ColumnsMenu columns={columns} onColumn={onColumn} onAdd={onAdd} onRemove={onRemove} />
    </div>
  );
}

function Completeness({ state }: { state: PagesState }) {
  if (state.complete && state.unreadable > 0) return <span className={classes.warn} title="The case file is damaged: so many events could not be looked at, and each may be one more hit. Check the case, and copy what can be read into a new one."> · {formatCount(state.unreadable)} not readable</span>;
  if (state.complete) return <span className="dim"> · complete</span>;
  return <span className={classes.warn} title="Found so far; the number grows until the scan is through."> · scanning {Math.floor(state.scanned * 100)} %</span>;
}

/** 14:02, 9:05:33.250 */
const CLOCK = /^\d?\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?$/;

function Jump({ day, onTime }: { day: string; onTime(time: number): void }) {
  const zone = useView((view) => view.zone);
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  return (
    <input
      className={classes.jump} aria-label="Jump to a time" placeholder="Jump to a time" value={text} aria-invalid={error !== ''}
      title={error || 'A time in the zone shown, for example 14:02 or 2026-11-21 14:02:33. Enter jumps.'}
      onChange={(event) => {
        setText(event.currentTarget.value);
        setError('');
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || text.trim() === '') return;
        const typed = text.trim();
        const whole = CLOCK.test(typed) && day !== '' ? `${day} ${typed.padStart(typed.indexOf(':') === 1 ? typed.length + 1 : 0, '0')}` : typed;
        const read = readTime(whole, { zone, now: nowMicros() });
        if (read.ok) onTime(read.span.from);
        else setError(read.message);
      }}
    />
  );
}
