/** Reads stored records back through the format that read them in, for attributes and details. */
import { formats } from '../formats/registry.ts';
import { loadDeclared } from '../formats/declared.ts';
import type { Format, Parser, SourceContext } from '../formats/format.ts';
import { readRecord, type ReadRecord } from '../formats/read-record.ts';
import type { Catalog, Segment } from './catalog.ts';

export class RecordReader {
  readonly #catalog: Catalog;
  readonly #sources = new Map<number, { format: Format; context: SourceContext; parser: Parser | undefined } | null>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Whether words must be looked for in the values of a source's records rather than in their bytes. */
  named(source: number): boolean {
    return this.#source(source)?.format.named ?? false;
  }

  /** null when the record does not read as one record any more (a declared format that changed). */
  read(segment: Segment, offset: number): ReadRecord | null {
    const source = this.#source(segment.source);
    return source && readRecord(source.format, source.context, this.#catalog.record(segment, offset), source.parser);
  }

  #source(id: number): { format: Format; context: SourceContext; parser: Parser | undefined } | null {
    let known = this.#sources.get(id);
    if (known !== undefined) return known;
    known = null;
    const source = this.#catalog.sources.get(id);
    if (source) {
      const { head, declared } = this.#catalog.sourceHead(id);
      const format = declared === null ? formats.find((candidate) => candidate.id === source.format) : loadDeclared(JSON.parse(declared), source.format);
      if (format) {
        const context = { path: source.path, modified: source.modified, zone: source.zone, head };
        // A parser that can start anywhere keeps nothing from record to record, nor does one of decoded lines, each of which says all of its
        // record: one serves all of a source. Making one costs more than reading a record does.
        known = { format, context, parser: format.parallel || format.decode ? format.open(context) : undefined };
      }
    }
    this.#sources.set(id, known);
    return known;
  }
}
