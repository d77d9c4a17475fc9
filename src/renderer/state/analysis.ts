/** How far long analyses are, as the engine tells it. */
import { useEffect, useId, useState } from 'react';
import type { AnalysisProgress } from '../../shared/contract/analysis.ts';
import { engine } from '../client/client.ts';

/** A name for the runs of a component, to be given as `run` with what it asks, and how far the last one is (null before it says so). */
export function useRun(): { run: string; progress: AnalysisProgress | null } {
  const run = useId();
  const [progress, setProgress] = useState<AnalysisProgress | null>(null);
  useEffect(() => engine.analysis.onProgress((told) => void (told.run === run && setProgress(told))), [run]);
  return { run, progress };
}
