import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { exactBytes, formatBytes, formatCount, formatSeconds } from '../../ui/numbers.ts';
import { ErrorState } from '../../ui/states.tsx';
import classes from './health.module.css';

/** The engine's memory, its queue and the case's disk, in one line. */
export function EngineFigures() {
  const health = useAsk(['health.get'], (signal) => engine.health.get({}, { signal }), { poll: 2000 });
  if (health.error) return <ErrorState error={health.error} doing="Asking the engine" retry={health.retry} />;
  if (!health.data) return null;
  const { engine: process, queue, case: file } = health.data;
  return (
    <dl className={classes.figures}>
      <div><dt>Engine</dt><dd title={exactBytes(process.rssBytes)}>{formatBytes(process.rssBytes)}</dd></div>
      <div><dt>Up</dt><dd>{formatSeconds(process.uptimeSeconds)}</dd></div>
      <div><dt>Waiting chunks</dt><dd>{formatCount(queue.chunksInFlight)}</dd></div>
      <div><dt>Writer busy</dt><dd>{Math.round(queue.writerBusy * 100)} %</dd></div>
      {file ? (
        <>
          <div><dt>Case</dt><dd title={`${exactBytes(file.bytes)}, and ${exactBytes(file.walBytes)} in a log beside it that goes away when the case is closed`}>{formatBytes(file.bytes)}</dd></div>
          <div><dt>Disk free</dt><dd title={exactBytes(file.diskFreeBytes)}>{formatBytes(file.diskFreeBytes)}</dd></div>
        </>
      ) : null}
    </dl>
  );
}
