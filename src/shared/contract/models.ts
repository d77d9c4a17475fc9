/** Triage: what people mark, models that learn from it, and the events that they would have people look at next. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import type { EventPage } from '../event.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

const eventId = z.number().int().min(0);
const eventIds = z.array(eventId).min(1).max(1000);
const version = z.number().int().min(1);

/** What somebody said of an event. */
export interface EventMark {
  eventId: number;
  relevant: boolean;
  /** microseconds UTC */
  markedAt: number;
  markedBy: string;
}
/** Marks that events had before, null = none: what undoing needs. */
export type MarksBefore = { eventId: number; relevant: boolean | null }[];

export interface TriageFigures {
  /** events that the figures are of */
  n: number;
  /** 'marked': only events that people marked; 'all': events at random that stand in for irrelevant ones too */
  measuredOn: 'marked' | 'all';
  /** false = all marks of one kind are of one pattern: events alike were on both sides, and the figures flatter */
  apart: boolean;
  folds: number;
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
  accuracy: number;
  /** null where there is nothing to divide by */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** chance that a relevant event stands before an irrelevant one; 0.5 is guessing */
  rocAuc: number | null;
  /** average precision, and what guessing would have */
  prAuc: number | null;
  guessing: number;
  brier: number;
  calibrationError: number;
  /** every setting that was tried, by cross-validated log loss, the best first */
  tried: { kind: string; parameters: Record<string, number>; logLoss: number }[];
}

/** Where a model comes from. */
export interface ModelLineage {
  /** name of the case it was trained in */
  case: string;
  toolVersion: string;
  seed: number;
  relevant: number;
  notRelevant: number;
  /** events at random that stood in for irrelevant ones */
  background: number;
  /** events and number of the last segment that were there */
  events: number;
  lastSegment: number;
  /** marks it learned from: event and verdict */
  marks: { eventId: number; relevant: boolean }[];
  /** checksum of the file that it was read from; '' = trained here */
  importedFrom: string;
}

export interface ModelVersion {
  version: number;
  kind: string;
  title: string;
  parameters: Record<string, number>;
  /** number of features */
  features: number;
  figures: TriageFigures;
  lineage: ModelLineage;
  /** SHA-256 of the model as it would be exported */
  sha256: string;
  createdAt: number;
  createdBy: string;
  /** it is the one that ranks */
  current: boolean;
}

export interface TriageState {
  relevant: number;
  notRelevant: number;
  /** of the relevant ones, those that are pinned or noted and not marked */
  byPinOrNote: number;
  /** newest first */
  versions: ModelVersion[];
  /** marks that the current model has not seen; all of them when there is none */
  marksSince: number;
  /** why there is nothing to train from yet; '' = there is enough */
  tooFew: string;
}

export interface Reason {
  /** a clause about the event: "its pattern has 3 of 1,204,331 events" */
  text: string;
  /** its part of all that the features did, -1..1; positive speaks for the event */
  weight: number;
}
/** What stands for all events of one pattern and service that were not marked. */
export interface TriageRow {
  event: number;
  /** probability that a person would mark it relevant; before there is a model how unlike others it is, 0..1 */
  score: number;
  reasons: Reason[];
  pattern: string;
  service: string;
  /** events of the scope it stands for, itself included */
  alike: number;
}
export interface TriageReply {
  /** model: by what was marked; unlike: there is no model yet, and these differ most from each other */
  by: 'model' | 'unlike';
  version: number | null;
  /** best first */
  rows: TriageRow[];
  /** their events, in the same order */
  events: EventPage;
  /** events in the scope, and of them those that were scored: all of rare patterns, an even share of the others */
  total: number;
  scored: number;
  /** events of the scope that are marked, which are not looked at again */
  marked: number;
  /** groups that are not listed */
  more: number;
  unreadable: number;
  /** features that are not any more what they were when the model was trained */
  drift: Finding[];
}

export interface ScoredEvent {
  event: number;
  score: number;
  reasons: Reason[];
}

export interface DriftRow {
  feature: string;
  /** population stability index */
  psi: number;
  /** two-sample Kolmogorov-Smirnov */
  d: number;
  p: number;
  /** means then and now */
  before: number;
  now: number;
  drifted: boolean;
}

export interface ModelExport {
  name: string;
  json: string;
  sha256: string;
}

/** Characters of a model file. */
export const MAX_MODEL = 20_000_000;

export const models = {
  marks: call(z.object({})).returns<EventMark[]>(),
  /** Says of events that they matter, or that they do not. Replaces what was said of them before. */
  mark: call(z.object({ eventIds, relevant: z.boolean() })).returns<MarksBefore>(),
  unmark: call(z.object({ eventIds })).returns<MarksBefore>(),
  state: call(z.object({})).returns<TriageState>(),
  /** Chooses a model by cross-validation, trains it and makes it the current one. Throws invalid_input when there are too few marks. */
  train: call(z.object({ run })).returns<ModelVersion>(),
  /** Events to look at next. Marked ones are not among them. */
  triage: call(z.object({ scope, limit: z.number().int().min(1).max(500).default(100), run })).returns<TriageReply>(),
  /** What the current model says of events. Empty when there is none. */
  score: call(z.object({ eventIds: z.array(eventId).max(1000) })).returns<ScoredEvent[]>(),
  /** Makes a version the one that ranks. */
  use: call(z.object({ version })).returns<void>(),
  /** Puts a version away; removing the current one leaves none. `restore` brings it back. */
  remove: call(z.object({ version })).returns<void>(),
  restore: call(z.object({ version })).returns<void>(),
  exportVersion: call(z.object({ version })).returns<ModelExport>(),
  /** Reads a model back that was exported, and makes it the current one. Throws invalid_input when it is not whole. */
  importVersion: call(z.object({ json: z.string().max(MAX_MODEL) })).returns<ModelVersion>(),
  /** How far the numeric features of events that came since the training (else of the whole case) are from those of the training. */
  drift: call(z.object({ run })).returns<{ rows: DriftRow[]; compared: number; since: boolean; findings: Finding[] }>(),
};
