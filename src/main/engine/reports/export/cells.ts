/** One event as text in each export format. */
import { FLAG, SEVERITIES, type EventPage } from '../../../../shared/event.ts';
import type { EXPORT_FORMATS } from '../../../../shared/contract/reports.ts';
import type { EventClock } from '../../../../shared/clock.ts';
import { formatOffset, formatTime } from '../../../../shared/time.ts';

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How rows become a file: head, then rows with `between` between them, then tail. */
export interface RowWriter {
  head: string;
  between: string;
  tail: string;
  /** Row `i` of a page; `message` may be longer than what the page lists, `source` is the path of the source, `extra` a value a column, `clock` where that of the source is corrected. */
  row(page: EventPage, i: number, message: string, source: string, extra: readonly string[], clock?: EventClock): string;
}

// A number may start with a sign and still be only a number.
const PLAIN_NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
// What makes spreadsheets run a cell (OWASP, "CSV Injection"), the full-width forms included.
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A cell as RFC 4180 writes it. What a spreadsheet would take for a formula gets a leading apostrophe. */
export function csvCell(text: string): string {
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** "2026-11-21T14:02:33.123456Z" or with the zone's offset. Logs come many a second: the part before the point is kept. */
export function isoTimes(zone: string): (time: number) => string {
  let second = Number.NaN;
  let before = '';
  let after = '';
  return (time) => {
    const whole = Math.floor(time / 1e6);
    if (whole !== second) {
      second = whole;
      before = formatTime(whole * 1e6, zone, 'second').replace(' ', 'T');
      after = formatOffset(whole * 1e6, zone);
    }
    // Beyond the calendar formatTime gives the bare number of microseconds.
    if (before.endsWith('µs')) return formatTime(time, zone, 'us');
    return `${before}.${String(Math.floor(time - whole * 1e6)).padStart(6, '0')}${after}`;
  };
}

const FLAG_WORDS: readonly [bit: number, word: string][] = [
  [FLAG.TIME_INFERRED, 'time inferred'],
  [FLAG.TIME_SUSPECT, 'time suspect'],
  [FLAG.ZONE_ASSUMED, 'zone assumed'],
  [FLAG.BAD_UTF8, 'not UTF-8'],
];
/** What must be known about an event before it is believed, e.g. "time inferred; zone assumed"; '' when nothing. */
export function flagWords(flags: number): string {
  return flags === 0 ? '' : FLAG_WORDS.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word).join('; ');
}

/** Columns that every export has; `time_local` when the zone is not UTC. */
const FIXED: ReadonlySet<string> = new Set(['id', 'time', 'time_local', 'severity', 'service', 'host', 'level', 'message', 'source', 'doubts']);

/** Columns of exports where the clock of a source is corrected. */
const CLOCKED = ['original_time', 'time_uncertainty_us'] as const;

/** Further columns without those that are written anyway and without repeats. `clocked`: the clock of a source is corrected. */
export function furtherColumns(columns: readonly string[], clocked: boolean): string[] {
  return [...new Set(columns)].filter((column) => !FIXED.has(column) && !(clocked && (CLOCKED as readonly string[]).includes(column)));
}

/**
 * The columns are the same in every format: the fixed ones in their order, then `columns`. `clocked`: the clock of a source is corrected, so
 * that its events have the time that it wrote as well.
 */
export function rowWriter(format: ExportFormat, zone: string, columns: readonly string[] = [], clocked = false): RowWriter {
  return format === 'csv' ? csvWriter(zone, columns, clocked) : jsonWriter(zone, format === 'jsonl', columns);
}

function csvWriter(zone: string, columns: readonly string[], clocked: boolean): RowWriter {
  const utc = isoTimes('UTC');
  const local = zone === 'UTC' ? null : isoTimes(zone);
  return {
    head: `id,time,${local ? 'time_local,' : ''}${clocked ? `${CLOCKED.join(',')},` : ''}severity,service,host,level,message,source,doubts${columns.map((column) => `,${csvCell(column)}`).join('')}\r\n`,
    between: '',
    tail: '',
    row(page, i, message, source, extra, clock) {
      const time = page.time[i];
      const original = clocked ? (clock ? `${utc(clock.original)},${clock.uncertainty},` : ',,') : '';
      const middle = `${SEVERITIES[page.severity[i]]},${csvCell(page.service[i])},${csvCell(page.host[i])},${csvCell(page.level[i])}`;
      return `${page.id[i]},${utc(time)},${local ? `${local(time)},` : ''}${original}${middle},${csvCell(message)},${csvCell(source)},${flagWords(page.flags[i])}${extra.map((value) => `,${csvCell(value)}`).join('')}\r\n`;
    },
  };
}

function jsonWriter(zone: string, lines: boolean, columns: readonly string[]): RowWriter {
  const utc = isoTimes('UTC');
  const local = zone === 'UTC' ? null : isoTimes(zone);
  const text = JSON.stringify;
  return {
    head: lines ? '' : '[',
    between: lines ? '' : ',',
    tail: lines ? '' : '\n]\n',
    row(page, i, message, source, extra, clock) {
      const time = page.time[i];
      const original = clock ? `,"original_time":"${utc(clock.original)}","time_uncertainty_us":${clock.uncertainty}` : '';
      const object =
        `{"id":${page.id[i]},"time":"${utc(time)}"${local ? `,"time_local":"${local(time)}"` : ''}${original},"severity":"${SEVERITIES[page.severity[i]]}","service":${text(page.service[i])},` +
        `"host":${text(page.host[i])},"level":${text(page.level[i])},"message":${text(message)},"source":${text(source)},"doubts":"${flagWords(page.flags[i])}"${columns.map((column, c) => `,${text(column)}:${text(extra[c])}`).join('')}}`;
      return lines ? `${object}\n` : `\n${object}`;
    },
  };
}
