import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { runCommand } from '../state/commands.ts';
import { reportError } from '../state/notices.ts';
import type { RecentCase } from '../../shared/contract/cases.ts';
import { formatBytes } from '../ui/numbers.ts';
import { ErrorState, Kbd } from '../ui/states.tsx';
import { formatTime, localZone } from '../ui/time.ts';
import { newCase, openCase, pickAndOpenCase } from './case-actions.ts';
import { askTrouble } from './trouble.ts';
import classes from './start-screen.module.css';

/** No case is open: make one, open one, or drop files. */
export function StartScreen() {
  const [forgotten, setForgotten] = useState(0);
  const recent = useAsk(['cases.recent', forgotten], (signal) => engine.cases.recent({}, { signal }));
  const forget = (path: string): void => {
    engine.cases.forget({ path }).then(() => setForgotten((count) => count + 1), (error: unknown) => reportError(error, 'Removing it from the list'));
  };
  const rows = recent.data ?? [];
  return (
    <main className={classes.start}>
      <div className={classes.column}>
        <h1>Tidemark</h1>
        <p className={classes.lead}>Logs from anywhere on one timeline, in one case file on this machine. Nothing leaves it.</p>
        <div className={classes.actions}>
          <Button size="sm" onClick={() => void newCase()}>New case</Button>
          <Button size="sm" variant="default" onClick={() => void pickAndOpenCase()}>Open case</Button>
        </div>
        <div className={classes.drop}>
          <strong>Drop logs here</strong>
          <p>
            Files, folders or archives (gz, zst, bz2, xz, zip, tar): a new case is made for them. Formats are found by looking at the content, and you see
            what each file is read as before anything is stored.
          </p>
          <Button size="compact-sm" variant="default" onClick={() => runCommand('ingest.files')}>Choose files</Button>
          <Button size="compact-sm" variant="default" onClick={() => runCommand('ingest.folder')}>Choose a folder</Button>
          <Button size="compact-sm" variant="default" onClick={() => runCommand('source.add')}>Connect a source</Button>
        </div>
        <section aria-labelledby="recent">
          <h2 id="recent">Recent cases</h2>
          {recent.error ? <ErrorState error={recent.error} doing="Reading the list of recent cases" retry={recent.retry} /> : null}
          {recent.data && rows.length === 0 ? <p className="dim">None yet. A case is one file: it can be copied, moved and handed over.</p> : null}
          <ul className={classes.list}>
            {rows.map((row) => <Recent key={row.path} row={row} forget={forget} />)}
          </ul>
        </section>
        <p className={classes.hint}><Kbd keys="mod+k" /> all commands <Kbd keys="?" /> keyboard shortcuts</p>
      </div>
    </main>
  );
}

function Recent({ row, forget }: { row: RecentCase; forget: (path: string) => void }) {
  const open = (): void => {
    if (row.exists) void openCase(row.path);
    else askTrouble({ path: row.path, code: 'not_found', message: 'The file was moved, renamed or deleted, or its disk is not connected.' });
  };
  return (
    <li className={classes.row} data-missing={!row.exists || undefined}>
      <button type="button" className={classes.open} onClick={open}>
        <span className={classes.name}>{row.name}</span>
        <span className={classes.path} title={row.path}>{row.path}</span>
        <span className={classes.size}>{row.exists ? formatBytes(row.bytes) : 'file not there'}</span>
        <span className={classes.when}>{formatTime(row.openedAt, localZone(), 'minute')}</span>
      </button>
      <ActionIcon aria-label={`Remove ${row.name} from this list`} title="Remove from this list; the file stays" onClick={() => forget(row.path)}><IconX size={14} /></ActionIcon>
    </li>
  );
}
