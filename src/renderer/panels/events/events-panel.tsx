import { useEffect, useMemo, useRef } from 'react';
import { useMergedRef } from '@mantine/hooks';
import { Button } from '@mantine/core';
import { engine } from '../../client/client.ts';
import { pinEvents } from '../../state/acts.ts';
import { caseStore, useBounds } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { notify, reportError } from '../../state/notices.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatTime } from '../../ui/time.ts';
import { useSize } from '../../ui/use-size.ts';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { columnSettings, columnsOf, NO_SETTINGS, sized, withColumn, withExtra, withoutExtra } from './columns.ts';
import { EventList } from './event-list.tsx';
import { ListBar } from './list-bar.tsx';
import { rowAt } from './pages.ts';
import type { Row } from './pages.ts';
import { rowsToText } from './rows-text.ts';
import { rowPrecision, ruleGap, spansYears } from './stamps.ts';
import { usePages } from './use-pages.ts';
import { usePlace } from './use-place.ts';
import { useScroller } from './use-scroller.ts';
import classes from './events.module.css';

const ROW_PX = 24;
/** the heads of the columns stay while the rows scroll */
const HEAD_PX = 24;
/** The most rows pinned or copied at once; the contract's own limit for pins. */
const MOST_AT_ONCE = 10_000;

/** Every event of the result, in time order. */
export function EventsPanel({ panelKey, linked }: PanelProps) {
  const scope = useScope();
  const order = useView((view) => view.order);
  const zone = useView((view) => view.zone);
  const selectedId = useView((view) => view.selectedId);
  const bounds = useBounds();
  const [settings, setSettings] = usePanelSettings(panelKey, columnSettings, NO_SETTINGS);
  const columns = columnsOf(settings);
  // The same array until a column is added or taken away: resizing one must not ask again.
  const names = JSON.stringify(settings.extra.map(({ name }) => name));
  const extra = useMemo(() => JSON.parse(names) as string[], [names]);
  const { ref: sizeRef, height: listHeight } = useSize();

  const anchored = useRef({ rank: 0, from: 0, to: 0 });
  const { pages, state, tick } = usePages(
    scope, order, extra,
    (known) => ({ ...anchored.current, id: anchored.current.rank > 0 ? (known.row(anchored.current.rank)?.id ?? null) : null }),
    (by) => {
      scroller.by(by);
      place.shift(by);
    },
  );
  const scroller = useScroller({ total: state.total, rowHeight: ROW_PX, viewport: Math.max(0, listHeight - HEAD_PX) });
  const listRef = useMergedRef(scroller.attach, sizeRef);
  const place = usePlace(scope, order, pages, tick, scroller);
  const { from, to } = scroller.visible;
  useEffect(() => {
    anchored.current = { rank: Math.ceil(scroller.top), from, to };
    if (to > from) pages.want(from, to);
  }, [pages, from, to, scroller.top, state.total, extra]);
  // Another question with nothing selected: from its beginning.
  const toTop = scroller.to;
  useEffect(() => {
    if (selectedId === null) toTop(0);
    // only when the question changes, not when the selection does
    // oxlint-disable-next-line react/exhaustive-deps
  }, [scope, order, toTop]);

  const first = pages.row(from);
  const span = scope.from !== null && scope.to !== null ? scope.to - scope.from : bounds ? (scope.to ?? bounds.to) - (scope.from ?? bounds.from) : null;
  const precision = rowPrecision(span, state.total);
  const years = spansYears(scope.from ?? bounds?.from, scope.to ?? bounds?.to, zone);
  const low = place.cursor === null ? 0 : Math.min(place.cursor, place.other ?? place.cursor);
  const several = place.cursor === null ? 0 : Math.abs(place.cursor - (place.other ?? place.cursor)) + 1;

  const selectedRows = async (): Promise<Row[]> => {
    if (several > MOST_AT_ONCE) notify({ title: `Only the first ${formatCount(MOST_AT_ONCE)} rows are taken`, message: 'Narrow the filter, or export the result to take all of them.' });
    return rowsBetween(low, Math.min(several, MOST_AT_ONCE), extra, (rank, limit) => engine.events.page({ scope, order, at: { rank }, limit, columns: extra }));
  };
  const copy = (): void => {
    selectedRows()
      .then(async (rows) => {
        await navigator.clipboard.writeText(rowsToText(rows, (id) => caseStore.getState().sources.get(id)?.path ?? '', extra));
        notify({ title: rows.length === 1 ? 'Row copied' : `${formatCount(rows.length)} rows copied` });
      })
      .catch((error: unknown) => reportError(error, 'Copying'));
  };
  const pin = (): void => {
    selectedRows().then((rows) => pinEvents(rows.map((row) => row.id)), (error: unknown) => reportError(error, 'Pinning'));
  };

  const empty = state.ready && state.complete && state.total === 0;
  return (
    <div className={classes.panel}>
      <ListBar
        state={state} columns={columns} several={several} outside={place.outside && state.ready} day={first ? formatTime(first.time, zone, 'day') : ''}
        onColumn={(id, shown) => setSettings(withColumn(settings, id, { shown }))} onAdd={(name) => setSettings(withExtra(settings, name))} onRemove={(name) => setSettings(withoutExtra(settings, name))} onTime={place.toTime} onCopy={copy} onPin={pin}
      />
      {state.error && state.total === 0 ? <ErrorState error={state.error} doing="Reading the events" retry={() => pages.want(from, Math.max(to, from + 1))} /> : empty ? <Empty inCase={bounds !== null} /> : (
        <EventList
          pages={pages} scroller={scroller} place={place} columns={sized(columns, precision, years)} precision={precision} years={years} timeNote={years ? zone : timeNote(first, zone)} gap={ruleGap(span, state.total)} linked={linked}
          listRef={listRef} onWidth={(id, width) => setSettings(withColumn(settings, id, { width }))} onCopy={copy} onPin={pin}
        />
      )}
    </div>
  );
}

function timeNote(first: Row | undefined, zone: string): string {
  return `${first ? `${formatTime(first.time, zone, 'year')} ` : ''}${zone}`;
}

/** Rows of the result from a rank on, asked for as large pages; rows already on screen are asked again, so that all are of one version. */
async function rowsBetween(rank: number, count: number, names: readonly string[], ask: (rank: number, limit: number) => ReturnType<typeof engine.events.page>): Promise<Row[]> {
  const rows: Row[] = [];
  while (rows.length < count) {
    const { rows: page, extra: values } = await ask(rank + rows.length, Math.min(1000, count - rows.length));
    if (page.id.length === 0) break;
    for (let at = 0; at < page.id.length; at++) rows.push(rowAt(page, { names, values }, at));
  }
  return rows;
}

function Empty({ inCase }: { inCase: boolean }) {
  const query = useView((view) => view.query);
  const ranged = useView((view) => view.from !== null || view.to !== null);
  const setQuery = useView((view) => view.setQuery);
  const resetRange = useView((view) => view.resetRange);
  if (!inCase) {
    return (
      <EmptyState title="No events in this case yet" action={<Button variant="default" size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files</Button>}>
        Add log files or drop them on the window. The first rows are here while the rest is being read.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No event fits the filter in this range"
      action={<>{query === '' ? null : <Button variant="default" size="compact-sm" onClick={() => setQuery('')}>Clear the filter</Button>}{ranged ? <Button variant="default" size="compact-sm" onClick={resetRange}>Whole time of the case</Button> : null}</>}
    >
      The whole range was looked at; nothing was left out.
    </EmptyState>
  );
}
