/**
 * Counts the rollups of a case anew from its segments: those of a salvaged case would still count what is lost, and those of a source whose
 * clock was set again stand where its events were before. Typed events are in none (typed-events.ts). New rows gather in rollup_next and
 * take the place of the old ones at once, in the transaction of the last step; row `recount` says how far it is, so that it goes on where a
 * crash stopped it.
 */
import { FLAG } from '../../../shared/event.ts';
import type { Correction } from '../clocks/correction.ts';
import { FIELD, FIELD_COUNT } from '../formats/format.ts';
import { RollupBuilder } from '../pipeline/rollup-builder.ts';
import { ValueTable } from '../pipeline/value-table.ts';
import { unpackDicts } from './dicts.ts';
import type { Database } from './database.ts';
import { beginRecount, pendingRecount, type RecountState } from './recount-state.ts';
import { addArchivedRollups } from './retained-rollups.ts';
import { RollupStore } from './rollups.ts';
import { COLD_FIELDS, HOT, unpackCold, unpackHot, type HotColumns } from './segment.ts';

/** Few enough that nobody waits long for the thread. */
const SEGMENTS_AT_ONCE = 8;
const USER = COLD_FIELDS.indexOf('user');

export type Corrections = ReadonlyMap<number, Correction>;
/** Counts some more segments, in one transaction; null = all are counted, and the new rollups are in place. */
export function stepRecount(db: Database, corrections: Corrections): RecountState | null {
  return db.transaction(() => {
    const state = pendingRecount(db);
    if (!state) return null;
    const highest = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM dict WHERE field = 0').pluck().get() ?? 0;
    // Ids of a stored segment are those of the case already.
    const services = Array.from({ length: highest + 1 }, (_, id) => id);
    const rows = db
      .prepare<[number, number, number], { id: number; source: number; dict: Buffer; hot: Buffer; cold: Buffer }>(
        `SELECT seg.id, source, dict, hot, data AS cold FROM seg JOIN seg_cold USING (id)
         WHERE seg.id > ? AND seg.id <= ? AND source NOT IN (SELECT id FROM source WHERE format = 'typed') ORDER BY seg.id LIMIT ?`,
      )
      .all(state.done, state.last, SEGMENTS_AT_ONCE);
    const builder = new RollupBuilder();
    for (const { source, dict, hot, cold } of rows) countSegment(builder, { hot: unpackHot(hot).hot, cold, serviceIds: unpackDicts(dict)[HOT.service], from: 0 }, corrections.get(source));
    new RollupStore(db, 'rollup_next').write(builder.take(), services);
    const done = rows.at(-1)?.id ?? state.last;
    if (rows.length === SEGMENTS_AT_ONCE && done < state.last) {
      db.prepare('UPDATE recount SET done = ?').run(done);
      return { done, last: state.last };
    }
    addArchivedRollups(db);
    db.exec('DELETE FROM rollup; INSERT INTO rollup SELECT resolution, bucket, data FROM rollup_next; DELETE FROM rollup_next; DELETE FROM recount');
    return null;
  })();
}

/** Counts everything anew. `breathe` is awaited every few segments. */
export async function recount(db: Database, corrections: Corrections, breathe: () => Promise<void>): Promise<void> {
  beginRecount(db);
  while (stepRecount(db, corrections) !== null) await breathe();
}

/** Adds a segment's events from `from` on to rollups. `hot` as the source wrote it, `cold` as stored, `serviceIds` of its service codes. */
export function countSegment(builder: RollupBuilder, segment: { hot: HotColumns; cold: Uint8Array; serviceIds: Uint32Array; from: number }, correction: Correction | undefined): void {
  const { serviceIds, from } = segment;
  const hot = correction ? correction.columns(segment.hot).hot : segment.hot;
  const { fields, latency } = unpackCold(segment.cold);
  const users = fields[USER];
  const values = new ValueTable(FIELD_COUNT);
  for (let code = 1; code < (users?.values.length ?? 0); code++) {
    const bytes = users?.values.bytes(code).slice() ?? new Uint8Array(0);
    values.intern(FIELD.user, bytes, new DataView(bytes.buffer), 0, bytes.length);
  }
  builder.add({
    n: hot.n, order: hot.order, time: hot.time, service: hot.codes[HOT.service], serviceIds, severity: hot.severity, flags: from === 0 ? hot.flags : hot.flags.map((flags, i) => (i < from ? FLAG.TIME_SUSPECT : flags)), skipBits: FLAG.TIME_SUSPECT,
    latency, user: users ? users.codes : null, userHash: values.hashes(FIELD.user),
  });
}
