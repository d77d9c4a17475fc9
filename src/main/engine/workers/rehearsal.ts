/**
 * Makes V8 compile what a first file needs while nobody waits: samples are recognised, parsed and packed, and what comes out is
 * thrown away. It takes a tenth of a second or two, and without it the first rows of a file take twice as long.
 */
import type { Format } from '../formats/format.ts';
import { makeHead, recognise } from '../formats/recognise.ts';
import { BatchBuilder } from '../pipeline/batch.ts';
import { Feeder } from '../pipeline/feeder.ts';

/** bytes of samples, said again and again, for each format: enough to be worth compiling to V8 */
const BYTES = 48 << 10;

/** Common ones, each of another family: all of them would take longer than a person to choose a file. */
const REHEARSED = ['jsonl', 'rfc3164', 'access', 'generic'];

/** Small steps, so that the caller can stop when there is real work. */
export function* rehearse(formats: readonly Format[]): Generator<void, void, void> {
  const builder = new BatchBuilder();
  for (const format of formats.filter(({ id }) => REHEARSED.includes(id))) {
    const head = format.sampleHead === undefined ? '' : `${format.sampleHead.replace(/\n$/, '')}\n`;
    const records = `${format.samples.map(({ record }) => record).join('\n')}\n`;
    const bytes = Buffer.from(head + records.repeat(Math.ceil(BYTES / records.length)));
    const context = { path: `sample.${format.id}`, modified: Date.now() * 1000, zone: 'UTC', ...format.sampleContext, head: bytes };
    recognise(makeHead(context.path, bytes), formats);
    yield;
    builder.source({ modified: context.modified, now: Date.now() * 1000, service: '', dedupWindow: 0, named: format.named ?? false });
    new Feeder(format.open(context), builder, 0).push(bytes, true);
    builder.take();
    yield;
  }
}
