import { ActionIcon } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import type { JobStatus } from '../../shared/contract/ingest.ts';
import { useCase } from '../state/case.ts';
import { useConnections } from '../state/connections.ts';
import { runCommand } from '../state/commands.ts';
import { notify, reportError } from '../state/notices.ts';
import { goTo, openIngest, showHealth } from '../state/screen.ts';
import { openKeeping } from '../state/snapshots.ts';
import { useView, view } from '../state/view.ts';
import { exactBytes, formatBytes, formatCount, formatSeconds, formatShort } from '../ui/numbers.ts';
import { formatStamp, formatTime, nowMicros } from '../ui/time.ts';
import { StatusNotice } from './notices.tsx';
import classes from './workbench.module.css';

const HEALTH_POLL_MS = 2000;

/** The ledger, the sources, what is running, the engine and the clock; each count opens what it counts. */
export function StatusBar() {
  const health = useAsk(['health.get'], (signal) => engine.health.get({}, { signal }), { poll: HEALTH_POLL_MS });
  const job = useCase((state) => state.jobs.find((one) => one.state === 'running' || one.state === 'paused'));
  const ledger = health.data?.ledger;
  const sources = health.data?.sources;
  const all = (): void => {
    view.getState().setQuery('');
    view.getState().resetRange();
    goTo('canvas');
  };
  return (
    <footer className={classes.statusBar}>
      {ledger ? (
        <div className={classes.group} role="group" aria-label="Ledger">
          <button type="button" title="Records read, by source" onClick={() => showHealth('sources')}>read {formatCount(ledger.read)}</button>=
          <button type="button" title="Show all events" onClick={all}>stored {formatCount(ledger.stored)}</button>
          {ledger.archived ? <button type="button" title="Of those stored: in archive files, in no answer until they are restored" onClick={() => openKeeping('retention')}>({formatCount(ledger.archived)} archived)</button> : null}+
          <button type="button" title="Records found to be repeats, by source" onClick={() => showHealth('sources')}>duplicates {formatCount(ledger.duplicates)}</button>+
          <button type="button" className={ledger.rejected > 0 ? classes.trouble : undefined} title="Records that could not be read as events; look at them, fix and replay" onClick={() => showHealth('rejects')}>rejected {formatCount(ledger.rejected)}</button>
        </div>
      ) : null}
      {sources ? (
        <div className={classes.group} role="group" aria-label="Sources">
          <button type="button" onClick={() => showHealth('sources')}>
            {formatCount(sources.ok)} {sources.ok === 1 ? 'source' : 'sources'} read{sources.reading ? `, ${formatCount(sources.reading)} reading` : ''}{sources.stopped ? `, ${formatCount(sources.stopped)} cut short` : ''}
          </button>
          {sources.failed ? <button type="button" className={classes.trouble} onClick={() => showHealth('sources')}>{formatCount(sources.failed)} failed</button> : null}
        </div>
      ) : null}
      <ConnectionCounts />
      <AlertCount />
      <AnomalyCount />
      {job ? <Job job={job} /> : null}
      <StatusNotice />
      {health.data ? <div className={classes.group}><button type="button" title={`${exactBytes(health.data.engine.rssBytes)} of memory, ${health.data.engine.runtime}`} onClick={() => showHealth('sources')}>engine {formatBytes(health.data.engine.rssBytes)}</button></div> : null}
      <Clock />
    </footer>
  );
}

/** How many connections run, and how many do not although nobody stopped them. */
function ConnectionCounts() {
  const running = useConnections((state) => [...state.connections.values()].filter((one) => one.state === 'ok' || one.state === 'starting').length);
  const failing = useConnections((state) => [...state.connections.values()].filter((one) => one.state === 'degraded' || one.state === 'open' || (one.state === 'stopped' && one.error !== '')).length);
  if (running + failing === 0) return null;
  const show = (): void => showHealth('connections');
  return (
    <div className={classes.group} role="group" aria-label="Connections">
      {running > 0 ? <button type="button" onClick={show}>{formatCount(running)} connected</button> : null}
      {failing > 0 ? <button type="button" className={classes.trouble} title="Connections that do not work now" onClick={show}>{formatCount(failing)} not connected</button> : null}
    </div>
  );
}

/** The canvas is drawn before its panels can be gone to. */
function showPanel(command: 'go.alerts' | 'go.anomalies'): void {
  goTo('canvas');
  setTimeout(() => runCommand(command));
}
const showAlerts = (): void => showPanel('go.alerts');
const showAnomalies = (): void => showPanel('go.anomalies');

