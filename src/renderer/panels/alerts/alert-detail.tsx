import { Button, CloseButton } from '@mantine/core';
import type { Alert } from '../../../shared/alert.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { acknowledge, reopen, resolve } from '../../state/alerts.ts';
import { useRun } from '../../state/analysis.ts';
import { useView } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { ValueChart } from './value-chart.tsx';
import { changeText, STATE_TITLES } from './words.ts';
import classes from './alerts.module.css';

interface AlertDetailProps {
  alert: Alert;
  readOnly: boolean;
  onSilence(alert: Alert): void;
  onClose(): void;
}

/** One alert: why, its value against the threshold, what can be done about it, and what was done. */
export function AlertDetailView({ alert, readOnly, onSilence, onClose }: AlertDetailProps) {
  const zone = useView((view) => view.zone);
  const { run, progress } = useRun();
  const { data, error, retry } = useAsk(['alerts.get', alert.id], (signal) => engine.alerts.get({ id: alert.id, run }, { signal }), { on: ['alerts'] });
  const { state, metric, operator, threshold, severity } = alert;
  return (
    <section className={classes.detail} aria-label="The chosen alert" tabIndex={0}>
      <div className={classes.detailHead}>
        <span className={classes.grow}>{STATE_TITLES[state]}{state === 'acknowledged' ? ` by ${alert.acknowledgedBy}` : state === 'resolved' ? (alert.resolvedBy === '' ? ' by itself' : ` by ${alert.resolvedBy}`) : ''}</span>
        {readOnly ? null : (
          <>
            {state === 'active' || state === 'pending' ? <Button size="compact-xs" onClick={() => void acknowledge([alert])}>Acknowledge</Button> : null}
            {state !== 'resolved' ? <Button size="compact-xs" variant="default" onClick={() => void resolve([alert])}>Resolve</Button> : null}
            {state === 'resolved' && alert.resolvedBy !== '' ? <Button size="compact-xs" variant="default" onClick={() => void reopen(alert)}>Open again</Button> : null}
            {alert.silence === null ? <Button size="compact-xs" variant="default" onClick={() => onSilence(alert)}>Silence</Button> : null}
          </>
        )}
        <CloseButton size="xs" aria-label="Close the alert" onClick={onClose} />
      </div>
      <FindingCard finding={{ ...alert.finding, events: data?.alert.finding.events ?? [] }}>
        {error && !data ? <ErrorState error={error} doing="Drawing the value" retry={retry} /> : data ? <ValueChart drawing={data.drawing} metric={metric} operator={operator} threshold={threshold} severity={severity} alerts={[alert]} /> : <p className={classes.drawing} aria-busy="true">{progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Drawing its value'}</p>}
      </FindingCard>
      {data ? (
        <ol className={classes.trail} aria-label="What became of it">
          {data.changes.map(({ id, at, by, what, note }) => (
            <li key={id}><time className="mono" title={formatStamp(at, zone)}>{formatTime(at, zone, 'second')}</time> <SafeText inline text={changeText(what, note)} fold={300} />{by === '' ? '' : <>, by <SafeText inline text={by} fold={60} /></>}</li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}
