/** What a delimited text looks like: delimiter, header, and what its columns mean. Read from a source's head. */
import { decodeUtf8 } from './json-text.ts';
import { skipMark } from './lines.ts';
import { namesWithoutHeader, ownMeanings } from './csv-dialects.ts';
import { MEANING, meaningOf, normalise, type Spelling } from './spellings.ts';
import { severityAt } from './severity.ts';
import { createClock, readTime } from './time.ts';

/** A row is never longer: a quote that is not closed within it is a stray one. */
export const MAX_ROW_BYTES = 1 << 20;
const SAMPLE_ROWS = 100;
const DELIMITERS = [44, 9, 59, 124] as const;
const DELIMITER_NAMES: Readonly<Record<number, string>> = { 44: 'comma', 9: 'tab', 59: 'semicolon', 124: 'pipe' };

export interface Cell {
  /** [start, end) without the quotes */
  start: number;
  end: number;
  /** it has doubled quotes in it */
  escaped: boolean;
}
export interface Column {
  name: string;
  spelling: Spelling | null;
  /** date and time of day in two columns, and perhaps the zone in a third, are read as one */
  part: 'date' | 'clock' | 'zone' | null;
  /** its dates are written day/month/year */
  dayFirst: boolean;
}
export interface Table {
  delimiter: number;
  /** the bytes of the header row, '' when there is none */
  header: string;
  columns: Column[];
  /** share of the head's rows with as many cells as there are columns */
  regular: number;
  rows: number;
  hasTime: boolean;
  /** there is no header, but whose rows these are shows in them */
  known: boolean;
  /** why this is a table, for people */
  reason: string;
}

/**
 * Cuts the row at `start` into `cells`. Returns the position of its line end (LF, or `end`), or -1 when a quote is not closed
 * before `end`. A quote only counts at the start of a cell; what follows the closing one belongs to the cell.
 */
export function readRow(buf: Uint8Array, start: number, end: number, delimiter: number, cells: Cell[]): number {
  cells.length = 0;
  let i = start;
  for (;;) {
    const cell: Cell = { start: i, end: i, escaped: false };
    let quoted = false;
    if (i < end && buf[i] === 34) {
      quoted = true;
      cell.start = ++i;
      for (; ; i++) {
        if (i >= end) return -1;
        if (buf[i] !== 34) continue;
        if (i + 1 < end && buf[i + 1] === 34) {
          cell.escaped = true;
          i++;
        } else {
          break;
        }
      }
      cell.end = i++;
    }
    const tail = i;
    while (i < end && buf[i] !== delimiter && buf[i] !== 10) i++;
    if (!quoted || i > tail + (buf[i - 1] === 13 ? 1 : 0)) cell.end = i;
    cells.push(cell);
    if (i < end && buf[i] === delimiter) {
      i++;
      continue;
    }
    if (cell.end > cell.start && cell.end === i && buf[i - 1] === 13) cell.end--;
    return i;
  }
}

/** The table that `head` shows, or null when it is none. Only the first 100 rows count. */
export function findTable(head: Uint8Array): Table | null {
  const start = skipTypeLine(head, skipMark(head, 0, head.length), head.length);
  if (head[start] === 35) return null;
  let best: Table | null = null;
  for (const delimiter of DELIMITERS) {
    const table = tableWith(head, start, delimiter);
    if (table && (!best || score(table) > score(best))) best = table;
  }
  return best;
}
function score(table: Table): number {
  return table.regular * (table.hasTime ? 2 : 1) * (table.header === '' ? 1 : 2) + table.columns.length / 1000;
}

