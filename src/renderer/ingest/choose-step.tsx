import { Button } from '@mantine/core';
import { runCommand } from '../state/commands.ts';
import { openIngest } from '../state/screen.ts';
import classes from './ingest.module.css';

/** Where evidence comes from. */
export function ChooseStep() {
  return (
    <div className={classes.choose}>
      <strong>Drop files, folders or archives anywhere in the window</strong>
      <p>Plain, gz, zst, bz2, xz, zip and tar. The files are only read. Adding the same file again continues where it ended; nothing is stored twice.</p>
      <div className={classes.row}>
        <Button variant="default" data-autofocus onClick={() => runCommand('ingest.files')}>Choose files</Button>
        <Button variant="default" onClick={() => runCommand('ingest.folder')}>Choose folders</Button>
        <Button variant="default" onClick={() => openIngest({ kind: 'paste' })}>Paste text</Button>
        <Button variant="subtle" onClick={() => openIngest({ kind: 'source' })}>Connect something else</Button>
      </div>
    </div>
  );
}
