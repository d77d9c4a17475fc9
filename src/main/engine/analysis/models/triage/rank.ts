/** Ranks what was not marked yet: one row for each pattern and service, by its best event. */
import type { Reason, ScoredEvent, TriageReply, TriageRow } from '../../../../../shared/contract/models.ts';
import type { Scope } from '../../../../../shared/contract/scope.ts';
import { SEGMENT_SIZE, SEVERITIES } from '../../../../../shared/event.ts';
import type { Located } from '../../../search/result-set.ts';
import { locate, nameOf, pageOf } from '../../../search/rows.ts';
import { HOT } from '../../../store/segment.ts';
import type { AnalysisContext } from '../../analysis.ts';
import { resultOf } from '../../case-series.ts';
import { coldOrNull, IP, profileOf, USER, type CaseProfile } from './case-profile.ts';
import { currentModel } from './current-model.ts';
import { driftFindings } from './drift-findings.ts';
import { FeatureReader, NUMERIC } from './event-features.ts';
import { groupsOf } from './groups.ts';
import { labelsOf } from './labels.ts';
import type { ReadModel } from './model-file.ts';
import { reasonsOf } from './reasons.ts';
import { ruleHitsOf } from './rule-hits.ts';
import { unlikeRows } from './unlike.ts';

const MOST_REASONS = 4;

export async function triage({ scope, limit }: { scope: Scope; limit: number }, context: AnalysisContext): Promise<TriageReply> {
  const { catalog, searcher, db, turns, progress } = context;
  const current = currentModel(context);
  progress(0, 'Reading what is usual in the case');
  const profile = await profileOf(catalog, turns);
  const result = await resultOf(context, scope, 'Finding the events of the query', (done) => 0.2 + done * 0.3);
  const marked = labelsOf(db).byEvent;
  const reader = new FeatureReader(catalog, profile, current?.model.vocabulary ?? { services: [], hosts: [], levels: [], words: [] }, ruleHitsOf(db));
  const { groups, scored, left } = await groupsOf(result, reader, profile, marked, current?.model ?? null, context);
  const common = { total: result.total, scored, marked: left, unreadable: result.unreadable + searcher.notLoaded };
  if (!current) {
    const { rows, more } = await unlikeRows(groups, reader.columns, catalog, limit, turns, (group, distances) => reasonsFor(distances, group.event, group.row, NUMERIC, reader, profile, context));
    return { by: 'unlike', version: null, rows, events: pageOf(catalog, rows.map(({ event }) => locate(catalog, event))), ...common, more, drift: [] };
  }
  const { model, version } = current;
  groups.sort((a, b) => b.score - a.score || a.alike - b.alike || a.event.id - b.event.id);
  const rows = groups.slice(0, limit).map(({ event, score, alike, row }): TriageRow => ({
    event: event.id, score, alike, reasons: why(model, event, row, reader, profile, context), pattern: nameOf(catalog, event.segment, HOT.template, event.offset), service: nameOf(catalog, event.segment, HOT.service, event.offset),
  }));
  return { by: 'model', version, rows, events: pageOf(catalog, groups.slice(0, limit).map(({ event }) => event)), ...common, more: Math.max(0, groups.length - limit), drift: driftFindings(model, version, profile, context).findings };
}

/** Reasons for the most telling features of an event, whatever told which these are. */
function reasonsFor(contributions: Float64Array, event: Located, row: Float64Array, names: readonly string[], reader: FeatureReader, profile: CaseProfile, { catalog }: AnalysisContext): Reason[] {
  const { segment, offset } = event;
  const { hot, dicts } = segment;
  const id = (field: number): number => dicts[field][hot.codes[field][offset]];
  const cold = coldOrNull(catalog, segment);
  const text = (field: number): string => {
    const column = cold?.fields[field];
    return column && column.codes[offset] !== 0 ? column.values.text(column.codes[offset]) : '';
  };
  return reasonsOf(contributions, row, names, {
    severity: SEVERITIES[hot.severity[offset]], status: hot.status[offset], latencyMs: cold?.latency?.[offset] ?? Number.NaN, ofPattern: profile.templates[id(HOT.template)], ofService: profile.services[id(HOT.service)],
    ofHost: profile.hosts[id(HOT.host)], service: nameOf(catalog, segment, HOT.service, offset), host: nameOf(catalog, segment, HOT.host, offset), user: text(USER), ip: text(IP), silence: reader.silence(event),
    period: (profile.courses.get(id(HOT.template))?.period ?? 0) * profile.step,
  }, profile, MOST_REASONS);
}

function why(model: ReadModel, event: Located, row: Float64Array, reader: FeatureReader, profile: CaseProfile, context: AnalysisContext): Reason[] {
  return reasonsFor(model.classifier.contributions(row), event, row, model.names, reader, profile, context);
}

/** What the current model says of single events; those that are not in the case are left out. */
export async function scoreEvents({ eventIds }: { eventIds: number[] }, context: AnalysisContext): Promise<ScoredEvent[]> {
  const current = currentModel(context);
  if (!current) return [];
  const { catalog, db, turns } = context;
  const profile = await profileOf(catalog, turns);
  const reader = new FeatureReader(catalog, profile, current.model.vocabulary, ruleHitsOf(db));
  const row = new Float64Array(reader.columns);
  // Events of one segment together, whatever order they were asked in.
  const order = eventIds.map((_, i) => i).sort((a, b) => eventIds[a] - eventIds[b]);
  const scored: (ScoredEvent | null)[] = eventIds.map(() => null);
  for (const i of order) {
    const segment = catalog.segments.get(Math.floor(eventIds[i] / SEGMENT_SIZE));
    const offset = eventIds[i] % SEGMENT_SIZE;
    if (!segment || offset >= segment.n) continue;
    const event = { id: eventIds[i], segment, offset };
    reader.read(event, row);
    const score = current.model.classifier.predict(row);
    scored[i] = { event: eventIds[i], score, reasons: why(current.model, event, row, reader, profile, context) };
    await turns.next();
  }
  return scored.filter((one) => one !== null);
}
