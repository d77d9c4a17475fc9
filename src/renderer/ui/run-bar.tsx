import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { AnalysisProgress } from '../../shared/contract/analysis.ts';
import { useCase } from '../state/case.ts';
import classes from './run-bar.module.css';

interface RunBarProps {
  /** what of it is known: the answer is on its way */
  loading: boolean;
  progress: AnalysisProgress | null;
  /** nobody waits for it any more */
  stopped: boolean;
  /** the case has more than was looked at */
  outdated?: boolean;
  onStop(): void;
  onAgain(): void;
  /** what stands before it */
  children?: ReactNode;
}

/**
 * Over what an analysis found: how far it is with a way to stop it, or a way to look again. What was found while files were being read is
 * looked for again when they are through; what comes in over connections never ends, so it is only told.
 */
export function RunBar({ loading, progress, stopped, outdated = false, onStop, onAgain, children }: RunBarProps) {
  const reading = useCase((state) => state.jobs.some((job) => job.state === 'running'));
  const wasReading = useRef(false);
  const again = useRef(onAgain);
  useEffect(() => {
    again.current = onAgain;
  });
  useEffect(() => {
    if (reading) wasReading.current = true;
    else if (wasReading.current && outdated && !loading && !stopped) {
      wasReading.current = false;
      again.current();
    }
  }, [reading, outdated, loading, stopped]);
  const rest = stopped ? 'Stopped' : !outdated ? '' : reading ? 'Files are being read: looks again after that' : 'More came in since';
  return (
    <div className={classes.bar}>
      {children}
      <span className={classes.state} role="status">{loading ? (progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Looking') : rest}</span>
      {loading ? <Button size="compact-xs" variant="default" onClick={onStop}>Stop</Button> : <Button size="compact-xs" variant="default" onClick={onAgain}>Look again</Button>}
    </div>
  );
}
