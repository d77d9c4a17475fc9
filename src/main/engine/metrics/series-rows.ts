/** A series as delimited text, for everything that takes one: how its lines are cut, which columns are the time and the numbers, what a number is. */
import { cellNumber, isMissing } from './parsers/csv-plan.ts';
import { timeForm } from './time-form.ts';

export interface SeriesColumns {
  delimiter: string;
  headed: boolean;
  /** of the header, or "column 1" and so on */
  titles: string[];
  /** place of the times, -1 = there are none */
  time: number;
  /** the times are in a form that can be read; else rows may be numbered, or have times that only people can read */
  readable: boolean;
  /** places of numbers, readable times not among them */
  numbers: number[];
  /** place of the column whose name says that it holds the values; -1 = none does */
  named: number;
}

/** So many rows tell what the columns are. */
export const SAMPLE_ROWS = 50;
/** A column is of times or numbers when so many of its cells are: a file may be damaged here and there. */
const MOSTLY = 0.8;
const DELIMITERS = [',', '\t', ';', '|'];
const VALUE_NAMES = ['value', 'val', 'y', 'count', 'metric', 'reading'];
const TIME_NAMES = ['timestamp', '@timestamp', 'time', 'datetime', 'date', 'ts', 'ds'];
const TIMELY = /time|date|stamp|month|year|day|hour|^ds$|^t$|^x$/i;

/** Cells of a line; quotes hold delimiters and, doubled, themselves. One that is not closed is part of its cell: no quote spoils more than its line. */
export function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (line[i + 1] === '"') cell += line[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  return [...cells, (quoted ? `"${cell}` : cell).trim()];
}

/** The number of a cell, NaN where it says that there is none; undefined when it is something else. */
export function numberOf(cell: string, delimiter: string): number | undefined {
  return isMissing(cell) ? Number.NaN : cellNumber(cell, delimiter.charCodeAt(0));
}

export function isTime(cell: string): boolean {
  return !Number.isNaN(timeForm(cell).read(cell));
}

/** What the columns are, by the first lines that are not empty. A header has no number and no time; its names count before what is below them. */
export function columnsOf(lines: readonly string[]): SeriesColumns {
  const delimiter = delimiterOf(lines);
  const rows = lines.map((line) => cellsOf(line, delimiter));
  const headed = rows.length > 0 && rows[0].every((cell) => cellNumber(cell, delimiter.charCodeAt(0)) === undefined && !isTime(cell));
  const body = headed ? rows.slice(1) : rows;
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const titles = Array.from({ length: width }, (_, i) => (headed ? (rows[0][i] ?? '') : `column ${i + 1}`));
  const share = (i: number, test: (cell: string) => boolean): number => body.filter((cells) => test(cells[i] ?? '')).length / body.length;
  const names = titles.map((title) => title.toLowerCase());
  const place = (wanted: readonly string[]): number => (headed ? (wanted.map((name) => names.indexOf(name)).find((i) => i >= 0) ?? -1) : -1);
  const named = place(VALUE_NAMES);
  const timed = titles.findIndex((title, i) => i !== named && share(i, isTime) >= MOSTLY && (i === 0 || (headed && TIMELY.test(title))));
  const numeric = titles.map((_, i) => share(i, (cell) => numberOf(cell, delimiter) !== undefined) >= MOSTLY && share(i, isMissing) < 1);
  // Where nothing tells, the time stands first.
  const others = place(TIME_NAMES);
  const first = width > 1 && named !== 0 && (width === 2 || !headed || !numeric[0]) ? 0 : -1;
  const time = width < 2 ? -1 : timed >= 0 ? timed : others >= 0 ? others : first;
  return { delimiter, headed, titles, time, readable: timed >= 0, numbers: numeric.flatMap((is, i) => (is && i !== timed ? [i] : [])), named };
}

/** The delimiter that cuts most rows into as many cells as the first, and into the most; where none does, the one that cuts the first into the most. */
function delimiterOf(lines: readonly string[]): string {
  const widths = DELIMITERS.map((delimiter) => {
    const [first = 0, ...others] = lines.map((line) => cellsOf(line, delimiter).length);
    const regular = 1 + others.filter((length) => length === first).length >= MOSTLY * lines.length;
    return { delimiter, first, regular: regular && first > 1 ? first : 0 };
  });
  return widths.reduce((best, each) => (each.regular > best.regular || (each.regular === best.regular && each.first > best.first) ? each : best)).delimiter;
}