function tableWith(head: Uint8Array, start: number, delimiter: number): Table | null {
  const rows: string[][] = [];
  let header = '';
  const cells: Cell[] = [];
  for (let at = start; at < head.length && rows.length < SAMPLE_ROWS; ) {
    const end = readRow(head, at, head.length, delimiter, cells);
    if (end < 0 || (end === head.length && head.length >= 65536 && rows.length > 1)) break;
    if (cells.length > 1 || cells[0].end > cells[0].start) {
      rows.push(cells.map((cell) => cellText(head, cell).trim()));
      if (rows.length === 1) header = decodeUtf8(head, at, end).replace(/\r$/, '');
    }
    at = end + 1;
  }
  if (rows.length === 0) return null;
  const [first, ...rest] = rows;
  const headed = isHeader(first, rest);
  const known = headed ? null : delimiter === 44 ? namesWithoutHeader(rows) : null;
  const body = headed ? rest : rows;
  const names = headed ? withUnnamed(first, body) : known;
  const width = names?.length ?? commonLength(rows);
  if (width < 2) return null;
  const regular = body.length === 0 ? 1 : body.filter((row) => row.length === width).length / body.length;
  const columns = names ? namedColumns(names) : guessColumns(rows.filter((row) => row.length === width), width);
  pairDateAndClock(columns, body);
  if (names) guessTime(columns, body);
  markDayFirst(columns, body);
  const hasTime = columns.some(({ spelling, part }) => spelling?.meaning === MEANING.time || part !== null);
  const table = { delimiter, header: headed ? header : '', known: known !== null, columns, regular, rows: body.length, hasTime, reason: '' };
  if (!isBelievable(table, rows)) return null;
  const what = known ? `rows of the ${columns.length} columns of PostgreSQL's csvlog` : headed ? `the header names ${columns.length} columns (${columns.slice(0, 4).map(({ name }) => name).join(', ')}${columns.length > 4 ? ', …' : ''})` : `rows of ${columns.length} columns without a header`;
  return { ...table, reason: `${what}, ${DELIMITER_NAMES[delimiter]}-separated; ${Math.round(regular * body.length)} of ${body.length} rows fit` };
}

function cellText(buf: Uint8Array, { start, end, escaped }: Cell): string {
  const text = decodeUtf8(buf, start, end);
  return escaped ? text.replaceAll('""', '"') : text;
}

/** Names, all different, none a number or a time; and what is below looks different. */
function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  if (first.length < 2 || new Set(first).size !== first.length) return false;
  if (!first.every((name) => /^[\p{L}_@][\p{L}\p{N}_@ .\-/()[\]#:%$]*$/u.test(name) && name.length <= 60 && !isTime(name))) return false;
  if (rest.length > 0 && rest[0].length < first.length / 2) return false;
  // A row of words is a header when it names something we know, or when a column below it holds numbers or times.
  const known = first.filter((name) => columnMeaning(name) !== null).length;
  return known > 0 || first.some((_name, i) => rest.length > 0 && rest.every((row) => i >= row.length || /^[\d.:/\-TZ ]+$/.test(row[i])));
}

function isBelievable({ delimiter, header, columns, regular, hasTime, known }: Table, rows: readonly (readonly string[])[]): boolean {
  if (known) return regular >= 0.5;
  if (header !== '') {
    if (columns.length === 2 && !hasTime) return false;
    return regular >= 0.5;
  }
  // Without a header only regular rows with a time are a table; a comma may just be the mark of a log's milliseconds.
  if (!hasTime || rows.length < 2 || columns.length < (delimiter === 9 ? 3 : 4) || regular < 0.95) return false;
  return !(delimiter === 44 && rows.every((row) => /^\d{3}\b/.test(row[1])));
}

function columnMeaning(name: string): Spelling | null {
  const withUnit = name.replace(/\s*[([]([^)\]]*)[)\]]$/, ' $1');
  const bare = name.replace(/\s*[([][^)\]]*[)\]]$/, '');
  const top = { path: '', wrapped: false };
  return meaningOf(withUnit, top).spelling ?? meaningOf(bare, top).spelling;
}
function namedColumns(names: readonly string[]): Column[] {
  const own = ownMeanings(names);
  return names.map((name) => {
    const special = own[normalise(name)];
    return { name, spelling: special === undefined ? columnMeaning(name) : special, part: null, dayFirst: false };
  });
}
/** Names of a header whose rows hold one cell more than it: Windows' Event Viewer leaves the message without a name. */
function withUnnamed(names: readonly string[], body: readonly (readonly string[])[]): readonly string[] {
  const more = commonLength(body) === names.length + 1;
  return more && !names.some((name) => columnMeaning(name)?.meaning === MEANING.message) ? [...names, 'Message'] : names;
}

