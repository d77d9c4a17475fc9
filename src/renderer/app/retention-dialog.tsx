import { Button, Checkbox, Group, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { retentionPolicy, type Archive, type Kept, type RetentionPolicy, type RetentionPreview, type Tier } from '../../shared/contract/retention.ts';
import { engine, shell } from '../client/client.ts';
import { useAsk } from '../client/ask.ts';
import { useCase } from '../state/case.ts';
import { notify, reportError } from '../state/notices.ts';
import { openKeeping, useKeeping, useKeepingProgress } from '../state/snapshots.ts';
import { useView } from '../state/view.ts';
import { exactBytes, formatBytes, formatCount } from '../ui/numbers.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { formatRange, formatStamp, formatTime } from '../ui/time.ts';
import { Busy, Confirm } from './snapshots-dialog.tsx';
import classes from './keeping.module.css';

/** Says what of the old events would go where, moves them into archives, and back. */
export function RetentionDialog() {
  const shown = useKeeping() === 'retention';
  const policy = useAsk(['retention.policy'], (signal) => engine.retention.policy({}, { signal }), { on: ['retention'], enabled: shown });
  return (
    <Modal opened={shown} onClose={() => openKeeping(null)} title="Retention and archive" size="xl">
      {shown && policy.error && !policy.data ? <ErrorState error={policy.error} doing="Reading the policy" retry={policy.retry} /> : null}
      {shown && policy.data ? <Retention key={JSON.stringify(policy.data)} kept={policy.data} /> : null}
    </Modal>
  );
}

const TIERS: Readonly<Record<Tier, { title: string; what: string }>> = {
  hot: { title: 'Hot', what: 'everything stays' }, warm: { title: 'Warm', what: 'events stay, counts by second go' }, cold: { title: 'Cold', what: 'events go into an archive; counts from the minute on and metrics stay' }, archive: { title: 'Archive', what: 'the same, and of counts those by hour and day stay' },
};
const WHY: Readonly<Record<Kept['reason'], string>> = {
  pin: 'they or their neighbours are pinned', note: 'somebody wrote a note about them', mark: 'somebody judged them', typed: 'people typed them in', live: 'their source is not read to its end', undated: 'they have no time that can be believed',
};
const DAYS = [['hotDays', 'Warm after'], ['warmDays', 'Cold after'], ['coldDays', 'Archive after']] as const;

function Retention({ kept }: { kept: RetentionPolicy }) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const progress = useKeepingProgress();
  const [policy, setPolicy] = useState(kept);
  const [asking, setAsking] = useState(false);
  const [evenOpen, setEvenOpen] = useState(false);
  const [compact, setCompact] = useState(false);
  const [busy, setBusy] = useState(false);
  const valid = retentionPolicy.safeParse(policy);
  const { data, error, stale, retry } = useAsk(['retention.preview', policy], (signal) => engine.retention.preview({ policy }, { signal }), { on: ['retention', 'events', 'pins', 'notes', 'investigations'], enabled: valid.success });
  const during = (doing: string, work: () => Promise<void>): void => {
    setBusy(true);
    work().catch((failure: unknown) => reportError(failure, doing)).finally(() => setBusy(false));
  };
  const save = (next: RetentionPolicy): void => during('Keeping the policy', async () => void (await engine.retention.setPolicy({ policy: next })));
  const apply = (): void => during('Archiving', async () => {
    const { archive, events, counts } = await engine.retention.apply({ policy, evenOpen, compact });
    setAsking(false);
    notify(archive ? { title: `${formatCount(events)} events archived`, message: `${archive.path} (${formatBytes(archive.bytes)})`, action: { title: 'Show in folder', run: () => void shell.shell.showInFolder({ path: archive.path }) } } : { title: 'No event is old enough to go', message: `${formatCount(counts)} rows of counts went.` });
  });
  const nothing = data !== undefined && data.goes.events === 0 && data.tiers.every(({ counts }) => counts === 0);
  return (
    <div className={classes.body}>
      <p className="dim">Age is counted back from the newest event{data?.newest == null ? '' : <>, <Moment time={data.newest} /></>}. Nothing goes unless you say so here.</p>
      <fieldset className={classes.days} disabled={readOnly || busy}>
        {DAYS.map(([key, label]) => <NumberInput key={key} data-autofocus={key === 'hotDays' ? true : undefined} label={label} suffix=" days" min={0} value={policy[key]} onChange={(value) => typeof value === 'number' && setPolicy({ ...policy, [key]: value })} />)}
      </fieldset>
      {valid.success ? null : <p className={classes.bad} role="alert">Warm has to begin before cold, and cold before archive.</p>}
      {error && !data ? <ErrorState error={error} doing="Looking at what would go" retry={retry} /> : null}
      {data ? <Preview preview={data} stale={stale} /> : null}
      <Busy progress={progress} />
      {asking && data ? (
        <Confirm
          title={data.goes.events > 0 ? `Archive ${formatCount(data.goes.events)} events?` : 'Take these counts away?'} act={data.goes.events > 0 ? 'Archive' : 'Take away'} close={() => setAsking(false)} onAct={apply}
          busy={busy || (data.open.length > 0 && !evenOpen)}
        >
          {data.goes.events > 0 ? <>They are written to a file in <span className="mono">{data.folder}</span>, which is read back and checked before they leave the case. No search finds them until they are restored from there; the ledger says that they are archived. </> : null}
          Counts that go come back when events are restored.
          {data.open.length > 0 ? <Checkbox mt="sm" label={`Although ${data.open.length === 1 ? 'an investigation is' : `${formatCount(data.open.length)} investigations are`} open: ${data.open.slice(0, 3).map(({ title }) => title).join(', ').slice(0, 200)}`} checked={evenOpen} onChange={(event) => setEvenOpen(event.currentTarget.checked)} /> : null}
          <Checkbox mt="sm" label="Make the case file smaller afterwards (takes a while; else the room is used for what comes)" checked={compact} onChange={(event) => setCompact(event.currentTarget.checked)} />
        </Confirm>
      ) : (
        <Group gap="sm" justify="space-between">
          <Checkbox label="Do this by itself, hourly, while the case is open here and no investigation is open" disabled={readOnly || busy || !valid.success} checked={kept.enabled} onChange={(event) => save({ ...policy, enabled: event.currentTarget.checked })} />
          <Group gap="sm">
            {JSON.stringify(policy) === JSON.stringify(kept) ? null : <Button variant="default" disabled={readOnly || busy || !valid.success} onClick={() => save(policy)}>Keep these days</Button>}
            <Button disabled={readOnly || busy || !valid.success || !data || nothing} onClick={() => setAsking(true)}>Archive now</Button>
          </Group>
        </Group>
      )}
      <Archives readOnly={readOnly} busy={busy} during={during} />
    </div>
  );
}

