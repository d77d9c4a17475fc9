/**
 * What the columns of a table of measurements mean: a time, numbers that are series, words that are labels; or, in the long form, the
 * name of the series in one column and its value in another.
 */
import { readRow, type Cell } from '../../formats/lib/csv-table.ts';
import { decodeUtf8 } from '../../formats/lib/json-text.ts';
import { MEANING, meaningOf } from '../../formats/lib/spellings.ts';
import { createClock, readTime, type Clock } from '../../formats/lib/time.ts';
import { epochGuess, readNumber } from './parser.ts';

type Role = 'time' | 'value' | 'name' | 'field' | 'label' | 'labels' | 'unit' | 'ignore';
interface PlanColumn {
  /** as the header has it */
  title: string;
  /** without a unit in brackets */
  name: string;
  unit: string;
  role: Role;
}
export interface CsvPlan {
  delimiter: number;
  columns: PlanColumn[];
  /** the names of series stand in a column */
  long: boolean;
  /** bytes of the head up to the first row of values */
  dataAt: number;
  headed: boolean;
  /** how sure it is that this is a table of measurements, not of events: 0..1 */
  sure: number;
  reason: string;
}

const SAMPLE_ROWS = 200;
/** beyond it no unit is looked for */
const MAX_TITLE = 200;
const SEMICOLON = 59;
const DELIMITERS = [44, 9, SEMICOLON, 124] as const;
const NAME = /^(?:metric|metric_?name|metricname|name|series|__name__|_?measurement|counter|kpi|kpi_?name)$/i;
const FIELD = /^_?field$/i;
const VALUE = /^(?:_?value|val|metric_?value|sample|reading)$/i;
const LABELS = /^(?:labels?|tags?|dimensions?)$/i;
const UNIT = /^units?$/i;
/** A column is of times or numbers when so many of its cells are: a file may be damaged here and there. */
const MOSTLY = 0.9;
/** columns of InfluxDB's annotated CSV that say nothing of the sample */
const IGNORED = /^(?:|result|table|_start|_stop)$/i;
const MISSING = /^(?:|null|nil|none|n\/?a|-|--|nan)$/i;
/** columns that tables of events have and tables of measurements do not */
const EVENTFUL: ReadonlySet<number> = new Set([MEANING.level, MEANING.message, MEANING.user, MEANING.ip, MEANING.url, MEANING.requestId, MEANING.traceId, MEANING.spanId, MEANING.status]);
const THING = /(?:^|[^a-z])(?:host|node|pod|instance|service|server|machine|container|namespace|cluster|region|zone|device|disk|interface|cpu|core|job|app|sensor|station|database|queue|topic)(?:[^a-z]?name)?$|(?:Host|Node|Pod|Instance|Service|Server|Container)(?:Name|Id)?$/;
const IDENTIFIER = /(?:^|[_\-. ])(?:id|uuid|guid|pid|tid|port|seq|line|code)$|^(?:eventid|recordid|line)$/i;

export function isMissing(text: string): boolean {
  return MISSING.test(text);
}

/** A time of a cell: any that logs have, or seconds with decimals, or epoch numbers. NaN when it is none. */
export function cellTime(text: string, clock: Clock): number {
  const bytes = encoder.encode(text.slice(0, 64));
  const us = readTime(bytes, 0, bytes.length, clock);
  // What stands behind a time may be its zone in words, but not more of a number.
  if (us === us && (clock.end >= bytes.length || !/^[\d.]/.test(text.slice(clock.end)))) return us;
  const number = /^\d/.test(text) ? readNumber(text) : undefined;
  return number !== undefined && number >= 1e8 && number < 1e19 ? epochGuess(number) : NaN;
}
const encoder = new TextEncoder();

/**
 * A number of a cell, also of per cent, and with a decimal comma where a semicolon stands between the cells. undefined when it is none.
 */
export function cellNumber(text: string, delimiter: number): number | undefined {
  const plain = text.endsWith('%') ? text.slice(0, -1).trimEnd() : text;
  return readNumber(delimiter === SEMICOLON && /^[+-]?\d+,\d+$/.test(plain) ? plain.replace(',', '.') : plain);
}

/** The plan for a table that begins like `head`, or null when it is not one of measurements. */
export function planCsv(head: Uint8Array, complete: boolean, clockContext: { zone: string; modified: number } = { zone: 'UTC', modified: Date.UTC(2026, 0, 1) * 1000 }): CsvPlan | null {
  const clock = createClock(clockContext);
  let best: CsvPlan | null = null;
  for (const delimiter of DELIMITERS) {
    const plan = planWith(head, complete, delimiter, clock);
    if (plan && (!best || plan.sure > best.sure)) best = plan;
  }
  return best;
}

interface Row {
  cells: string[];
  start: number;
}

function rowsOf(head: Uint8Array, complete: boolean, delimiter: number): Row[] {
  const rows: Row[] = [];
  const cells: Cell[] = [];
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < head.length && rows.length < SAMPLE_ROWS) {
    const end = readRow(head, at, head.length, delimiter, cells);
    if (end < 0 || (end === head.length && !complete)) break;
    // '#' begins the annotations of InfluxDB's CSV.
    if (head[at] !== 35 && (cells.length > 1 || cells[0].end > cells[0].start)) rows.push({ cells: cells.map((cell) => cellText(head, cell)), start: at });
    at = end + 1;
  }
  return rows;
}
export function cellText(buf: Uint8Array, { start, end, escaped }: Cell): string {
  const text = decodeUtf8(buf, start, end).trim();
  return escaped ? text.replaceAll('""', '"') : text;
}

