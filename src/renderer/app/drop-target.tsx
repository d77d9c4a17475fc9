import { useEffect, useState } from 'react';
import { caseStore, useCase } from '../state/case.ts';
import { notify, reportError } from '../state/notices.ts';
import { openIngest } from '../state/screen.ts';
import { openCase, quickCase } from './case-actions.ts';
import classes from './app.module.css';

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** What was dropped: one case file is opened, anything else is evidence (into a new case when none is open). */
export async function takePaths(paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  if (paths.length === 1 && paths[0].endsWith('.tidemark')) {
    await openCase(paths[0]);
    return;
  }
  if (!caseStore.getState().info && !(await quickCase())) return;
  openIngest({ kind: 'paths', paths });
}

/** Files may be dropped anywhere in the window. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  const open = useCase((state) => state.info !== null);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      const paths = files.map((file) => window.tidemark.pathForFile(file)).filter((path) => path !== '');
      if (paths.length < files.length) notify({ title: 'Some of it is not a file', message: 'Only files and folders on disk can be read. Use "Add pasted text" for text.' });
      takePaths(paths).catch((error: unknown) => reportError(error, 'Taking the files'));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return (
    <div className={classes.drop}>
      <strong>{open ? 'Add to this case' : 'New case from these files'}</strong>
      <span>You see what each file is read as before anything is stored.</span>
    </div>
  );
}
