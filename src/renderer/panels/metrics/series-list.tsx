import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Series } from '../../../shared/contract/metrics.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { shortPath } from '../../ui/source-mark.tsx';
import { allLabels, keyText, type SeriesKey } from '../../state/series-key.ts';
import { MOST_CHOSEN, groupSeries, toggled, toggledGroup, toldApart } from './groups.ts';
import type { Group, ToldApart } from './groups.ts';
import { axisTitle, measureOf } from '../../../shared/measure.ts';
import classes from './metrics.module.css';

/** More rows than this are not looked through but searched. */
const ROWS = 1000;
/** Names with more series than this begin folded: the names are looked through first. */
const OPEN_SERIES = 8;
const TYPING_MS = 150;

interface ListProps {
  chosen: readonly SeriesKey[];
  onChoose(next: SeriesKey[]): void;
}
/** What can be drawn, found by words of name and labels. */
export function SeriesList({ chosen, onChoose }: ListProps) {
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.slice(0, 500), TYPING_MS);
  const { data, error, stale, retry } = useAsk(['metrics.list', asked, ROWS], (signal) => engine.metrics.list({ text: asked, limit: ROWS }, { signal }), { on: ['series'] });
  const groups = useMemo(() => groupSeries(data?.rows ?? []), [data]);
  const more = data ? data.total - data.rows.length : 0;
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const boxes = [...(list.current?.querySelectorAll<HTMLElement>('input, [aria-expanded]') ?? [])];
    const at = boxes.indexOf(document.activeElement as HTMLElement);
    boxes[Math.min(boxes.length - 1, Math.max(0, at + step))]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <aside className={classes.side} aria-label="Series">
      <input
        type="search" className={classes.search} placeholder="Find by name or label" aria-label="Find series by words of name or labels" value={text} data-autofocus-panel
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(event);
          if (event.key === 'Escape' && text !== '') {
            setText('');
            event.stopPropagation();
          }
        }}
      />
      <div className={classes.sideState} role="status">
        <span>{data ? `${formatCount(data.total)} series` : 'reading'}{stale ? ', updating' : ''}</span>
        <span className={chosen.length === MOST_CHOSEN ? classes.full : undefined}>{chosen.length} of {MOST_CHOSEN} drawn</span>
      </div>
      {error && !data ? <ErrorState error={error} doing="Reading the list of series" retry={retry} /> : null}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrow keys go from box to box; the boxes themselves take the rest */}
      <div className={classes.list} ref={list} onKeyDown={move}>
        {groups.map((group) => <GroupRows key={group.name} group={group} found={asked !== ''} chosen={chosen} onChoose={onChoose} />)}
        {data && data.total === 0 ? <p className={classes.more}>No series has all of these words in its name or labels.</p> : null}
        {more > 0 ? <p className={classes.more}>{formatCount(more)} more; type to narrow</p> : null}
      </div>
    </aside>
  );
}

function GroupRows({ group, found, chosen, onChoose }: { group: Group<Series>; found: boolean } & ListProps) {
  const [wish, setWish] = useState<boolean | null>(null);
  const { name, series } = group;
  const known = new Set(chosen.map(keyText));
  const drawn = series.filter((one) => known.has(keyText(one))).length;
  const open = wish ?? (found || drawn > 0 || series.length <= OPEN_SERIES);
  const labels = useMemo(() => toldApart(series), [series]);
  const [first] = series;
  const said = [first.kind === 'untyped' ? '' : first.kind, axisTitle(measureOf(first))].filter((part) => part !== '').join(', ');
  return (
    <div role="group" aria-label={name}>
      <div className={classes.group} title={first.help === '' ? name : `${name}: ${first.help.slice(0, 300)}`}>
        <button type="button" className={classes.fold} aria-expanded={open} onClick={() => setWish(!open)}>
          {open ? <IconChevronDown size={14} stroke={1.75} aria-hidden="true" /> : <IconChevronRight size={14} stroke={1.75} aria-hidden="true" />}
          <span className={`mono ellipsis ${classes.name}`}><SafeText inline text={name} fold={200} /></span>
        </button>
        {series.length > 1 ? (
          <button type="button" className={classes.small} disabled={drawn === 0 && chosen.length >= MOST_CHOSEN} onClick={() => onChoose(toggledGroup(chosen, series))}>
            {drawn === series.length || (drawn > 0 && chosen.length >= MOST_CHOSEN) ? 'None' : 'All'}<span className={classes.hidden}> of {name}</span>
          </button>
        ) : null}
      </div>
      <div className={classes.kind}>{[said, `${formatCount(series.length)} series`, drawn > 0 ? `${drawn} drawn` : ''].filter((part) => part !== '').join(', ')}</div>
      {!open ? null : series.map((one, index) => <SeriesRow key={one.id} series={one} labels={labels[index]} checked={known.has(keyText(one))} full={chosen.length >= MOST_CHOSEN} onToggle={() => onChoose(toggled(chosen, one))} />)}
    </div>
  );
}

function SeriesRow({ series, labels, checked, full, onToggle }: { series: Series; labels: ToldApart; checked: boolean; full: boolean; onToggle(): void }) {
  const all = allLabels(series);
  const path = useCase((state) => state.sources.get(series.source)?.path ?? '');
  const from = path === '' ? '' : `, from ${shortPath(path)}`;
  const off = full && !checked;
  return (
    <label className={classes.row} data-off={off || undefined} title={`${all === '' ? 'without labels' : all}${from}${off ? `. ${MOST_CHOSEN} series are drawn: take one off first.` : ''}`}>
      <input type="checkbox" checked={checked} disabled={off} onChange={onToggle} />
      <span className={`mono ellipsis ${classes.labels}`}>
        {labels.own === '' ? null : <SafeText inline text={labels.shared === '' ? labels.own : `${labels.own} `} fold={300} />}
        {all === '' ? <span className="dim">without labels</span> : labels.shared === '' ? null : <span className={labels.own === '' ? undefined : 'dim'}><SafeText inline text={labels.shared} fold={300} /></span>}
      </span>
      <span className={classes.count} title={`${formatCount(series.n)} samples`}><span className={classes.hidden}>, </span>{formatCount(series.n)}<span className={classes.hidden}> samples</span></span>
    </label>
  );
}
