import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { reportError } from '../state/notices.ts';
import { openIngest } from '../state/screen.ts';
import { exactBytes, formatBytes, formatCount } from '../ui/numbers.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { shortPath } from '../ui/source-mark.tsx';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { FIRST_OPTIONS, Options } from './options.tsx';
import classes from './ingest.module.css';

/** What each file would be read as and why, before anything is stored. */
export function PreviewStep({ paths, started }: { paths: string[]; started: (job: number) => void }) {
  const [options, setOptions] = useState(FIRST_OPTIONS);
  const [starting, setStarting] = useState(false);
  const preview = useAsk(['ingest.preview', paths, options], (signal) => engine.ingest.preview({ paths, options }, { signal }), { on: [] });
  const start = (): void => {
    setStarting(true);
    engine.ingest.start({ paths, options }).then(({ job }) => started(job), (error: unknown) => {
      setStarting(false);
      reportError(error, 'Starting to read');
    });
  };
  const files = preview.data?.files ?? [];
  const readable = files.filter((file) => file.error === '');
  const bytes = readable.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className={classes.step}>
      <Options value={options} change={setOptions} />
      {preview.error ? <ErrorState error={preview.error} doing="Looking at the files" kept="Nothing was stored." retry={preview.retry} action={<Button size="compact-sm" variant="default" onClick={() => openIngest({ kind: 'choose' })}>Choose others</Button>} /> : null}
      {preview.data && files.length === 0 ? <EmptyState title="There is nothing to read in there">The folder is empty, or holds only files that are empty.</EmptyState> : null}
      {preview.loading && !preview.data ? <p className={classes.row}><Loader size={14} /> Looking at the files</p> : null}
      {files.length > 0 ? (
        <div className={preview.stale ? `${classes.tableBox} stale` : classes.tableBox} tabIndex={0} role="region" aria-label="Files">
          <table className={classes.table}>
            <thead><tr><th scope="col">File</th><th scope="col" className={classes.number}>Size</th><th scope="col">Read as</th><th scope="col">First record</th></tr></thead>
            <tbody>
              {files.map((file) => (
                <tr key={file.path}>
                  <td title={file.path}>{shortPath(file.path)}</td>
                  <td className={classes.number} title={exactBytes(file.bytes)}>{formatBytes(file.bytes)}</td>
                  {file.error ? <td colSpan={2} className={classes.error}>{file.error}</td> : (
                    <>
                      <td title={`${file.reason} (${Math.round(file.confidence * 100)} % sure)`}>{file.formatTitle}<span className={classes.reason}>{file.reason}</span></td>
                      <td className={`mono ${classes.first}`}><SafeText text={file.firstMessage} inline fold={120} /></td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <div className={classes.foot}>
        <span>{preview.data ? `${formatCount(readable.length)} ${readable.length === 1 ? 'file' : 'files'}${preview.data.more ? ` shown, ${formatCount(preview.data.more)} more` : ''}, ${formatBytes(bytes)}` : ''}</span>
        <Button onClick={start} loading={starting} disabled={!preview.data || readable.length === 0}>Read into the case</Button>
      </div>
    </div>
  );
}