/** Alerts that are active, which opens their panel; what fires while events come in is told as well. The timeline asks the same, once for both. */
function AlertCount() {
  const { data } = useAsk(['alerts.list'], (signal) => engine.alerts.list({}, { signal }), { on: ['alerts', 'findings'] });
  useEffect(() => engine.alerts.onFired(({ alerts: [first], total }) => {
    notify({ title: total === 1 ? `${first.level}: ${first.title}` : `${formatCount(total)} alerts fired`, message: total === 1 ? '' : first.title, action: { title: 'Show', run: showAlerts } });
  }), []);
  if (!data) return null;
  const { active, acknowledged, pending, resolved } = data.counts;
  if (active + acknowledged + pending + resolved === 0) return null;
  return (
    <div className={classes.group} role="group" aria-label="Alerts">
      <button type="button" className={active > 0 ? classes.trouble : undefined} title={`Alerts: ${formatCount(active)} active, ${formatCount(acknowledged)} acknowledged, ${formatCount(pending)} pending, ${formatCount(resolved)} resolved`} onClick={showAlerts}>
        {active > 0 ? `${formatCount(active)} ${active === 1 ? 'alert' : 'alerts'} active` : `${formatCount(acknowledged + pending + resolved)} alerts, none active`}
      </button>
    </div>
  );
}

/** Anomalies that were found as events came in; the engine tells of them one by one when somebody asked for it. */
function AnomalyCount() {
  const { data } = useAsk(['anomalies.live', 1], (signal) => engine.anomalies.live({ limit: 1 }, { signal }), { on: ['anomalies', 'findings'] });
  useEffect(() => engine.anomalies.onFound(({ findings: [first], total }) => {
    notify({ title: total === 1 ? first.title : `${formatCount(total)} anomalies came in`, message: total === 1 ? '' : first.title, action: { title: 'Show', run: showAnomalies } });
  }), []);
  if (!data || data.open === 0) return null;
  return (
    <div className={classes.group} role="group" aria-label="Anomalies">
      <button type="button" title="Found as events came in; those marked wrong are not counted" onClick={showAnomalies}>{formatCount(data.open)} {data.open === 1 ? 'anomaly' : 'anomalies'}</button>
    </div>
  );
}

function Job({ job }: { job: JobStatus }) {
  const share = job.totalBytes > 0 ? Math.min(1, job.bytes / job.totalBytes) : null;
  const act = (work: Promise<void>, doing: string): void => void work.catch((error: unknown) => reportError(error, doing));
  const paused = job.state === 'paused';
  return (
    <div className={classes.group}>
      <div className={classes.job}>
        <button type="button" title={`${formatCount(job.filesDone)} of ${formatCount(job.files)} files read. ${job.current}`} onClick={() => openIngest({ kind: 'choose' })}>
          {paused ? 'paused' : 'reading'} {formatCount(job.filesDone)}/{formatCount(job.files)}
        </button>
        {share === null ? null : <div className={classes.jobTrack} role="progressbar" aria-label="Reading" aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}><div style={{ width: `${share * 100}%` }} /></div>}
        <span>{paused ? '' : `${formatShort(job.eventsPerSecond)} events/s`}{!paused && job.secondsLeft !== null ? `, ${formatSeconds(job.secondsLeft)} left` : ''}</span>
        {paused
          ? <ActionIcon size="xs" aria-label="Resume reading" onClick={() => act(engine.ingest.resume({ job: job.job }), 'Resuming')}><IconPlayerPlay size={14} /></ActionIcon>
          : <ActionIcon size="xs" aria-label="Pause reading" onClick={() => act(engine.ingest.pause({ job: job.job }), 'Pausing')}><IconPlayerPause size={14} /></ActionIcon>}
        <ActionIcon size="xs" aria-label="Cancel reading" onClick={() => act(engine.ingest.cancel({ job: job.job }), 'Cancelling')}><IconPlayerStop size={14} /></ActionIcon>
      </div>
    </div>
  );
}

function Clock() {
  const zone = useView((state) => state.zone);
  const [now, setNow] = useState(nowMicros);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMicros()), 5000);
    return () => clearInterval(timer);
  }, []);
  return <div className={classes.group}><time title={formatStamp(now, zone)}>{formatTime(now, zone, 'minute').slice(11)} {zone}</time></div>;
}
