/** One series out of a table: a column of times, as they are written, and one of numbers. */
import { MAX_ROW_BYTES, readRow, type Cell } from '../formats/lib/csv-table.ts';
import { cellNumber, cellText, isMissing } from './parsers/csv-plan.ts';
import { after, stepOf, stepsBetween, timeForm, type Step, type TimeForm } from './time-form.ts';

export interface SeriesTable {
  /** of the column of numbers */
  name: string;
  /** of all columns of numbers */
  names: string[];
  form: TimeForm;
  step: Step;
  /** of the first value, microseconds UTC; null = the table has no times, and rows are counted from 1 */
  start: number | null;
  /** one value a step, NaN where the table has none; several of one time are their mean */
  values: Float64Array;
  /** lines (from 1) that could not be read */
  broken: { line: number; reason: string }[];
}

const DELIMITERS = [44, 9, 59, 124] as const;
const SAMPLE = 50;
/** A grid much longer than its rows would be mostly holes: such rows are taken one after the other. */
const MOST_HOLES = 4;

interface Row {
  line: number;
  cells: string[];
}

function rowsOf(bytes: Uint8Array, delimiter: number, most: number): Row[] {
  const rows: Row[] = [];
  const cells: Cell[] = [];
  let line = 1;
  for (let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; at < bytes.length && rows.length < most; line++) {
    let end = readRow(bytes, at, Math.min(bytes.length, at + MAX_ROW_BYTES), delimiter, cells);
    // A quote that is not closed spoils its line, not the rest of the file.
    const spoiled = end < 0;
    if (spoiled) {
      const newline = bytes.indexOf(10, at);
      end = newline < 0 ? bytes.length : newline;
    }
    if (spoiled) rows.push({ line, cells: [] });
    else if (cells.length > 1 || cells[0].end > cells[0].start) rows.push({ line, cells: cells.map((cell) => cellText(bytes, cell)) });
    at = end + 1;
  }
  return rows;
}

/** Reads a table of one or more columns. Throws an Error with what is wrong when there is no column of numbers. */
export function readSeriesTable(bytes: Uint8Array, column?: string): SeriesTable {
  const width = (delimiter: number): number => {
    const rows = rowsOf(bytes, delimiter, SAMPLE);
    const first = rows[0]?.cells.length ?? 0;
    return rows.length > 0 && rows.filter(({ cells }) => cells.length === first).length >= 0.8 * rows.length ? first : 0;
  };
  const delimiter = DELIMITERS.reduce<number>((best, each) => (width(each) > width(best) ? each : best), DELIMITERS[0]);
  const rows = rowsOf(bytes, delimiter, Number.POSITIVE_INFINITY);
  const isNumber = (text: string): boolean => isMissing(text) || cellNumber(text, delimiter) !== undefined;
  const headed = rows.length > 0 && rows[0].cells.length > 0 && rows[0].cells.every((cell) => cellNumber(cell, delimiter) === undefined && Number.isNaN(timeForm(cell).read(cell)));
  const body = headed ? rows.slice(1) : rows;
  const sample = body.slice(0, SAMPLE).filter(({ cells }) => cells.length > 0);
  const columns = Math.max(0, ...sample.map(({ cells }) => cells.length));
  const titles = Array.from({ length: columns }, (_, i) => (headed ? (rows[0].cells[i] ?? '') : `column ${i + 1}`));
  const share = (i: number, test: (text: string) => boolean): number => sample.filter(({ cells }) => test(cells[i] ?? '')).length / sample.length;
  const timed = columns < 2 ? -1 : titles.findIndex((title, i) => share(i, (text) => !Number.isNaN(timeForm(text).read(text))) >= 0.8 && (headed ? /time|date|stamp|month|year|day|hour|^ds$|^t$|^x$/i.test(title) || i === 0 : i === 0));
  const numeric = titles.flatMap((_, i) => (i !== timed && share(i, isNumber) >= 0.8 && share(i, isMissing) < 1 ? [i] : []));
  if (numeric.length === 0) throw new Error('There is no column of numbers in it: a series is a table with a column of times and one of numbers.');
  const wanted = column === undefined ? (numeric.find((i) => /^value$/i.test(titles[i])) ?? numeric[0]) : titles.indexOf(column);
  if (!numeric.includes(wanted)) throw new Error(`There is no column of numbers "${column}"; there are ${numeric.map((i) => titles[i]).join(', ')}.`);

  const broken: SeriesTable['broken'] = [];
  const form = timeForm(sample.find(({ cells }) => timed >= 0 && !Number.isNaN(timeForm(cells[timed] ?? '').read(cells[timed] ?? '')))?.cells[timed] ?? '');
  const samples: { time: number; value: number }[] = [];
  for (const { line, cells } of body) {
    const text = cells[wanted];
    const value = text === undefined ? undefined : isMissing(text) ? Number.NaN : cellNumber(text, delimiter);
    const time = timed < 0 ? samples.length : form.read(cells[timed] ?? '');
    if (value === undefined) broken.push({ line, reason: text === undefined ? 'it has too few cells, or a quote that is not closed' : `"${text.slice(0, 40)}" is no number` });
    else if (Number.isNaN(time)) broken.push({ line, reason: `"${(cells[timed] ?? '').slice(0, 40)}" is no time like those before it` });
    else samples.push({ time, value });
  }
  samples.sort((a, b) => a.time - b.time);
  const common = { name: titles[wanted], names: numeric.map((i) => titles[i]), form, broken };
  const plain = (start: number | null, step: Step): SeriesTable => ({ ...common, start, step, values: Float64Array.from(samples, ({ value }) => value) });
  if (timed < 0 || samples.length === 0) return plain(null, { us: 1 });
  const step = stepOf(samples.map(({ time }) => time)) ?? form.least;
  const start = samples[0].time;
  const length = stepsBetween(start, samples[samples.length - 1].time, step) + 1;
  // The last row keeps its time, so that the forecast goes on from there.
  if (length > MOST_HOLES * samples.length + 100) return plain(after(samples[samples.length - 1].time, step, 1 - samples.length), step);
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  for (const { time, value } of samples) {
    if (Number.isNaN(value)) continue;
    const at = stepsBetween(start, time, step);
    sums[at] += value;
    counts[at]++;
  }
  return { ...common, start, step, values: sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : Number.NaN)) };
}
