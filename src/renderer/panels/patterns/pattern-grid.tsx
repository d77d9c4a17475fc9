import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { PatternList, PatternRow } from '../../../shared/contract/patterns.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SEVERITY_TITLES, SeverityMark } from '../../ui/severity.tsx';
import { PatternText } from './pattern-text.tsx';
import { barsPath, ratioText, type Sort } from './rows.ts';
import classes from './patterns.module.css';

const ROW_PX = 24;
const LINE = { width: 120, height: 16 };

interface PatternGridProps {
  rows: readonly PatternRow[];
  list: PatternList;
  titles: readonly [string, string];
  sort: Sort;
  ascending: boolean;
  chosen: number | null;
  marked: ReadonlySet<number>;
  onSort(by: Sort): void;
  onChoose(id: number | null): void;
  onMark(ids: ReadonlySet<number>): void;
}

/** One row a pattern; only those in sight are drawn. Arrows go up and down, Enter opens the detail, Space marks for a merge. */
export function PatternGrid({ rows, list, titles, sort, ascending, chosen, marked, onSort, onChoose, onMark }: PatternGridProps) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const compared = list.other !== null;
  const place = Math.min(at, rows.length - 1);
  const zone = useView((view) => view.zone);
  const days = useMemo(() => new Set(rows.flatMap(({ first, last }) => [formatTime(first, zone, 'day'), formatTime(last, zone, 'day')])), [rows, zone]);
  const [date = ''] = days;
  const day = days.size === 1;
  // oxlint-disable-next-line react/incompatible-library -- the compiler does not memoise this component; its rows are few
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 10, scrollPaddingStart: ROW_PX });
  const go = (next: number): void => {
    const index = Math.max(0, Math.min(rows.length - 1, next));
    setAt(index);
    if (chosen !== null) onChoose(rows[index].id);
    virtual.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const toggle = (id: number): void => {
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    onMark(next);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 240) / ROW_PX) - 2);
    const acts: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(place + 1), j: () => go(place + 1), ArrowUp: () => go(place - 1), k: () => go(place - 1), PageDown: () => go(place + page), PageUp: () => go(place - page), Home: () => go(0), End: () => go(rows.length - 1),
      Enter: () => onChoose(chosen === rows[place].id ? null : rows[place].id), ' ': () => toggle(rows[place].id),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const head = (by: Sort, title: string, number = true) => (
    <div role="columnheader" data-number={number || undefined} aria-sort={sort === by ? (ascending ? 'ascending' : 'descending') : 'none'}>
      <button type="button" className={classes.sort} onClick={() => onSort(by)}>{title}{sort === by ? (ascending ? ' ↑' : ' ↓') : ''}</button>
    </div>
  );
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- its rows take the focus
    <div ref={box} className={classes.grid} role="grid" aria-label="Patterns" aria-rowcount={rows.length + 1} data-compared={compared || undefined} data-day={day || undefined} onKeyDown={keys}>
      <div role="rowgroup" className={classes.heads}>
        <div role="row" aria-rowindex={1} className={classes.row}>
          <div role="columnheader" aria-label="Marked for a merge" />
          <div role="columnheader" aria-label="Worst severity" />
          {head('text', 'Pattern', false)}
          {head('count', titles[0] || 'Events')}
          <div role="columnheader" data-number>Share</div>
          {compared ? head('other', titles[1] || 'Other') : null}
          {compared ? head('ratio', 'Rate') : null}
          <div role="columnheader">Over the range</div>
          {head('first', day ? `First ${date.slice(5)}` : 'First', false)}
          {head('last', 'Last', false)}
        </div>
      </div>
      <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <Row
            key={rows[index].id} row={rows[index]} list={list} index={index} top={start} compared={compared} day={day} chosen={rows[index].id === chosen} marked={marked.has(rows[index].id)} stop={index === place}
            onPress={() => {
              setAt(index);
              onChoose(rows[index].id === chosen ? null : rows[index].id);
            }}
            onMark={() => toggle(rows[index].id)}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  row: PatternRow;
  list: PatternList;
  index: number;
  top: number;
  compared: boolean;
  /** all of them are of one day, which need not be said in each row */
  day: boolean;
  chosen: boolean;
  marked: boolean;
  /** the one stop in the tab order */
  stop: boolean;
  onPress(): void;
  onMark(): void;
}

