import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { ALERT_STATES, type Alert, type AlertRule } from '../../../shared/alert.ts';
import { valueText } from '../../../shared/alert-text.ts';
import type { AlertList as Listed } from '../../../shared/contract/alerts.ts';
import { engine } from '../../client/client.ts';
import { useRun } from '../../state/analysis.ts';
import { notify, reportError } from '../../state/notices.ts';
import { acknowledge } from '../../state/alerts.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { AlertDetailView } from './alert-detail.tsx';
import type { AlertSettings } from './alerts-panel.tsx';
import { STATE_TITLES } from './words.ts';
import classes from './alerts.module.css';

interface AlertListProps {
  list: Listed;
  rules: readonly AlertRule[];
  settings: AlertSettings;
  readOnly: boolean;
  onChange(edit: Partial<AlertSettings>): void;
  onSilence(alert: Alert): void;
}

/** Alerts as rows, and the one that is chosen beside them. */
export function AlertList({ list, rules, settings: { state, quiet }, readOnly, onChange, onSilence }: AlertListProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const isQuiet = ({ silence, finding }: Alert): boolean => silence !== null || finding.quieted;
  const ofState = list.alerts.filter((alert) => state === 'all' || (state === 'open' ? alert.state !== 'resolved' : alert.state === state));
  const shown = ofState.filter((alert) => quiet || !isQuiet(alert));
  const hidden = ofState.filter(isQuiet).length;
  const at = shown.findIndex(({ id }) => id === chosen);
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    if (step === 0 || shown.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const from = at >= 0 ? at : shown.findIndex(({ id }) => document.activeElement?.id === rowId(id));
    const next = shown[Math.min(shown.length - 1, Math.max(0, from + step))];
    setChosen(next.id);
    document.getElementById(rowId(next.id))?.focus();
  };
  const grouped = shown.some(({ group, groupBy }) => group !== '' || groupBy !== '');
  const active = shown.filter((alert) => alert.state === 'active' || alert.state === 'pending');
  return (
    <>
      <div className={classes.tools}>
        <Select
          aria-label="State" size="xs" w={150} allowDeselect={false} value={state} onChange={(value) => value && onChange({ state: value as AlertSettings['state'] })}
          data={[{ value: 'all', label: 'Every state' }, { value: 'open', label: 'Open' }, ...ALERT_STATES.map((value) => ({ value, label: STATE_TITLES[value] }))]}
        />
        <label className={classes.check}><input type="checkbox" checked={quiet} onChange={(event) => onChange({ quiet: event.currentTarget.checked })} />Silenced and marked wrong too{hidden > 0 ? ` (${formatCount(hidden)})` : ''}</label>
        <span className={classes.grow} />
        {active.length > 1 && !readOnly ? <Button size="compact-xs" variant="default" onClick={() => void acknowledge(active)}>Acknowledge {formatCount(active.length)}</Button> : null}
        <Evaluate list={list} readOnly={readOnly} />
      </div>
      {list.trouble === '' ? null : <p className={classes.trouble} role="alert">The rules could not be run: {list.trouble}</p>}
      {shown.length === 0 ? <Nothing list={list} rules={rules} hidden={hidden} state={state} /> : (
        <div className={classes.split}>
          <div className={classes.tableBox} role="region" aria-label="What fired" tabIndex={-1} onKeyDown={keys}>
            <table className={`${classes.table} ${classes.alerts}`}>
              <thead><tr><th scope="col">Level</th><th scope="col">Rule</th>{grouped ? <th scope="col">Group</th> : null}<th scope="col">State</th><th scope="col">Since</th><th scope="col" className={classes.number}>For</th><th scope="col" className={classes.number}>Worst</th></tr></thead>
              <tbody>{shown.map((alert, i) => <Row key={alert.id} alert={alert} quiet={isQuiet(alert)} grouped={grouped} chosen={alert.id === chosen} first={at < 0 && i === 0} onChoose={() => setChosen(alert.id === chosen ? null : alert.id)} />)}</tbody>
            </table>
            {list.total > list.alerts.length ? <p className={classes.more}>{formatCount(list.total - list.alerts.length)} more are not listed.</p> : null}
          </div>
          {at >= 0 ? <AlertDetailView key={shown[at].id} alert={shown[at]} readOnly={readOnly} onSilence={onSilence} onClose={() => setChosen(null)} /> : null}
        </div>
      )}
    </>
  );
}

