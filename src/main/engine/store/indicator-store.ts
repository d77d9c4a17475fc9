/**
 * Lists of indicators in a case, and the events they were met in. Hits are a row for each segment and indicator, so that counts, first
 * and last times of an indicator are read without looking at events.
 */
import type { Database } from './database.ts';
import type { Indicator, IndicatorFacts, IndicatorHit, IndicatorHits, IndicatorList } from '../../../shared/contract/indicators.ts';
import type { Known } from '../enrich/indicator.ts';
import type { KeyKind } from '../enrich/keys.ts';
import { TableBuilder, type TableParts } from '../enrich/table.ts';
import type { Hit } from '../enrich/watch.ts';
import { readClocks } from './clocks.ts';
import { hasTable } from './tables.ts';

/** Kinds of reasons that are kept of a list; the rest are counted together. */
const MAX_REASONS = 40;
const ROWS_AT_ONCE = 20_000;

/** Counts while a list is read. */
export interface ListLedger {
  read: number;
  stored: number;
  duplicates: number;
  rejected: number;
  reasons: Map<string, { count: number; example: string }>;
}
export function newLedger(): ListLedger {
  return { read: 0, stored: 0, duplicates: 0, rejected: 0, reasons: new Map() };
}
/** Counts a rejected row with its reason; `example`: the value. */
export function countRejected(ledger: ListLedger, reason: string, example: string): void {
  ledger.read++;
  ledger.rejected++;
  const key = ledger.reasons.has(reason) || ledger.reasons.size < MAX_REASONS ? reason : 'other reasons';
  const known = ledger.reasons.get(key);
  if (known) known.count++;
  else ledger.reasons.set(key, { count: 1, example: example.slice(0, 200) });
}

interface ListRow {
  id: number; name: string; format: IndicatorList['format']; path: string; sha256: string; size: number; added_at: number; added_by: string; tool_version: string; enabled: number;
  read: number; stored: number; duplicates: number; rejected: number; reasons: string;
}
interface RawIndicator {
  id: number; list: number; list_name: string; type: string; value: string; note: string; labels: string; confidence: number | null; tlp: string; valid_from: number | null; valid_until: number | null;
  revoked: number; reference: string;
}
const COLUMNS = 'indicator.id, list, indicator_list.name AS list_name, type, value, note, labels, confidence, tlp, valid_from, valid_until, revoked, reference';

function readIndicator(row: RawIndicator): Indicator {
  return {
    id: row.id, list: row.list, listName: row.list_name, type: row.type, value: row.value, note: row.note, labels: row.labels === '' ? [] : row.labels.split('\n'), confidence: row.confidence, tlp: row.tlp,
    validFrom: row.valid_from, validUntil: row.valid_until, revoked: row.revoked === 1, reference: row.reference,
  };
}
/** One indicator, whatever the state of its list. */
export function indicatorById(db: Database): (id: number) => Indicator | undefined {
  const statement = db.prepare<[number], RawIndicator>(`SELECT ${COLUMNS} FROM indicator JOIN indicator_list ON indicator_list.id = list WHERE indicator.id = ?`);
  return (id) => {
    const row = statement.get(id);
    return row && readIndicator(row);
  };
}

/** What an indicator is found by; nothing for one that is not there. */
export function keysOfIndicator(db: Database, id: number): { kind: KeyKind; bytes: Uint8Array }[] {
  const keys = db.prepare<[number], Buffer>('SELECT keys FROM indicator WHERE id = ?').pluck().get(id);
  return keys ? [...unpackKeys(keys)] : [];
}

