import { useEffect, useState } from 'react';
import { ALERT_LEVELS, metricOf, type AlertRuleEdit } from '../../../shared/alert.ts';
import { valueText } from '../../../shared/alert-text.ts';
import { ruleEdit, type Backtest } from '../../../shared/contract/alerts.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { messageOf } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { ValueChart } from './value-chart.tsx';
import classes from './alerts.module.css';

/** Typing is waited for. */
const PAUSE_MS = 300;
/** Alerts and groups that are listed here. */
const LISTED = 50;

/** What of a rule decides whether it fires. */
function judgedPart(rule: AlertRuleEdit): AlertRuleEdit {
  return { ...rule, name: 'x', level: 'INFO', channels: [], enabled: true };
}

/** What a rule would have done over the whole case, a moment after it is changed. */
export function BacktestView({ rule }: { rule: AlertRuleEdit }) {
  const now = JSON.stringify(judgedPart(rule));
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(now), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [now]);
  const input = ruleEdit.safeParse(JSON.parse(asked));
  const { run, progress } = useRun();
  const { data, error, loading } = useAsk(['alerts.backtest', asked], (signal) => engine.alerts.backtest({ rule: input.success ? input.data : rule, run }, { signal }), { on: [], enabled: input.success });
  const stale = loading || asked !== now;
  return (
    <section className={classes.backtest} aria-label="What it would have done" aria-busy={stale} tabIndex={0}>
      <h3 className={classes.heading}>What it would have done in this case</h3>
      {!input.success ? <p className={classes.dim}>Say first what is measured, and over how long.</p>
        : error ? <p className={classes.bad} role="alert">{messageOf(error)}</p>
        : data ? <div className={stale ? 'stale' : undefined}><Told rule={rule} reply={data} /></div>
        : <p className={classes.dim}>{progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Reading the events'}</p>}
    </section>
  );
}

function Told({ rule, reply }: { rule: AlertRuleEdit; reply: Backtest }) {
  const zone = useView((view) => view.zone);
  const { drawing, alerts, groups, total, duration, idle, looked, left, unreadable, basis } = reply;
  if (idle !== '') return <p className={classes.dim}>It cannot fire. {idle}</p>;
  const { of } = metricOf(rule.metric);
  const measured = of === 'samples' ? `${formatCount(basis.series)} series` : of === 'latencies' ? `${formatCount(basis.latencies)} requests that say how long they took` : of === 'requests' && basis.requests > 0 ? `${formatCount(basis.requests)} requests` : `${formatCount(basis.events)} events`;
  return (
    <>
      <p className={classes.verdict} role="status">{total === 0 ? 'It would not have fired.' : <><strong>{formatCount(total)} {total === 1 ? 'alert' : 'alerts'}</strong>, {formatDuration(duration)} in all{groups.length > 1 ? `, in ${formatCount(groups.length)} of ${formatCount(looked)} groups` : ''}.</>} <span className={classes.dim}>{measured}</span></p>
      <ValueChart drawing={drawing} metric={rule.metric} operator={rule.operator} threshold={rule.threshold} severity={ALERT_LEVELS[rule.level]} alerts={alerts} />
      {looked > 1 ? <p className={classes.dim}>The line is the worst of {formatCount(looked)} groups.</p> : null}
      {alerts.length > 0 ? (
        <table className={classes.table}>
          <thead><tr><th scope="col">Since</th><th scope="col" className={classes.number}>For</th><th scope="col" className={classes.number}>Worst</th>{looked > 1 ? <th scope="col">Group</th> : null}</tr></thead>
          <tbody>
            {alerts.slice(0, LISTED).map(({ group, started, ended, peak, open }) => (
              <tr key={`${group} ${started}`}>
                <td className="mono" title={formatStamp(started, zone)}>{formatTime(started, zone, 'second')}</td>
                <td className={classes.number}>{formatDuration(ended - started + 1e6)}{open ? ', to the end' : ''}</td>
                <td className={classes.number}>{peak === null ? 'no data' : valueText(peak, rule.metric)}</td>
                {looked > 1 ? <td className={classes.group}><SafeText inline text={group} fold={60} /></td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {total > LISTED ? <p className={classes.dim}>{formatCount(total - LISTED)} more</p> : null}
      {left > 0 ? <p className={classes.dim}>{formatCount(left)} {of === 'samples' ? 'more series' : 'events of further groups'} are not judged.</p> : null}
      {unreadable > 0 ? <p className={classes.bad}>{formatCount(unreadable)} events could not be read: the case file is damaged there.</p> : null}
    </>
  );
}
