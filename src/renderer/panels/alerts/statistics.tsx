import { ALERT_LEVELS, type AlertLevel } from '../../../shared/alert.ts';
import type { AlertStatistics } from '../../../shared/contract/alerts.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark, severityVar } from '../../ui/severity.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { formatRange } from '../../ui/time.ts';
import classes from './alerts.module.css';

/** What the alerts of the range say together. */
export function Statistics() {
  const { from, to } = useScope();
  const { data, error, stale, retry } = useAsk(['alerts.statistics', from, to], (signal) => engine.alerts.statistics({ from, to }, { signal }), { on: ['alerts', 'findings'] });
  if (error && !data) return <ErrorState error={error} doing="Counting the alerts" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  if (data.total === 0) return <EmptyState title="No alert began in this range">How many there were of each rule, how soon somebody saw to them, and which come back again and again stands here once rules have fired.</EmptyState>;
  return (
    <div className={`${classes.statistics} ${stale ? 'stale' : ''}`} tabIndex={0} role="region" aria-label="Statistics of alerts">
      <Figures data={data} />
      <ByRule data={data} />
      <Places title="Noisiest" rows={data.noisiest.map(({ rule, name, group, alerts, duration }) => ({ key: `${rule} ${group}`, name, group, says: `${formatCount(alerts)} alerts, ${formatDuration(duration)} in all` }))} />
      <Flapping data={data} />
    </div>
  );
}

function Figures({ data: { total, open, byLevel, meanToAcknowledge, meanToResolve, acknowledged, resolved } }: { data: AlertStatistics }) {
  const figures: readonly (readonly [label: string, value: string, title: string])[] = [
    ['Alerts', formatCount(total), 'that fired in the range'],
    ['Open', formatCount(open), 'not over, as far as the events go, and resolved by nobody'],
    ...(Object.keys(ALERT_LEVELS) as AlertLevel[]).reverse().map((level) => [level, formatCount(byLevel[level]), `of level ${level}`] as const),
    ['Mean time to acknowledge', meanToAcknowledge === null ? 'nobody did' : formatDuration(meanToAcknowledge), `of ${formatCount(acknowledged)} alerts, from when they were noticed here, by the wall clock`],
    ['Mean time to resolve', meanToResolve === null ? 'none is over' : formatDuration(meanToResolve), `of ${formatCount(resolved)} alerts, from their beginning until they were over, by the time of the events`],
  ];
  return <dl className={classes.figures}>{figures.map(([label, value, title]) => <div key={label} title={title}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>;
}

function ByRule({ data: { byRule } }: { data: AlertStatistics }) {
  const most = Math.max(1, ...byRule.map(({ alerts }) => alerts));
  return (
    <table className={classes.table}>
      <caption className={classes.heading}>By rule</caption>
      <thead><tr><th scope="col">Level</th><th scope="col">Rule</th><th scope="col" className={classes.number}>Alerts</th><th scope="col" className={classes.bars}><span className={classes.hidden}>Share</span></th><th scope="col" className={classes.number}>Open</th><th scope="col" className={classes.number}>In all</th><th scope="col" className={classes.number}>Silenced</th></tr></thead>
      <tbody>
        {byRule.map(({ rule, name, level, alerts, open, duration, silenced, wrong }) => (
          <tr key={rule} data-quiet={wrong || undefined}>
            <td><span className={classes.level}><SeverityMark severity={ALERT_LEVELS[level]} />{level}</span></td>
            <td><SafeText inline text={name} fold={80} />{wrong ? <span className="dim">, marked wrong</span> : null}</td>
            <td className={classes.number}>{formatCount(alerts)}</td>
            <td className={classes.bars}><div style={{ width: `${(alerts / most) * 100}%`, background: severityVar(ALERT_LEVELS[level]) }} /></td>
            <td className={classes.number}>{open === 0 ? '' : formatCount(open)}</td>
            <td className={classes.number}>{formatDuration(duration)}</td>
            <td className={classes.number}>{silenced === 0 ? '' : formatCount(silenced)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Flapping({ data: { flapping } }: { data: AlertStatistics }) {
  const zone = useView((view) => view.zone);
  if (flapping.length === 0) return <p className={classes.aside}>None came back within an hour again and again.</p>;
  return <Places title="Flapping" rows={flapping.map(({ rule, name, group, times, from, to }) => ({ key: `${rule} ${group}`, name, group, says: `${formatCount(times)} times within an hour of each other, ${formatRange(from, to, zone)}` }))} />;
}

function Places({ title, rows }: { title: string; rows: readonly { key: string; name: string; group: string; says: string }[] }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className={classes.heading}>{title}</h3>
      <ol className={classes.places}>
        {rows.map(({ key, name, group, says }) => <li key={key}><SafeText inline text={group === '' ? name : `${name}: ${group}`} fold={100} /> <span className="dim">{says}</span></li>)}
      </ol>
    </section>
  );
}
