/** How far long analyses are. */
import { z } from 'zod';
import { push } from './rpc.ts';

/** Names a run so that its progress can be told; whoever asks makes it up. '' = progress is not wanted. */
export const run = z.string().max(64).default('');

export interface AnalysisProgress {
  run: string;
  /** 0..1 */
  share: number;
  /** what is being done, in words */
  what: string;
}

export const analysis = {
  progress: push<AnalysisProgress>(),
};
