/** A triage model as it is kept and exported: everything that scoring needs, where it comes from, and a checksum of it all. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ModelLineage, TriageFigures } from '../../../../../shared/contract/models.ts';
import { MAX_MODEL } from '../../../../../shared/contract/models.ts';
import { TidemarkError } from '../../../../../shared/contract/rpc.ts';
import { CLASSIFIER_KINDS, type Classifier } from '../classifier.ts';
import { KINDS } from '../kinds.ts';
import { featureNames, NUMERIC } from './event-features.ts';

const FORMAT = 'tidemark-triage-model';
/** Grows when the features mean something else. */
const FORMAT_VERSION = 1;

const names = z.array(z.string().max(2000)).max(200);
const whole = z.number().int().min(0);
const share = z.number().min(0).max(1);
const lineage: z.ZodType<ModelLineage> = z.object({
  case: z.string().max(1000), toolVersion: z.string().max(100), seed: z.number().int(), relevant: whole, notRelevant: whole, background: whole, events: whole, lastSegment: whole,
  marks: z.array(z.object({ eventId: whole, relevant: z.boolean() })).max(100_000), importedFrom: z.string().max(64),
});
const figures: z.ZodType<TriageFigures> = z.object({
  n: whole, measuredOn: z.enum(['marked', 'all']), apart: z.boolean(), folds: whole, truePositive: whole, falsePositive: whole, trueNegative: whole, falseNegative: whole, accuracy: share,
  precision: share.nullable(), recall: share.nullable(), f1: share.nullable(), rocAuc: share.nullable(), prAuc: share.nullable(), guessing: share, brier: z.number(), calibrationError: z.number(),
  tried: z.array(z.object({ kind: z.string().max(40), parameters: z.record(z.string().max(40), z.number()), logLoss: z.number() })).max(200),
});
const body = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  kind: z.enum(CLASSIFIER_KINDS),
  parameters: z.record(z.string().max(40), z.number()),
  vocabulary: z.object({ services: names, hosts: names, levels: names, words: names }),
  figures,
  lineage,
  /** numeric features of events of the training's case, by feature: what drift is measured against */
  reference: z.array(z.array(z.number()).max(5000)).length(NUMERIC.length),
  model: z.unknown(),
});
export type ModelBody = z.infer<typeof body>;
const file = body.extend({ sha256: z.string().length(64) });

/** The JSON of a model, and its checksum, which is of the JSON without it. */
export function writeModel(model: Omit<ModelBody, 'format' | 'formatVersion'>): { json: string; sha256: string } {
  const { kind, parameters, vocabulary, figures: told, lineage: from, reference, model: classifier } = model;
  const plain: ModelBody = { format: FORMAT, formatVersion: FORMAT_VERSION, kind, parameters, vocabulary, figures: told, lineage: from, reference, model: classifier };
  const sha256 = checksum(plain);
  return { json: JSON.stringify({ ...plain, sha256 }), sha256 };
}

function checksum(plain: ModelBody): string {
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex');
}

export interface ReadModel extends ModelBody {
  sha256: string;
  names: string[];
  classifier: Classifier;
}

/** Throws invalid_input, with what is wrong with it. */
export function readModel(json: string): ReadModel {
  const refuse = (why: string): never => {
    throw new TidemarkError('invalid_input', `This is not a model that can be read: ${why}.`);
  };
  if (json.length > MAX_MODEL) refuse('it is too large');
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return refuse('it is not JSON');
  }
  const read = file.safeParse(parsed);
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(`${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  const { sha256, ...plain } = read.data;
  if (checksum(plain) !== sha256) refuse('its checksum is not that of its content, so it was changed or cut');
  const all = featureNames(plain.vocabulary);
  try {
    return { ...plain, sha256, names: all, classifier: KINDS[plain.kind].restore(plain.model, all.length) };
  } catch (error) {
    return refuse(error instanceof Error ? error.message.slice(0, 200) : String(error));
  }
}
