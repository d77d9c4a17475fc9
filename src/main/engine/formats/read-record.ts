/** One stored record, read back in full by the format that read it in. */
import type { Format, Parser, SourceContext } from './format.ts';
import { CollectingSink, type ReadRecord } from './lib/collect.ts';

export type { ReadRecord } from './lib/collect.ts';

/**
 * Everything `format` says about the record `bytes` (as stored: without its line ending). null when the bytes no longer read as one
 * record of the format, so that the caller can say so instead of showing half of it.
 */
export function readRecord(format: Format, context: SourceContext, bytes: Uint8Array, parser: Parser = format.open(context)): ReadRecord | null {
  const sink = new CollectingSink(bytes, true);
  parser.parse(bytes, 0, bytes.length, bytes.length, true, sink);
  return sink.records[0] ?? null;
}
