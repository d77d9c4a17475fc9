import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { ModelVersion } from '../../../shared/contract/models.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { nowMicros } from '../../../shared/time.ts';
import { KINDS } from '../analysis/models/kinds.ts';
import { TRIAGE } from '../analysis/models/triage/current-model.ts';
import { labelsOf, tooFew } from '../analysis/models/triage/labels.ts';
import { readModel, writeModel } from '../analysis/models/triage/model-file.ts';
import type { TrainInput } from '../analysis/models/triage/train.ts';
import type { EngineState } from '../engine-state.ts';
import type { OpenCase } from '../open-case.ts';
import { eventMarks, markEvents } from '../store/event-marks.ts';
import { addVersion, currentVersion, modelVersion, modelVersions, putAway, setCurrent, type StoredVersion } from '../store/models.ts';

/** Grows with each training, so that another one is not the same chance again; told with the model. */
const SEED = 20_261_121;

export function modelHandlers(state: EngineState): EngineHandlers['models'] {
  // Versions never change, and reading one means checking all of it.
  const kept = new WeakMap<OpenCase, Map<number, ModelVersion>>();
  const described = (open: OpenCase, { version, json, createdAt, createdBy }: StoredVersion, current: number | null): ModelVersion => {
    let known = kept.get(open);
    if (!known) kept.set(open, (known = new Map()));
    let one = known.get(version);
    if (!one) {
      const { kind, parameters, names, figures, lineage, sha256 } = readModel(json);
      known.set(version, (one = { version, kind, title: KINDS[kind].title, parameters, features: names.length, figures, lineage, sha256, createdAt, createdBy, current: false }));
    }
    return { ...one, current: version === current };
  };
  const store = (open: OpenCase, { json, sha256 }: { json: string; sha256: string }): ModelVersion => {
    const { db } = open.opened;
    const version = addVersion(db, TRIAGE, json, sha256, state.options.user, nowMicros());
    open.changed(['models']);
    return described(open, modelVersion(db, TRIAGE, version), version);
  };
  const writable = (): OpenCase => {
    const open = state.current();
    open.requireWritable();
    return open;
  };
  const mark = async (eventIds: number[], relevant: boolean | null): Promise<ReturnType<typeof markEvents>> => {
    const open = writable();
    const known = new Set((await open.query.ask<{ id: number }[]>('summaries', { ids: eventIds })).map(({ id }) => id));
    const missing = eventIds.find((id) => !known.has(id));
    if (missing !== undefined) throw new TidemarkError('not_found', `There is no event ${missing} in this case.`);
    const before = markEvents(open.opened.db, eventIds, relevant, state.options.user, nowMicros());
    open.changed(['models']);
    return before;
  };
  return {
    marks: () => eventMarks(state.current().opened.db),
    mark: async ({ eventIds, relevant }) => await mark(eventIds, relevant),
    unmark: async ({ eventIds }) => await mark(eventIds, null),
    state() {
      const open = state.current();
      const { db } = open.opened;
      const labels = labelsOf(db);
      const current = currentVersion(db, TRIAGE);
      const versions = modelVersions(db, TRIAGE).map((version) => described(open, version, current));
      const learned = new Map(versions.find((version) => version.current)?.lineage.marks.map(({ eventId, relevant }) => [eventId, relevant]));
      const marksSince = [...labels.byEvent].filter(([id, relevant]) => learned.get(id) !== relevant).length;
      return { relevant: labels.relevant, notRelevant: labels.notRelevant, byPinOrNote: labels.byPinOrNote, versions, marksSince, tooFew: tooFew(labels) };
    },
    async train({ run }, { signal }) {
      const open = writable();
      const { name } = open.info();
      const seed = SEED + modelVersions(open.opened.db, TRIAGE).length;
      const input: TrainInput & { run: string } = { seed, caseName: name, toolVersion: state.options.toolVersion, run };
      return store(open, await open.analyse<{ json: string; sha256: string }>('models.train', input, signal));
    },
    triage: async (input, { signal }) => await state.current().analyse('models.triage', input, signal),
    async score(input, { signal }) {
      const open = state.current();
      // Asked with each event that is looked at: without a model nobody needs the worker.
      return currentVersion(open.opened.db, TRIAGE) === null ? [] : await open.query.analyse('models.score', input, signal);
    },
    use({ version }) {
      const open = writable();
      setCurrent(open.opened.db, TRIAGE, version);
      open.changed(['models']);
    },
    remove({ version }) {
      const open = writable();
      putAway(open.opened.db, TRIAGE, version, nowMicros());
      open.changed(['models']);
    },
    restore({ version }) {
      const open = writable();
      putAway(open.opened.db, TRIAGE, version, null);
      open.changed(['models']);
    },
    exportVersion({ version }) {
      const { json } = modelVersion(state.current().opened.db, TRIAGE, version);
      const { sha256, lineage } = readModel(json);
      return { name: `triage-${lineage.case.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)}-v${version}.tidemark-model.json`, json, sha256 };
    },
    importVersion({ json }) {
      const open = writable();
      const { sha256, names: _, classifier: _c, lineage, ...model } = readModel(json);
      return store(open, writeModel({ ...model, lineage: { ...lineage, importedFrom: sha256 } }));
    },
    drift: async (input, { signal }) => await state.current().analyse('models.drift', input, signal),
  };
}