function Moment({ time }: { time: number }) {
  const zone = useView((state) => state.zone);
  return <span title={formatStamp(time, zone)}>{formatTime(time, zone, 'minute')}</span>;
}

function Preview({ preview: { tiers, goes, kept, hits, about, open, newest }, stale }: { preview: RetentionPreview; stale: boolean }) {
  const zone = useView((state) => state.zone);
  if (newest === null) return <EmptyState title="No event has a time that can be believed">Age is counted from times: there is nothing to go by.</EmptyState>;
  return (
    <section className={stale ? 'stale' : undefined} aria-label="What would go">
      <table className={classes.table}>
        <thead><tr><th scope="col">Tier</th><th scope="col">Events of</th><th scope="col" data-number>Events</th><th scope="col" data-number>Size</th><th scope="col" data-number>Go</th><th scope="col" data-number>Counts go</th><th scope="col">What becomes of it</th></tr></thead>
        <tbody>
          {tiers.map(({ tier, from, to, events, bytes, goes: go, counts }) => (
            <tr key={tier} data-none={events === 0 && counts === 0 ? '' : undefined}>
              <th scope="row">{TIERS[tier].title}</th>
              <td className="mono" title={from === null ? undefined : formatStamp(from, zone)}>{from === null ? `before ${formatTime(to, zone, 'minute')}` : `from ${formatTime(from, zone, 'minute')}`}</td>
              <td data-number>{formatCount(events)}</td><td data-number title={exactBytes(bytes)}>{formatBytes(bytes)}</td>
              <td data-number className={go.events > 0 ? classes.goes : undefined}>{formatCount(go.events)}</td><td data-number>{formatCount(counts)}</td>
              <td className={classes.what}>{TIERS[tier].what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className={classes.list}>
        {goes.from !== null && goes.to !== null ? <li>{formatCount(goes.events)} events ({formatBytes(goes.bytes)}) of {formatRange(goes.from, goes.to, zone)} would go, of {goes.sources.slice(0, 4).map(({ id, path, events }, i) => <span key={id}>{i > 0 ? ', ' : ''}<SafeText text={path} inline fold={80} /> ({formatCount(events)})</span>)}{goes.sources.length + goes.more > 4 ? ` and ${formatCount(goes.sources.length + goes.more - 4)} more sources` : ''}.</li> : <li>No event is old enough to go.</li>}
        {kept.map(({ reason, events, things }) => <li key={reason}>{formatCount(events)} old events stay, because {WHY[reason]}{things > 1 ? ` (${formatCount(things)})` : ''}.</li>)}
        {hits.indicators + hits.rules > 0 ? <li>{formatCount(hits.indicators)} hits of indicators and {formatCount(hits.rules)} of rules are in events that would go.</li> : null}
        {about.alerts > 0 ? <li>{formatCount(about.alerts)} {about.alerts === 1 ? 'alert is' : 'alerts are'} about that time.</li> : null}
        {open.length > 0 ? <li>{open.length === 1 ? 'An investigation is' : `${formatCount(open.length)} investigations are`} open (<SafeText text={open.slice(0, 3).map(({ title }) => title).join(', ')} inline fold={160} />): nothing goes unless you say so explicitly.</li> : null}
      </ul>
    </section>
  );
}

function Archives({ readOnly, busy, during }: { readOnly: boolean; busy: boolean; during: (doing: string, work: () => Promise<void>) => void }) {
  const zone = useView((state) => state.zone);
  const { data } = useAsk(['retention.archives'], (signal) => engine.retention.archives({}, { signal }), { on: ['retention'] });
  if (!data || data.length === 0) return null;
  const restore = ({ id, state, path }: Archive) => () => during('Restoring the archive', async () => {
    const elsewhere = state === 'kept' ? null : await shell.shell.pickFiles({ title: `Where is ${path}?`, multiple: false });
    if (state !== 'kept' && !elsewhere?.[0]) return;
    const { events } = await engine.retention.restore({ id, path: elsewhere?.[0] ?? '' });
    notify({ title: `${formatCount(events)} events restored`, message: 'They are what they were, with the same ids.' });
  });
  return (
    <section className={classes.part} aria-label="Archives">
      <h3>Archives</h3>
      <div className={classes.box} tabIndex={0} role="region" aria-label="Archives of this case">
        <table className={classes.table}>
          <thead><tr><th scope="col">Made</th><th scope="col">Events of</th><th scope="col" data-number>Events</th><th scope="col" data-number>Size</th><th scope="col">Where they are</th><th scope="col"><span className={classes.hidden}>What can be done</span></th></tr></thead>
          <tbody>
            {data.map((archive) => (
              <tr key={archive.id}>
                <td className="mono" title={`${formatStamp(archive.createdAt, zone)}${archive.createdBy ? ` by ${archive.createdBy}` : ''}`}>{formatTime(archive.createdAt, zone, 'minute')}</td>
                <td className="mono">{archive.from === null || archive.to === null ? '' : formatRange(archive.from, archive.to, zone)}</td>
                <td data-number>{formatCount(archive.events)}</td><td data-number title={`${exactBytes(archive.bytes)}, SHA-256 ${archive.sha256}`}>{formatBytes(archive.bytes)}</td>
                <td title={archive.path}>{archive.archived === 0 ? 'in the case again' : archive.archived < archive.events ? `${formatCount(archive.archived)} still in the archive` : 'in the archive'}{archive.state === 'kept' ? '' : <span className={classes.bad}>, whose file {archive.state === 'missing' ? 'is gone' : 'was changed'}</span>}</td>
                <td className={classes.acts}>{readOnly || archive.archived === 0 ? null : <button type="button" className={classes.link} disabled={busy} onClick={restore(archive)}>{archive.state === 'kept' ? 'Restore' : 'Look for it'}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
