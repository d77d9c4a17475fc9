/** Tables whose columns are named by lines that begin with '#', which may come again with other columns: W3C extended logs and Zeek. */
import type { Parser, Sink, SourceContext } from '../format.ts';
import type { Cell } from './csv-table.ts';
import { pairValue } from './json-detail.ts';
import { decodeUtf8 } from './json-text.ts';
import { lineParser } from './lines.ts';
import { MEANING, meaningOf, type Spelling } from './spellings.ts';
import { KIND, Structured } from './structured.ts';
import { createClock } from './time.ts';

export interface DirectiveDialect {
  /** Column names when the line is the directive that gives them, else null. */
  columns(line: string): string[] | null;
  /** Any other directive: what it says about every record behind it, as service name; null for nothing. */
  service?(line: string): string | null;
  /** The spelling of a column, when it is not the shared one. `head` is the text of the directives so far. */
  spelling?(column: string, head: string): Spelling | null | undefined;
  /** Cuts a row into cells. */
  split(buf: Uint8Array, start: number, end: number, cells: Cell[]): void;
  /** The message of a row, from the values by column; '' leaves it to the values themselves. */
  message?(value: (column: string) => string): string;
  /** The text of a cell that is `escaped`. */
  unescape?(text: string): string;
  /** values that stand for nothing */
  empty: ReadonlySet<string>;
}

const TOP = { path: '', wrapped: false };
const MAX_DIRECTIVES = 64;
/** rank of a service that a directive names: any column is better */
const DIRECTIVE_RANK = 200;

interface Column {
  name: string;
  spelling: Spelling | null;
  marks: number;
}

/** A parser for tables of one dialect. A parser that is opened in the middle of a file takes the columns that the file's head names. */
export function openDirectives(dialect: DirectiveDialect, context: SourceContext): Parser {
  const unescape = (buf: Uint8Array, start: number, end: number): string => {
    const raw = decodeUtf8(buf, start, end);
    return dialect.unescape?.(raw) ?? raw;
  };
  const out = new Structured(createClock(context), unescape);
  const cells: Cell[] = [];
  let columns: Column[] = [];
  let date = -1;
  let clock = -1;
  let service = '';
  let directives: string[] = [];

  function direct(line: string): void {
    const names = dialect.columns(line);
    if (names === null) {
      service = dialect.service?.(line) ?? service;
      if (directives.length < MAX_DIRECTIVES) directives.push(line);
      return;
    }
    const head = directives.join('\n');
    columns = names.map((name) => {
      const { spelling, marks } = meaningOf(name, TOP);
      const own = dialect.spelling?.(name, head);
      return { name, spelling: own === undefined ? spelling : own, marks };
    });
    date = names.findIndex((name) => /^date(?:-|$)/.test(name));
    clock = names.findIndex((name) => /^time(?:-(?:local|utc|gmt))?$/.test(name));
    directives = [];
  }
  for (const line of decodeUtf8(context.head, 0, context.head.length).split(/\r?\n/, MAX_DIRECTIVES)) {
    if (line.startsWith('#')) direct(line);
    if (columns.length > 0) break;
  }

  function text(buf: Uint8Array, index: number): string {
    const cell = cells[index];
    if (cell === undefined) return '';
    const value = decodeUtf8(buf, cell.start, cell.end);
    if (dialect.empty.has(value)) return '';
    return cell.escaped ? unescape(buf, cell.start, cell.end) : value;
  }

  function report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
    if (buf[start] === 35) {
      direct(decodeUtf8(buf, start, end));
      return;
    }
    dialect.split(buf, start, end, cells);
    out.clear();
    cells.forEach((cell, index) => {
      const column = columns[index];
      if (column === undefined || cell.end === cell.start || text(buf, index) === '') return;
      out.marks |= column.marks;
      const { spelling } = column;
      if (spelling && !(index === clock && date >= 0)) out.put(spelling.meaning, spelling.rank, spelling.parameter, cell.escaped ? KIND.escaped : KIND.plain, cell.start, cell.end);
    });
    if (service !== '') out.putText(MEANING.service, DIRECTIVE_RANK, 0, service);
    if (date >= 0 && clock >= 0) out.putText(MEANING.time, 0, 0, `${text(buf, date)} ${text(buf, clock)}`);
    sink.begin(start, end);
    const said = out.emit(buf, sink);
    if (!said && columns.length > 0) {
      const message = dialect.message?.((name) => text(buf, columns.findIndex((column) => column.name === name))) ?? '';
      const summary = message === '' ? summarise(buf) : message;
      if (summary !== '') sink.messageText(summary);
    }
    if (sink.detail) {
      cells.forEach((cell, index) => {
        if (!out.isShown(cell.start) && text(buf, index) !== '') sink.attribute(columns[index]?.name ?? `col${index + 1}`, text(buf, index));
      });
    }
    sink.end();
  }

  function summarise(buf: Uint8Array): string {
    const pairs: string[] = [];
    cells.forEach((cell, index) => {
      const value = text(buf, index);
      if (pairs.length < 16 && value !== '' && index !== date && index !== clock && !out.isShown(cell.start)) pairs.push(`${columns[index]?.name ?? `col${index + 1}`}=${pairValue(value)}`);
    });
    return pairs.join(' ');
  }
  return { parse: lineParser({ report }).parse };
}
