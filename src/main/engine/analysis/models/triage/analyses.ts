/** What triage answers in the analyse worker. */
import type { DriftRow } from '../../../../../shared/contract/models.ts';
import type { Finding } from '../../../../../shared/finding.ts';
import type { Analyses, AnalysisContext } from '../../analysis.ts';
import { profileOf } from './case-profile.ts';
import { currentModel } from './current-model.ts';
import { driftFindings } from './drift-findings.ts';
import { scoreEvents, triage } from './rank.ts';
import { trainTriage } from './train.ts';

async function drift(_input: object, context: AnalysisContext): Promise<{ rows: DriftRow[]; compared: number; since: boolean; findings: Finding[] }> {
  const current = currentModel(context);
  if (!current) return { rows: [], compared: 0, since: false, findings: [] };
  return driftFindings(current.model, current.version, await profileOf(context.catalog, context.turns), context);
}

export const triageAnalyses = { 'models.train': trainTriage, 'models.triage': triage, 'models.score': scoreEvents, 'models.drift': drift } satisfies Analyses;
