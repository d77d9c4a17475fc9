import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine, shell } from '../client/client.ts';
import { runCommand } from '../state/commands.ts';
import { notify, reportError } from '../state/notices.ts';
import { goTo } from '../state/screen.ts';
import { useView } from '../state/view.ts';
import { formatBytes, formatCount } from '../ui/numbers.ts';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { fileName } from './file-name.ts';
import classes from './reports.module.css';

/** The incident report of an investigation: looked at here, kept as PDF or JSON. */
export function ReportsScreen() {
  const chosen = useView((state) => state.investigationId);
  const choose = useView((state) => state.setInvestigation);
  const zone = useView((state) => state.zone);
  const list = useAsk(['investigations.list', '', 'all'], (signal) => engine.investigations.list({}, { signal }), { on: ['investigations', 'pins', 'notes'] });
  const current = list.data?.find((one) => one.id === chosen) ?? list.data?.[0];
  const id = current?.id ?? 0;
  const report = useAsk(['reports.incidentHtml', id, zone], (signal) => engine.reports.incidentHtml({ investigationId: id, zone }, { signal }), { enabled: id > 0, on: ['events', 'sources', 'investigations', 'pins', 'notes'], keep: false });
  const [busy, setBusy] = useState(false);

  const saving = (work: () => Promise<void>, doing: string) => (): void => {
    setBusy(true);
    work().catch((error: unknown) => reportError(error, doing)).finally(() => setBusy(false));
  };
  const pdf = saving(async () => {
    if (!report.data) return;
    const path = await shell.shell.pickSave({ title: 'Save report', suggestion: `${fileName(report.data.title)}.pdf`, extensions: ['pdf'] });
    if (path === null) return;
    const made = await shell.shell.printPdf({ html: report.data.html, path, title: report.data.title });
    notify({ title: 'Report saved', message: `${path}, ${formatCount(made.pages)} ${made.pages === 1 ? 'page' : 'pages'}, ${formatBytes(made.bytes)}`, action: { title: 'Show in folder', run: () => void shell.shell.showInFolder({ path }) } });
  }, 'Saving the report');
  const json = saving(async () => {
    if (!current) return;
    const path = await shell.shell.pickSave({ title: 'Save report', suggestion: `${fileName(current.title)}.json`, extensions: ['json'] });
    if (path === null) return;
    const data = await engine.reports.incidentJson({ investigationId: current.id });
    const { bytes } = await shell.shell.writeText({ path, text: `${JSON.stringify(data, null, 2)}\n` });
    notify({ title: 'Report saved', message: `${path}, ${formatBytes(bytes)}`, action: { title: 'Show in folder', run: () => void shell.shell.showInFolder({ path }) } });
  }, 'Saving the report');

  if (list.error) return <ErrorState error={list.error} doing="Reading the investigations" retry={list.retry} />;
  if (list.data && list.data.length === 0) {
    return (
      <div className={classes.screen}>
        <EmptyState title="Nothing to report on yet" action={<><Button onClick={() => goTo('canvas')}>Find events to pin</Button><Button variant="default" onClick={() => runCommand('export.events')}>Export events instead</Button></>}>
          A report is made of an investigation: its summary, its pinned events with their raw lines and provenance, its notes, the ledger and the hashes of the sources.
        </EmptyState>
      </div>
    );
  }
  return (
    <section className={classes.screen} aria-label="Reports">
      <div className={classes.bar}>
        <Select aria-label="Investigation" data={(list.data ?? []).map((one) => ({ value: String(one.id), label: one.title }))} value={current ? String(current.id) : null} allowDeselect={false} w={340} onChange={(value) => value && choose(Number(value))} />
        <span className={classes.said}>Times in {zone}</span>
        <Button variant="default" onClick={() => runCommand('export.events')}>Export events</Button>
        <Button variant="default" onClick={json} disabled={!current || busy}>Save JSON</Button>
        <Button onClick={pdf} disabled={!report.data || busy} loading={busy}>Save PDF</Button>
      </div>
      {report.error ? <ErrorState error={report.error} doing="Making the report" kept="The investigation is unchanged." retry={report.retry} /> : null}
      {report.data ? (
        // No sandbox permission at all: no scripts, no forms, no navigation, an origin of its own.
        <iframe className={classes.paper} title="Preview of the report" sandbox="" srcDoc={report.data.html} />
      ) : report.error ? null : <p className={classes.wait}>Making the report</p>}
    </section>
  );
}
