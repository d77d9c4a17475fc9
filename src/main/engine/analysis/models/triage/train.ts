/** Makes a triage model from what people marked: chooses kind and settings by cross-validation, trains on all, and says how good it is. */
import type { TriageFigures } from '../../../../../shared/contract/models.ts';
import { TidemarkError } from '../../../../../shared/contract/rpc.ts';
import { SEGMENT_SIZE } from '../../../../../shared/event.ts';
import { HOT } from '../../../store/segment.ts';
import type { Located } from '../../../search/result-set.ts';
import type { AnalysisContext } from '../../analysis.ts';
import { CLASSIFIER_KINDS } from '../classifier.ts';
import { honestFigures, leastGroups, stratifiedFolds, train, tune, type Tuned } from '../cross-validation.ts';
import type { Dataset } from '../dataset.ts';
import { recipes } from '../kinds.ts';
import type { ClassifierMetrics } from '../metrics.ts';
import { Random } from '../random.ts';
import { profileOf, type CaseProfile } from './case-profile.ts';
import { FeatureReader, NUMERIC, vocabularyOf, type Vocabulary } from './event-features.ts';
import { LEAST_MARKS, labelsOf, tooFew, type Labels } from './labels.ts';
import { writeModel } from './model-file.ts';
import { ruleHitsOf } from './rule-hits.ts';
import { sampleEvents } from './sample.ts';

/** Events that are learned from; of more marks, the newest. */
const MOST_MARKS = 4000;
/** Events at random for each relevant one, and bounds of their number. */
const BACKGROUND_EACH = 3;
const BACKGROUND_LEAST = 40;
const BACKGROUND_MOST = 400;
/** All of them together count half as much as the relevant ones, and none more than this. */
const BACKGROUND_SHARE = 0.5;
const BACKGROUND_WEIGHT = 0.3;
const FOLDS = 5;
const INNER_FOLDS = 3;
/** Beyond so many rows not every setting is tried, but so many at random. */
const MANY_ROWS = 1500;
const FEW_RECIPES = 5;
/** Events whose features are kept, to see later whether new ones are still like them. */
const REFERENCE_ROWS = 500;

export interface TrainInput {
  seed: number;
  /** for the lineage */
  caseName: string;
  toolVersion: string;
}

interface Rows {
  events: Located[];
  y: Uint8Array;
  weight: Float64Array;
  /** the first ones were marked; the others are at random */
  marked: number;
}

function gather(labels: Labels, { catalog }: AnalysisContext, random: Random): Rows {
  const marked = [...labels.byEvent]
    .slice(-MOST_MARKS)
    .sort((a, b) => a[0] - b[0])
    .flatMap(([id, relevant]) => {
      const segment = catalog.segments.get(Math.floor(id / SEGMENT_SIZE));
      const offset = id % SEGMENT_SIZE;
      return segment && offset < segment.n ? [{ located: { id, segment, offset }, relevant }] : [];
    });
  const relevant = marked.filter((one) => one.relevant).length;
  const missing = tooFew({ relevant, notRelevant: marked.length - relevant });
  if (missing !== '') throw new TidemarkError('invalid_input', missing);
  const wanted = Math.max(BACKGROUND_LEAST, Math.min(BACKGROUND_MOST, relevant * BACKGROUND_EACH));
  const background = sampleEvents(catalog.segments.values(), wanted, random, (id) => labels.byEvent.has(id));
  if (marked.length === relevant && background.length === 0) throw new TidemarkError('invalid_input', 'Every event of the case is marked relevant: there is nothing to tell them from.');
  const weight = Math.min(BACKGROUND_WEIGHT, (BACKGROUND_SHARE * relevant) / Math.max(1, background.length));
  const events = [...marked.map(({ located }) => located), ...background];
  return {
    events, marked: marked.length,
    y: Uint8Array.from(events, (_, i) => Number(i < marked.length && marked[i].relevant)),
    weight: Float64Array.from(events, (_, i) => (i < marked.length ? 1 : weight)),
  };
}

function datasetOf(rows: Rows, { catalog, db }: AnalysisContext, profile: CaseProfile, vocabulary: Vocabulary): Dataset {
  const reader = new FeatureReader(catalog, profile, vocabulary, ruleHitsOf(db));
  const { columns } = reader;
  const data: Dataset = { x: new Float64Array(rows.events.length * columns), rows: rows.events.length, columns, y: rows.y, weight: rows.weight };
  rows.events.forEach((event, i) => reader.read(event, data.x.subarray(i * columns, (i + 1) * columns)));
  return data;
}

