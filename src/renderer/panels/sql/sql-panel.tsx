import { Button, Select } from '@mantine/core';
import { useRef, useState } from 'react';
import type { SqlReply } from '../../../shared/contract/sql.ts';
import { useAsk } from '../../client/ask.ts';
import { engine, shell } from '../../client/client.ts';
import { codeOf, notify, reportError } from '../../state/notices.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { ErrorState } from '../../ui/states.tsx';
import { toCsv } from '../../ui/csv.ts';
import { ResultGrid } from './result-grid.tsx';
import { SqlEditor } from './sql-editor.tsx';
import type { SqlEditorHandle } from './sql-editor.tsx';
import classes from './sql.module.css';

const FIRST = 'SELECT service, count(*) AS n\nFROM events\nGROUP BY service\nORDER BY n DESC';
const LIMITS = [['5000', '5 s'], ['10000', '10 s'], ['60000', '1 min'], ['600000', '10 min']] as const;
const ROWS = 10_000;

type Run = { state: 'idle' } | { state: 'running' } | { state: 'done'; reply: SqlReply } | { state: 'failed'; error: unknown };

/** The console: write, run, cancel, take away. The engine refuses anything that writes. */
export function SqlPanel() {
  const [run, setRun] = useState<Run>({ state: 'idle' });
  const [timeout, setTimeoutMs] = useState('10000');
  const editor = useRef<SqlEditorHandle>(null);
  const abort = useRef<AbortController | null>(null);
  const tables = useAsk(['sql.tables'], (signal) => engine.sql.tables({}, { signal }), { on: ['sources'] });

  const start = (text: string): void => {
    if (text.trim() === '') return;
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setRun({ state: 'running' });
    engine.sql.run({ sql: text, limit: ROWS, timeoutMs: Number(timeout) }, { signal: mine.signal }).then(
      (reply) => abort.current === mine && setRun({ state: 'done', reply }),
      (error: unknown) => {
        if (abort.current !== mine) return;
        setRun(codeOf(error) === 'cancelled' || mine.signal.aborted ? { state: 'idle' } : { state: 'failed', error });
      },
    );
  };
  return (
    <div className={classes.panel}>
      <aside className={classes.schema} aria-label="Tables">
        {tables.error ? <ErrorState error={tables.error} doing="Reading the tables" retry={tables.retry} /> : null}
        {tables.data?.map((table) => (
          <details key={table.name} open={table.name === 'events'}>
            <summary>{table.name}{table.kind === 'view' ? <span className="dim"> view</span> : null}</summary>
            <ul>{table.columns.map((column) => <li key={column.name}><button type="button" title={`Write ${column.name} at the cursor`} onClick={() => editor.current?.insert(column.name)}>{column.name}</button> <span>{column.type.toLowerCase()}</span></li>)}</ul>
          </details>
        ))}
      </aside>
      <div className={classes.work}>
        <SqlEditor ref={editor} initial={FIRST} tables={tables.data ?? []} run={start} />
        <div className={classes.bar}>
          {run.state === 'running'
            ? <Button size="compact-sm" variant="default" onClick={() => abort.current?.abort()}>Cancel</Button>
            : <Button size="compact-sm" onClick={() => start(editor.current?.text() ?? '')} title="Ctrl+Enter">Run</Button>}
          <Select aria-label="Time limit" w={90} data={LIMITS.map(([value, label]) => ({ value, label }))} value={timeout} allowDeselect={false} onChange={(value) => setTimeoutMs(value ?? '10000')} />
          <span className={classes.said} role="status">
            {run.state === 'running' ? 'Running' : null}
            {run.state === 'done' ? `${formatCount(run.reply.rows.length)} ${run.reply.rows.length === 1 ? 'row' : 'rows'}${run.reply.truncated ? ' (the first; there are more)' : ''} in ${run.reply.milliseconds.toFixed(1)} ms` : null}
            {run.state === 'idle' ? 'One statement that reads. Ctrl+Enter runs it.' : null}
          </span>
          {run.state === 'done' ? <TakeAway reply={run.reply} /> : null}
        </div>
        {run.state === 'failed' ? <ErrorState error={run.error} doing="The statement" kept="Nothing was changed." /> : null}
        {run.state === 'done' ? <ResultGrid reply={run.reply} /> : null}
      </div>
    </div>
  );
}

function TakeAway({ reply }: { reply: SqlReply }) {
  const copy = (): void => {
    navigator.clipboard.writeText(toCsv(reply.columns, reply.rows)).then(() => notify({ title: 'Copied as CSV', message: `${formatCount(reply.rows.length)} rows` }), (error: unknown) => reportError(error, 'Copying'));
  };
  const save = async (): Promise<void> => {
    try {
      const path = await shell.shell.pickSave({ title: 'Save rows', suggestion: 'rows.csv', extensions: ['csv'] });
      if (path === null) return;
      const { bytes } = await shell.shell.writeText({ path, text: toCsv(reply.columns, reply.rows) });
      notify({ title: 'Rows saved', message: `${path} (${formatBytes(bytes)})` });
    } catch (error) {
      reportError(error, 'Saving the rows');
    }
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={copy}>Copy CSV</Button>
      <Button size="compact-sm" variant="default" onClick={() => void save()}>Save CSV</Button>
    </>
  );
}
