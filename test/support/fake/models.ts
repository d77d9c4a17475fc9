import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { EventMark, MarksBefore, ModelVersion, TriageFigures } from '../../../src/shared/contract/models.ts';
import type { FakeState } from '../fake-engine.ts';
import { page } from './queries.ts';

const AT = Date.UTC(2026, 10, 21, 14) * 1000;
const FIGURES: TriageFigures = {
  n: 24, measuredOn: 'marked', apart: true, folds: 5, truePositive: 9, falsePositive: 2, trueNegative: 11, falseNegative: 2, accuracy: 0.833, precision: 0.818, recall: 0.818, f1: 0.818, rocAuc: 0.91, prAuc: 0.88, guessing: 0.46,
  brier: 0.12, calibrationError: 0.08, tried: [{ kind: 'boosting', parameters: { rounds: 40, depth: 2 }, logLoss: 0.31 }, { kind: 'logistic', parameters: { lambda: 1 }, logLoss: 0.36 }],
};

/** Keeps marks and versions; ranks the first events as they come. */
export function modelRoom(state: FakeState): EngineHandlers['models'] {
  const marks = new Map<number, EventMark>();
  let versions: ModelVersion[] = [];
  const removed = new Map<number, ModelVersion>();
  let learned = 0;
  const changed = (): void => state.emit('cases.changed', { tables: ['models'], version: ++state.version, from: null, to: null });
  const set = (eventIds: number[], relevant: boolean | null): MarksBefore => {
    const before = eventIds.map((eventId) => ({ eventId, relevant: marks.get(eventId)?.relevant ?? null }));
    for (const eventId of eventIds) {
      if (relevant === null) marks.delete(eventId);
      else marks.set(eventId, { eventId, relevant, markedAt: AT, markedBy: 'ana' });
    }
    changed();
    return before.filter((one) => one.relevant !== relevant);
  };
  const make = (importedFrom: string): ModelVersion => {
    const made: ModelVersion = {
      version: versions.length + removed.size + 1, kind: 'boosting', title: 'Gradient boosting', parameters: { rounds: 40, depth: 2 }, features: 61, figures: FIGURES,
      lineage: { case: 'incident', toolVersion: '0.1.0', seed: 7, relevant: 11, notRelevant: 13, background: 40, events: 12_000, lastSegment: 3, marks: [], importedFrom }, sha256: 'a'.repeat(64), createdAt: AT, createdBy: 'ana', current: true,
    };
    versions = [made, ...versions.map((version) => ({ ...version, current: false }))];
    learned = marks.size;
    changed();
    return made;
  };
  return {
    marks: () => [...marks.values()],
    mark: ({ eventIds, relevant }) => set(eventIds, relevant),
    unmark: ({ eventIds }) => set(eventIds, null),
    state: () => {
      const relevant = [...marks.values()].filter((mark) => mark.relevant).length;
      return { relevant, notRelevant: marks.size - relevant, byPinOrNote: 0, versions, marksSince: marks.size - learned, tooFew: relevant < 5 ? `A model needs at least 5 events marked relevant (pins and notes count); there are ${relevant} relevant and ${marks.size - relevant} not relevant. Mark ${5 - relevant} more.` : '' };
    },
    train: () => make(''),
    triage: ({ limit }) => {
      const rows = state.events.filter(({ id }) => !marks.has(id)).slice(0, Math.min(limit, 20));
      const current = versions.find((version) => version.current);
      return {
        by: current ? 'model' : 'unlike', version: current?.version ?? null, total: state.events.length, scored: state.events.length - marks.size, marked: marks.size, more: 12, unreadable: 0, drift: [], events: page(rows),
        rows: rows.map(({ id, service, message }, i) => ({
          event: id, score: 0.97 - i * 0.04, alike: 1 + i * 7, service, pattern: message.replace(/\d+/g, '<*>'),
          reasons: current ? [{ text: 'its pattern has 3 of 12,000 events', weight: 0.4 }, { text: 'it says "timeout"', weight: 0.3 }, { text: 'its severity is info', weight: -0.1 }] : [{ text: 'no other patterns are like its own', weight: 1 }],
        })),
      };
    },
    score: ({ eventIds }) => (versions.some((version) => version.current) ? eventIds.map((event) => ({ event, score: 0.8, reasons: [{ text: 'it says "timeout"', weight: 0.5 }] })) : []),
    use: ({ version }) => {
      versions = versions.map((one) => ({ ...one, current: one.version === version }));
      changed();
    },
    remove: ({ version }) => {
      for (const one of versions) if (one.version === version) removed.set(version, { ...one, current: false });
      versions = versions.filter((one) => one.version !== version);
      changed();
    },
    restore: ({ version }) => {
      const back = removed.get(version);
      if (back) versions = [...versions, back].sort((a, b) => b.version - a.version);
      removed.delete(version);
      changed();
    },
    exportVersion: ({ version }) => ({ name: `triage-incident-v${version}.tidemark-model.json`, json: '{}', sha256: 'a'.repeat(64) }),
    importVersion: () => make('b'.repeat(64)),
    drift: () => ({
      rows: [{ feature: 'Severity', psi: 0.41, d: 0.3, p: 1e-9, before: 0.4, now: 1.9, drifted: true }, { feature: 'Latency against the usual', psi: 0.02, d: 0.02, p: 0.6, before: 0.1, now: 0.1, drifted: false }],
      compared: 2000, since: true, findings: [],
    }),
  };
}
