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
import { MiddleCut } from '../../ui/middle-cut.tsx';
import { formatCount, formatRate, formatShort } from '../../ui/numbers.ts';
import { SIGNAL_TITLES, SignalIcon } from '../../ui/signal-mark.tsx';
import { formatStamp } from '../../ui/time.ts';
import { ConnectionDetails } from './connection-details.tsx';
import { ConnectionState } from './connection-state.tsx';
import { agoText, startTitle } from './connection-words.ts';
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
  const { id, name, target, source: sourceId, heardAt } = status;
  const zone = useView((state) => state.zone);
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const source = useCase((state) => (sourceId === null ? undefined : state.sources.get(sourceId)));
  const history = useConnections((state) => state.history.get(id));
  // The ledger of its source is of all times, also before this opening of the case; the sources tab shows the same.
  const { read, stored, rejected } = source?.ledger ?? status;
  const session = `since the case was opened: read ${formatCount(status.read)}, stored ${formatCount(status.stored)}, rejected ${formatCount(status.rejected)}`;
  const show = (): void => {
    if (!source) return;
    view.getState().resetRange();
    view.getState().setQuery('');
    view.getState().addFilter('source', source.path, 'include');
    goTo('canvas');
  };
  return (
    <>
      <tr>
        <td>
          <button type="button" className={classes.name} aria-expanded={open} onClick={toggle}>
            <IconChevronRight size={14} className={classes.arrow} aria-hidden="true" />
            {kind ? <span title={SIGNAL_TITLES[kind.signal]}><SignalIcon signal={kind.signal} /></span> : null}
            <span className={classes.lines}>
              <MiddleCut text={name} />
              <span className={classes.second}>{kind?.title ?? status.connector}{target === name ? null : <>{' '}<MiddleCut text={target} /></>}</span>
            </span>
          </button>
        </td>
        <td><ConnectionState status={status} mode={kind?.mode} now={now} /></td>
        <td><div className={classes.rate}><span title={formatRate(status.eventsPerSecond, 'events')}>{formatShort(Math.round(status.eventsPerSecond))}</span><Sparkline steps={storedBySteps(history, now)} /></div></td>
        <td className={classes.number} title={session}>{formatCount(read)}</td>
        <td className={classes.number} title={session}>{source && stored > 0 ? <button type="button" className={classes.count} onClick={show} title={`Show these events; ${session}`}>{formatCount(stored)}</button> : formatCount(stored)}</td>
        <td className={classes.number} title={session}>{source && rejected > 0 ? <button type="button" className={`${classes.count} ${classes.bad}`} onClick={() => showHealth('rejects', source.id)} title="Look at these records, and try them again" aria-label={`${formatCount(rejected)} rejected records of ${name}`}>{formatCount(rejected)}</button> : formatCount(rejected)}</td>
        <td title={heardAt === null ? 'Not since the case was opened' : formatStamp(heardAt, zone)}>{heardAt === null ? 'not yet' : agoText(heardAt, now)}</td>
        <td>{readOnly ? null : <Actions status={status} remove={remove} />}</td>
      </tr>
      {open ? <tr className={classes.more}><td colSpan={8}><ConnectionDetails status={status} kind={kind} zone={zone} now={now} /></td></tr> : null}
    </>
  );
}

function Actions({ status, remove }: { status: ConnectionStatus; remove: () => void }) {
  const { id, name, state } = status;
  const [busy, setBusy] = useState(false);
  const act = (work: Promise<void>, doing: string): void => {
    setBusy(true);
    work.catch((error: unknown) => reportError(error, doing)).finally(() => setBusy(false));
  };
  const start = startTitle(status);
  return (
    <div className={classes.actions}>
      {start ? <Button size="compact-xs" variant="default" aria-label={`${start}: ${name}`} aria-disabled={busy || undefined} onClick={() => busy || act(engine.connectors.start({ id }), 'Starting the connection')}>{start}</Button> : null}
      {state === 'stopped' ? null : <Button size="compact-xs" variant="default" aria-label={`Stop: ${name}`} aria-disabled={busy || undefined} onClick={() => busy || act(engine.connectors.stop({ id }), 'Stopping the connection')}>Stop</Button>}
      <ActionIcon size="sm" aria-label={`Remove: ${name}`} title="Remove; its events stay" onClick={remove}><IconTrash size={14} /></ActionIcon>
    </div>
  );
}