/** Events of one pattern and service are nearly the same: a model that has seen one has seen all. */
function groupsOf(rows: Rows): Uint32Array {
  const known = new Map<string, number>();
  return Uint32Array.from(rows.events, ({ segment: { hot, dicts }, offset }) => {
    const key = [HOT.template, HOT.service].map((field) => dicts[field][hot.codes[field][offset]]).join(' ');
    const group = known.get(key) ?? known.size;
    known.set(key, group);
    return group;
  });
}

/** Throws invalid_input when there are too few marks. */
export async function trainTriage({ seed, caseName, toolVersion }: TrainInput, context: AnalysisContext): Promise<{ json: string; sha256: string }> {
  const { catalog, db, turns, progress } = context;
  const labels = labelsOf(db);
  const missing = tooFew(labels);
  if (missing !== '') throw new TidemarkError('invalid_input', missing);
  progress(0, 'Reading what is usual in the case');
  const profile = await profileOf(catalog, turns);
  const random = new Random(seed);
  const rows = gather(labels, context, random);
  const vocabulary = vocabularyOf(catalog, rows.events);
  const data = datasetOf(rows, context, profile, vocabulary);

  let groups: ArrayLike<number> = groupsOf(rows);
  // Without two groups of each kind there is no fold to judge by: then each event stands for itself, and that is told.
  const apart = leastGroups(data.y, groups) >= 2;
  if (!apart) groups = Uint32Array.from({ length: data.rows }, (_, i) => i);
  const folds = Math.max(2, Math.min(FOLDS, leastGroups(data.y, groups)));
  const notRelevant = rows.marked - rows.y.reduce((sum, y) => sum + y, 0);
  const measuredOn = notRelevant >= LEAST_MARKS ? 'marked' : 'all';
  const candidates = data.rows > MANY_ROWS ? recipes(CLASSIFIER_KINDS, FEW_RECIPES, (n) => random.below(n)) : recipes(CLASSIFIER_KINDS);
  const { metrics } = await honestFigures(candidates, data, groups, {
    folds, inner: Math.min(INNER_FOLDS, folds), random, seed, counts: (row) => measuredOn === 'all' || row < rows.marked,
    turn: async (share) => {
      progress(0.1 + 0.7 * share, 'Judging models by events they have not seen');
      await turns.next();
    },
  });
  progress(0.8, 'Choosing a model');
  const tuned = await tune(candidates, data, stratifiedFolds(data.y, groups, folds, random), seed, async () => await turns.next());
  progress(0.95, 'Training it on all marks');
  const classifier = train(tuned.best, data, seed);
  const lastSegment = [...catalog.segments.keys()].reduce((most, id) => Math.max(most, id), 0);
  const marks = rows.events.slice(0, rows.marked).map(({ id }, i) => ({ eventId: id, relevant: rows.y[i] === 1 }));
  return writeModel({
    kind: tuned.best.kind, parameters: { ...tuned.best.parameters }, vocabulary, figures: figuresOf(metrics, tuned, { measuredOn, apart, folds }),
    lineage: { case: caseName, toolVersion, seed, relevant: rows.marked - notRelevant, notRelevant, background: data.rows - rows.marked, events: profile.events, lastSegment, marks, importedFrom: '' },
    reference: numericColumns(sampleEvents(catalog.segments.values(), REFERENCE_ROWS, random), context, profile),
    model: classifier.toJson(),
  });
}

/** The numeric features of events, by feature, to four digits. */
export function numericColumns(events: readonly Located[], { catalog, db }: AnalysisContext, profile: CaseProfile): number[][] {
  const reader = new FeatureReader(catalog, profile, { services: [], hosts: [], levels: [], words: [] }, ruleHitsOf(db));
  const row = new Float64Array(reader.columns);
  const columns: number[][] = NUMERIC.map(() => []);
  for (const event of events) {
    reader.read(event, row);
    columns.forEach((column, j) => column.push(Number(row[j].toPrecision(4))));
  }
  return columns;
}

function figuresOf(metrics: ClassifierMetrics, { tried }: Tuned, { measuredOn, apart, folds }: Pick<TriageFigures, 'measuredOn' | 'apart' | 'folds'>): TriageFigures {
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const { n, truePositive, falsePositive, trueNegative, falseNegative, accuracy, brier, calibrationError } = metrics;
  return {
    n, measuredOn, apart, folds, truePositive, falsePositive, trueNegative, falseNegative, accuracy, precision: orNull(metrics.precision), recall: orNull(metrics.recall), f1: orNull(metrics.f1),
    rocAuc: orNull(metrics.rocAuc), prAuc: orNull(metrics.prAuc), guessing: (truePositive + falseNegative) / n, brier, calibrationError,
    tried: tried.map(({ recipe: { kind, parameters }, logLoss }) => ({ kind, parameters: { ...parameters }, logLoss })).sort((a, b) => a.logLoss - b.logLoss),
  };
}

