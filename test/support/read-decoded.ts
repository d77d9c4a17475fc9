/** Reads a document with a format that decodes, the way the engine does, but keeps everything in memory. */
import type { Format } from '../../src/main/engine/formats/format.ts';
import { CollectingSink, type ReadRecord, type Rejection } from '../../src/main/engine/formats/lib/collect.ts';
import { decodeWhole } from './decode-whole.ts';

export interface ReadDecoded {
  /** with its attributes by name */
  records: (ReadRecord & { values: Record<string, string | number | boolean | null> })[];
  rejects: Rejection[];
  lines: string;
}

/** `size`: bytes of the chunks that the decoder is given. Formats without a decoder read the document as it is. */
export async function readDecoded(format: Format, document: string | Uint8Array, size = 65536): Promise<ReadDecoded> {
  const buf = await decodeWhole(format, typeof document === 'string' ? Buffer.from(document) : document, { size });
  const sink = new CollectingSink(buf, true);
  format.open({ path: 'document', modified: 0, zone: 'UTC', head: buf.subarray(0, 65536) }).parse(buf, 0, buf.length, buf.length, true, sink);
  const records = sink.records.map((record) => ({ ...record, values: Object.fromEntries(record.attributes.map(({ name, value }) => [name, value])) }));
  return { records, rejects: sink.rejects, lines: buf.toString('utf8') };
}
