/** The triage model that ranks. */
import { currentVersion, modelVersion } from '../../../store/models.ts';
import type { AnalysisContext } from '../../analysis.ts';
import { readModel, type ReadModel } from './model-file.ts';

/** What triage models are called in the case. */
export const TRIAGE = 'triage';

const loaded = new WeakMap<object, { version: number; model: ReadModel }>();

/** The model that ranks; null = none. Throws invalid_input when what is stored cannot be read. */
export function currentModel({ db }: Pick<AnalysisContext, 'db'>): { version: number; model: ReadModel } | null {
  const version = currentVersion(db, TRIAGE);
  if (version === null) return null;
  const known = loaded.get(db);
  if (known?.version === version) return known;
  const found = { version, model: readModel(modelVersion(db, TRIAGE, version).json) };
  loaded.set(db, found);
  return found;
}
