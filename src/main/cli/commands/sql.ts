import type { SqlReply } from '../../../shared/contract/sql.ts';
import { csvCell } from '../../engine/reports/export/cells.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { count, table } from '../output.ts';
import { openToRead } from '../scope.ts';

const MAX_ROWS = 100_000;

export const sql: Command = {
  name: 'sql',
  usage: 'sql CASE "SELECT ..." [--limit N] [--timeout SECONDS] [--json | --csv]',
  summary: 'Runs one statement that reads. `events` is a table of all events; its hidden columns query, from_time and to_time search.',
  details: 'Example: SELECT service, count(*) FROM events WHERE query = \'severity>=high\' GROUP BY service\nJSON, one row a line: {"column": value}. A column name that comes twice gets _2.',
  options: {
    limit: { value: 'N', help: `at most N rows, default and most ${MAX_ROWS}` },
    timeout: { value: 'SECONDS', help: 'give up after this time, default 60, most 600' },
    csv: { help: 'comma-separated values instead of a table' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, statement, ...more] = args.positionals;
    if (file === undefined || statement === undefined) throw new UsageError(file === undefined ? 'CASE is missing.' : 'The statement is missing.');
    if (more.length > 0) throw new UsageError('The statement is one argument: put it in quotes.');
    if (context.json && args.switches.has('csv')) throw new UsageError('Either --json or --csv.');
    const limit = Math.min(MAX_ROWS, wholeNumber(args.values, 'limit', 1) ?? MAX_ROWS);
    const timeoutMs = Math.min(600, wholeNumber(args.values, 'timeout', 1) ?? 60) * 1000;
    const engine = await openToRead(file, context);
    const reply = await engine.handlers.sql.run({ sql: statement, limit, timeoutMs }, { signal: context.signal });
    if (context.json) for (const row of rowObjects(reply)) await context.out.json(row);
    else if (args.switches.has('csv')) for (const line of [reply.columns, ...reply.rows]) await context.out.text(`${line.map((cell) => csvCell(cell === null ? '' : String(cell))).join(',')}\r\n`);
    else await context.out.text(table(columnsOf(reply), reply.rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell))))));
    if (reply.truncated) context.note(`Only the first ${count(reply.rows.length)} rows are shown.`);
    return 0;
  },
};

function columnsOf({ columns, rows }: SqlReply): { title: string; align?: 'right' }[] {
  return columns.map((title, i) => ({ title, ...(rows.length > 0 && rows.every((row) => row[i] === null || typeof row[i] === 'number') ? { align: 'right' as const } : {}) }));
}

/** Rows as objects; every column keeps a name of its own. */
export function rowObjects({ columns, rows }: SqlReply): Record<string, unknown>[] {
  const names: string[] = [];
  for (const column of columns) {
    let name = column;
    for (let n = 2; names.includes(name); n++) name = `${column}_${n}`;
    names.push(name);
  }
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}
