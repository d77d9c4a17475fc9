/**
 * The read-only SQL console. Events are a virtual table over the segments; its hidden columns `query`, `from_time` and `to_time`
 * push a search and a time range down: SELECT service, count(*) FROM events WHERE query = 'severity>=high' GROUP BY 1.
 */
import type { Database } from '../store/database.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import type { SqlReply } from '../../../shared/contract/sql.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { COLD_FIELDS, HOT } from '../store/segment.ts';
import { registerRollupTables } from '../store/rollups.ts';
import { offsetAt } from './result-set.ts';
import { messageOf, nameOf } from './rows.ts';
import type { Searcher } from './searcher.ts';

const COLUMNS = ['id', 'time', 'time_us', 'severity', 'signal', 'service', 'host', 'level', 'template', 'status', 'latency_ms', ...COLD_FIELDS, 'source', 'format', 'message', 'original_time', 'original_time_us', 'time_uncertainty_us'] as const;
const MAX_CELL = 100_000;

export class SqlConsole {
  readonly #db: Database;
  readonly #searcher: Searcher;

  constructor(db: Database, searcher: Searcher) {
    this.#db = db;
    this.#searcher = searcher;
    const events = this.#events.bind(this);
    db.table('events', {
      columns: [...COLUMNS],
      parameters: ['query', 'from_time', 'to_time'],
      rows: function* (query: unknown, from: unknown, to: unknown) {
        yield* events(query, from, to);
      },
    });
    registerRollupTables(db, searcher.catalog.db);
  }

  *#events(query: unknown, from: unknown, to: unknown): Generator<Record<string, string | number | null>, void, void> {
    const { catalog } = this.#searcher;
    const { result } = this.#searcher.open({ query: typeof query === 'string' ? query : '', from: timeOf(from), to: timeOf(to) });
    for (const segment of [...catalog.segments.values()].sort((a, b) => a.t0 - b.t0)) {
      const before = result.parts.length;
      result.add(segment);
      // SQL has no place to say that an answer lacks something.
      if (result.unreadable > 0) throw new TidemarkError('corrupt', `Segment ${segment.id} (${segment.n} events) cannot be read: the case file is damaged there. Check the case, and copy what can be read into a new one.`);
      if (result.parts.length === before) continue;
      const part = result.parts[result.parts.length - 1];
      const source = catalog.sources.get(segment.source);
      const cold = catalog.cold(segment);
      const correction = catalog.correction(segment.source);
      for (let place = 0; place < part.count; place++) {
        const i = offsetAt(part, place);
        const us = segment.hot.time[i];
        const row: Record<string, string | number | null> = {
          id: segment.id * 4096 + i,
          time: isoTime(us),
          time_us: us,
          severity: SEVERITIES[segment.hot.severity[i]],
          signal: source?.signal ?? null,
          service: nameOf(catalog, segment, HOT.service, i) || null,
          host: nameOf(catalog, segment, HOT.host, i) || null,
          level: nameOf(catalog, segment, HOT.level, i) || null,
          template: nameOf(catalog, segment, HOT.template, i) || null,
          status: segment.hot.status[i] || null,
          latency_ms: cold.latency && !Number.isNaN(cold.latency[i]) ? cold.latency[i] : null,
          source: source?.path ?? null,
          format: source?.format ?? null,
          message: messageOf(catalog, segment, i),
          original_time: correction ? isoTime(segment.original.hot.time[i]) : null,
          original_time_us: correction ? segment.original.hot.time[i] : null,
          time_uncertainty_us: correction ? correction.clock.uncertainty : null,
        };
        COLD_FIELDS.forEach((name, f) => {
          const column = cold.fields[f];
          row[name] = column && column.codes[i] !== 0 ? column.values.text(column.codes[i]) : null;
        });
        yield row;
      }
    }
  }

  /** Runs one statement that only reads. Throws invalid_input with what SQLite says. */
  run(sql: string, limit: number): SqlReply {
    const started = performance.now();
    if (!/^\s*(?:--[^\n]*\n\s*|\/\*.*?\*\/\s*)*(?:select|with|values|explain)\b/is.test(sql)) throw new TidemarkError('read_only', 'The console only reads: a statement begins with SELECT, WITH, VALUES or EXPLAIN.');
    let statement;
    try {
      statement = this.#db.prepare(sql);
    } catch (error) {
      throw new TidemarkError('invalid_input', error instanceof Error ? error.message : String(error));
    }
    if (!statement.reader || !statement.readonly) throw new TidemarkError('read_only', 'The console only reads: this statement would change the case.');
    const columns = statement.columns().map((column) => column.name);
    const rows: (string | number | null)[][] = [];
    let truncated = false;
    try {
      for (const row of statement.raw().iterate() as IterableIterator<unknown[]>) {
        if (rows.length === limit) {
          truncated = true;
          break;
        }
        rows.push(row.map(cell));
      }
    } catch (error) {
      throw error instanceof TidemarkError ? error : new TidemarkError('invalid_input', error instanceof Error ? error.message : String(error));
    }
    return { columns, rows, truncated, milliseconds: performance.now() - started };
  }

  tables(): { name: string; kind: 'table' | 'view'; columns: { name: string; type: string }[] }[] {
    const listed = this.#db.prepare<[], { name: string; type: string }>("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
    const names = [{ name: 'events', type: 'table' }, ...['1s', '1m', '5m', '1h', '1d'].map((step) => ({ name: `rollup_${step}`, type: 'table' })), ...listed];
    return names.map(({ name, type }) => ({
      name,
      kind: type === 'view' ? 'view' : 'table',
      columns: this.#db.prepare<[string], { name: string; type: string }>('SELECT name, type FROM pragma_table_xinfo(?)').all(name),
    }));
  }
}

function cell(value: unknown): string | number | null {
  if (value === null || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return `x'${Buffer.from(value.subarray(0, 64)).toString('hex')}'${value.length > 64 ? ` (${value.length} bytes)` : ''}`;
  return String(value).slice(0, MAX_CELL);
}

/** Microseconds, or an ISO time. */
function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value === '') return null;
  const ms = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
  if (Number.isNaN(ms)) throw new TidemarkError('invalid_input', `'${value}' is not a time; write 2026-10-01T12:00:00Z or microseconds since 1970.`);
  return ms * 1000;
}

/** ISO 8601 in UTC with microseconds. */
function isoTime(us: number): string {
  const ms = Math.floor(us / 1000);
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().slice(0, -1)}${String(Math.round(us - ms * 1000)).padStart(3, '0')}Z`;
}
