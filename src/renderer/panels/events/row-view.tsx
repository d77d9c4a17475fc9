import { memo } from 'react';
import type { MouseEvent } from 'react';
import { FLAG, SEVERITIES } from '../../../shared/event.ts';
import type { Source } from '../../../shared/event.ts';
import { MiddleCut } from '../../ui/middle-cut.tsx';
import { formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SEVERITY_TITLES, SeverityMark } from '../../ui/severity.tsx';
import { shortPath, SourceMark } from '../../ui/source-mark.tsx';
import { formatStamp } from '../../ui/time.ts';
import type { Precision } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { LISTED_VALUE } from '../../../shared/contract/events.ts';
import { extraOf } from './columns.ts';
import type { Column } from './columns.ts';
import type { FindHits } from './hits.ts';
import type { Row } from './pages.ts';
import { rowTime } from './stamps.ts';
import type { Rule } from './stamps.ts';
import classes from './events.module.css';

export interface RowProps {
  row: Row | undefined;
  rank: number;
  y: number;
  columns: readonly Column[];
  template: string;
  zone: string;
  precision: Precision;
  years: boolean;
  source: Source | undefined;
  find: FindHits;
  rule: Rule;
  /** time since the row before, microseconds; null for the first */
  since: number | null;
  pinned: boolean;
  /** what was said of it for triage: it matters, or it does not; undefined = nothing */
  mark: boolean | undefined;
  selected: boolean;
  cursor: boolean;
  /** the column the keyboard is on, '' for none */
  cell: string;
  domId: string;
  onPress(rank: number, event: MouseEvent): void;
  onHover(time: number | null): void;
}
/** A message longer than this cannot be seen in a row. */
const FOLD = 500;

function sameValues(a: Row['extra'], b: Row['extra']): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
function sameRow(a: Row | undefined, b: Row | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.id === b.id && a.message === b.message && a.source === b.source && a.severity === b.severity && sameValues(a.extra, b.extra));
}
function sameProps(before: RowProps, after: RowProps): boolean {
  for (const key of Object.keys(after) as (keyof RowProps)[]) {
    if (key === 'row' ? !sameRow(before.row, after.row) : before[key] !== after[key]) return false;
  }
  return true;
}

/** One row of the list; a row whose page is not here yet keeps its place. */
export const RowView = memo(function RowView(props: RowProps) {
  const { row, rank, y, columns, template, rule, since, pinned, mark, selected, cursor, cell, domId, onPress, onHover } = props;
  const style = { transform: `translateY(${y}px)`, gridTemplateColumns: template };
  if (!row) {
    return (
      <div className={classes.row} style={style} role="row" aria-rowindex={rank + 2} aria-busy="true" id={domId}>
        <span />
        {columns.map((column) => <span key={column.id} role="gridcell" className={classes.cell}><span className={classes.absent} style={{ display: 'block', width: column.width === 0 ? '40%' : '60%' }} /></span>)}
      </div>
    );
  }
  return (
    <div
      className={classes.row} style={style} role="row" aria-rowindex={rank + 2} aria-selected={selected} data-cursor={cursor || undefined} data-rule={rule ?? undefined} id={domId}
      title={rule === null || since === null ? undefined : `${formatDuration(Math.abs(since))} between this row and the one above`}
      onMouseDown={(event) => onPress(rank, event)} onMouseEnter={() => onHover(row.time)}
    >
      <span className={classes.pin} role="gridcell" data-mark={mark} aria-label={`${pinned ? 'pinned' : 'not pinned'}${mark === undefined ? '' : mark ? ', marked relevant' : ', marked not relevant'}`} title={mark === undefined ? undefined : mark ? 'Marked relevant (y)' : 'Marked not relevant (x)'}>{pinned ? <svg width="8" height="10" viewBox="0 0 11 13" aria-hidden="true"><path d="M.5.5h10v6l-5 6l-5-6z" fill="currentColor" /></svg> : null}</span>
      {columns.map((column) => <Cell key={column.id} {...props} column={column} row={row} active={cell === column.id} />)}
    </div>
  );
}, sameProps);

function Cell({ column, row, active, zone, precision, years, source, find, since }: { column: Column; row: Row; active: boolean } & Omit<RowProps, 'row'>) {
  const mark = active ? { 'data-cell': true } : {};
  switch (column.id) {
    case 'time': {
      const inferred = (row.flags & FLAG.TIME_INFERRED) !== 0;
      const suspect = (row.flags & FLAG.TIME_SUSPECT) !== 0;
      const assumed = (row.flags & FLAG.ZONE_ASSUMED) !== 0;
      const why = `${inferred ? '. The record has no time; this is the time of the one before it' : ''}${suspect ? '. Not believable: it does not stretch the time axis' : ''}${assumed ? '. The record names no zone; the zone of its source was used' : ''}`;
      return (
        <span role="gridcell" {...mark} className={`${classes.cell} ${classes.mono} ${inferred ? classes.inferred : ''} ${suspect ? classes.suspect : ''}`} title={`${formatStamp(row.time, zone)}${why}`}>
          {inferred ? '~' : ''}{rowTime(row.time, zone, precision, years)}
        </span>
      );
    }
    case 'since':
      return <span role="gridcell" {...mark} className={`${classes.cell} dim`} style={{ textAlign: 'right' }}>{since === null ? '' : formatDuration(since)}</span>;
    case 'severity': {
      const severity = SEVERITIES[row.severity];
      return <span role="gridcell" {...mark} className={classes.cell} {...valueProps('severity', severity)} title={SEVERITY_TITLES[severity]}><SeverityMark severity={severity} /></span>;
    }
    case 'source': {
      const path = source?.path ?? '';
      return (
        <span role="gridcell" {...mark} className={`${classes.cell} ${classes.source}`} title={path} {...valueProps('source', path)}>
          <SourceMark id={row.source} title={path} /><MiddleCut text={shortPath(path)} title={path} />
        </span>
      );
    }
    case 'message':
      if ((row.flags & FLAG.UNREADABLE) !== 0) return <span role="gridcell" {...mark} className={`${classes.cell} ${classes.warn}`} title="Check the case, and copy what can be read into a new one.">cannot be read: the case file is damaged here</span>;
      return <span role="gridcell" {...mark} className={`${classes.cell} ${classes.mono}`}><SafeText inline text={row.message} fold={FOLD} hits={find(row.message)} /></span>;
    case 'level':
    case 'service':
    case 'host': {
      const value = row[column.id];
      return <span role="gridcell" {...mark} className={classes.cell} title={value} {...valueProps(column.id, value)}><SafeText inline text={value} fold={200} /></span>;
    }
    default: {
      const name = extraOf(column.id) ?? '';
      const value = row.extra[name] ?? '';
      // A value that was cut is not what a query could compare with.
      const filter = value.length < LISTED_VALUE ? valueProps(name, value) : {};
      return <span role="gridcell" {...mark} className={`${classes.cell} ${classes.mono}`} title={value} {...filter}><SafeText inline text={value} fold={200} /></span>;
    }
  }
}
