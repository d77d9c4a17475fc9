import { useMemo } from 'react';
import type { PointerEvent } from 'react';
import type { TrendReply } from '../../../shared/contract/trends.ts';
import { axisTitle, formatValue, type Measure } from '../../../shared/measure.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { ChartCanvas } from '../../ui/chart-canvas.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { makeChart } from '../../ui/shape-chart.ts';
import { themeColors } from '../../ui/theme-colors.ts';
import { toShare, toTime } from '../../ui/time-axis/range.ts';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import { formatRange, formatTime, precisionFor } from '../../ui/time.ts';
import { useSize } from '../../ui/use-size.ts';
import { forecastToOption, plotOf, rangeOf, type ForecastColors } from './forecast-option.ts';
import classes from './trends.module.css';

const useColors: () => ForecastColors = themeColors((one) => ({ history: one('--text'), forecast: one('--accent'), limit: one('--warn'), text: one('--text-dim'), line: one('--line'), lineStrong: one('--line-strong') }));
/** Half a label, kept clear of the edges. */
const EDGE_PX = 26;

/** What was, what is expected with its intervals, and what came where that is known. */
export function ForecastChart({ reply, measure, stale }: { reply: TrendReply; measure: Measure; stale: boolean }) {
  const { ref, width, height } = useSize();
  const zone = useView((view) => view.zone);
  const hover = useView((view) => view.hoverTime);
  const brush = useView((view) => view.brush);
  const store = useViewStore();
  const colors = useColors();
  const input = useMemo(() => ({ width, height, zone, measure, colors }), [width, height, zone, measure, colors]);
  const option = useMemo(() => forecastToOption(reply, input), [reply, input]);
  const range = rangeOf(reply);
  const plot = plotOf({ width, height });
  const x = (time: number): number => plot.x + Math.min(1, Math.max(0, toShare(range, time))) * plot.width;
  const inside = hover !== null && hover >= range.from && hover < range.to;
  const timeOf = (event: PointerEvent<HTMLElement>): number | null => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return at < plot.x || at > plot.x + plot.width ? null : toTime(range, (at - plot.x) / plot.width);
  };
  const unit = axisTitle(measure);
  const { forecast } = reply;
  return (
    <section className={classes.chartBox} aria-label="Chart" data-stale={stale || undefined}>
      <header className={classes.chartHead}>
        <h3 className={`ellipsis ${classes.title}`} title={reply.title}><SafeText inline text={reply.title} fold={200} /></h3>
        {unit === '' ? null : <span className={classes.dim}>{unit}</span>}
        <Legend reply={reply} />
        <output className={classes.readout}>{inside ? readout(reply, hover, zone, measure) : ''}</output>
      </header>
      <div
        ref={ref} className={classes.plot} role="img" aria-label={`${reply.title}: ${reply.values.length} values${forecast ? ` and ${forecast.values.length} forecast` : ''}, ${formatRange(range.from, range.to, zone)}`}
        onPointerMove={(event) => store.getState().setHoverTime(timeOf(event))} onPointerLeave={() => store.getState().setHoverTime(null)}
        onPointerDown={(event) => {
          const time = timeOf(event);
          const at = time === null ? -1 : Math.floor((time - reply.start) / reply.step);
          if (at >= 0 && at < reply.values.length) store.getState().setBrush({ from: reply.start + at * reply.step, to: reply.start + (at + 1) * reply.step });
        }}
      >
        {width > 0 && height > 0 ? <ChartCanvas make={makeChart} option={option} width={width} height={height} className={classes.canvas} /> : null}
        {timeTicks(range, zone, plot.width).filter(({ time }) => x(time) > plot.x + EDGE_PX / 2 && x(time) < plot.x + plot.width - EDGE_PX).map(({ time, label, strong }) => <span key={time} className={classes.tick} data-strong={strong || undefined} style={{ left: x(time) }} aria-hidden="true">{label}</span>)}
        {brush && brush.to > range.from && brush.from < range.to ? <div className={classes.brush} style={{ left: x(brush.from), width: Math.max(1, x(brush.to) - x(brush.from)) }} /> : null}
        {inside ? <div className={classes.hover} style={{ left: x(hover) }} /> : null}
      </div>
    </section>
  );
}

function Legend({ reply: { forecast, came, limit } }: { reply: TrendReply }) {
  if (!forecast) return null;
  return (
    <ul className={classes.legend}>
      <li><span className={classes.swatch} data-of="history" />was</li>
      <li><span className={classes.swatch} data-of="forecast" />forecast</li>
      {forecast.intervals.length > 0 ? <li><span className={classes.swatch} data-of="band" />{forecast.intervals.map(({ level }) => `${level * 100} %`).join(', ')}</li> : null}
      {came.some(Number.isFinite) ? <li><span className={classes.swatch} data-of="came" />what came</li> : null}
      {limit === null ? null : <li><span className={classes.swatch} data-of="limit" />limit</li>}
    </ul>
  );
}

function readout({ start, step, values, forecast, came }: TrendReply, time: number, zone: string, measure: Measure): string {
  const when = (from: number): string => formatTime(from, zone, precisionFor(step * 60));
  const said: string[] = [];
  const ahead = forecast ? Math.floor((time - forecast.start) / step) : -1;
  const at = Math.floor((time - start) / step);
  if (forecast && ahead >= 0 && ahead < forecast.values.length) {
    const wide = forecast.intervals.find(({ level }) => level === 0.95);
    said.push(`${when(forecast.start + ahead * step)}  ${formatValue(forecast.values[ahead], measure)}`);
    if (wide) said.push(`95 %: ${formatValue(wide.lower[ahead], measure)} to ${formatValue(wide.upper[ahead], measure)}`);
    if (Number.isFinite(came[ahead])) said.push(`came: ${formatValue(came[ahead], measure)}`);
  } else if (at >= 0 && at < values.length) said.push(`${when(start + at * step)}  ${Number.isFinite(values[at]) ? formatValue(values[at], measure) : 'nothing known'}`);
  return said.join(', ');
}
