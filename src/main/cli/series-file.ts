/** Reads one series of numbers from a file of delimited text: a time and a value a row. */
import fs from 'node:fs';
import readline from 'node:readline';
import { TidemarkError } from '../../shared/contract/rpc.ts';

export interface SeriesRow {
  /** as it stands in the file; '' when there is no such column */
  timestamp: string;
  /** NaN when the row has no number there */
  value: number;
  /** from 1, as editors count */
  line: number;
}

const DELIMITERS = [',', ';', '\t'];
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const TIME_NAMES = ['timestamp', '@timestamp', 'time', 'datetime', 'date', 'ts', 'ds'];
const VALUE_NAMES = ['value', 'val', 'y', 'count', 'metric', 'reading'];

interface Columns {
  delimiter: string;
  /** -1 when there is none */
  time: number;
  value: number;
  header: boolean;
}

/** A number as it is written in tables; NaN for anything else, also for 'NaN', 'inf' and an empty cell. */
export function readNumber(cell: string): number {
  const text = cell.trim();
  if (!NUMBER.test(text)) return Number.NaN;
  const number = Number(text);
  return Number.isFinite(number) ? number : Number.NaN;
}

/** Cells of a row; quotes hold delimiters and, doubled, themselves. */
export function cellsOf(row: string, delimiter: string): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < row.length; i++) {
    const c = row[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (row[i + 1] === '"') cell += row[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter) {
      cells.push(cell);
      cell = '';
    } else cell += c;
  }
  return [...cells, cell];
}

/**
 * Which columns the first row tells of. A header is a first row without a number where the value would be; its columns go by their names, in any
 * order, else by place: the last column is the value, the first of several the time.
 */
export function columnsOf(first: string): Columns {
  const delimiter = DELIMITERS.reduce((best, each) => (cellsOf(first, each).length > cellsOf(first, best).length ? each : best));
  const cells = cellsOf(first, delimiter).map((cell) => cell.trim());
  const names = cells.map((cell) => cell.toLowerCase());
  const value = VALUE_NAMES.map((name) => names.indexOf(name)).find((place) => place >= 0);
  const time = TIME_NAMES.map((name) => names.indexOf(name)).find((place) => place >= 0);
  const byPlace = { time: cells.length > 1 ? 0 : -1, value: cells.length === 1 ? 0 : cells.length === 2 ? 1 : undefined };
  const header = !cells.some((cell) => NUMBER.test(cell)) && (value !== undefined || time !== undefined || byPlace.value !== undefined);
  if (header && value === undefined && time !== undefined && cells.length === 2) return { delimiter, header, time, value: 1 - time };
  const place = (header ? value : undefined) ?? byPlace.value ?? (header ? undefined : 1);
  if (place === undefined) throw new TidemarkError('invalid_input', `No column is called ${VALUE_NAMES.slice(0, 3).join(', ')} among ${cells.slice(0, 12).join(', ')}: name the one with the numbers "value".`);
  return { delimiter, header, time: (header ? time : undefined) ?? (byPlace.time === place ? -1 : byPlace.time), value: place };
}

/**
 * The rows of a file in its order. Empty lines are no rows; a row without a number comes with NaN, so that nobody loses count.
 * @throws TidemarkError when the file cannot be read, has no rows, or its header names no value
 */
export async function* readSeries(file: string, signal: AbortSignal): AsyncGenerator<SeriesRow> {
  const stream = fs.createReadStream(file, { encoding: 'utf8', signal });
  const lines = readline.createInterface({ input: stream, crlfDelay: Infinity });
  let columns: Columns | null = null;
  let line = 0;
  let rows = 0;
  try {
    for await (const text of lines) {
      line++;
      const row = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (row.trim() === '') continue;
      if (columns === null) {
        columns = columnsOf(row);
        if (columns.header) continue;
      }
      const cells = cellsOf(row, columns.delimiter);
      rows++;
      yield { timestamp: columns.time < 0 ? '' : (cells[columns.time] ?? '').trim(), value: readNumber(cells[columns.value] ?? ''), line };
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new TidemarkError('not_found', `There is no file ${file}.`);
    if (code === 'EISDIR') throw new TidemarkError('invalid_input', `${file} is a folder.`);
    if (code === 'EACCES' || code === 'EPERM') throw new TidemarkError('permission', `${file} may not be read.`);
    throw error;
  } finally {
    lines.close();
    stream.destroy();
  }
  if (rows === 0) throw new TidemarkError('invalid_input', `${file} has no rows.`);
}
