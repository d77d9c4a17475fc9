import { Button, Group, Modal, Progress, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Snapshot, SnapshotComparison } from '../../shared/contract/snapshots.ts';
import { engine } from '../client/client.ts';
import { useAsk } from '../client/ask.ts';
import { useCase } from '../state/case.ts';
import { reportError } from '../state/notices.ts';
import { openKeeping, restoreSnapshot, takeSnapshot, useKeeping, useKeepingProgress } from '../state/snapshots.ts';
import { useView, view } from '../state/view.ts';
import { exactBytes, formatBytes, formatCount } from '../ui/numbers.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { formatStamp, formatTime } from '../ui/time.ts';
import classes from './keeping.module.css';

type Asking = { what: 'restore' | 'delete'; snapshot: Snapshot } | { what: 'compare'; snapshot: Snapshot };

/** Takes snapshots of the case, says what came since, goes back, and takes them away. */
export function SnapshotsDialog() {
  const shown = useKeeping() === 'snapshots';
  return <Modal opened={shown} onClose={() => openKeeping(null)} title="Snapshots of this case" size="xl">{shown ? <Snapshots /> : null}</Modal>;
}

function Snapshots() {
  const { data, error, retry } = useAsk(['snapshots.list'], (signal) => engine.snapshots.list({}, { signal }), { on: ['snapshots'] });
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const progress = useKeepingProgress();
  const [name, setName] = useState('');
  const [asking, setAsking] = useState<Asking | null>(null);
  const [busy, setBusy] = useState(false);
  const during = (work: () => Promise<unknown>): void => {
    setBusy(true);
    void work().finally(() => setBusy(false));
  };
  const take = (): void => during(async () => {
    if (await takeSnapshot(name)) setName('');
  });
  return (
    <div className={classes.body}>
      <form
        className={classes.take}
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <TextInput data-autofocus className={classes.grow} label="Keep the case as it is now" placeholder="A name, or none" maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" disabled={busy}>Take a snapshot</Button>
      </form>
      <Busy progress={progress} />
      {error && !data ? <ErrorState error={error} doing="Listing the snapshots" retry={retry} /> : null}
      {data?.length === 0 ? <EmptyState title="No snapshot was taken yet">A snapshot is the whole case as it is at a moment, in a folder beside it. It can be taken while files are read, compared with what is there later, and restored.</EmptyState> : null}
      {data && data.length > 0 ? (
        <div className={classes.box} tabIndex={0} role="region" aria-label="Snapshots">
          <table className={classes.table}>
            <thead><tr><th scope="col">Taken</th><th scope="col">Name</th><th scope="col" data-number>Events</th><th scope="col" data-number>Pins</th><th scope="col" data-number>Notes</th><th scope="col" data-number>Size</th><th scope="col"><span className={classes.hidden}>What can be done</span></th></tr></thead>
            <tbody>{data.map((snapshot) => <Row key={snapshot.id} snapshot={snapshot} readOnly={readOnly} busy={busy} onAsk={setAsking} />)}</tbody>
          </table>
        </div>
      ) : null}
      {asking?.what === 'compare' ? <Comparison snapshot={asking.snapshot} close={() => setAsking(null)} /> : null}
      {asking?.what === 'restore' ? (
        <Confirm title={`Restore "${asking.snapshot.name}"?`} act="Restore" busy={busy} close={() => setAsking(null)} onAct={() => during(async () => {
          if (await restoreSnapshot(asking.snapshot)) openKeeping(null);
        })}>
          The case becomes what it was: {formatCount(asking.snapshot.events)} events, {formatCount(asking.snapshot.pins)} pins and {formatCount(asking.snapshot.notes)} notes. What is there now is kept as a snapshot first, so this can be taken back.
        </Confirm>
      ) : null}
      {asking?.what === 'delete' ? (
        <Confirm title={`Delete "${asking.snapshot.name}"?`} act="Delete for good" danger busy={busy} close={() => setAsking(null)} onAct={() => during(async () => {
          await engine.snapshots.remove({ id: asking.snapshot.id }).catch((failure: unknown) => reportError(failure, 'Deleting the snapshot'));
          setAsking(null);
        })}>
          {formatBytes(asking.snapshot.bytes)} are given back to the disk. The case itself is not touched. This cannot be undone.
        </Confirm>
      ) : null}
    </div>
  );
}

