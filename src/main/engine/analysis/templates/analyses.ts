/** The analyses of patterns, for registry.ts. */
import { patternEdits, readTemplates, type GroupedTemplate } from '../../store/patterns.ts';
import type { AnalysisContext } from '../analysis.ts';
import { patternDetail } from './detail.ts';
import { groupTemplates } from './group-templates.ts';
import { listPatterns } from './list.ts';

/** Which pattern each template is of; whoever can write keeps it. */
async function group(_: object, { db, turns }: AnalysisContext): Promise<GroupedTemplate[]> {
  return await groupTemplates(readTemplates(db), patternEdits(db), async () => await turns.next());
}

export const patternAnalyses = { 'patterns.list': listPatterns, 'patterns.detail': patternDetail, 'patterns.group': group };
