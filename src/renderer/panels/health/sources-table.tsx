import { Button } from '@mantine/core';
import { useState } from 'react';
import { clockWords } from '../../../shared/clock.ts';
import type { Source } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { openClock } from '../../state/clocks.ts';
import { notify, reportError } from '../../state/notices.ts';
import { goTo, openIngest, showHealth } from '../../state/screen.ts';
import { useView, view } from '../../state/view.ts';
import { exactBytes, formatBytes, formatCount } from '../../ui/numbers.ts';
import { SourceMark, shortPath } from '../../ui/source-mark.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import classes from './health.module.css';

const STATES: Readonly<Record<Source['state'], string>> = { waiting: 'Waiting', reading: 'Reading', paused: 'Paused', done: 'Read', stopped: 'Cut short', failed: 'Failed' };

/** Every source; a row opens to its provenance. */
export function SourcesTable() {
  const sources = useCase((state) => state.sources);
  const [open, setOpen] = useState<number | null>(null);
  const list = [...sources.values()];
  if (list.length === 0) return <EmptyState title="No source yet" action={<><Button onClick={() => openIngest({ kind: 'choose' })}>Add files or folders</Button><Button variant="default" onClick={() => openIngest({ kind: 'source' })}>Connect a source</Button></>}>Each file that is read is listed here with its ledger, its hash and its errors.</EmptyState>;
  const cut = list.filter((source) => source.state === 'stopped' || source.state === 'failed');
  const go = (): void => {
    engine.ingest.continue({ sources: cut.map((source) => source.id) }).then(() => openIngest({ kind: 'choose' }), (error: unknown) => reportError(error, 'Continuing'));
  };
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Sources">
      {cut.length > 0 ? <p className={classes.offer}>{formatCount(cut.length)} {cut.length === 1 ? 'source was' : 'sources were'} not read to the end. <Button size="compact-xs" variant="default" onClick={go}>Continue reading</Button></p> : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Source</th><th scope="col">State</th><th scope="col">Format</th><th scope="col" className={classes.number}>Size</th>
            <th scope="col" className={classes.number}>Read</th><th scope="col" className={classes.number}>Stored</th><th scope="col" className={classes.number}>Duplicates</th><th scope="col" className={classes.number}>Rejected</th>
            <th scope="col">First event</th><th scope="col">Last event</th>
          </tr>
        </thead>
        <tbody>
          {list.map((source) => <Row key={source.id} source={source} open={open === source.id} toggle={() => setOpen(open === source.id ? null : source.id)} />)}
        </tbody>
      </table>
    </div>
  );
}

function Row({ source, open, toggle }: { source: Source; open: boolean; toggle: () => void }) {
  const zone = useView((state) => state.zone);
  const { ledger } = source;
  const bad = source.state === 'failed' || source.state === 'stopped';
  const show = (): void => {
    view.getState().resetRange();
    view.getState().setQuery('');
    view.getState().addFilter('source', source.path, 'include');
    goTo('canvas');
  };
  return (
    <>
      <tr>
        <td>
          <button type="button" className={classes.name} aria-expanded={open} onClick={toggle} title={source.path} {...valueProps('source', source.path)}>
            <SourceMark id={source.id} title={source.path} /> {shortPath(source.path)}
          </button>
        </td>
        <td className={bad ? classes.bad : undefined} title={source.error || undefined}>{STATES[source.state]}{source.state === 'reading' && source.size > 0 ? ` ${Math.min(100, Math.round((source.bytesRead / source.size) * 100))} %` : ''}</td>
        <td title={source.formatReason}>{source.formatTitle || source.format}</td>
        <td className={classes.number} title={exactBytes(source.size)}>{formatBytes(source.size)}</td>
        <td className={classes.number}>{formatCount(ledger.read)}</td>
        <td className={classes.number}><button type="button" className={classes.count} onClick={show} title="Show these events">{formatCount(ledger.stored)}</button></td>
        <td className={classes.number}>{formatCount(ledger.duplicates)}</td>
        <td className={classes.number}>{ledger.rejected > 0 ? <button type="button" className={`${classes.count} ${classes.bad}`} onClick={() => showHealth('rejects', source.id)} title="Look at these records">{formatCount(ledger.rejected)}</button> : '0'}</td>
        <td className="mono" title={source.from === null ? undefined : formatStamp(source.from, zone)}>{source.from === null ? '' : formatTime(source.from, zone, 'second')}</td>
        <td className="mono" title={source.to === null ? undefined : formatStamp(source.to, zone)}>{source.to === null ? '' : formatTime(source.to, zone, 'second')}</td>
      </tr>
      {open ? <tr className={classes.more}><td colSpan={10}><Provenance source={source} zone={zone} /></td></tr> : null}
    </>
  );
}

function Provenance({ source, zone }: { source: Source; zone: string }) {
  const copy = (): void => {
    navigator.clipboard.writeText(source.sha256).then(() => notify({ title: 'SHA-256 copied' }), (error: unknown) => reportError(error, 'Copying'));
  };
  return (
    <dl className={classes.provenance}>
      {source.error ? <><dt>Error</dt><dd className={classes.bad}>{source.error}</dd></> : null}
      <dt>Path</dt><dd className="mono">{source.path}</dd>
      <dt>SHA-256</dt><dd className="mono">{source.sha256 ? <>{source.sha256} <button type="button" className={classes.count} onClick={copy}>copy</button></> : 'known when the file has been read to its end'}</dd>
      <dt>Read as</dt><dd>{source.formatTitle || source.format}: {source.formatReason}</dd>
      <dt>Zone of times without one</dt><dd>{source.clock?.zone ? `${source.clock.zone}, read as ${source.zone}` : source.zone}</dd>
      {source.format === 'typed' ? null : <><dt>Clock</dt><dd>{source.clock ? `times ${clockWords(source.clock, (time) => formatStamp(time, zone))}; set ${formatTime(source.clock.setAt, zone, 'minute')} by ${source.clock.setBy}${source.clock.note ? `: ${source.clock.note}` : ''}` : 'taken as it is'} <button type="button" className={classes.count} onClick={() => openClock(source.id)}>{source.clock ? 'change' : 'set'}</button></dd></>}
      {source.service ? <><dt>Service of records without one</dt><dd>{source.service}</dd></> : null}
      <dt>File changed</dt><dd>{formatStamp(source.modified, zone)}</dd>
      <dt>Read</dt><dd>{formatStamp(source.ingestedAt, zone)} by {source.ingestedBy}, Tidemark {source.toolVersion}, {exactBytes(source.bytesRead)}</dd>
    </dl>
  );
}
