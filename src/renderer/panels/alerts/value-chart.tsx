import type { Metric, Operator } from '../../../shared/alert.ts';
import { asksForLittle, valueText } from '../../../shared/alert-text.ts';
import type { AlertDrawing } from '../../../shared/contract/alerts.ts';
import type { Severity } from '../../../shared/event.ts';
import { useView } from '../../state/view.ts';
import { severityVar } from '../../ui/severity.tsx';
import { timeTicks } from '../../ui/time-axis/ticks.ts';
import { formatRange } from '../../ui/time.ts';
import { useSize } from '../../ui/use-size.ts';
import { stepPath, valueScale } from './value-path.ts';
import classes from './alerts.module.css';

const WIDTH = 1000;
const HEIGHT = 100;
/** Labels nearer to an end than this, in pixels, would be cut. */
const EDGE = 18;

interface ValueChartProps {
  drawing: AlertDrawing;
  metric: Metric;
  operator: Operator;
  threshold: number;
  severity: Severity;
  /** stretches over the threshold, microseconds */
  alerts: readonly { started: number; ended: number }[];
}

/** The value of a rule over time with its threshold, and where it fired. */
export function ValueChart({ drawing: { from, to, worst }, metric, operator, threshold, severity, alerts }: ValueChartProps) {
  const zone = useView((view) => view.zone);
  const { ref, width } = useSize();
  const scale = valueScale(worst, threshold);
  const x = (time: number): number => ((time - from) / (to - from)) * WIDTH;
  const line = HEIGHT - scale.at(threshold) * HEIGHT;
  const what = `${asksForLittle(operator) ? 'Least' : 'Greatest'} value against the threshold of ${valueText(threshold, metric)}, ${formatRange(from, to, zone)}; over it ${alerts.length} ${alerts.length === 1 ? 'time' : 'times'}`;
  return (
    <figure className={classes.chart}>
      <div className={classes.plotBox} ref={ref}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className={classes.plot} role="img" aria-label={what}>
          {alerts.map(({ started, ended }) => {
            const left = Math.max(0, x(started));
            return <rect key={started} x={left} y={0} width={Math.max(2, Math.min(WIDTH, x(ended)) - left)} height={HEIGHT} fill={severityVar(severity)} opacity={0.22} />;
          })}
          <path d={stepPath(worst, scale, WIDTH, HEIGHT)} className={classes.line} />
          <line x1={0} x2={WIDTH} y1={line} y2={line} className={classes.threshold} />
        </svg>
        <span className={classes.thresholdLabel} style={{ top: `${line}%` }} data-below={line < 25 || undefined}>{valueText(threshold, metric)}</span>
        <span className={classes.top}>{valueText(scale.high, metric)}</span>
      </div>
      <div className={classes.ticks} aria-hidden="true">
        {timeTicks({ from, to }, zone, width).filter(({ time }) => Math.min(x(time), WIDTH - x(time)) * width > EDGE * WIDTH).map(({ time, label }) => <span key={time} style={{ left: `${(x(time) / WIDTH) * 100}%` }}>{label}</span>)}
      </div>
    </figure>
  );
}
