import type { Alert } from '../../../shared/alert.ts';
import { SEVERITIES, type Severity } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { severityVar } from '../../ui/severity.tsx';
import type { Box, Range } from '../../ui/time-axis/range.ts';
import { leftOf } from './pin-marks.ts';
import classes from './timeline.module.css';

const NONE: readonly Alert[] = [];

/** Alerts that fired and are neither silenced nor marked wrong. The key is that of the alerts panel: one request serves both. */
export function useFiredAlerts(): readonly Alert[] {
  const { data } = useAsk(['alerts.list'], (signal) => engine.alerts.list({}, { signal }), { on: ['alerts', 'findings'] });
  return data?.alerts.filter(({ fired, silence, finding }) => fired !== null && silence === null && !finding.quieted) ?? NONE;
}

export interface AlertSegment {
  left: number;
  right: number;
  severity: Severity;
}
/** Pixels in which alerts fired, one severity after the other, the worst last; those that touch are one. */
export function alertSegments(alerts: readonly Pick<Alert, 'started' | 'ended' | 'severity'>[], range: Range, plot: Box): AlertSegment[] {
  return SEVERITIES.flatMap((severity) => {
    const segments: AlertSegment[] = [];
    const own = alerts.filter((alert) => alert.severity === severity && alert.ended >= range.from && alert.started <= range.to).sort((a, b) => a.started - b.started);
    for (const { started, ended } of own) {
      const left = Math.floor(leftOf(range, plot, started));
      const right = Math.max(left + 2, Math.ceil(leftOf(range, plot, ended)));
      const last = segments.at(-1);
      if (last && left <= last.right) last.right = Math.max(last.right, right);
      else segments.push({ left, right, severity });
    }
    return segments;
  });
}

/** When alerts fired, as a thin line under the bars. The tooltip names them; the alerts panel has them for everybody. */
export function AlertStrip({ range, plot }: { range: Range; plot: Box }) {
  const segments = alertSegments(useFiredAlerts(), range, plot);
  return segments.map(({ left, right, severity }) => <div key={`${severity} ${left}`} className={classes.alert} style={{ left, width: right - left, top: plot.height + 1, background: severityVar(severity) }} data-testid="alert-mark" />);
}