const TYPE_LINE = new TextEncoder().encode('#TYPE ');
/** Behind the line with which older PowerShells begin an Export-Csv, if it stands at `start`. */
export function skipTypeLine(buf: Uint8Array, start: number, end: number): number {
  if (end - start <= TYPE_LINE.length || !TYPE_LINE.every((c, i) => buf[start + i] === c)) return start;
  const newline = buf.indexOf(10, start);
  return newline < 0 || newline >= end ? start : newline + 1;
}

const CLOCK = /^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AP]M)?$/i;
/** Marks a column of dates and one of times of day, so that both are read as one time. */
function pairDateAndClock(columns: Column[], rows: readonly (readonly string[])[]): void {
  const whole = rows.filter((cells) => cells.length === columns.length);
  const clock = columns.findIndex(({ name }, i) => /time|clock|hour/i.test(name) && whole.some((row) => CLOCK.test(row[i])));
  const date = columns.findIndex(({ name }, i) => /date|day/i.test(name) && whole.some((row) => /^[\w./-]{6,12}$/.test(row[i])));
  if (clock < 0 || date < 0) return;
  columns[clock].part = 'clock';
  columns[date].part = 'date';
  const zone = columns.find(({ name }) => /^(?:time ?)?zone$|^tz$/i.test(name));
  if (zone) zone.part = 'zone';
}

/** Where no name says so, the first column that holds nothing but times is the time: headers come in every language. */
function guessTime(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0 || columns.some(({ spelling, part }) => part !== null || spelling?.meaning === MEANING.time)) return;
  const time = columns.find(({ spelling }, i) => spelling === null && rows.every((row) => row.length !== columns.length || isTime(row[i])) && rows.some((row) => row.length === columns.length));
  if (time) time.spelling = { meaning: MEANING.time, rank: 0, parameter: 0 };
}

const SLASHED = /^(\d{1,2})\/(\d{1,2})\/\d{4}\b/;
/** Marks columns in which a date can only be day/month/year: then all of them are. */
function markDayFirst(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  columns.forEach((column, i) => {
    if (column.part !== 'date' && column.spelling?.meaning !== MEANING.time) return;
    const parts = rows.map((row) => SLASHED.exec(row[i] ?? '')).filter((match) => match !== null);
    column.dayFirst = parts.some(([, day]) => Number(day) > 12) && parts.every(([, , month]) => Number(month) <= 12);
  });
}
/** A day/month/year with the dots by which it is known as one. */
export function dotted(text: string): string {
  return text.replace(SLASHED, (date) => date.replaceAll('/', '.'));
}

/** Columns of a table without a header: the first that always holds a time, the first of levels, and the longest text as the message. */
function guessColumns(rows: readonly (readonly string[])[], width: number): Column[] {
  const columns: Column[] = Array.from({ length: width }, (_, i) => ({ name: `col${i + 1}`, spelling: null, part: null, dayFirst: false }));
  if (rows.length === 0) return columns;
  const every = (i: number, test: (text: string) => boolean): boolean => rows.every((row) => test(row[i]));
  const claim = (i: number, meaning: Spelling['meaning']): void => {
    if (i >= 0) columns[i].spelling = { meaning, rank: 0, parameter: 0 };
  };
  claim(columns.findIndex((_column, i) => every(i, isTime)), MEANING.time);
  claim(columns.findIndex(({ spelling }, i) => !spelling && every(i, isLevel)), MEANING.level);
  const lengths = columns.map(({ spelling }, i) => (spelling ? 0 : rows.reduce((sum, row) => sum + (/[A-Za-z]{2}/.test(row[i]) ? row[i].length : 0), 0)));
  const longest = lengths.indexOf(Math.max(...lengths));
  if (lengths[longest] > 0) claim(longest, MEANING.message);
  return columns;
}
function commonLength(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

const encoder = new TextEncoder();
// Only whether there is a time counts here, so any zone and year will do.
const anyClock = createClock({ zone: 'UTC', modified: Date.UTC(2026, 0, 1) * 1000 });
function isTime(text: string): boolean {
  const bytes = encoder.encode(text.slice(0, 64));
  const us = readTime(bytes, 0, bytes.length, anyClock);
  return us === us && anyClock.end >= bytes.length - 6;
}
function isLevel(text: string): boolean {
  const bytes = encoder.encode(text.slice(0, 20));
  return severityAt(bytes, 0, bytes.length) >= 0;
}
