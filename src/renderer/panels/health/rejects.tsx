import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Reject } from '../../../shared/event.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { notify, reportError } from '../../state/notices.ts';
import { showHealth } from '../../state/screen.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { shortPath } from '../../ui/source-mark.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { allZones } from '../../ui/time.ts';
import { RejectBytes } from './reject-bytes.tsx';
import classes from './health.module.css';

const PAGE = 200;

/** Records that could not be read: by reason, their bytes, and another try with another format or zone. */
export function Rejects({ sourceId }: { sourceId: number | null }) {
  const sources = useCase((state) => state.sources);
  const [reason, setReason] = useState<string | null>(null);
  const [after, setAfter] = useState<readonly number[]>([0]);
  const [chosen, setChosen] = useState<number | null>(null);
  const start = after[after.length - 1];
  const list = useAsk(['rejects.list', sourceId, start], (signal) => engine.rejects.list({ after: start, limit: PAGE, ...(sourceId === null ? {} : { sourceId }) }, { signal }), { on: ['rejects'] });
  if (list.error) return <ErrorState error={list.error} doing="Reading the rejected records" retry={list.retry} />;
  if (!list.data) return null;
  const { rows, total, reasons } = list.data;
  if (total === 0) return <EmptyState title="No record was rejected" action={sourceId === null ? null : <Button variant="default" onClick={() => showHealth('rejects')}>Rejected records of all sources</Button>}>Every record read {sourceId === null ? '' : 'from this source '}became an event or was found to be a repeat.</EmptyState>;
  const shown = reason === null ? rows : rows.filter((row) => row.reason === reason);
  const current = shown.find((row) => row.id === chosen) ?? shown[0];
  return (
    <div className={classes.rejects}>
      <div className={classes.rejectHead}>
        <Select
          aria-label="Source"
          data={[{ value: '', label: 'All sources' }, ...[...sources.values()].filter((source) => source.ledger.rejected > 0).map((source) => ({ value: String(source.id), label: `${shortPath(source.path)} (${formatCount(source.ledger.rejected)})` }))]}
          value={sourceId === null ? '' : String(sourceId)}
          allowDeselect={false}
          onChange={(value) => showHealth('rejects', value ? Number(value) : null)}
        />
        <Replay sourceId={sourceId} reject={current} total={total} />
      </div>
      <div className={classes.rejectSplit}>
        <div className={classes.rejectList}>
          <ul className={classes.reasons} aria-label="Reasons">
            <li><button type="button" aria-pressed={reason === null} onClick={() => setReason(null)}><span>Any reason</span><span>{formatCount(total)}</span></button></li>
            {reasons.map((one) => <li key={one.reason}><button type="button" aria-pressed={reason === one.reason} title={one.reason} onClick={() => setReason(one.reason)}><span>{one.reason}</span><span>{formatCount(one.count)}</span></button></li>)}
          </ul>
          <ul className={classes.records} aria-label="Rejected records">
            {shown.map((row) => (
              <li key={row.id}>
                <button type="button" aria-current={row.id === current?.id || undefined} onClick={() => setChosen(row.id)}>
                  <span className={classes.where} title={row.path}>{shortPath(row.path)}{row.offset === null ? '' : ` at byte ${formatCount(row.offset)}`}{row.attempts > 1 ? `, tried ${formatCount(row.attempts)} times` : ''}</span>
                  <span className="mono ellipsis"><SafeText text={row.preview} inline fold={200} /></span>
                </button>
              </li>
            ))}
          </ul>
          {total > PAGE ? (
            <div className={classes.pages}>
              <Button size="compact-xs" variant="default" disabled={after.length === 1} onClick={() => setAfter(after.slice(0, -1))}>Before</Button>
              <Button size="compact-xs" variant="default" disabled={rows.length < PAGE} onClick={() => setAfter([...after, rows[rows.length - 1].id])}>Next {PAGE}</Button>
            </div>
          ) : null}
        </div>
        {current ? <RejectBytes key={current.id} id={current.id} /> : <p className={classes.none}>None of the records on this page has this reason.</p>}
      </div>
    </div>
  );
}

/** Another try: this record or all of them, as another format or with another zone. */
function Replay({ sourceId, reject, total }: { sourceId: number | null; reject: Reject | undefined; total: number }) {
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const [format, setFormat] = useState('');
  const [zone, setZone] = useState('');
  const [busy, setBusy] = useState(false);
  const formats = useAsk(['ingest.formats'], (signal) => engine.ingest.formats({}, { signal }), { on: [] });
  const zones = useMemo(() => allZones(), []);
  const replay = (ids: number[] | undefined): void => {
    setBusy(true);
    engine.rejects.replay({ format, zone, ...(ids ? { ids } : {}), ...(sourceId === null ? {} : { sourceId }) }).then(
      ({ stored, rejected, notes }) => notify({ title: 'Tried again', message: [`${formatCount(stored)} were stored, ${formatCount(rejected)} stay rejected.`, ...notes].join(' ') }),
      (error: unknown) => reportError(error, 'Trying again'),
    ).finally(() => setBusy(false));
  };
  if (readOnly) return null;
  return (
    <>
      <Select aria-label="Try as format" data={[{ value: '', label: 'Same format' }, ...(formats.data ?? []).map((one) => ({ value: one.id, label: one.title }))]} value={format} allowDeselect={false} searchable onChange={(value) => setFormat(value ?? '')} />
      <Select aria-label="Zone for times without one" data={[{ value: '', label: 'Same zone' }, ...zones.map((one) => ({ value: one, label: one }))]} value={zone} allowDeselect={false} searchable limit={60} onChange={(value) => setZone(value ?? '')} />
      <Button variant="default" disabled={!reject || busy} onClick={() => reject && replay([reject.id])}>Try this record</Button>
      <Button loading={busy} onClick={() => replay(undefined)}>Try all {formatCount(total)}</Button>
    </>
  );
}
