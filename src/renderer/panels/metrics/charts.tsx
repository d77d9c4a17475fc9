import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { Series } from '../../../shared/contract/metrics.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useBounds } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatRange } from '../../ui/time.ts';
import { TimeAxis } from './axis.tsx';
import { GUTTER_PX } from '../../ui/time-axis/plot.ts';
import { plotBox } from './chart-option.ts';
import { keyText, wordsFor, type SeriesKey } from '../../state/series-key.ts';
import { useSize } from '../../ui/use-size.ts';
import { findChosen, groupSeries } from './groups.ts';
import { MetricChart } from './metric-chart.tsx';
import { pointsOf, reachOf } from './points.ts';
import { spanOf, visibleRange } from './range.ts';
import classes from './metrics.module.css';

/** A point about every three pixels; in steps, so that dragging a panel's edge does not ask at every pixel. */
const BUCKET_PX = 3;
const BUCKET_STEP = 20;
/** head and rule of a chart */
const HEAD_PX = 27;
/** the axis, and the pixel of the table that only screen readers see */
const AXIS_PX = 23;
/** Left of the plots while the list is beside them: the values need no more. */
const NARROW_GUTTER_PX = 84;
const [LOWEST, HIGHEST] = [108, 260];
/** Series of one name with the same words in their labels; more are not looked through to find the chosen one. */
const CANDIDATES = 200;

interface ChartsProps {
  chosen: readonly SeriesKey[];
  /** the list of series is beside the charts */
  listed: boolean;
  onChoose(next: SeriesKey[]): void;
  onList(listed: boolean): void;
}
/** While the list is away the charts stand exactly under a timeline as wide as this panel: a moment is at the same pixel in both. */
export function Charts({ chosen, listed, onChoose, onList }: ChartsProps) {
  const { ref, height } = useSize();
  // Not of what scrolls: a scroll bar lies over the margin and moves nothing.
  const { ref: box, width } = useSize();
  const gutter = listed ? NARROW_GUTTER_PX : GUTTER_PX;
  const from = useView((view) => view.from);
  const to = useView((view) => view.to);
  const bounds = useBounds();
  const rows = useAsk(['metrics.chosen', chosen], (signal) => readChosen(chosen, signal), { on: ['series'], enabled: chosen.length > 0 });
  const series = useMemo(() => findChosen(chosen, rows.data ?? []).filter((row) => row !== null), [chosen, rows.data]);
  const range = visibleRange({ from, to }, bounds, series);
  const buckets = Math.min(4000, Math.max(BUCKET_STEP, Math.round((width - gutter) / BUCKET_PX / BUCKET_STEP) * BUCKET_STEP));
  const ids = series.map(({ id }) => id);
  const asked = { ids, from: range?.from ?? null, to: range?.to ?? null, buckets };
  const lines = useAsk(['metrics.lines', asked], (signal) => engine.metrics.lines(asked, { signal }), { on: ['series'], enabled: ids.length > 0 && range !== null && width > 0 });
  const drawn = useMemo(() => {
    const known = new Map(series.map((one) => [one.id, one]));
    return new Map((lines.data?.lines ?? []).flatMap((line) => {
      const one = known.get(line.id);
      if (!one) return [];
      const points = pointsOf(line);
      return [[line.id, { id: line.id, points, reach: reachOf(points, one) }] as const];
    }));
  }, [lines.data, series]);
  const groups = useMemo(() => groupSeries(series), [series]);
  const room = Math.floor((height - AXIS_PX) / Math.max(1, groups.length)) - HEAD_PX;
  const tall = Math.min(HIGHEST, Math.max(LOWEST, room));
  const missing = rows.data && !rows.stale ? chosen.length - series.length : 0;
  const texts = new Set(series.map(keyText));
  const some = series.some(({ id }) => (drawn.get(id)?.points.length ?? 0) > 0);
  const error = rows.error ?? lines.error;

  return (
    <div className={classes.main} ref={box}>
      <Key stale={rows.stale || lines.stale} listed={listed} onList={onList} />
      <div className={classes.charts} ref={ref}>
        {chosen.length === 0 ? <EmptyState title="No series chosen">Tick series on the left. Those of one name share a chart, on the same time as the timeline; the choice is kept in the case.</EmptyState> : null}
        {error && series.length === 0 ? <ErrorState error={error} doing="Reading the series" retry={rows.error ? rows.retry : lines.retry} /> : null}
        {error && series.length > 0 && !lines.data ? <ErrorState error={error} doing="Reading the samples" retry={lines.retry} /> : null}
        {missing > 0 ? (
          <p className={classes.notice}>
            {formatCount(missing)} of the chosen series {missing === 1 ? 'is' : 'are'} not in this case any more.
            <button type="button" className={classes.small} onClick={() => onChoose(chosen.filter((key) => texts.has(keyText(key))))}>Forget {missing === 1 ? 'it' : 'them'}</button>
          </p>
        ) : null}
        {lines.data && !lines.stale && series.length > 0 && !some ? <Elsewhere series={series} /> : null}
        {range && width > 0 ? groups.map((group) => (
          <MetricChart
            key={group.name} group={group} lines={drawn} range={range} width={width} gutter={gutter} height={tall}
            onRemove={() => onChoose(chosen.filter(({ name }) => name !== group.name))}
          />
        )) : null}
        {range && width > 0 && groups.length > 0 ? <TimeAxis range={range} plot={plotBox({ width, gutter, height: tall })} /> : null}
      </div>
    </div>
  );
}

