/** One series out of a table: a column of times, as they are written, and one of numbers. */
import { cellsOf, columnsOf, isTime, numberOf, SAMPLE_ROWS } from './series-rows.ts';
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

/** A grid much longer than its rows would be mostly holes: such rows are taken one after the other. */
const MOST_HOLES = 4;

/** Reads a table of one or more columns. Throws an Error with what is wrong when there is no column of numbers. */
export function readSeriesTable(bytes: Uint8Array, column?: string): SeriesTable {
  const lines = new TextDecoder().decode(bytes).split('\n').flatMap((text, i) => (text.trim() === '' ? [] : [{ text, line: i + 1 }]));
  const { delimiter, headed, titles, time: timePlace, readable, numbers, named } = columnsOf(lines.slice(0, SAMPLE_ROWS + 1).map(({ text }) => text));
  const [first] = numbers.filter((i) => i !== timePlace).concat(numbers);
  if (first === undefined) throw new Error('There is no column of numbers in it: a series is a table with a column of times and one of numbers.');
  const wanted = column === undefined ? (numbers.includes(named) ? named : first) : titles.indexOf(column);
  if (!numbers.includes(wanted)) throw new Error(`There is no column of numbers "${column}"; there are ${numbers.map((i) => titles[i]).join(', ')}.`);
  const body = (headed ? lines.slice(1) : lines).map(({ text, line }) => ({ line, cells: cellsOf(text, delimiter) }));

  const broken: SeriesTable['broken'] = [];
  const timed = readable ? timePlace : -1;
  const form = timeForm(timed < 0 ? '' : (body.find(({ cells }) => isTime(cells[timed] ?? ''))?.cells[timed] ?? ''));
  const samples: { time: number; value: number }[] = [];
  for (const { line, cells } of body) {
    const text = cells[wanted];
    const value = text === undefined ? undefined : numberOf(text, delimiter);
    const time = timed < 0 ? samples.length : form.read(cells[timed] ?? '');
    if (value === undefined) broken.push({ line, reason: text === undefined ? 'it has too few cells' : `"${text.slice(0, 40)}" is no number` });
    else if (Number.isNaN(time)) broken.push({ line, reason: `"${(cells[timed] ?? '').slice(0, 40)}" is no time like those before it` });
    else samples.push({ time, value });
  }
  samples.sort((a, b) => a.time - b.time);
  const common = { name: titles[wanted], names: numbers.map((i) => titles[i]), form, broken };
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
