import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { PatternList } from '../../../shared/contract/patterns.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useCase } from '../../state/case.ts';
import { useMarks } from '../../state/findings.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { mergePatterns, savePatterns } from './acts.ts';
import { Changes } from './changes.tsx';
import { COMPARE, COMPARE_TITLES, useCompared } from './compare.ts';
import { PatternDetailPane } from './pattern-detail.tsx';
import { PatternGrid } from './pattern-grid.tsx';
import { countOf, listed, SHOWN, sorted, SORTS, type Shown, type Sort } from './rows.ts';
import classes from './patterns.module.css';

const settingsSchema = z.object({ tab: z.enum(['list', 'findings', 'changes']), compare: z.enum(COMPARE), shown: z.enum(SHOWN), sort: z.enum(SORTS), ascending: z.boolean(), quieted: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'list', compare: 'before', shown: 'all', sort: 'count', ascending: false, quieted: false };
const BUCKETS = 48;
const SHOWN_TITLES: Readonly<Record<Shown, string>> = { all: 'All', new: 'New', gone: 'Gone', rare: 'Rare' };

export function PatternsPanel({ panelKey }: PanelProps) {
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const change = (edit: Partial<Settings>): void => setSettings({ ...settings, ...edit });
  const [stopped, setStopped] = useState(false);
  const compared = useCompared(settings.compare);
  const { scope, other } = compared;
  const { run, progress } = useRun();
  const { data, error, loading, stale, retry } = useAsk(
    ['patterns.list', scope, other],
    (signal) => engine.patterns.list({ scope: scope ?? { query: '', from: null, to: null }, other, buckets: BUCKETS, run }, { signal }),
    { on: ['events', 'patterns'], enabled: !stopped && scope !== null },
  );
  const again = (): void => {
    if (stopped) setStopped(false);
    else retry();
  };
  if (error && !data) return <ErrorState error={error} doing="Counting patterns" retry={retry} />;
  return (
    <div className={classes.panel}>
      <RunBar loading={loading && !stale} progress={progress} stopped={stopped} onStop={() => setStopped(true)} onAgain={again}>
        <Select
          aria-label="Compare" size="xs" w={210} allowDeselect={false} comboboxProps={{ width: 'max-content', position: 'bottom-start' }} value={settings.compare}
          data={COMPARE.map((value) => ({ value, label: COMPARE_TITLES[value] }))} onChange={(value) => change({ compare: COMPARE.find((each) => each === value) ?? 'none' })}
        />
        {compared.needs !== '' ? <span className={classes.needs}>{compared.needs}</span> : null}
      </RunBar>
      <Body settings={settings} onChange={change} list={data} stale={stale} compared={compared} />
    </div>
  );
}

interface BodyProps {
  settings: Settings;
  onChange(edit: Partial<Settings>): void;
  list: PatternList | undefined;
  stale: boolean;
  compared: ReturnType<typeof useCompared>;
}

function Body({ settings, onChange, list, stale, compared }: BodyProps) {
  const marks = useMarks();
  const wrong = (like: string): boolean => marks.get(like)?.verdict === 'wrong';
  const found = list?.findings ?? [];
  const quieted = found.filter(({ like }) => wrong(like)).length;
  const tabs = [['list', 'Patterns'], ['findings', found.length > quieted ? `Findings (${formatCount(found.length - quieted)})` : 'Findings'], ['changes', 'Merged and split']] as const;
  return (
    <Tabs label="Patterns" tabs={tabs} chosen={settings.tab} bodyClass={classes.body} takesFocus={settings.tab !== 'list'} onChoose={(tab) => onChange({ tab })}>
      {settings.tab === 'changes' ? <Changes /> : null}
      {settings.tab === 'findings' ? (
        <div className={classes.findings} tabIndex={0} role="region" aria-label="Findings">
          {quieted > 0 ? <label className={classes.check}><input type="checkbox" checked={settings.quieted} onChange={(event) => onChange({ quieted: event.currentTarget.checked })} />Marked wrong too ({formatCount(quieted)})</label> : null}
          {list && found.length === 0 ? <NoFindings list={list} needs={compared.needs} /> : null}
          {found.filter(({ like }) => settings.quieted || !wrong(like)).map((finding) => <FindingCard key={finding.key} finding={finding} />)}
        </div>
      ) : null}
      {settings.tab === 'list' ? <Listed settings={settings} onChange={onChange} list={list} stale={stale} titles={compared.titles} /> : null}
    </Tabs>
  );
}

function NoFindings({ list, needs }: { list: PatternList; needs: string }) {
  if (list.other) return <EmptyState title="Nothing stands out">No pattern is new, none vanished, and none is met three times as often or as rarely as in the range it is compared with.</EmptyState>;
  return <EmptyState title="Nothing is compared">{needs === '' ? 'Choose above what the range is to be compared with; the other range must have events too.' : needs}</EmptyState>;
}

interface ListedProps {
  settings: Settings;
  onChange(edit: Partial<Settings>): void;
  list: PatternList | undefined;
  stale: boolean;
  titles: readonly [string, string];
}

function Listed({ settings, onChange, list, stale, titles }: ListedProps) {
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<number | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set());
  const { shown, sort, ascending } = settings;
  const writable = useCase((state) => state.info?.readOnly === false);
  const rows = useMemo(() => sorted(listed(list?.patterns ?? [], shown, words), sort, ascending), [list, shown, words, sort, ascending]);
  const chosenRow = chosen === null ? undefined : list?.patterns.find(({ id }) => id === chosen);
  const there = useMemo(() => new Set(list?.patterns.map(({ id }) => id)), [list]);
  const merging = [...marked].filter((id) => there.has(id));
  const onSort = (by: Sort): void => onChange(by === sort ? { ascending: !ascending } : { sort: by, ascending: by === 'text' });
  const merge = async (): Promise<void> => {
    const made = await mergePatterns(merging);
    if (made === null) return;
    setMarked(new Set());
    setChosen(made);
  };
  if (!list) return <p className={classes.note} role="status">Counting</p>;
  if (list.patterns.length === 0) return <EmptyState title="No events in this range">A pattern is what messages have in common. Widen the range or take a filter away.</EmptyState>;
  return (
    <div className={classes.split}>
      <div className={classes.left} data-stale={stale || undefined}>
        <div className={classes.tools}>
          <div className={classes.kinds} role="group" aria-label="Which patterns">
            {SHOWN.map((each) => (
              <button key={each} type="button" className={classes.kind} aria-pressed={shown === each} disabled={each !== 'all' && each !== shown && countOf(list.patterns, each) === 0} onClick={() => onChange({ shown: each })}>
                {SHOWN_TITLES[each]} <span className={classes.n}>{formatCount(countOf(list.patterns, each) + (each === 'all' ? list.more : 0))}</span>
              </button>
            ))}
          </div>
          <input className={classes.search} type="search" aria-label="Find a pattern" placeholder="Find a pattern" value={words} onChange={(event) => setWords(event.currentTarget.value)} />
          <span className={classes.said} role="status">{noteOf(list)}</span>
          <Button size="compact-xs" variant="default" disabled={merging.length < 2 || !writable} title={writable ? 'Patterns with a mark become one; it can be undone' : 'This case is read-only'} onClick={() => void merge()}>{merging.length < 2 ? 'Merge' : `Merge ${formatCount(merging.length)}`}</Button>
          <Button size="compact-xs" variant="default" disabled={rows.length === 0} onClick={() => void savePatterns(rows)}>Save CSV</Button>
        </div>
        {rows.length === 0 ? <p className={classes.note}>No pattern of this kind has these words.</p> : <PatternGrid rows={rows} list={list} titles={titles} sort={sort} ascending={ascending} chosen={chosen} marked={marked} onSort={onSort} onChoose={setChosen} onMark={setMarked} />}
      </div>
      {chosenRow ? <PatternDetailPane key={chosenRow.id} row={chosenRow} list={list} writable={writable} onChoose={setChosen} /> : null}
    </div>
  );
}

function noteOf({ more, grouped, unreadable }: PatternList): string {
  return [more > 0 ? `${formatCount(more)} of middling count are not listed` : '', grouped ? '' : 'new templates are not grouped yet', unreadable > 0 ? `${formatCount(unreadable)} events not readable` : ''].filter((part) => part !== '').join(', ');
}