async function readChosen(chosen: readonly SeriesKey[], signal: AbortSignal): Promise<Series[]> {
  const found: Series[] = [];
  for (const key of chosen) found.push(...(await engine.metrics.list({ text: wordsFor(key), limit: CANDIDATES }, { signal })).rows);
  return found;
}

/** What the marks mean, once for all charts. */
function Key({ stale, listed, onList }: { stale: boolean; listed: boolean; onList(listed: boolean): void }) {
  return (
    <div className={classes.key}>
      <button type="button" className={classes.small} aria-expanded={listed} title={listed ? 'Put the list away: the charts then stand under the timeline, to the pixel' : 'Choose what is drawn'} data-autofocus-panel={listed ? undefined : ''} onClick={() => onList(!listed)}>{listed ? 'Hide the list' : 'Choose series'}</button>
      <span><svg width="18" height="10" aria-hidden="true"><path d="M0 5H18" stroke="currentColor" strokeWidth="1.5" /></svg>mean</span>
      <span><svg width="18" height="10" aria-hidden="true"><path d="M0 1H18V9H0z" fill="currentColor" opacity="0.25" /></svg>lowest to highest</span>
      <span title="z is how many standard deviations a sample lies from the mean of the samples before it. A diamond marks a z of 3 or more, up or down; point at it for the figure."><svg width="12" height="10" viewBox="0 0 12 10" aria-hidden="true"><path d="M6 1L10 5L6 9L2 5z" fill="none" stroke="currentColor" strokeWidth="1.5" /></svg>unusual: z of 3 or more</span>
      <span className={classes.spacer} />
      <span role="status">{stale ? 'updating' : ''}</span>
    </div>
  );
}

/** The range shows nothing of what was chosen: says where it is. */
function Elsewhere({ series }: { series: readonly Series[] }) {
  const zone = useView((view) => view.zone);
  const setRange = useView((view) => view.setRange);
  const span = spanOf(series);
  if (!span) return null;
  return (
    <p className={classes.notice}>
      The samples of these series are from {formatRange(span.from, span.to, zone)}.
      <Button variant="default" size="compact-xs" onClick={() => setRange(span.from, span.to)}>Show that time</Button>
    </p>
  );
}
