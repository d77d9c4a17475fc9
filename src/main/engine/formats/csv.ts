/**
 * Tables: comma, tab, semicolon or pipe separated, with quoted cells that may hold line ends (RFC 4180). The header's names mean what
 * lib/spellings.ts says ("Duration (ms)" = duration_ms); a date and a time of day in two columns are read as one. Without a header
 * the columns are col1, col2, … and the times have to be found. The header row is no event, also when it comes again.
 */
import { FIELD, type Format, type Head, type Parser, type Recognition, type Sink, type SourceContext } from './format.ts';
import { CSV_SAMPLES, CSV_HEADER } from './csv.samples.ts';
import { dotted, findTable, MAX_ROW_BYTES, readRow, skipTypeLine, type Cell, type Column } from './lib/csv-table.ts';
import { forward } from './lib/forward.ts';
import { findLevel, type Found } from './lib/free-text.ts';
import { pairValue } from './lib/json-detail.ts';
import { InnerJson } from './lib/json-inner.ts';
import { decodeUtf8 } from './lib/json-text.ts';
import { isBlank, skipMark, trimLine } from './lib/lines.ts';
import { MEANING } from './lib/spellings.ts';
import { KIND, Structured } from './lib/structured.ts';
import { createClock } from './lib/time.ts';

export const csv: Format = {
  id: 'csv',
  title: 'CSV table',
  description: 'Rows of columns separated by comma, tab, semicolon or pipe, with or without a header.',
  signal: 'logs',
  samples: CSV_SAMPLES,
  sampleHead: CSV_HEADER,
  parallel: false,
  recognise,
  open: (context) => new Rows(context),
};

function recognise(head: Head): Recognition | null {
  const table = findTable(head.bytes);
  if (!table || table.rows === 0) return null;
  const base = table.known ? 0.95 : table.header === '' ? 0.6 : table.hasTime ? 0.9 : 0.65;
  return { confidence: base * table.regular, reason: table.reason };
}

/** The table of a head is found once: a stored record is read back with a parser of its own, and looking through 64 KiB costs far more than the record. */
const tables = new WeakMap<Uint8Array, ReturnType<typeof findTable>>();
function tableOf(head: Uint8Array): ReturnType<typeof findTable> {
  let table = tables.get(head);
  if (table === undefined) tables.set(head, (table = findTable(head)));
  return table;
}

const SUMMARY_CELLS = 16;
/** A level stands in the beginning of a line. */
const LEVEL_CHARACTERS = 200;
const encoder = new TextEncoder();

class Rows implements Parser {
  private readonly delimiter: number;
  private readonly header: Uint8Array;
  /** the source begins with a line that only names the type of its rows */
  private readonly typed: boolean;
  private readonly columns: readonly Column[];
  private readonly out: Structured;
  private readonly cells: Cell[] = [];
  private readonly inner: InnerJson;
  private readonly level: Found = { start: 0, end: 0, code: 0 };

  constructor(context: SourceContext) {
    // A format chosen by hand may meet what is no table: then every line is a row of commas.
    const table = tableOf(context.head);
    this.delimiter = table?.delimiter ?? 44;
    const start = skipMark(context.head, 0, context.head.length);
    this.typed = skipTypeLine(context.head, start, context.head.length) > start;
    this.header = new TextEncoder().encode(table?.header ?? '');
    this.columns = table?.columns ?? [];
    const clock = createClock(context);
    this.inner = new InnerJson(clock);
    this.out = new Structured(clock, (buf, start, end) => decodeUtf8(buf, start, end).replaceAll('""', '"'));
  }

  parse(buf: Uint8Array, start: number, end: number, stopAt: number, final: boolean, sink: Sink): number {
    let i = start;
    while (i < stopAt && i < end) {
      const rowStart = skipMark(buf, i, end);
      const limit = Math.min(end, rowStart + MAX_ROW_BYTES);
      let stop = readRow(buf, rowStart, limit, this.delimiter, this.cells);
      const whole = stop >= 0 && stop < limit;
      if (!whole && limit === end && !final) return i;
      if (!whole && (stop < 0 || limit < end)) {
        // The row does not end in reach: only its first line is given up. A long line without quotes is a row all the same.
        const newline = buf.indexOf(10, rowStart);
        const inSight = newline >= 0 && newline < end;
        if (!inSight && !final) return i;
        stop = inSight ? newline : end;
        const rowEnd = trimLine(buf, rowStart, stop);
        if (readRow(buf, rowStart, rowEnd, this.delimiter, this.cells) < 0) {
          sink.reject(rowStart, rowEnd, 'A quoted cell is not closed.');
          i = Math.min(end, stop + 1);
          continue;
        }
      }
      const rowEnd = trimLine(buf, rowStart, stop);
      if (!isBlank(buf, rowStart, rowEnd) && !this.isHeader(buf, rowStart, rowEnd)) this.report(buf, rowStart, rowEnd, sink);
      i = Math.min(end, stop + 1);
    }
    return i;
  }

