import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TriageState } from '../../../shared/contract/models.ts';
import { engine } from '../../client/client.ts';
import { useRun } from '../../state/analysis.ts';
import { codeOf, reportError } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { formatCount } from '../../ui/numbers.ts';
import { trainTitle } from './words.ts';
import classes from './models.module.css';

/** Trains a version from the marks; while it runs it says how far it is and can be stopped. */
export function TrainButton({ state }: { state: TriageState }) {
  const { run, progress } = useRun();
  const [running, setRunning] = useState<AbortController | null>(null);
  const before = state.versions.find(({ current }) => current)?.version ?? null;
  const train = async (): Promise<void> => {
    const abort = new AbortController();
    setRunning(abort);
    try {
      const { version } = await engine.models.train({ run }, { signal: abort.signal });
      let first = true;
      await perform({
        title: `Train model ${version}`,
        redo: async () => {
          if (!first) {
            await engine.models.restore({ version });
            await engine.models.use({ version });
          }
          first = false;
        },
        undo: async () => {
          await engine.models.remove({ version });
          if (before !== null) await engine.models.use({ version: before });
        },
      });
    } catch (error) {
      if (codeOf(error) !== 'cancelled') reportError(error, 'Training');
    } finally {
      setRunning(null);
    }
  };
  if (running) {
    return (
      <>
        <span className={classes.dim} role="status">{progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Training'}</span>
        <Button size="compact-xs" variant="default" onClick={() => running.abort()}>Stop</Button>
      </>
    );
  }
  const again = before !== null;
  return (
    <Button size="compact-xs" variant={state.tooFew === '' && (!again || state.marksSince > 0) ? 'filled' : 'default'} data-disabled={state.tooFew !== '' || undefined} aria-disabled={state.tooFew !== '' || undefined} title={trainTitle(state)} onClick={() => state.tooFew === '' && void train()}>
      {again ? (state.marksSince > 0 ? `Train again with ${formatCount(state.marksSince)} new` : 'Train again') : 'Train'}
    </Button>
  );
}
