import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { Series } from '../../../shared/contract/metrics.ts';
import { useCase } from '../../state/case.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { shortPath } from '../../ui/source-mark.tsx';
import { plotBox, styleOf } from './chart-option.ts';
import type { DrawnLine } from './chart-option.ts';
import { ChartView } from './chart-view.tsx';
import { differingLabels } from './groups.ts';
import type { Group } from './groups.ts';
import { axisTitle, measureOf } from '../../../shared/measure.ts';
import { toShare, toTime } from '../../ui/time-axis/range.ts';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import { keyMove } from './range.ts';
import { Swatch } from './shown-line.tsx';
import type { ShownLine } from './shown-line.tsx';
import { SummaryTable } from './summary-table.tsx';
import { ValuesTooltip } from './tooltip.tsx';
import { useColors } from './use-colors.ts';
import { useMark } from './use-mark.ts';
import classes from './metrics.module.css';

interface ChartProps {
  group: Group<Series>;
  /** by id; those that are not there yet are not drawn */
  lines: ReadonlyMap<number, DrawnLine>;
  range: Range;
  /** pixels of the whole chart, and left of its plot */
  width: number;
  gutter: number;
  height: number;
  onRemove(): void;
}
/** The series of one metric name in one chart. */
export function MetricChart({ group, lines, range, width, gutter, height, onRemove }: ChartProps) {
  const store = useViewStore();
  const zone = useView((view) => view.zone);
  const sources = useCase((state) => state.sources);
  const colors = useColors();
  const element = useRef<HTMLDivElement>(null);
  const { name, series } = group;
  const measure = useMemo(() => measureOf(series[0]), [series]);
  const { from, to } = range;
  const input = useMemo(() => ({ width, gutter, height, range: { from, to }, zone, measure, colors }), [width, gutter, height, from, to, zone, measure, colors]);
  const shown = useMemo(() => {
    const labels = differingLabels(series, (id) => shortPath(sources.get(id)?.path ?? `source ${id}`));
    return series.map(({ id }, index): ShownLine => ({ ...(lines.get(id) ?? { id, points: [], reach: 0 }), label: labels[index], ...styleOf(index, colors.lines) }));
  }, [series, lines, sources, colors]);
  const plot = plotBox(input);
  const mark = useMark({
    range, plot,
    onHover: (time) => store.getState().setHoverTime(time),
    onMark: (stretch) => store.getState().setBrush(stretch),
  });
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyMove(range, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    store.getState().setRange(next.from, next.to);
  };
  const title = axisTitle(measure);
  const corner = element.current?.getBoundingClientRect();
  const { pointer } = mark;
  return (
    <section className={classes.metric} aria-label={name}>
      <header className={classes.head}>
        <h3 className={`mono ellipsis ${classes.title}`} title={series[0].help === '' ? name : `${name}: ${series[0].help.slice(0, 300)}`}><SafeText inline text={name} fold={200} /></h3>
        {title === '' ? null : <span className={classes.unit}>{title}</span>}
        <ul className={classes.legend}>
          {shown.filter(({ label }) => label !== '').map((line) => <li key={line.id} title={line.label}><Swatch line={line} /><span className="mono ellipsis"><SafeText inline text={line.label} fold={120} /></span></li>)}
        </ul>
        <button type="button" className={classes.close} aria-label={`Take off ${name}`} title="Take this chart off" onClick={onRemove}>×</button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- role application says that it takes keys itself */}
      <div
        ref={element} className={classes.plot} style={{ width, height }} tabIndex={0} role="application" aria-roledescription="chart"
        aria-label={`${name} over time. Plus and minus zoom, left and right move. The table after it has the numbers.`}
        onKeyDown={keys}
        onDoubleClick={() => {
          store.getState().setBrush(null);
          store.getState().resetRange();
        }}
        {...mark.handlers}
      >
        <ChartView lines={shown} input={input} />
        {shown.every(({ id, points }) => lines.has(id) && points.length === 0) ? <p className={classes.none}>No samples in this range</p> : null}
        <Over range={range} plot={plot} draft={mark.draft} />
        {pointer && corner ? <ValuesTooltip lines={shown} measure={measure} range={range} time={toTime(range, (pointer.x - plot.x) / plot.width)} at={{ x: corner.left + pointer.x, y: corner.top + pointer.y }} /> : null}
      </div>
      <SummaryTable name={name} lines={shown} measure={measure} range={range} />
    </section>
  );
}

/** What lies over the lines and moves without redrawing them: the cursor, wherever the pointer is, and the marked stretch. */
function Over({ range, plot, draft }: { range: Range; plot: Box; draft: Range | null }) {
  const hover = useView((view) => view.hoverTime);
  const brush = useView((view) => view.brush);
  const x = (time: number): number => plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
  const marked = draft ?? brush;
  return (
    <>
      {marked && marked.to >= range.from && marked.from <= range.to ? <div className={classes.brush} data-testid="brush" style={{ left: x(marked.from), width: Math.max(1, x(marked.to) - x(marked.from)) }} /> : null}
      {hover !== null && hover >= range.from && hover <= range.to ? <div className={classes.hover} data-testid="hover-line" style={{ left: x(hover) }} /> : null}
    </>
  );
}