function Row({ row, list, index, top, compared, day, chosen, marked, stop, onPress, onMark }: RowProps) {
  const zone = useView((view) => view.zone);
  const shown = (time: number): string => formatTime(time, zone, 'second').slice(day ? 11 : 0);
  const share = list.total === 0 ? 0 : (row.count / list.total) * 100;
  const worst = SEVERITIES[row.severities.findLastIndex((n) => n > 0)];
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are taken by the grid
    <div role="row" aria-rowindex={index + 2} aria-selected={chosen} className={classes.row} data-index={index} data-autofocus-panel={stop ? '' : undefined} tabIndex={stop ? 0 : -1} style={{ transform: `translateY(${top}px)` }} onClick={onPress}>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the box in it takes the keys */}
      <div role="gridcell" onClick={(event) => event.stopPropagation()}><input type="checkbox" tabIndex={-1} aria-label={`Mark for a merge: ${row.text.slice(0, 200)}`} checked={marked} onChange={onMark} /></div>
      <div role="gridcell" title={worst ? severitiesText(row) : undefined}>{worst ? <SeverityMark severity={worst} /> : null}</div>
      <div role="gridcell" className={classes.text} title={row.text.slice(0, 1000)}>
        {row.isNew ? <span className={classes.badge} data-kind="new">new</span> : null}
        {row.isGone ? <span className={classes.badge} data-kind="gone">gone</span> : null}
        {row.isRare ? <span className={classes.badge} data-kind="rare">rare</span> : null}
        <PatternText text={row.text} />
      </div>
      <div role="gridcell" data-number>{formatCount(row.count)}</div>
      <div role="gridcell" data-number className="dim" title={`${share.toPrecision(4)} %`}>{share >= 0.05 ? `${share.toFixed(1)} %` : share > 0 ? '< 0.1 %' : ''}</div>
      {compared ? <div role="gridcell" data-number>{formatCount(row.other)}</div> : null}
      {compared ? <div role="gridcell" data-number data-far={row.ratio >= 3 || row.ratio <= 1 / 3 || row.isNew || row.isGone || undefined} title="events a second beside those of the other range">{ratioText(row)}</div> : null}
      <div role="gridcell"><Line row={row} list={list} /></div>
      <div role="gridcell" className="mono" title={formatStamp(row.first, zone)}>{shown(row.first)}</div>
      <div role="gridcell" className="mono" title={formatStamp(row.last, zone)}>{shown(row.last)}</div>
    </div>
  );
}

/** Counts over the range; a bar marks its stretch and asks for the events of the pattern. */
function Line({ row, list }: { row: PatternRow; list: PatternList }) {
  const store = useViewStore();
  const { width, height } = LINE;
  const open = (share: number): void => {
    const bucket = Math.min(row.line.length - 1, Math.max(0, Math.floor(share * row.line.length)));
    const step = (list.to - list.from) / row.line.length;
    store.getState().addFilter('template', row.text, 'include');
    store.getState().setBrush({ from: Math.floor(list.from + bucket * step), to: Math.ceil(list.from + (bucket + 1) * step) });
  };
  const most = row.line.reduce((a, b) => Math.max(a, b), 0);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the same can be had by keys from the detail
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} className={classes.line} role="img" aria-label={`at most ${formatCount(most)} events in one of ${row.line.length} parts of the range`} onClick={(event) => {
      event.stopPropagation();
      open(event.nativeEvent.offsetX / width);
    }}>
      <title>{`At most ${formatCount(most)} in one of ${row.line.length} parts. A bar marks its stretch.`}</title>
      <path d={barsPath(row.line, width, height - 1)} />
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
    </svg>
  );
}

function severitiesText({ severities }: PatternRow): string {
  return SEVERITIES.flatMap((severity, i) => (severities[i] > 0 ? [`${SEVERITY_TITLES[severity]}: ${formatCount(severities[i])}`] : [])).reverse().join(', ');
}
