/** A document through recognition, decoder and parser, as the engine takes it: for tests of formats that decode. */
import type { Format } from '../../src/main/engine/formats/format.ts';
import { CollectingSink, type ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { decodeWhole } from './decode-whole.ts';

export interface Loaded {
  /** its id; '' when the document was not recognised */
  format: string;
  signal: string;
  /** `all`: the attributes by name */
  records: (ReadRecord & { all: Record<string, string | number | boolean | null> })[];
  /** the reasons */
  rejects: string[];
}

/** `format`: instead of the recognised one. Files of a format without a decoder give no records. */
export async function loadDecoded(document: string | Uint8Array, format?: Format, file = 'document'): Promise<Loaded> {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document;
  const found = format ?? recognise(makeHead(file, bytes), formats).format;
  const loaded: Loaded = { format: found?.id ?? '', signal: found?.signal ?? '', records: [], rejects: [] };
  if (!found?.decode) return loaded;
  const lines = await decodeWhole(found, bytes, { size: Math.max(1, bytes.length), path: file });
  const sink = new CollectingSink(lines, true);
  found.open({ path: file, modified: 0, zone: 'UTC', head: lines.subarray(0, 65536) }).parse(lines, 0, lines.length, lines.length, true, sink);
  loaded.records = sink.records.map((record) => ({ ...record, all: Object.fromEntries(record.attributes.map(({ name, value }) => [name, value])) }));
  loaded.rejects = sink.rejects.map(({ reason }) => reason);
  return loaded;
}
