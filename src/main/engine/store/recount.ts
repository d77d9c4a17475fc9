/** Counts the rollups of a case anew from its segments: those of a salvaged case would still count what is lost. */
import { FLAG } from '../../../shared/event.ts';
import { FIELD, FIELD_COUNT } from '../formats/format.ts';
import { RollupBuilder } from '../pipeline/rollup-builder.ts';
import { ValueTable } from '../pipeline/value-table.ts';
import { unpackDicts } from './case-store.ts';
import type { Database } from './database.ts';
import { RollupStore } from './rollups.ts';
import { COLD_FIELDS, HOT, unpackCold, unpackHot } from './segment.ts';

const SEGMENTS_AT_ONCE = 32;
const USER = COLD_FIELDS.indexOf('user');

/** `breathe` is awaited every few segments. */
export async function recount(db: Database, breathe: () => Promise<void>): Promise<void> {
  const store = new RollupStore(db);
  const highest = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM dict WHERE field = 0').pluck().get() ?? 0;
  // Ids of a stored segment are those of the case already.
  const services = Array.from({ length: highest + 1 }, (_, id) => id);
  const segments = db.prepare<[number], { id: number; dict: Buffer; hot: Buffer; cold: Buffer }>('SELECT seg.id, dict, hot, data AS cold FROM seg JOIN seg_cold USING (id) WHERE seg.id > ? ORDER BY seg.id LIMIT 1');
  db.exec('DELETE FROM rollup');
  for (let last = 0, row = segments.get(0); row; ) {
    const builder = new RollupBuilder();
    for (let i = 0; row && i < SEGMENTS_AT_ONCE; i++) {
      add(builder, row);
      last = row.id;
      row = segments.get(last);
    }
    const rows = builder.take();
    db.transaction(() => store.write(rows, services))();
    await breathe();
  }
}

function add(builder: RollupBuilder, row: { dict: Buffer; hot: Buffer; cold: Buffer }): void {
  const { hot } = unpackHot(row.hot);
  const cold = unpackCold(row.cold);
  const users = cold.fields[USER];
  const values = new ValueTable(FIELD_COUNT);
  for (let code = 1; code < (users?.values.length ?? 0); code++) {
    const bytes = users?.values.bytes(code).slice() ?? new Uint8Array(0);
    values.intern(FIELD.user, bytes, new DataView(bytes.buffer), 0, bytes.length);
  }
  builder.add({
    n: hot.n, order: hot.order, time: hot.time, service: hot.codes[HOT.service], serviceIds: unpackDicts(row.dict)[HOT.service], severity: hot.severity, flags: hot.flags, skipBits: FLAG.TIME_SUSPECT,
    latency: cold.latency, user: users ? users.codes : null, userHash: values.hashes(FIELD.user),
  });
}
