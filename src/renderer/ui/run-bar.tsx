import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AnalysisProgress } from '../../shared/contract/analysis.ts';
import classes from './run-bar.module.css';

interface RunBarProps {
  /** what of it is known: the answer is on its way */
  loading: boolean;
  progress: AnalysisProgress | null;
  /** nobody waits for it any more */
  stopped: boolean;
  onStop(): void;
  onAgain(): void;
  /** what stands before it */
  children?: ReactNode;
}

/** Over what an analysis found: how far it is with a way to stop it, or a way to look again. */
export function RunBar({ loading, progress, stopped, onStop, onAgain, children }: RunBarProps) {
  return (
    <div className={classes.bar}>
      {children}
      <span className={classes.state} role="status">{loading ? (progress ? `${Math.floor(progress.share * 100)} % ${progress.what}` : 'Looking') : stopped ? 'Stopped' : ''}</span>
      {loading ? <Button size="compact-xs" variant="default" onClick={onStop}>Stop</Button> : <Button size="compact-xs" variant="default" onClick={onAgain}>Look again</Button>}
    </div>
  );
}