const rowId = (id: number): string => `alert-${id}`;

function Row({ alert, quiet, grouped, chosen, first, onChoose }: { alert: Alert; quiet: boolean; grouped: boolean; chosen: boolean; first: boolean; onChoose: () => void }) {
  const zone = useView((view) => view.zone);
  const { id, level, severity, ruleName, group, groupBy, state, started, ended, peak, metric, silence, finding } = alert;
  return (
    <tr data-chosen={chosen || undefined} data-quiet={quiet || undefined} onClick={onChoose}>
      <td><span className={classes.level}><SeverityMark severity={severity} />{level}</span></td>
      <td>
        <button
          type="button" id={rowId(id)} className={classes.rowButton} aria-expanded={chosen} tabIndex={chosen || first ? 0 : -1}
          onClick={(event) => {
            event.stopPropagation();
            onChoose();
          }}
        >
          <SafeText inline text={ruleName} fold={80} />
        </button>
      </td>
      {grouped ? <td className={classes.group}>{group === '' ? <span className="dim">{groupBy === '' ? '' : `no ${groupBy}`}</span> : <SafeText inline text={group} fold={60} />}</td> : null}
      <td data-state={state}>{STATE_TITLES[state]}{silence === null ? '' : ', silenced'}{finding.quieted ? ', marked wrong' : ''}</td>
      <td className="mono" title={formatStamp(started, zone)}>{formatTime(started, zone, 'second')}</td>
      <td className={classes.number}>{formatDuration(ended - started + 1e6)}</td>
      <td className={classes.number}>{peak === null ? <span className="dim">no data</span> : valueText(peak, metric)}</td>
    </tr>
  );
}

/** Runs the rules now, which says that nothing is waited for. */
function Evaluate({ list, readOnly }: { list: Listed; readOnly: boolean }) {
  const zone = useView((view) => view.zone);
  const { run, progress } = useRun();
  const [abort, setAbort] = useState<AbortController | null>(null);
  const start = async (): Promise<void> => {
    const controller = new AbortController();
    setAbort(controller);
    try {
      const { raised, resolved, withdrawn } = await engine.alerts.evaluate({ run }, { signal: controller.signal });
      notify({ title: 'The rules were run', message: raised + resolved + withdrawn === 0 ? 'Nothing is other than before.' : `${formatCount(raised)} new, ${formatCount(resolved)} over, ${formatCount(withdrawn)} taken back.` });
    } catch (error) {
      reportError(error, 'Running the rules');
    } finally {
      setAbort(null);
    }
  };
  return (
    <>
      <span className={classes.dim} role="status">{abort ? (progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Running the rules') : list.evaluatedAt === null ? '' : <span title={formatStamp(list.evaluatedAt, zone)}>rules run {formatTime(list.evaluatedAt, zone, 'second').slice(11)}</span>}</span>
      {readOnly ? null : abort ? <Button size="compact-xs" variant="default" onClick={() => abort.abort()}>Stop</Button> : <Button size="compact-xs" variant="default" onClick={() => void start()}>Run the rules</Button>}
    </>
  );
}

function Nothing({ list, rules, hidden, state }: { list: Listed; rules: readonly AlertRule[]; hidden: number; state: AlertSettings['state'] }) {
  const on = rules.filter(({ enabled }) => enabled);
  if (hidden > 0) return <EmptyState title="Every alert is silenced or marked wrong">Show them with the box above, or end the silence.</EmptyState>;
  if (list.alerts.length > 0) return <EmptyState title={`No alert is ${state === 'all' || state === 'open' ? 'open' : STATE_TITLES[state].toLowerCase()}`}>There are {formatCount(list.alerts.length)} in other states.</EmptyState>;
  if (on.length === 0) return <EmptyState title="No rule is on">Switch one on under Rules; its back-test says first what it would have done.</EmptyState>;
  return (
    <EmptyState title={list.evaluatedAt === null ? 'The rules have not been run yet' : 'Nothing has fired'}>
      <p>{formatCount(on.length)} {on.length === 1 ? 'rule is' : 'rules are'} run over the events when files are through, and as events come over connections: {on.slice(0, 6).map(({ name }) => name).join(', ')}{on.length > 6 ? ' and more' : ''}.</p>
      <p>A rule of your own counts what a query finds: a line that must not come, or one that has to come every day.</p>
    </EmptyState>
  );
}