function Row({ snapshot, readOnly, busy, onAsk }: { snapshot: Snapshot; readOnly: boolean; busy: boolean; onAsk: (asking: Asking) => void }) {
  const zone = useView((state) => state.zone);
  const { name, description, takenAt, takenBy, events, pins, notes, bytes, sha256, reading, state } = snapshot;
  const usable = state === 'kept';
  return (
    <tr>
      <td className="mono" title={`${formatStamp(takenAt, zone)}${takenBy ? ` by ${takenBy}` : ''}`}>{formatTime(takenAt, zone, 'minute')}</td>
      <td className={classes.wide} title={description === '' ? name : `${name}\n${description}`}>
        <SafeText text={name} inline fold={100} />
        {usable ? null : <span className={classes.bad}> {state === 'missing' ? 'its file is gone' : 'its file was changed'}</span>}
        {reading ? <span className="dim"> while something was read</span> : null}
      </td>
      <td data-number>{formatCount(events)}</td><td data-number>{formatCount(pins)}</td><td data-number>{formatCount(notes)}</td>
      <td data-number title={`${exactBytes(bytes)}, SHA-256 ${sha256}`}>{formatBytes(bytes)}</td>
      <td className={classes.acts}>
        <button type="button" className={classes.link} disabled={!usable} aria-label={`Compare ${name} with now`} onClick={() => onAsk({ what: 'compare', snapshot })}>Compare</button>
        {readOnly ? null : <button type="button" className={classes.link} disabled={!usable || busy} aria-label={`Restore ${name}`} onClick={() => onAsk({ what: 'restore', snapshot })}>Restore</button>}
        <button type="button" className={classes.link} disabled={busy} aria-label={`Delete ${name}`} onClick={() => onAsk({ what: 'delete', snapshot })}>Delete</button>
      </td>
    </tr>
  );
}

const CHANGES: Readonly<Record<SnapshotComparison['changes'][number]['change'], string>> = { added: 'New', changed: 'Changed', removed: 'Gone' };
const KINDS: Readonly<Record<SnapshotComparison['changes'][number]['kind'], string>> = { source: 'Source', investigation: 'Investigation', pin: 'Pin', note: 'Note', typed: 'Typed event', indicators: 'Indicators', finding: 'Finding' };

function Comparison({ snapshot, close }: { snapshot: Snapshot; close: () => void }) {
  const { data, error, retry } = useAsk(['snapshots.compare', snapshot.id], (signal) => engine.snapshots.compare({ id: snapshot.id }, { signal }), { on: ['events', 'pins', 'notes', 'investigations', 'snapshots'] });
  const events = data ? data.after.events - data.before.events : 0;
  const show = (event: number) => () => {
    view.getState().select(event);
    openKeeping(null);
  };
  return (
    <section className={classes.part} aria-label={`Since ${snapshot.name}`}>
      <header className={classes.partHead}><h3>Since <SafeText text={snapshot.name} inline fold={80} /></h3><button type="button" className={classes.link} onClick={close}>Close</button></header>
      {error && !data ? <ErrorState error={error} doing="Comparing" retry={retry} /> : null}
      {data ? <p role="status">{events === 0 ? 'As many events as then.' : `${formatCount(Math.abs(events))} events ${events > 0 ? 'more' : 'fewer'}.`}{data.changes.length === 0 ? ' Nothing else is other than it was.' : ''}</p> : null}
      {data && data.changes.length > 0 ? (
        <div className={classes.box} tabIndex={0} role="region" aria-label="What is other">
          <table className={classes.table}>
            <tbody>
              {data.changes.map(({ kind, change, title, what, event }) => (
                <tr key={`${kind} ${change} ${title} ${event ?? ''}`}>
                  <td>{KINDS[kind]}</td><td>{CHANGES[change]}</td>
                  <td className={classes.wide}>{event === null ? <SafeText text={title} inline fold={160} /> : <button type="button" className={classes.link} onClick={show(event)}><SafeText text={title} inline fold={160} /></button>}</td>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.more > 0 ? <p>{formatCount(data.more)} more.</p> : null}
        </div>
      ) : null}
    </section>
  );
}

/** What is being done, and how far it is. */
export function Busy({ progress }: { progress: { what: string; share: number } | null }) {
  if (!progress) return null;
  return <div className={classes.busy} role="status"><span>{progress.what}</span><Progress className={classes.grow} size="sm" value={progress.share * 100} aria-label={progress.what} /></div>;
}

/** Asks before something that matters, with its exact effect. */
export function Confirm({ title, act, danger = false, busy, close, onAct, children }: { title: string; act: string; danger?: boolean; busy: boolean; close: () => void; onAct: () => void; children: ReactNode }) {
  return (
    <section className={classes.part} role="alertdialog" aria-label={title}>
      <h3><SafeText text={title} inline fold={120} /></h3>
      <p>{children}</p>
      <Group gap="sm" justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={close}>Cancel</Button>
        <Button size="compact-sm" color={danger ? 'red' : undefined} disabled={busy} onClick={onAct}>{act}</Button>
      </Group>
    </section>
  );
}
