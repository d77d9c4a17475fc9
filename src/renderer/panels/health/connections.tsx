import { Button, Group, Modal, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ConnectionStatus } from '../../../shared/contract/connectors.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { refreshConnections, removeConnection, useConnections } from '../../state/connections.ts';
import { reportError } from '../../state/notices.ts';
import { openIngest } from '../../state/screen.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ConnectionRow } from './connection-row.tsx';
import { STATE_TITLES } from './connection-words.ts';
import classes from './connections.module.css';

/** What counts down does so by the second. */
const TICK_MS = 1000;
/** Rates fall without being told when nothing comes any more. */
const ASK_MS = 2000;

/** Every connection of the case: how it is, what it brings, and what can be done about it. */
export function Connections() {
  const connections = useConnections((state) => state.connections);
  const ready = useConnections((state) => state.ready);
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const kinds = useAsk(['connectors.kinds'], (signal) => engine.connectors.kinds({}, { signal }), { on: [] });
  const now = useNow(TICK_MS);
  const [open, setOpen] = useState<number | null>(null);
  const [leaving, setLeaving] = useState<ConnectionStatus | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const list = [...connections.values()];
  const running = list.some(({ state }) => state !== 'stopped');
  useEffect(() => {
    if (!running) return undefined;
    // The banner says when the engine is away; a question less is no news.
    const timer = setInterval(() => void refreshConnections().catch(() => undefined), ASK_MS);
    return () => clearInterval(timer);
  }, [running]);
  if (readOnly) return <EmptyState title="Nothing is connected to a case that is read-only">What its connections brought is among the sources. Copy the case to connect anything.</EmptyState>;
  if (list.length === 0) {
    if (!ready) return null;
    return (
      <EmptyState title="No connection yet" action={<Button onClick={() => openIngest({ kind: 'source' })}>Connect a source</Button>}>
        <p>A connection reads what is no file, such as the history of a repository, and goes on where it ended. Each is listed here with its state, its rate and what it could not read.</p>
        <p>Nothing is asked and no port is opened until you start it; opening a case starts none.</p>
      </EmptyState>
    );
  }
  return (
    <div className={classes.panel}>
      <Announcer list={list} />
      <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Connections" ref={box}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Connection</th><th scope="col">State</th><th scope="col">Events/s, last 5 min</th>
              <th scope="col" className={classes.number}>Read</th><th scope="col" className={classes.number}>Stored</th><th scope="col" className={classes.number}>Rejected</th>
              <th scope="col">Last heard</th><th scope="col"><VisuallyHidden>Actions</VisuallyHidden></th>
            </tr>
          </thead>
          <tbody>
            {list.map((status) => (
              <ConnectionRow
                key={status.id} status={status} kind={kinds.data?.find((kind) => kind.id === status.connector)} now={now}
                open={open === status.id} toggle={() => setOpen(open === status.id ? null : status.id)} remove={() => setLeaving(status)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <RemoveDialog status={leaving} close={() => setLeaving(null)} removed={() => box.current?.focus()} />
    </div>
  );
}

/**
 * Says to those who do not see it that a connection came to work, was paused or stopped. Failures that are tried again are not told:
 * a counterpart that comes and goes would talk all the time.
 */
function Announcer({ list }: { list: readonly ConnectionStatus[] }) {
  const told = useRef<ReadonlyMap<number, ConnectionStatus['state']> | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    const before = told.current;
    const next = new Map(list.map(({ id, state }) => [id, state === 'starting' || state === 'degraded' ? (before?.get(id) ?? 'starting') : state]));
    told.current = next;
    // What was so when the panel came is read in the table.
    const news = before ? list.filter(({ id }) => before.get(id) !== next.get(id) && next.get(id) !== 'starting') : [];
    if (news.length > 0) setText(news.map(({ name, state }) => `${name}: ${STATE_TITLES[state].toLowerCase()}`).join('. '));
  }, [list]);
  return <VisuallyHidden role="status">{text}</VisuallyHidden>;
}

function RemoveDialog({ status, close, removed }: { status: ConnectionStatus | null; close: () => void; removed: () => void }) {
  const [busy, setBusy] = useState(false);
  const stored = useCase((state) => (status?.sources ?? []).reduce((sum, id) => sum + (state.sources.get(id)?.ledger.stored ?? 0), 0));
  const remove = (): void => {
    if (!status) return;
    setBusy(true);
    removeConnection(status.id).then(
      () => {
        close();
        // The button that opened this is gone with its row.
        setTimeout(removed);
      },
      (error: unknown) => reportError(error, 'Removing the connection'),
    ).finally(() => setBusy(false));
  };
  return (
    <Modal opened={status !== null} onClose={close} title="Remove the connection">
      <p className={classes.question}>
        <strong>{status?.name}</strong> is stopped and taken off the list. {stored > 0 ? `Its ${formatCount(stored)} events stay in the case.` : 'It has brought no events.'}
        {stored > 0 ? ' Where it had got to is forgotten: added again, it reads everything again, as another source.' : ''} This cannot be undone.
      </p>
      <Group mt="lg" gap="sm" justify="flex-end">
        <Button variant="default" data-autofocus onClick={close}>Cancel</Button>
        <Button variant="default" c="var(--danger)" loading={busy} onClick={remove}>Remove</Button>
      </Group>
    </Modal>
  );
}
