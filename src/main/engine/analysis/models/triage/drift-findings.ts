/** Says when events are not any more like those that a model was trained among: then its scores deserve less trust. */
import type { DriftRow } from '../../../../../shared/contract/models.ts';
import type { Finding } from '../../../../../shared/finding.ts';
import { MAX_EXAMPLES } from '../../../../../shared/finding.ts';
import { formatCount } from '../../../../../shared/numbers.ts';
import { quietedLikes } from '../../../store/finding-marks.ts';
import type { AnalysisContext } from '../../analysis.ts';
import { drifted, featureDrift } from '../drift.ts';
import { Random } from '../random.ts';
import type { CaseProfile } from './case-profile.ts';
import { NUMERIC, type NumericFeature } from './event-features.ts';
import type { ReadModel } from './model-file.ts';
import { sampleEvents } from './sample.ts';
import { numericColumns } from './train.ts';

/** Events that are compared, and the fewest that say something. */
const COMPARED = 2000;
const LEAST = 200;

const FEATURE_TITLES: Readonly<Record<NumericFeature, string>> = {
  severity: 'Severity', hour: 'Hour of the day', pattern_rarity: 'Rarity of the pattern', service_rarity: 'Rarity of the service', host_rarity: 'Rarity of the host', user_rarity: 'Rarity of the user',
  ip_rarity: 'Rarity of the address', silence: 'Silence of the pattern before', first: 'First of its pattern', status: 'Class of the status', latency: 'Latency against the usual', indicators: 'Indicators', rules: 'Rule hits',
  burstiness: 'Burstiness of the pattern', active: 'Time the pattern is there', periodicity: 'Beat of the pattern', trend: 'Trend of the pattern', late: 'Pattern in the last quarter', persistence: 'Runs of the pattern',
};

/** Against the events that came since the training where there are enough of them, else against the whole case (`since` false). */
export function driftFindings(model: ReadModel, version: number, profile: CaseProfile, context: AnalysisContext): { rows: DriftRow[]; compared: number; since: boolean; findings: Finding[] } {
  const { catalog, db } = context;
  const trainedHere = model.lineage.importedFrom === '';
  const all = [...catalog.segments.values()];
  const later = trainedHere ? all.filter(({ id }) => id > model.lineage.lastSegment) : [];
  const since = later.reduce((sum, { n }) => sum + n, 0) >= LEAST;
  // Nothing came to the case it was trained in: there is nothing to drift.
  if (trainedHere && !since) return { rows: [], compared: 0, since: true, findings: [] };
  const segments = since ? later : all;
  const events = sampleEvents(segments, COMPARED, new Random(version));
  if (events.length < LEAST) return { rows: [], compared: events.length, since, findings: [] };
  const now = numericColumns(events, context, profile);
  const rows = NUMERIC.map((feature, j): DriftRow => {
    const found = featureDrift(FEATURE_TITLES[feature], model.reference[j], now[j]);
    return { ...found, drifted: drifted(found) };
  }).sort((a, b) => b.psi - a.psi);
  const moved = rows.filter((row) => row.drifted);
  if (moved.length === 0) return { rows, compared: events.length, since, findings: [] };
  const like = `triage.drift ${version}`;
  const times = segments.filter(({ b0 }) => Number.isFinite(b0));
  const from = times.reduce((least, { b0 }) => Math.min(least, b0), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, { b1 }) => Math.max(most, b1), Number.NEGATIVE_INFINITY) + 1;
  const range = from < to ? { from, to } : { from: 0, to: 1 };
  const figure = (value: number): string => (Math.abs(value) >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3))));
  const finding: Finding = {
    key: `${like} ${range.to}`, like, detector: 'triage.drift', title: `Triage model ${version} was trained among other events`,
    why: `${moved.length} of ${rows.length} features of ${formatCount(events.length)} ${since ? 'events that came since the training' : 'events of this case'} are spread otherwise than in its training: ${moved.slice(0, 3).map(({ feature, psi }) => `${feature.toLowerCase()} (PSI ${figure(psi)})`).join(', ')}. Train it again with marks on these events.`,
    evidence: moved.slice(0, 6).map(({ feature, psi, d, before, now: mean }) => ({ label: feature, value: `mean ${figure(before)} then, ${figure(mean)} now; PSI ${figure(psi)}, KS ${figure(d)}` })),
    severity: moved.length * 3 >= rows.length ? 'medium' : 'low', score: Math.min(1, moved[0].psi), ...range, scope: { query: '', ...range }, events: events.slice(0, MAX_EXAMPLES).map(({ id }) => id), quieted: quietedLikes(db).has(like),
  };
  return { rows, compared: events.length, since, findings: [finding] };
}
