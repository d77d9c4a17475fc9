import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { forecastSeries, type Forecast } from '../../engine/analysis/forecast/forecaster.ts';
import { usualSeasons } from '../../engine/analysis/forecast/frequency.ts';
import { forecastLine, MOST_STEPS } from '../../engine/analysis/forecast/many.ts';
import { shapeOf } from '../../engine/analysis/forecast/shape.ts';
import { readSeriesTable, type SeriesTable } from '../../engine/metrics/series-table.ts';
import { after } from '../../engine/metrics/time-form.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { count, table, visible } from '../output.ts';

/** A table of more bytes is no series that a forecast reads. */
const MOST_BYTES = 256 << 20;
/** Broken lines that are told one by one. */
const TOLD = 20;

export const forecast: Command = {
  name: 'forecast',
  usage: 'forecast SERIES.csv --horizon H [--season S] [--column NAME] [--json]  |  forecast MANY.jsonl [--json]',
  summary: 'Says how a series goes on, with intervals, and how wrong the same methods would have been before.',
  details:
    'A combination of exponential smoothing, Theta, ARIMA and complex smoothing; for long seasons (hours of a day and of a week) of regressions on the seasons.\n' +
    'SERIES.csv is a column of times and one of numbers; the season is that of the step, or found out. Times go on in the form of the file; intervals are of 95 %.\n' +
    'JSON, one a step: {"timestamp","forecast","lower","upper"}; lower and upper are null where the history is too short to tell.\n' +
    'MANY.jsonl has one {"id","frequency","h","train":[..]} a line; frequency is a number of steps or a word such as monthly. JSON, one a line: {"id","forecast":[..],"method"}.',
  options: {
    horizon: { value: 'H', help: 'steps ahead; of MANY.jsonl for lines without "h"' },
    season: { value: 'S', help: 'steps of the season of SERIES.csv, 1 = it has none' },
    column: { value: 'NAME', help: 'which column of numbers of SERIES.csv' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...more] = args.positionals;
    if (file === undefined) throw new UsageError('SERIES.csv or MANY.jsonl is missing.');
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many.`);
    const horizon = wholeNumber(args.values, 'horizon', 1);
    if (horizon !== undefined && horizon > MOST_STEPS) throw new UsageError(`--horizon is at most ${count(MOST_STEPS)}.`);
    const season = wholeNumber(args.values, 'season', 1);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) throw new TidemarkError('not_found', stat ? `${file} is not a file.` : `${file} does not exist.`);
    if (/\.(?:jsonl|ndjson)$/i.test(file) || beginsWithObject(file)) {
      if (season !== undefined || args.values.column !== undefined) throw new UsageError('--season and --column go with SERIES.csv.');
      return await many(file, horizon, context);
    }
    if (horizon === undefined) throw new UsageError('--horizon is missing.');
    if (stat.size > MOST_BYTES) throw new TidemarkError('invalid_input', `${file} is larger than ${MOST_BYTES >> 20} MiB.`);
    return await one(file, horizon, season, args.values.column, context);
  },
};

/** Whether a file under another name is one of JSON lines. */
function beginsWithObject(file: string): boolean {
  const head = Buffer.alloc(64);
  const opened = fs.openSync(file, 'r');
  try {
    return /^\uFEFF?\s*\{/.test(head.toString('utf8', 0, fs.readSync(opened, head, 0, head.length, 0)));
  } finally {
    fs.closeSync(opened);
  }
}

async function many(file: string, horizon: number | undefined, { signal, json, out, note, progress }: CommandContext): Promise<number> {
  const lines = readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let at = 0;
  let done = 0;
  let broken = 0;
  if (!json) await out.text('id\tmethod\tforecast\n');
  for await (const line of lines) {
    at++;
    const text = at === 1 && line.startsWith('\uFEFF') ? line.slice(1) : line;
    if (text.trim() === '') continue;
    // One series is soon done; between two of them Ctrl+C is heard.
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    try {
      const result = await forecastLine(text, horizon);
      if (json) await out.json(result);
      else await out.text(`${visible(String(result.id))}\t${result.method}\t${result.forecast.map(short).join(' ')}\n`);
      done++;
    } catch (error) {
      broken++;
      if (broken <= TOLD) note(`line ${at}: ${error instanceof Error ? visible(error.message) : String(error)}`);
    }
    if (done % 50 === 0) progress(`${count(done)} series`);
  }
  progress('');
  if (broken > 0) note(`${count(broken)} of ${count(broken + done)} lines could not be read.`);
  if (done + broken === 0) note(`${file} has no line.`);
  return broken > 0 || done === 0 ? 1 : 0;
}

async function one(file: string, horizon: number, season: number | undefined, column: string | undefined, { signal, json, out, note, progress }: CommandContext): Promise<number> {
  let series: SeriesTable;
  try {
    series = readSeriesTable(fs.readFileSync(file), column);
  } catch (error) {
    throw new TidemarkError('invalid_input', `${path.basename(file)}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { values, form, step, start, broken, name, names } = series;
  const usual = start === null ? { certain: null, likely: [] } : usualSeasons(step);
  const { shape, filled } = shapeOf(values, season ?? usual.certain, usual.likely);
  if (shape.values.length === 0) throw new TidemarkError('invalid_input', `${path.basename(file)} has no value.`);
  const result = await forecastSeries(shape, horizon, {
    breathe: async (share, what) => {
      progress(`${Math.round(share * 100)} % ${what}`);
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  });
  progress('');
  // Gaps at the end are part of what is forecast: the next time is the one after the last value.
  const last = values.findLastIndex(Number.isFinite);
  const timestamp = (k: number): string => (start === null ? String(last + 2 + k) : form.write(after(start, step, last + 1 + k)));
  const wide = result.intervals.find(({ level }) => level === 0.95);
  if (json) {
    for (let k = 0; k < horizon; k++) await out.json({ timestamp: timestamp(k), forecast: result.values[k], lower: wide?.lower[k] ?? null, upper: wide?.upper[k] ?? null });
  } else {
    await out.text(`${backTestText(result, shape.periods)}\n`);
    await out.text(table([{ title: 'time' }, { title: 'forecast', align: 'right' }, { title: 'lower 95 %', align: 'right' }, { title: 'upper 95 %', align: 'right' }],
      Array.from({ length: horizon }, (_, k) => [timestamp(k), short(result.values[k]), wide ? short(wide.lower[k]) : '', wide ? short(wide.upper[k]) : ''])));
  }
  if (column === undefined && names.length > 1) note(`${visible(name)} is forecast; other columns (--column): ${names.filter((other) => other !== name).map(visible).join(', ')}`);
  if (filled > 0) note(`${count(filled)} missing values were filled from those around them.`);
  for (const { line, reason } of broken.slice(0, TOLD)) note(`line ${line}: ${visible(reason)}`);
  if (broken.length > 0) note(`${count(broken.length)} lines could not be read.`);
  return broken.length > 0 ? 1 : 0;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
const percent = (value: number): string => (Number.isNaN(value) ? '' : `${value.toFixed(1)} %`);

function backTestText({ backTest: { origins, steps, rows, coverage }, values }: Forecast, periods: readonly number[]): string {
  const season = periods.length === 0 ? 'no season' : `season of ${periods.join(' and ')} steps`;
  if (origins === 0) return `The series is too short to look back: nothing is known of how wrong the forecast may be (${season}).\n`;
  const inside = coverage.flatMap(({ level, share }) => (Number.isNaN(share) ? [] : [`${(share * 100).toFixed(0)} % of what came lay in the interval of ${level * 100} %`]));
  const head = `What the same methods would have said from ${origins} earlier moment${origins === 1 ? '' : 's'}, up to ${count(steps)} steps ahead${steps < values.length ? ' (beyond that nothing is known of the errors)' : ''} (${season})${inside.length > 0 ? `; ${inside.join(', ')}` : ''}:`;
  return `${head}\n${table([{ title: 'sMAPE', align: 'right' }, { title: 'MASE', align: 'right' }, { title: 'weight', align: 'right' }, { title: 'method' }], rows.map(({ smape, mase, weight, title, reference }) => [percent(smape), Number.isNaN(mase) ? '' : mase.toFixed(2), reference ? '' : percent(weight * 100), reference ? `${title} (to compare)` : title]))}`;
}
