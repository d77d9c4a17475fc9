/**
 * Tables of measurements: a time column and columns of numbers (each a series; columns of words are labels), or the long form with the
 * metric's name, labels and value in columns, or InfluxDB's annotated CSV. `timestamp,value` (NAB) is a series named as the file.
 */
import { MAX_ROW_BYTES, readRow, type Cell } from '../../formats/lib/csv-table.ts';
import { createClock, type Clock } from '../../formats/lib/time.ts';
import { unitOfName, countsUp, type SeriesHead } from '../series.ts';
import { cellNumber, cellText, cellTime, isMissing, planCsv, type CsvPlan } from './csv-plan.ts';
import { readSeries } from './exposition.ts';
import { labelsOf, objectOf } from './json-metrics.ts';
import { inPieces } from './pieces.ts';
import { CountingSink, HeadCache, joinLabels, makeHead, nameOfPath, Unreadable, type MetricContext, type MetricParser } from './parser.ts';

/** So much is looked at before the columns are known. */
const HEAD_BYTES = 64 << 10;

export const csvMetrics: MetricParser = {
  id: 'csv-metrics',
  title: 'Table of measurements (CSV)',
  async read(chunks, sink, context) {
    const out = new CountingSink(sink);
    let table: TableReader | undefined;
    let rest = new Uint8Array(0);
    let offset = 0;
    const read = (final: boolean): void => {
      if (!table && (rest.length >= HEAD_BYTES || final)) {
        const plan = planCsv(rest.subarray(0, HEAD_BYTES), final && rest.length <= HEAD_BYTES, context);
        if (!plan) throw new Error('This is not a table of measurements: it needs a column of times and at least one of numbers, and two rows.');
        table = new TableReader(plan, context, out);
        rest = rest.subarray(plan.dataAt);
        offset = plan.dataAt;
      }
      if (!table) return;
      const used = table.rows(rest, offset, final);
      rest = rest.slice(used);
      offset += used;
    };
    for await (const piece of inPieces(chunks)) {
      const joined = new Uint8Array(rest.length + piece.length);
      joined.set(rest);
      joined.set(piece, rest.length);
      rest = joined;
      read(false);
    }
    read(true);
    return out.counts;
  },
};

class TableReader {
  readonly #plan: CsvPlan;
  readonly #out: CountingSink;
  readonly #clock: Clock;
  readonly #heads = new HeadCache();
  readonly #name: string;
  readonly #cells: Cell[] = [];
  readonly #time: number;
  readonly #values: number[];
  /** columns whose texts say which series a row is of */
  readonly #identity: number[];

  constructor(plan: CsvPlan, context: MetricContext, out: CountingSink) {
    this.#plan = plan;
    this.#out = out;
    this.#clock = createClock(context);
    this.#name = nameOfPath(context.path);
    const indexes = (roles: readonly string[]): number[] => plan.columns.flatMap(({ role }, i) => (roles.includes(role) ? [i] : []));
    [this.#time] = indexes(['time']);
    this.#values = indexes(['value']);
    this.#identity = indexes(['name', 'field', 'label', 'labels', 'unit']);
  }

  /** Reads the complete rows of `buf`; returns how many bytes they took. */
  rows(buf: Uint8Array, offset: number, final: boolean): number {
    let at = 0;
    while (at < buf.length) {
      let end = readRow(buf, at, buf.length, this.#plan.delimiter, this.#cells);
      let reason = '';
      if (end < 0 || (end === buf.length && !final)) {
        const complete = final || buf.length - at > MAX_ROW_BYTES;
        if (!complete) return at;
        if (end < 0) {
          // A quote that is not closed spoils its line, not the rest of the file.
          const line = buf.indexOf(10, at);
          end = line < 0 ? buf.length : line;
          reason = 'A quote is not closed.';
        }
      }
      if (reason === '' && buf[at] !== 35) reason = this.#row(buf);
      if (reason !== '') {
        const to = end > at && buf[end - 1] === 13 ? end - 1 : end;
        this.#out.reject({ offset: offset + at, length: to - at, reason, bytes: buf.slice(at, to) });
      }
      at = Math.min(end + 1, buf.length);
    }
    return at;
  }

  #row(buf: Uint8Array): string {
    const texts = this.#cells.map((cell) => cellText(buf, cell));
    if (texts.length === 1 && texts[0] === '') return '';
    const { columns } = this.#plan;
    if (texts.length !== columns.length) return this.#repeatsHeader(texts) ? '' : `The row has ${texts.length} cells, the table ${columns.length} columns.`;
    const timeUs = cellTime(texts[this.#time], this.#clock);
    // Files that were put together, and annotated CSV, say their header again.
    if (Number.isNaN(timeUs)) return this.#repeatsHeader(texts) ? '' : `"${texts[this.#time].slice(0, 40)}" is not a time.`;
    const found: [SeriesHead, number][] = [];
    try {
      for (const i of this.#values) {
        const text = texts[i];
        if (isMissing(text) && !/^nan$/i.test(text)) continue;
        const value = cellNumber(text, this.#plan.delimiter);
        if (value === undefined) return `"${text.slice(0, 40)}" in the column ${columns[i].name} is not a number.`;
        found.push([this.#headOf(i, texts), value]);
      }
    } catch (error) {
      if (error instanceof Unreadable) return error.message;
      throw error;
    }
    for (const [head, value] of found) this.#out.sample(head, timeUs, value);
    return '';
  }

  #repeatsHeader(texts: readonly string[]): boolean {
    return this.#plan.headed && this.#plan.columns.every(({ title }, i) => texts[i] === title);
  }

  #headOf(column: number, texts: readonly string[]): SeriesHead {
    let key = String(column);
    for (const i of this.#identity) key += `\0${texts[i]}`;
    return this.#heads.get(key) ?? this.#heads.set(key, this.#makeHead(column, texts));
  }

  #makeHead(column: number, texts: readonly string[]): SeriesHead {
    const { columns, long } = this.#plan;
    const labels: [string, string][] = [];
    let { name } = columns[column];
    let { unit } = columns[column];
    if (long) name = '';
    else if (this.#values.length === 1 && /^(?:value|val|column_\d+)$/i.test(name)) name = this.#name;
    for (const i of this.#identity) {
      const { role, name: title } = columns[i];
      if (role === 'name') name = texts[i];
      else if (role === 'unit') unit = texts[i];
      else if (role === 'labels') labels.push(...labelsOfText(texts[i]));
      else if (role === 'label') labels.push([title, texts[i]]);
    }
    const field = columns.findIndex(({ role }) => role === 'field');
    if (field >= 0 && texts[field] !== '') name = `${name}_${texts[field]}`;
    if (name.includes('{') && name.endsWith('}')) {
      const read = readSeries(name);
      name = read.name;
      labels.push(...read.labels);
    }
    return makeHead(name, joinLabels(labels), 'untyped', unit === '' ? unitOfName(name) : unit, countsUp(name, 'untyped'));
  }
}

/** {"a":"b"}, {a="b"}, a=b;c=d or a:b,c:d; anything else is one label. */
function labelsOfText(text: string): [string, string][] {
  if (text.startsWith('{') && text.includes('":')) {
    try {
      return labelsOf(objectOf(JSON.parse(text)));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  if (text.startsWith('{')) return readSeries(`x${text}`).labels;
  const pairs = text.split(/[;,|]/).map((part): [string, string] => {
    const at = part.search(/[=:]/);
    const value = part.slice(at + 1).trim();
    return [part.slice(0, Math.max(0, at)).trim(), value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value];
  });
  return pairs.every(([name]) => name !== '') ? pairs : [['labels', text]];
}
