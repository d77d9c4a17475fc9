/**
 * Tables that cannot be read by the names of their columns alone: one that has no header, and ones in which a common word means something of
 * its own.
 */
import { MEANING, normalise, type Meaning, type Spelling } from './spellings.ts';

/** PostgreSQL's csvlog: 23 columns up to version 12, 24 in 13, 26 since 14 (runtime-config-logging, "Using CSV-Format Log Output"). */
const POSTGRES = `log_time user_name database_name process_id connection_from session_id session_line_num command_tag session_start_time
  virtual_transaction_id transaction_id error_severity sql_state_code message detail hint internal_query internal_query_pos context query query_pos
  location application_name backend_type leader_pid query_id`.split(/\s+/);
const POSTGRES_WIDTHS: readonly number[] = [23, 24, 26];

/** The names of the columns of rows that come without a header; null when nobody is known to write them. */
export function namesWithoutHeader(rows: readonly (readonly string[])[]): readonly string[] | null {
  const width = rows[0]?.length ?? 0;
  if (!POSTGRES_WIDTHS.includes(width)) return null;
  const written = rows.filter((row) => row.length === width && /^\d{4}-\d\d-\d\d /.test(row[0]) && /^[\da-f]+\.[\da-f]+$/.test(row[5]) && /^(?:DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC)$/.test(row[11]));
  return written.length > rows.length / 2 ? POSTGRES.slice(0, width) : null;
}

interface Dialect {
  /** names, normalised, that together give it away */
  has: readonly string[];
  /** null: nothing */
  means: Readonly<Record<string, Meaning | null>>;
}
const DIALECTS: readonly Dialect[] = [
  // Windows Event Viewer, "Save All Events As…" CSV
  { has: ['dateandtime', 'source', 'eventid'], means: { source: MEANING.service } },
  // PostgreSQL: the transaction is no request
  { has: ['sqlstatecode', 'errorseverity'], means: { transactionid: null, queryid: null, applicationname: MEANING.service } },
  // Chainsaw: the path is that of the event log
  { has: ['detections', 'path'], means: { path: null, 'event.system.provider': MEANING.service } },
];

/** What names mean in a table with these columns and nowhere else, by their normalised form. */
export function ownMeanings(names: readonly string[]): Readonly<Record<string, Spelling | null | undefined>> {
  const normal = new Set(names.map(normalise));
  const dialect = DIALECTS.find(({ has }) => has.every((name) => normal.has(name)));
  return Object.fromEntries(Object.entries(dialect?.means ?? {}).map(([name, meaning]) => [name, meaning === null ? null : { meaning, rank: 0, parameter: 0 }]));
}
