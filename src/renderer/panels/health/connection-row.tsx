import { ActionIcon, Button } from '@mantine/core';
import { IconChevronRight, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionStatus, ConnectorKind } from '../../../shared/contract/connectors.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { storedBySteps, useConnections } from '../../state/connections.ts';
import { reportError } from '../../state/notices.ts';
import { goTo, showHealth } from '../../state/screen.ts';
import { useView, view } from '../../state/view.ts';
import { fieldsOf, type ConfigField } from '../../ui/config-schema.ts';
import { MiddleCut } from '../../ui/middle-cut.tsx';
import { agoText, formatCount, formatRate, formatShort } from '../../ui/numbers.ts';
import { SignalIcon, signalsText } from '../../ui/signal-mark.tsx';
import { formatStamp } from '../../ui/time.ts';
import { ConnectionDetails } from './connection-details.tsx';
import { ConnectionState } from './connection-state.tsx';
import { startTitle } from './connection-words.ts';
import { SecretsDialog } from './secrets-dialog.tsx';
import { Sparkline } from './sparkline.tsx';
import classes from './connections.module.css';

interface RowProps {
  status: ConnectionStatus;
  kind: ConnectorKind | undefined;
  /** milliseconds */
  now: number;
  open: boolean;
  toggle: () => void;
  remove: () => void;
}

/** One connection; opens to its settings and its last error in full. */
export function ConnectionRow({ status, kind, now, open, toggle, remove }: RowProps) {
  const { id, name, target, heardAt } = status;
  const zone = useView((state) => state.zone);
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const all = useCase((state) => state.sources);
  const sources = status.sources.flatMap((source) => all.get(source) ?? []);
  const history = useConnections((state) => state.history.get(id));
  // The ledgers of its sources are of all times, also before this opening of the case; the sources tab shows the same.
  const sum = (name: 'read' | 'stored' | 'rejected'): number => (sources.length === 0 ? status[name] : sources.reduce((total, { ledger }) => total + ledger[name], 0));
  const [read, stored, rejected] = [sum('read'), sum('stored'), sum('rejected')];
  const troubled = sources.filter(({ ledger }) => ledger.rejected > 0);
  const session = `since the case was opened: read ${formatCount(status.read)}, stored ${formatCount(status.stored)}, rejected ${formatCount(status.rejected)}`;
  const show = (): void => {
    view.getState().resetRange();
    view.getState().setQuery('');
    // Several sources are an alternative: events of any of them.
    for (const { path } of sources) view.getState().addFilter('source', path, 'include');
    goTo('canvas');
  };
  return (
    <>
      <tr>
        <td>
          <button type="button" className={classes.name} aria-expanded={open} onClick={toggle}>
            <IconChevronRight size={14} className={classes.arrow} aria-hidden="true" />
            {kind ? <span title={signalsText(kind.signals)}><SignalIcon signal={kind.signal} /></span> : null}
            <span className={classes.lines}>
              <MiddleCut text={name} />
              <span className={classes.second}><span className={classes.kind}>{kind?.title ?? status.connector}</span>{target === name ? null : <MiddleCut text={target} />}</span>
            </span>
          </button>
        </td>
        <td><ConnectionState status={status} mode={kind?.mode} now={now} /></td>
        <td><div className={classes.rate}><span title={formatRate(status.eventsPerSecond, 'events')}>{formatShort(Math.round(status.eventsPerSecond))}</span><Sparkline steps={storedBySteps(history, now)} /></div></td>
        <td className={classes.number} title={session}>{formatCount(read)}</td>
        <td className={classes.number} title={session}>{sources.length > 0 && stored > 0 ? <button type="button" className={classes.count} onClick={show} title={`Show these events; ${session}`}>{formatCount(stored)}</button> : formatCount(stored)}</td>
        <td className={classes.number} title={session}>{troubled.length > 0 ? <button type="button" className={`${classes.count} ${classes.bad}`} onClick={() => showHealth('rejects', troubled.length === 1 ? troubled[0].id : undefined)} title="Look at these records, and try them again" aria-label={`${formatCount(rejected)} rejected records of ${name}`}>{formatCount(rejected)}</button> : formatCount(rejected)}</td>
        <td title={heardAt === null ? 'Not since the case was opened' : formatStamp(heardAt, zone)}>{heardAt === null ? 'not yet' : agoText(heardAt, now)}</td>
        <td>{readOnly ? null : <Actions status={status} kind={kind} remove={remove} />}</td>
      </tr>
      {open ? <tr className={classes.more}><td colSpan={8}><ConnectionDetails status={status} kind={kind} zone={zone} now={now} /></td></tr> : null}
    </>
  );
}

/** Secrets that are asked for before it is started: those that were lost with the last closing, or all when it was stopped by an error (a wrong one may be why). */
function secretsFor({ needs, state, error }: ConnectionStatus, kind: ConnectorKind | undefined): ConfigField[] {
  if (state !== 'stopped' || (needs.length === 0 && error === '')) return [];
  return fieldsOf(kind?.schema).filter((field) => field.kind === 'secret' && (needs.length === 0 || needs.includes(field.key)));
}

function Actions({ status, kind, remove }: { status: ConnectionStatus; kind: ConnectorKind | undefined; remove: () => void }) {
  const { id, name, state } = status;
  const [asking, setAsking] = useState<readonly ConfigField[]>([]);
  const [busy, setBusy] = useState(false);
  const act = (work: Promise<void>, doing: string): void => {
    setBusy(true);
    work.catch((error: unknown) => reportError(error, doing)).finally(() => setBusy(false));
  };
  const start = startTitle(status);
  const begin = (): void => {
    const secrets = secretsFor(status, kind);
    if (secrets.length > 0) setAsking(secrets);
    else act(engine.connectors.start({ id }), 'Starting the connection');
  };
  return (
    <div className={classes.actions}>
      {start ? <Button size="compact-xs" variant="default" aria-label={`${start}: ${name}`} aria-disabled={busy || undefined} onClick={() => busy || begin()}>{start}</Button> : null}
      {state === 'stopped' ? null : <Button size="compact-xs" variant="default" aria-label={`Stop: ${name}`} aria-disabled={busy || undefined} onClick={() => busy || act(engine.connectors.stop({ id }), 'Stopping the connection')}>Stop</Button>}
      <ActionIcon size="sm" aria-label={`Remove: ${name}`} title="Remove; its events stay" onClick={remove}><IconTrash size={14} /></ActionIcon>
      {asking.length > 0 ? <SecretsDialog status={status} fields={asking} close={() => setAsking([])} /> : null}
    </div>
  );
}
