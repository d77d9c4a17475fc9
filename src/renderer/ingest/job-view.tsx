import { Button, Progress } from '@mantine/core';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import type { JobStatus } from '../../shared/contract/ingest.ts';
import { useCase } from '../state/case.ts';
import { reportError } from '../state/notices.ts';
import { goTo, openIngest, showHealth } from '../state/screen.ts';
import { view } from '../state/view.ts';
import { exactBytes, formatBytes, formatCount, formatRate, formatSeconds } from '../ui/numbers.ts';
import { shortPath } from '../ui/source-mark.tsx';
import { ErrorState } from '../ui/states.tsx';
import classes from './ingest.module.css';

const TITLES: Readonly<Record<JobStatus['state'], string>> = { running: 'Reading', paused: 'Paused', done: 'Read', cancelled: 'Cancelled', failed: 'Stopped by an error' };

/** One job while it runs and after: how far, how fast, how long, and the ledger at the end. */
export function JobView({ job: id, close, another }: { job: number; close: () => void; another: () => void }) {
  const job = useCase((state) => state.jobs.find((one) => one.job === id));
  if (!job) return <p>Starting</p>;
  const act = (work: Promise<void>, doing: string): void => void work.catch((error: unknown) => reportError(error, doing));
  const going = job.state === 'running' || job.state === 'paused';
  const share = job.totalBytes > 0 ? Math.min(100, (job.bytes / job.totalBytes) * 100) : null;
  return (
    <div className={classes.step}>
      <h3 className={classes.title}>{TITLES[job.state]} {formatCount(job.filesDone)} of {formatCount(job.files)} {job.files === 1 ? 'file' : 'files'}</h3>
      {going ? (
        <>
          <Progress value={share ?? 100} striped={share === null} size="sm" aria-label="Read so far" color="sea" />
          <p className={classes.figures}>
            <span title={exactBytes(job.bytes)}>{formatBytes(job.bytes)}{job.totalBytes ? ` of ${formatBytes(job.totalBytes)}` : ''}</span>
            <span>{formatRate(job.eventsPerSecond, 'events')}</span>
            <span>{formatBytes(job.bytesPerSecond)}/s</span>
            <span>{job.state === 'paused' ? 'paused' : job.secondsLeft === null ? 'time left not known yet' : `${formatSeconds(job.secondsLeft)} left`}</span>
          </p>
          <p className="mono dim ellipsis" title={job.current}>{job.current || ' '}</p>
          <p className="dim">What is stored already can be searched. This sheet can be closed; the status bar shows the job.</p>
        </>
      ) : null}
      {job.error ? <p role="alert" className={classes.error}>{job.error}</p> : null}
      <LedgerLine job={job} close={close} />
      {going ? null : <SourceTable job={id} />}
      <div className={classes.foot}>
        {going ? (
          <>
            <Button variant="default" onClick={() => act(engine.ingest.cancel({ job: id }), 'Cancelling')} title="What is stored is kept; the sources can be continued">Cancel</Button>
            {job.state === 'paused'
              ? <Button variant="default" onClick={() => act(engine.ingest.resume({ job: id }), 'Resuming')}>Resume</Button>
              : <Button variant="default" onClick={() => act(engine.ingest.pause({ job: id }), 'Pausing')}>Pause</Button>}
            <Button onClick={close}>Work while it reads</Button>
          </>
        ) : (
          <>
            <Button variant="default" onClick={() => {
              another();
              openIngest({ kind: 'choose' });
            }}>Add more</Button>
            <Button onClick={() => {
              goTo('canvas');
              close();
            }}>Show the events</Button>
          </>
        )}
      </div>
    </div>
  );
}

function LedgerLine({ job, close }: { job: JobStatus; close: () => void }) {
  const { read, stored, duplicates, rejected } = job.ledger;
  const go = (work: () => void) => () => {
    work();
    close();
  };
  return (
    <p className={classes.ledger}>
      <span>read {formatCount(read)}</span>=
      <button type="button" onClick={go(() => {
        view.getState().setQuery('');
        view.getState().resetRange();
        goTo('canvas');
      })}>stored {formatCount(stored)}</button>+
      <span>duplicates {formatCount(duplicates)}</span>+
      <button type="button" className={rejected > 0 ? classes.error : undefined} onClick={go(() => showHealth('rejects'))}>rejected {formatCount(rejected)}</button>
    </p>
  );
}

/** The ledger by source, once the job has ended. */
function SourceTable({ job }: { job: number }) {
  const summary = useAsk(['ingest.finished', job], (signal) => engine.ingest.finished({ job }, { signal }), { on: [] });
  const formats = useAsk(['ingest.formats'], (signal) => engine.ingest.formats({}, { signal }), { on: [] });
  const titles = new Map((formats.data ?? []).map((format) => [format.id, format.title]));
  if (summary.error) return <ErrorState error={summary.error} doing="Reading the summary" kept="What was stored is kept." retry={summary.retry} />;
  if (!summary.data || summary.data.sources.length === 0) return null;
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Sources">
      <table className={classes.table}>
        <thead><tr><th scope="col">Source</th><th scope="col">Format</th><th scope="col" className={classes.number}>Read</th><th scope="col" className={classes.number}>Stored</th><th scope="col" className={classes.number}>Duplicates</th><th scope="col" className={classes.number}>Rejected</th></tr></thead>
        <tbody>
          {summary.data.sources.map((source) => (
            <tr key={source.path}>
              <td title={source.path}>{shortPath(source.path)}{source.error ? <span className={`${classes.reason} ${classes.error}`}>{source.error}</span> : null}</td>
              <td title={source.format}>{titles.get(source.format) ?? source.format}</td>
              <td className={classes.number}>{formatCount(source.read)}</td>
              <td className={classes.number}>{formatCount(source.stored)}</td>
              <td className={classes.number}>{formatCount(source.duplicates)}</td>
              <td className={classes.number}>{formatCount(source.rejected)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
