import { Button, Group, Modal, Progress, SegmentedControl, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { EXPORT_FORMATS, ExportStatus } from '../../shared/contract/reports.ts';
import { useAsk } from '../client/ask.ts';
import { engine, shell } from '../client/client.ts';
import { useCase } from '../state/case.ts';
import { reportError } from '../state/notices.ts';
import { screenStore, useScreen } from '../state/screen.ts';
import { useScope, useView } from '../state/view.ts';
import { FieldPicker } from '../ui/field-picker.tsx';
import { formatBytes, formatCount } from '../ui/numbers.ts';
import { SafeText } from '../ui/safe-text.tsx';
import classes from './export-dialog.module.css';

/** Written in any case; not offered as further columns. */
const FIXED = ['id', 'time', 'severity', 'service', 'host', 'level', 'message', 'source'];
const MOST_COLUMNS = 20;
type Format = (typeof EXPORT_FORMATS)[number];
const FORMATS: readonly { value: Format; label: string }[] = [{ value: 'csv', label: 'CSV' }, { value: 'json', label: 'JSON' }, { value: 'jsonl', label: 'JSON lines' }];

/** The whole result of the current query and range as a file of any size. */
export function ExportDialog() {
  const opened = useScreen((state) => state.exportOpen);
  const close = (): void => screenStore.setState({ exportOpen: false });
  return <Modal opened={opened} onClose={close} title="Export this result" size="md">{opened ? <ExportForm close={close} /> : null}</Modal>;
}

function ExportForm({ close }: { close: () => void }) {
  const scope = useScope();
  const order = useView((state) => state.order);
  const zone = useView((state) => state.zone);
  const name = useCase((state) => state.info?.name ?? 'events');
  const [format, setFormat] = useState<Format>('csv');
  const [columns, setColumns] = useState<readonly string[]>([]);
  const [status, setStatus] = useState<ExportStatus | null>(null);
  const count = useAsk(['events.count', scope], (signal) => engine.events.count({ scope }, { signal }));
  const job = status?.job;
  useEffect(() => engine.reports.onExportProgress((next) => setStatus((now) => (now && now.job === next.job ? next : now))), []);

  const start = async (): Promise<void> => {
    try {
      const path = await shell.shell.pickSave({ title: 'Export events', suggestion: `${name}-events.${format}`, extensions: [format] });
      if (path === null) return;
      const started = await engine.reports.exportEvents({ scope, order, format, path, zone, columns: [...columns] });
      setStatus({ job: started.job, state: 'running', error: '', rows: 0, total: count.data?.total ?? 0, bytes: 0, unreadable: 0, path });
    } catch (error) {
      reportError(error, 'Exporting');
    }
  };
  const cancel = (): void => {
    if (job !== undefined) engine.reports.cancelExport({ job }).catch((error: unknown) => reportError(error, 'Cancelling the export'));
  };
  return (
    <>
      <Text fz="md">
        {count.data ? `${formatCount(count.data.total)}${count.data.complete ? '' : ' or more'} events` : 'Events'}
        {scope.query ? ' that match ' : ' in the range'}
        {scope.query ? <span className="mono" style={{ overflowWrap: 'anywhere' }}>{scope.query}</span> : null}, times in {zone}.
      </Text>
      <SegmentedControl mt="md" aria-label="Format" data={FORMATS.map((one) => ({ ...one }))} value={format} disabled={status?.state === 'running'} onChange={(value) => setFormat(value as Format)} />
      <fieldset className={classes.columns} disabled={status?.state === 'running'}>
        <legend>Columns</legend>
        <p>Id, time, severity, service, host, level, message, source and doubts are always written.</p>
        <ul aria-label="Further columns">
          {columns.map((column) => (
            <li key={column}>
              <span className="ellipsis" title={column}><SafeText inline text={column} fold={200} /></span>
              <button type="button" aria-label={`Leave out ${column}`} title="Leave it out" onClick={() => setColumns(columns.filter((one) => one !== column))}>×</button>
            </li>
          ))}
        </ul>
        {columns.length < MOST_COLUMNS ? <FieldPicker label="Add a column" placeholder="Add a field or attribute, for example user_agent" without={[...FIXED, ...columns]} onPick={(name) => setColumns([...columns, name])} /> : null}
      </fieldset>
      {status ? (
        <div style={{ marginTop: 16 }} role="status">
          <Progress size="sm" value={status.total > 0 ? (status.rows / status.total) * 100 : 0} aria-label="Written so far" />
          <Text fz="sm" mt={4}>
            {status.state === 'running' ? `${formatCount(status.rows)} of ${formatCount(status.total)} written, ${formatBytes(status.bytes)}` : null}
            {status.state === 'done' ? `${formatCount(status.rows)} events in ${status.path}, ${formatBytes(status.bytes)}${status.unreadable > 0 ? `. ${formatCount(status.unreadable)} more could not be read whole: the case file is damaged` : ''}` : null}
            {status.state === 'cancelled' ? 'Cancelled. No file was left.' : null}
            {status.state === 'failed' ? status.error : null}
          </Text>
        </div>
      ) : null}
      <Group mt="lg" gap="sm" justify="flex-end">
        {status?.state === 'running' ? <Button variant="default" onClick={cancel}>Cancel the export</Button> : null}
        {status?.state === 'done' ? <Button variant="default" onClick={() => void shell.shell.showInFolder({ path: status.path }).catch((error: unknown) => reportError(error, 'Showing the file'))}>Show in folder</Button> : null}
        {status?.state === 'done' ? <Button onClick={close}>Close</Button> : <Button onClick={() => void start()} disabled={status?.state === 'running'}>Choose a file and export</Button>}
      </Group>
    </>
  );
}