  private isHeader(buf: Uint8Array, start: number, end: number): boolean {
    const { header } = this;
    if (this.typed && buf[start] === 35 && skipTypeLine(buf, start, end + 1) > start) return true;
    if (header.length === 0 || end - start !== header.length) return false;
    for (let k = 0; k < header.length; k++) if (buf[start + k] !== header[k]) return false;
    return true;
  }

  private report(buf: Uint8Array, start: number, end: number, sink: Sink): void {
    const { cells, columns, out } = this;
    out.clear();
    let date: Cell | null = null;
    let clock: Cell | null = null;
    let zone: Cell | null = null;
    let dayFirst = false;
    cells.forEach((cell, index) => {
      const column = columns[index];
      if (column === undefined || cell.end === cell.start) return;
      if (column.part === 'date') date = cell;
      else if (column.part === 'clock') clock = cell;
      else if (column.part === 'zone') zone = cell;
      const { spelling } = column;
      if (column.dayFirst) {
        dayFirst = true;
        if (spelling?.meaning === MEANING.time) out.putText(MEANING.time, spelling.rank, 0, dotted(this.text(buf, cell)));
      } else if (spelling) out.put(spelling.meaning, spelling.rank, spelling.parameter, cell.escaped ? KIND.escaped : KIND.plain, cell.start, cell.end);
    });
    if (date && clock) {
      const day = this.text(buf, date);
      out.putText(MEANING.time, 0, 0, `${dayFirst ? dotted(day) : day} ${this.text(buf, clock)}${zone ? ` ${this.text(buf, zone)}` : ''}`);
    }
    sink.begin(start, end);
    let unpacked = false;
    if (out.emit(buf, sink)) {
      const wrote = out.has(MEANING.level) ? sink : this.levelled(sink);
      unpacked = this.inner.emit(out, buf, wrote);
      if (wrote !== sink && !unpacked) this.tellLevel(buf, out.start[MEANING.message], out.end[MEANING.message], sink);
    } else {
      const summary = this.summary(buf);
      if (summary !== '') sink.messageText(summary);
    }
    if (sink.detail) {
      cells.forEach((cell, index) => {
        if (unpacked && cell.start === out.start[MEANING.message]) this.inner.attributes(this.nameOf(index), sink);
        else if (cell.end === cell.start || !out.isShown(cell.start) || (unpacked && this.inner.covers(out, cell.start))) sink.attribute(this.nameOf(index), this.text(buf, cell));
      });
    }
    sink.end();
  }

  /** A sink that looks for the level in the message that is told to it, unless one is said: a collector's table has the line that a program wrote. */
  private levelled(sink: Sink): Sink {
    let said = false;
    return {
      ...forward(sink),
      field: (code, start, end) => {
        said ||= code === FIELD.level;
        sink.field(code, start, end);
      },
      text: (code, value) => {
        said ||= code === FIELD.level;
        sink.text(code, value);
      },
      messageText: (value, start, end) => {
        const bytes = encoder.encode(value.slice(0, LEVEL_CHARACTERS));
        if (!said) this.tellLevel(bytes, 0, bytes.length, sink);
        sink.messageText(value, start, end);
      },
    };
  }
  private tellLevel(buf: Uint8Array, start: number, end: number, sink: Sink): void {
    if (!findLevel(buf, start, end, this.level)) return;
    sink.text(FIELD.level, decodeUtf8(buf, this.level.start, this.level.end));
    sink.severity(this.level.code);
  }

  private nameOf(index: number): string {
    return this.columns[index]?.name ?? `col${index + 1}`;
  }
  private text(buf: Uint8Array, cell: Cell): string {
    const text = decodeUtf8(buf, cell.start, cell.end);
    return cell.escaped ? text.replaceAll('""', '"') : text;
  }
  private summary(buf: Uint8Array): string {
    const pairs: string[] = [];
    this.cells.forEach((cell, index) => {
      const told = this.columns[index]?.part != null || this.out.isShown(cell.start);
      if (pairs.length < SUMMARY_CELLS && cell.end > cell.start && !told) pairs.push(`${this.nameOf(index)}=${pairValue(this.text(buf, cell))}`);
    });
    return pairs.join(' ');
  }
}
