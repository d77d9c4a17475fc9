/** What one state of a case has that an earlier one has not: sources, what people wrote, lists. Rows keep their ids as long as a case goes on. */
import { MOST_CHANGES, type Change } from '../../../shared/contract/snapshots.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import type { Database } from './database.ts';
import { hasTable } from './tables.ts';

/** A row as it is compared: the same thing has the same key. */
interface Row {
  key: string;
  title: string;
  /** what can change, in words */
  state: string;
  event: number | null;
}
interface Kind {
  kind: Change['kind'];
  table: string;
  /** of columns key, title, state, event */
  sql: string;
  /** told of one that changed; `before` and `after` are states */
  change(before: string, after: string): string;
}

const MOST_ROWS = 200_000;
const toOther = (before: string, after: string): string => (before === '' ? after : `${after}, was ${before}`);
const grew = (before: string, after: string): string => {
  const [read, events] = after.split(' ').map(Number);
  const more = events - Number(before.split(' ')[1]);
  if (more !== 0) return `${Math.abs(more).toLocaleString('en-US')} events ${more > 0 ? 'more' : 'fewer'}, ${events.toLocaleString('en-US')} now`;
  return `${(read - Number(before.split(' ')[0])).toLocaleString('en-US')} more records read, no events more`;
};
const edited = (): string => 'was edited';

const KINDS: readonly Kind[] = [
  { kind: 'source', table: 'source', sql: "SELECT id || ' ' || path AS key, path AS title, read || ' ' || stored AS state, NULL AS event FROM source", change: grew },
  { kind: 'investigation', table: 'investigation', sql: 'SELECT id || \' \' || created_at AS key, title, status || \', \' || severity AS state, NULL AS event FROM investigation WHERE removed_at IS NULL', change: toOther },
  { kind: 'pin', table: 'pin', sql: "SELECT investigation_id || ' ' || event_id AS key, 'Event ' || event_id AS title, note AS state, event_id AS event FROM pin WHERE removed_at IS NULL", change: edited },
  { kind: 'note', table: 'note', sql: "SELECT id || ' ' || created_at AS key, substr(body, 1, 200) AS title, body AS state, event_id AS event FROM note WHERE removed_at IS NULL", change: edited },
  { kind: 'typed', table: 'typed_event', sql: `SELECT segment || ' ' || created_at AS key, coalesce(json_extract(body, '$.message'), '') AS title, body AS state, segment * ${SEGMENT_SIZE} AS event FROM typed_event WHERE removed_at IS NULL`, change: edited },
  { kind: 'indicators', table: 'indicator_list', sql: "SELECT id || ' ' || name AS key, name AS title, stored || ' indicators' || CASE enabled WHEN 1 THEN '' ELSE ', switched off' END AS state, NULL AS event FROM indicator_list WHERE removed_at IS NULL", change: toOther },
  { kind: 'finding', table: 'finding_mark', sql: 'SELECT id || \' \' || about AS key, title, verdict AS state, NULL AS event FROM finding_mark WHERE removed_at IS NULL', change: toOther },
];

export function compareCases(before: Database, after: Database): { changes: Change[]; more: number } {
  const changes: Change[] = [];
  let more = 0;
  const tell = (change: Change): void => {
    if (changes.length < MOST_CHANGES) changes.push(change);
    else more++;
  };
  for (const kind of KINDS) {
    const old = rowsOf(before, kind);
    const now = rowsOf(after, kind);
    for (const [key, row] of now) {
      const known = old.get(key);
      if (!known) tell({ kind: kind.kind, change: 'added', title: row.title, what: kind.kind === 'source' ? grew('0 0', row.state) : '', event: row.event });
      else if (known.state !== row.state || known.title !== row.title) tell({ kind: kind.kind, change: 'changed', title: row.title, what: known.state === row.state ? `was called ${known.title}` : kind.change(known.state, row.state), event: row.event });
    }
    for (const [key, row] of old) if (!now.has(key)) tell({ kind: kind.kind, change: 'removed', title: row.title, what: '', event: null });
  }
  return { changes, more };
}

function rowsOf(db: Database, { table, sql }: Kind): Map<string, Row> {
  if (!hasTable(db, table)) return new Map();
  return new Map(db.prepare<[], Row>(`${sql} ORDER BY key LIMIT ${MOST_ROWS}`).all().map((row) => [row.key, row]));
}