function planWith(head: Uint8Array, complete: boolean, delimiter: number, clock: Clock): CsvPlan | null {
  const rows = rowsOf(head, complete, delimiter);
  if (rows.length < 2) return null;
  const [first] = rows;
  const width = first.cells.length;
  if (width < 2 || width > 10_000) return null;
  const headed = first.cells.every((cell) => cellNumber(cell, delimiter) === undefined && Number.isNaN(cellTime(cell, clock))) && new Set(first.cells).size >= width - 1;
  const body = (headed ? rows.slice(1) : rows).filter(({ cells }) => cells.length === width).map(({ cells }) => cells);
  const regular = body.length / (rows.length - (headed ? 1 : 0));
  if (body.length === 0 || regular < 0.9) return null;
  const columns = first.cells.map((title, i) => columnOf(headed ? title : `column_${i + 1}`, body.map((cells) => cells[i]), delimiter, clock, headed));
  const time = columns.findIndex(({ role }) => role === 'time');
  if (time < 0) return null;
  columns.forEach((column, i) => {
    if (column.role === 'time' && i !== time) column.role = 'ignore';
  });
  const long = chooseLong(columns, body);
  const values = columns.filter(({ role }) => role === 'value');
  if (values.length === 0) return null;
  const dataAt = headed ? (rows[1]?.start ?? head.length) : first.start;
  const labels = columns.flatMap(({ role }, i) => (role === 'label' ? [i] : []));
  const sure = regular * (headed ? 1 : 0.7) * sureness(columns, labels, body, long);
  const names = values.slice(0, 3).map(({ name }) => name).join(', ');
  const what = long ? 'a metric, its value and a time in each row' : `a time and ${values.length} column${values.length === 1 ? '' : 's'} of numbers (${names}${values.length > 3 ? ', …' : ''})`;
  return { delimiter, columns, long, dataAt, headed, sure, reason: `${what}; ${Math.round(regular * (rows.length - (headed ? 1 : 0)))} of ${rows.length - (headed ? 1 : 0)} rows fit` };
}

function columnOf(title: string, texts: readonly string[], delimiter: number, clock: Clock, headed: boolean): PlanColumn {
  const [, bare = title, unit = ''] = /^(.*?)\s*[([]([^)\]]{1,20})[)\]]$/.exec(title.slice(0, MAX_TITLE)) ?? [];
  const column = (role: Role): PlanColumn => ({ title, name: bare === '' ? title : bare, unit: unit === '' && role === 'value' && texts[0]?.endsWith('%') ? '%' : unit, role });
  if (headed && IGNORED.test(title)) return column('ignore');
  const said = texts.filter((text) => !isMissing(text));
  if (said.length === 0) return column(texts.length > 0 && VALUE.test(title) ? 'value' : 'ignore');
  const spelled = meaningOf(title, { path: '', wrapped: false }).spelling?.meaning;
  const numeric = mostly(said, (text) => cellNumber(text, delimiter) !== undefined);
  const timeNamed = spelled === MEANING.time || /time|date/i.test(title);
  if ((timeNamed || !headed || !numeric) && mostly(texts, (text) => !Number.isNaN(cellTime(text, clock)))) return column('time');
  if (numeric) return column('value');
  return column('label');
}

function mostly(texts: readonly string[], test: (text: string) => boolean): boolean {
  return texts.filter(test).length >= MOSTLY * texts.length;
}

/** Finds name and value columns of the long form and gives the rest their roles. */
function chooseLong(columns: PlanColumn[], body: readonly (readonly string[])[]): boolean {
  const name = columns.findIndex((column) => column.role === 'label' && NAME.test(column.name));
  const value = columns.findIndex((column) => column.role === 'value' && VALUE.test(column.name));
  const field = columns.findIndex((column) => column.role === 'label' && FIELD.test(column.name));
  const named = name < 0 ? field : name;
  if (named < 0 || value < 0) return false;
  columns.forEach((column, i) => {
    // Numbers beside the value tell series apart, as a shard's number does; a number that never repeats would make a series of each row.
    if (column.role === 'value' && i !== value) column.role = new Set(body.map((cells) => cells[i])).size * 4 <= body.length ? 'label' : 'ignore';
    if (column.role === 'label' && LABELS.test(column.name)) column.role = 'labels';
    if (column.role === 'label' && UNIT.test(column.name)) column.role = 'unit';
  });
  columns[named].role = 'name';
  if (field >= 0 && field !== named) columns[field].role = 'field';
  return true;
}

/** Tables of events have words and identifiers that hardly repeat; tables of measurements have few words that repeat. */
function sureness(columns: readonly PlanColumn[], labels: readonly number[], body: readonly (readonly string[])[], long: boolean): number {
  for (const { name, role } of columns) {
    if (role === 'ignore' || role === 'time') continue;
    const meaning = meaningOf(name, { path: '', wrapped: false }).spelling?.meaning;
    if (meaning !== undefined && EVENTFUL.has(meaning)) return 0;
    if (role === 'value' && IDENTIFIER.test(name)) return 0;
  }
  if (long) return 0.98;
  if (labels.length === 0) return 0.96;
  const values = columns.filter(({ role }) => role === 'value').length;
  if (labels.length > values + 2) return 0;
  const varied = labels.some((i) => {
    const texts = body.map((cells) => cells[i]);
    return new Set(texts).size > Math.max(2, texts.length / 3) || texts.some((text) => /\s\S+\s\S+\s/.test(text));
  });
  if (varied) return 0;
  // Things that are measured, or the same in all rows; other words may be those of events.
  const things = labels.every((i) => THING.test(columns[i].name) || body.every((cells) => cells[i] === body[0][i]));
  return things && values >= 2 * labels.length ? 0.94 : 0.7;
}
