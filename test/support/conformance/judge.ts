/** The groups of the ground truth, judged: for the conformance tests and for bench:conformance, so that both judge alike. */
import fs from 'node:fs';
import path from 'node:path';
import { judgeCiGit } from './ci-git.ts';
import { Ledger, type Group } from './ledger.ts';
import { judgeLogFormats } from './log-formats.ts';
import { judgeMetrics } from './metrics.ts';
import { judgeSecurity } from './security.ts';
import { judgeTraces } from './traces.ts';

/** In the order in which they are told. The ids are folders of the data. */
export const JUDGES: Readonly<Record<string, (folder: string, ledger: Ledger) => Promise<void>>> = {
  'log-formats': judgeLogFormats, security: judgeSecurity, traces: judgeTraces, metrics: judgeMetrics, 'ci-git': judgeCiGit,
};

/** What we make of the group `id` in the folder `data`, beside its ground truth. A group whose folder is not there has no findings. */
export async function judgeGroup(data: string, id: string): Promise<Group> {
  const folder = path.join(data, id);
  const ledger = new Ledger();
  const there = fs.existsSync(folder);
  if (there) await JUDGES[id](folder, ledger);
  return { id, there, findings: ledger.findings, absent: ledger.absent };
}
