import { useEffect } from 'react';
import { engine, shell } from '../client/client.ts';
import { reportError } from '../state/notices.ts';
import { openIngest } from '../state/screen.ts';
import { view } from '../state/view.ts';
import { openCase, quickCase } from './case-actions.ts';

let taken = false;

/**
 * What the window was started with: `npm start -- PATH...` opens a new case and reads PATH; a case file is opened; the theme that
 * was chosen last is used. Done once, also when React mounts twice.
 */
export function useStartArguments(): void {
  useEffect(() => {
    if (taken) return;
    taken = true;
    const start = async (): Promise<void> => {
      const about = await shell.shell.about({});
      view.getState().setTheme(about.theme);
      if (about.startCase) {
        await openCase(about.startCase);
        return;
      }
      if (about.startPaths.length === 0 || (await engine.cases.info({})) !== null) return;
      if (await quickCase()) {
        // Named on the command line is as good as chosen: read without asking again.
        await engine.ingest.start({ paths: about.startPaths, options: {} }).catch((error: unknown) => {
          reportError(error, 'Reading the files');
          openIngest({ kind: 'paths', paths: about.startPaths });
        });
      }
    };
    start().catch((error: unknown) => reportError(error, 'Starting'));
  }, []);
}
