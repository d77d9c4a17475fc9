import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TraceSort, TraceSummary } from '../../../shared/contract/traces.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import classes from './trace.module.css';

const [FEW, MANY] = [200, 1000];
const SORTED: Readonly<Record<TraceSort, string>> = { start: 'first', duration: 'longest', errors: 'with most errors' };

interface TraceListProps {
  chosen: string | null;
  sort: TraceSort;
  onSort(sort: TraceSort): void;
  onChoose(traceId: string): void;
}

/** The traces with a span in the filter and range. */
export function TraceList({ chosen, sort, onSort, onChoose }: TraceListProps) {
  const scope = useScope();
  const zone = useView((view) => view.zone);
  const [limit, setLimit] = useState(FEW);
  const { data, error, stale, retry } = useAsk(['traces.list', scope, sort, limit], (signal) => engine.traces.list({ scope, sort, limit }, { signal }));
  if (error && !data) return <ErrorState error={error} doing="Listing the traces" retry={retry} />;
  if (!data) return <p className={classes.reading}>reading</p>;
  if (data.total === 0) return <EmptyState title="No trace fits the filter in this range">A trace fits when at least one of its spans does. Widen the range or take a filter away.</EmptyState>;
  const head = (name: TraceSort, title: string, ascending: boolean) => (
    <th scope="col" aria-sort={sort === name ? (ascending ? 'ascending' : 'descending') : 'none'} data-number={name === 'start' ? undefined : true}>
      <button type="button" className={classes.sort} aria-pressed={sort === name} onClick={() => onSort(name)}>{title}{sort === name ? (ascending ? ' ↑' : ' ↓') : ''}</button>
    </th>
  );
  return (
    <div className={classes.scroll}>
      <p className={classes.status} role="status">
        {data.total > data.rows.length ? `The ${formatCount(data.rows.length)} ${SORTED[sort]} of ${formatCount(data.total)}${data.truncated ? '+' : ''} traces` : `${formatCount(data.total)} ${data.total === 1 ? 'trace' : 'traces'}`}
        {data.total > data.rows.length && limit === FEW ? <> <button type="button" className={classes.action} onClick={() => setLimit(MANY)}>Show {formatCount(Math.min(MANY, data.total))}</button></> : null}
        {data.unreadable > 0 ? `, ${formatCount(data.unreadable)} spans not readable` : ''}{stale ? ', updating' : ''}
      </p>
      <table className={classes.table}>
        <thead><tr>{head('start', 'Start', true)}{head('duration', 'Duration', false)}<th scope="col">Root</th><th scope="col">Services</th><th scope="col" data-number>Spans</th>{head('errors', 'Errors', false)}</tr></thead>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys go from button to button; the buttons themselves take the rest */}
        <tbody onKeyDown={walk}>{data.rows.map((row) => <Row key={row.traceId} row={row} zone={zone} chosen={row.traceId === chosen} onChoose={onChoose} />)}</tbody>
      </table>
    </div>
  );
}

/** Up and down go from trace to trace. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function Row({ row, zone, chosen, onChoose }: { row: TraceSummary; zone: string; chosen: boolean; onChoose(traceId: string): void }) {
  const { traceId, start, duration, service, operation, services, spans, errors } = row;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- its button does the same
    <tr className={classes.choice} aria-current={chosen || undefined} onClick={() => onChoose(traceId)}>
      <td className="mono" title={formatStamp(start, zone)}>{formatTime(start, zone)}</td>
      <td data-number title={`${formatCount(Math.round(duration))} µs`}>{formatDuration(duration)}</td>
      <td className={classes.wide}>
        <button type="button" className={classes.open} title={`Show trace ${traceId}`}><SafeText text={operation || 'no name'} inline fold={200} /></button> <span className="dim"><SafeText text={service} inline fold={80} /></span>
      </td>
      <td className={classes.wide} title={services.join(', ').slice(0, 1000)}><SafeText text={services.join(', ')} inline fold={200} /></td>
      <td data-number>{formatCount(spans)}</td>
      <td data-number>{errors > 0 ? <span className={classes.error}>{formatCount(errors)}</span> : <span className="dim">0</span>}</td>
    </tr>
  );
}
