/** Another try for dead letters, in the parse worker: each is a little stream of its own. What comes of none of it goes back as it was. */
import { CollectingSink } from '../formats/lib/collect.ts';
import { originalOf, refused, type Original } from '../formats/lib/undecodable.ts';
import type { Format } from '../formats/format.ts';
import type { MetricParser } from '../metrics/parsers/parser.ts';
import type { Letter } from '../store/rejects.ts';
import type { RetryTask } from '../workers/parse-protocol.ts';
import { MAX_RECORD, type BatchBuilder, type RejectRecord } from './batch.ts';
import { Feeder } from './feeder.ts';
import { SampleBuilder } from './sample-builder.ts';

/** Bytes of lines that a decoder may make of one letter. */
const MOST_LINES = 16 * MAX_RECORD;

export async function recordsOfLetters(task: RetryTask, format: Format, builder: BatchBuilder): Promise<void> {
  const { shownPath: path, modified, options: { zone, service }, head, own } = task;
  for (const letter of task.letters) {
    const original = task.written ? originalOf(letter.bytes, letter.reason) : null;
    const decodes = format.decode !== undefined && format.fromConnector !== true && (original !== null || !own);
    let lines = original?.bytes ?? letter.bytes;
    let failure = '';
    try {
      if (decodes) lines = await decodedOf(format, lines, { path, modified });
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    const open = (): ReturnType<Format['open']> => format.open({ path, modified, zone, head });
    if (failure === '' && (decodes || original)) {
      const trial = new CollectingSink(lines, false);
      open().parse(lines, 0, lines.length, lines.length, true, trial);
      if (trial.records.length === 0) failure = trial.rejects[0]?.reason ?? 'There is no record in it.';
    }
    builder.source({ modified, now: Date.now() * 1000, service, dedupWindow: 0, named: format.named ?? false });
    builder.attempts = letter.attempts + 1;
    if (failure !== '') builder.rejectRaw(back(letter, original, own ? '' : failure));
    else new Feeder(open(), builder, letter.offset, undefined, lines.length + 16).push(lines, true);
  }
  builder.attempts = 1;
}

export async function metricsOfLetters(task: RetryTask, parser: MetricParser, samples: SampleBuilder): Promise<void> {
  const { shownPath: path, modified, options: { zone }, own } = task;
  for (const letter of task.letters) {
    const read = async (into: SampleBuilder): Promise<void> => void (await parser.read(one(letter.bytes), into, { path, modified, zone }));
    const trial = new SampleBuilder(modified);
    let failure = '';
    try {
      await read(trial);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    const { stored, rejects } = trial.take();
    samples.attempts = letter.attempts + 1;
    if (failure === '' && stored > 0) await read(samples);
    else samples.reject(back(letter, null, own ? '' : failure === '' ? (rejects[0]?.reason ?? 'There is no sample in it.') : failure));
  }
}

/** What its own format says of a part of a document is that it is no whole one: the reason it has says more. '' = that one. */
function back({ attempts, ...letter }: Letter, original: Original | null, reason: string): RejectRecord {
  const { offset, length, bytes } = letter;
  const again = { offset, length, bytes, reason: letter.reason, attempts: attempts + 1 };
  if (reason === '') return again;
  return original ? { ...again, ...refused(reason, original) } : { ...again, reason };
}

async function decodedOf(format: Format, bytes: Uint8Array, context: { path: string; modified: number }): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of format.decode?.(one(bytes), context) ?? one(bytes)) {
    parts.push(part);
    size += part.length;
    if (size > MOST_LINES) throw new Error(`There are more than ${MOST_LINES >> 20} MiB of records in it.`);
  }
  return Buffer.concat(parts);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}
