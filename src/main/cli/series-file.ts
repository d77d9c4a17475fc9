/** Reads one series of numbers from a file of delimited text, however long: a time and a value a row. */
import fs from 'node:fs';
import readline from 'node:readline';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { cellsOf, columnsOf, numberOf, SAMPLE_ROWS } from '../engine/metrics/series-rows.ts';
import type { SeriesColumns } from '../engine/metrics/series-rows.ts';

export interface SeriesRow {
  /** as it stands in the file; '' when there is no such column */
  timestamp: string;
  /** NaN when the row has no number there */
  value: number;
  /** from 1, as editors count */
  line: number;
}

interface Layout extends SeriesColumns {
  /** place of the value */
  value: number;
}
interface Line {
  text: string;
  line: number;
}

/** The lines of a file that are not empty. */
async function* linesOf(file: string, signal: AbortSignal): AsyncGenerator<Line> {
  const stream = fs.createReadStream(file, { encoding: 'utf8', signal });
  const lines = readline.createInterface({ input: stream, crlfDelay: Infinity });
  let line = 0;
  try {
    for await (const raw of lines) {
      line++;
      const text = line === 1 ? raw.replace(/^\uFEFF/, '') : raw;
      if (text.trim() !== '') yield { text, line };
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
}

/** Which column has the value: the one that says so, else the only one of numbers, else by place: the second, or the only one. */
function valueOf({ titles, headed, named, numbers, time }: SeriesColumns): number {
  if (named >= 0) return named;
  const others = numbers.filter((i) => i !== time);
  if (others.length === 1) return others[0];
  if (headed && titles.length > 2) throw new TidemarkError('invalid_input', `No column is called value among ${titles.slice(0, 12).join(', ')}: name the one with the numbers "value".`);
  return titles.length === 1 || time === 1 ? 0 : 1;
}

function layoutOf(head: readonly Line[]): Layout {
  const columns = columnsOf(head.map(({ text }) => text));
  return { ...columns, value: valueOf(columns) };
}

function rowOf({ text, line }: Line, { delimiter, time, value }: Layout): SeriesRow {
  const cells = cellsOf(text, delimiter);
  const number = numberOf(cells[value] ?? '', delimiter);
  return { timestamp: time < 0 ? '' : (cells[time] ?? ''), value: number !== undefined && Number.isFinite(number) ? number : Number.NaN, line };
}

/**
 * The rows of a file in its order. Empty lines are no rows; a row without a number comes with NaN, so that nobody loses count.
 * @throws TidemarkError when the file cannot be read, has no rows, or its header names no value
 */
export async function* readSeries(file: string, signal: AbortSignal): AsyncGenerator<SeriesRow> {
  const head: Line[] = [];
  let layout: Layout | null = null;
  for await (const line of linesOf(file, signal)) {
    if (layout) yield rowOf(line, layout);
    else if (head.push(line) > SAMPLE_ROWS) {
      layout = layoutOf(head);
      yield* rowsOf(head, layout);
    }
  }
  if (layout) return;
  const rows = head.length === 0 ? [] : rowsOf(head, layoutOf(head));
  if (rows.length === 0) throw new TidemarkError('invalid_input', `${file} has no rows.`);
  yield* rows;
}

function rowsOf(head: readonly Line[], layout: Layout): SeriesRow[] {
  return (layout.headed ? head.slice(1) : head).map((line) => rowOf(line, layout));
}