/** Writes the hits of a segment, in place of those it had. To be called in the transaction that writes the segment. */
export function writeHits(db: Database, segment: number, generation: number, hits: readonly Hit[], time: Float64Array): void {
  db.prepare('DELETE FROM indicator_hit WHERE seg = ?').run(segment);
  addHits(db, segment, generation, hits, time);
}
/** Adds hits of indicators that the segment was not compared with before. */
export function addHits(db: Database, segment: number, generation: number, hits: readonly Hit[], time: Float64Array): void {
  const insert = db.prepare('INSERT OR REPLACE INTO indicator_hit (seg, indicator, n, t0, t1, offsets) VALUES (?, ?, ?, ?, ?, ?)');
  for (const { indicator, offsets } of hits) {
    let t0 = Number.POSITIVE_INFINITY;
    let t1 = Number.NEGATIVE_INFINITY;
    for (const offset of offsets) {
      t0 = Math.min(t0, time[offset]);
      t1 = Math.max(t1, time[offset]);
    }
    insert.run(segment, indicator, offsets.length, t0, t1, new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
  }
  db.prepare('INSERT OR REPLACE INTO indicator_matched (seg, generation) VALUES (?, ?)').run(segment, generation);
}

/** Hits of segments with ids in [from, to]; of lists that are on. */
export function readHits(db: Database, from: number, to: number): Map<number, Hit[]> {
  // A case of an older version that is only looked at has no such table.
  if (!hasTable(db, 'indicator_hit')) return new Map();
  const rows = db.prepare<[number, number], { seg: number; indicator: number; offsets: Buffer }>(
    `SELECT seg, indicator, offsets FROM indicator_hit JOIN indicator ON indicator.id = indicator JOIN indicator_list ON indicator_list.id = list
     WHERE seg BETWEEN ? AND ? AND enabled = 1 AND removed_at IS NULL ORDER BY seg, indicator`,
  );
  const hits = new Map<number, Hit[]>();
  for (const { seg, indicator, offsets } of rows.iterate(from, to)) {
    const copy = new Uint16Array(offsets.length >> 1);
    new Uint8Array(copy.buffer).set(offsets.subarray(0, copy.byteLength));
    const known = hits.get(seg);
    if (known) known.push({ indicator, offsets: copy });
    else hits.set(seg, [{ indicator, offsets: copy }]);
  }
  return hits;
}

const WAITING = 'FROM seg LEFT JOIN indicator_matched ON seg.id = indicator_matched.seg WHERE coalesce(indicator_matched.generation, 0) < ?';

export class IndicatorStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Takes away what a crash left of lists that were being read or removed. Gives how many rows it removed; call again until 0. */
  settle(): number {
    const removed = this.#db.prepare('DELETE FROM indicator WHERE id IN (SELECT indicator.id FROM indicator JOIN indicator_list ON indicator_list.id = list WHERE removed_at IS NOT NULL LIMIT ?)').run(ROWS_AT_ONCE).changes;
    return removed;
  }

  /** A list that is being read: not there for anybody until finish(). */
  begin(list: { name: string; format: string; path: string; by: string; toolVersion: string }): number {
    const now = Date.now() * 1000;
    const result = this.#db
      .prepare("INSERT INTO indicator_list (name, format, path, sha256, size, added_at, added_by, tool_version, enabled, read, stored, duplicates, rejected, reasons, removed_at) VALUES (?, ?, ?, '', 0, ?, ?, ?, 1, 0, 0, 0, 0, '[]', ?)")
      .run(list.name, list.format, list.path, now, list.by, list.toolVersion, now);
    return Number(result.lastInsertRowid);
  }

  insert(list: number, rows: readonly { known: Known; facts: IndicatorFacts }[]): void {
    const insert = this.#db.prepare('INSERT INTO indicator (list, type, value, keys, note, labels, confidence, tlp, valid_from, valid_until, revoked, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#db.transaction(() => {
      for (const { known, facts } of rows) {
        insert.run(
          list, known.type, known.value, packKeys(known.keys), facts.note, facts.labels.join('\n'), facts.confidence, facts.tlp, facts.validFrom, facts.validUntil, facts.revoked ? 1 : 0, facts.reference,
        );
      }
    })();
  }

  finish(list: number, ledger: ListLedger, sha256: string, size: number): void {
    const reasons = [...ledger.reasons].map(([reason, { count, example }]) => ({ reason, count, example })).sort((a, b) => b.count - a.count);
    this.#db
      .prepare('UPDATE indicator_list SET read = ?, stored = ?, duplicates = ?, rejected = ?, reasons = ?, sha256 = ?, size = ?, removed_at = NULL WHERE id = ?')
      .run(ledger.read, ledger.stored, ledger.duplicates, ledger.rejected, JSON.stringify(reasons), sha256, size, list);
  }

  lists(): IndicatorList[] {
    const rows = this.#db.prepare<[], ListRow>('SELECT * FROM indicator_list WHERE removed_at IS NULL ORDER BY id').all();
    return rows.map((row) => ({
      id: row.id, name: row.name, format: row.format, path: row.path, sha256: row.sha256, size: row.size, addedAt: row.added_at, addedBy: row.added_by, toolVersion: row.tool_version, enabled: row.enabled === 1,
      read: row.read, stored: row.stored, duplicates: row.duplicates, rejected: row.rejected, reasons: JSON.parse(row.reasons) as IndicatorList['reasons'],
    }));
  }

  /** False when there is no such list. */
  enable(id: number, enabled: boolean): boolean {
    return this.#db.prepare('UPDATE indicator_list SET enabled = ? WHERE id = ? AND removed_at IS NULL').run(enabled ? 1 : 0, id).changes > 0;
  }

  /** Takes a list and its hits away; its indicators go with settle(). The row stays, to say that it was there. False when there is no such list. */
  remove(id: number): boolean {
    return this.#db.transaction(() => {
      const found = this.#db.prepare('UPDATE indicator_list SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(Date.now() * 1000, id).changes > 0;
      if (found) this.#db.prepare('DELETE FROM indicator_hit WHERE indicator IN (SELECT id FROM indicator WHERE list = ?)').run(id);
      return found;
    })();
  }

  /** The newest list that is there; 0 = none. Segments compared with it were compared with all. */
  generation(): number {
    return this.#db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM indicator_list WHERE removed_at IS NULL').pluck().get() ?? 0;
  }
  total(): number {
    return this.#db.prepare<[], number>('SELECT coalesce(sum(stored), 0) FROM indicator_list WHERE removed_at IS NULL').pluck().get() ?? 0;
  }

  /** The table of all lists that are there, whether on or off; revoked indicators are left out. `breathe` is awaited now and then. */
  async table(breathe: () => Promise<void>, after = 0): Promise<TableParts | null> {
    const generation = this.generation();
    if (generation <= after) return null;
    const builder = new TableBuilder();
    const rows = this.#db.prepare<[number, number, number], { id: number; keys: Buffer }>(
      'SELECT indicator.id, keys FROM indicator JOIN indicator_list ON indicator_list.id = list WHERE indicator.id > ? AND removed_at IS NULL AND revoked = 0 AND list > ? ORDER BY indicator.id LIMIT ?',
    );
    for (let last = 0; ; ) {
      const page = rows.all(last, after, ROWS_AT_ONCE);
      for (const { id, keys } of page) {
        last = id;
        for (const { kind, bytes } of unpackKeys(keys)) builder.add(kind, bytes, id);
      }
      if (page.length < ROWS_AT_ONCE) return builder.build(generation);
      await breathe();
    }
  }

  /** Segments behind one that were not compared with every list yet, and with which they were. */
  waiting(generation: number, behind: number, limit: number): { id: number; generation: number }[] {
    return this.#db
      .prepare<[number, number, number], { id: number; generation: number }>(`SELECT seg.id, coalesce(indicator_matched.generation, 0) AS generation ${WAITING} AND seg.id > ? ORDER BY seg.id LIMIT ?`)
      .all(generation, behind, limit);
  }
  countWaiting(generation: number): number {
    return this.#db.prepare<[number], number>(`SELECT count(*) ${WAITING}`).pluck().get(generation) ?? 0;
  }

  /** Indicators that were met, most events first; times by the corrected clocks of their sources. */
  hits(input: { text: string; list: number | null; limit: number }): IndicatorHits {
    const wanted = `%${input.text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    const from = `FROM indicator_hit JOIN indicator ON indicator.id = indicator JOIN indicator_list ON indicator_list.id = list
      WHERE enabled = 1 AND removed_at IS NULL AND (value LIKE @text ESCAPE '\\' OR note LIKE @text ESCAPE '\\' OR labels LIKE @text ESCAPE '\\') AND (@list IS NULL OR list = @list)`;
    const rows = this.#db
      .prepare<[{ text: string; list: number | null; limit: number }], RawIndicator & { events: number; t0: number; t1: number }>(`SELECT ${COLUMNS}, sum(n) AS events, min(t0) AS t0, max(t1) AS t1 ${from} GROUP BY indicator.id ORDER BY events DESC, value LIMIT @limit`)
      .all({ text: wanted, list: input.list, limit: input.limit });
    const total = this.#db.prepare<[{ text: string; list: number | null }], number>(`SELECT count(DISTINCT indicator.id) ${from}`).pluck().get({ text: wanted, list: input.list }) ?? 0;
    const { corrections } = readClocks(this.#db);
    const bySource = this.#db.prepare<[number], { source: number; t0: number; t1: number }>('SELECT source, min(indicator_hit.t0) AS t0, max(indicator_hit.t1) AS t1 FROM indicator_hit JOIN seg ON seg.id = seg WHERE indicator = ? GROUP BY source');
    const between = (row: { id: number; t0: number; t1: number }): { first: number; last: number } => {
      if (corrections.size === 0) return { first: row.t0, last: row.t1 };
      const times = bySource.all(row.id).flatMap(({ source, t0, t1 }) => {
        const correction = corrections.get(source);
        // Which of the records named their zone is not kept with hits: where somebody set a zone, they are taken to have named none.
        return correction ? [correction.time(t0, true), correction.time(t1, true)] : [t0, t1];
      });
      return { first: Math.min(...times), last: Math.max(...times) };
    };
    return { total, rows: rows.map((row): IndicatorHit => ({ ...readIndicator(row), events: row.events, ...between(row) })) };
  }
}

function packKeys(keys: Known['keys']): Uint8Array {
  const out = new Uint8Array(keys.reduce((sum, { bytes }) => sum + 3 + bytes.length, 0));
  let at = 0;
  for (const { kind, bytes } of keys) {
    out[at] = kind;
    out[at + 1] = bytes.length & 255;
    out[at + 2] = bytes.length >> 8;
    out.set(bytes, at + 3);
    at += 3 + bytes.length;
  }
  return out;
}
function* unpackKeys(packed: Buffer): Generator<{ kind: KeyKind; bytes: Uint8Array }, void, void> {
  for (let at = 0; at + 3 <= packed.length; ) {
    const length = packed[at + 1] + packed[at + 2] * 256;
    yield { kind: packed[at] as KeyKind, bytes: packed.subarray(at + 3, at + 3 + length) };
    at += 3 + length;
  }
}
