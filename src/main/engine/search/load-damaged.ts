/** Loads what can be loaded of a case that is damaged and opened all the same, to be looked at. */
import { archivedTotal } from '../store/archives.ts';
import { hasTable } from '../store/tables.ts';
import { readHits } from '../store/indicator-store.ts';
import { infoOfStored } from '../store/segment-check.ts';
import type { StoredSegment } from '../store/checksums.ts';
import { HOT } from '../store/segment.ts';
import type { Catalog } from './catalog.ts';

const SEGMENTS_AT_ONCE = 32;

/** In place of Catalog.load, when that has failed: names and segments one by one, leaving out those that cannot be read. */
export function* loadDamaged(catalog: Catalog): Generator<void, void, void> {
  const { db } = catalog;
  asFarAsReadable(() => {
    for (const { field, id, name } of db.prepare<[], { field: number; id: number; name: string }>('SELECT field, id, name FROM dict').iterate()) catalog.names[field][id] = name;
  });
  asFarAsReadable(() => {
    for (const { id, pattern } of db.prepare<[], { id: number; pattern: string }>('SELECT id, pattern FROM template').iterate()) catalog.names[HOT.template][id] = pattern;
  });
  asFarAsReadable(() => catalog.loadPatterns());
  asFarAsReadable(() => catalog.loadSources());
  asFarAsReadable(() => catalog.loadRemoved());
  asFarAsReadable(() => catalog.derived.setHits(readHits(db, 0, Number.MAX_SAFE_INTEGER), true));
  const read = db.prepare<[number], Omit<StoredSegment, 'cold' | 'msg' | 'rest'>>(
    'SELECT seg.id, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot, starts, data AS words FROM seg JOIN seg_words USING (id) WHERE seg.id = ?',
  );
  const none = new Uint8Array(0);
  const last = Math.max(...['seg', 'seg_words', 'seg_msg'].map((table) => newest(catalog, table)));
  for (let id = 1; id <= last; id++) {
    if (id % SEGMENTS_AT_ONCE === 0) yield;
    if (catalog.segments.has(id) || catalog.removed.has(id)) continue;
    asFarAsReadable(() => {
      const row = read.get(id);
      if (row) catalog.add([infoOfStored({ ...row, cold: none, msg: none, rest: none })], []);
    });
  }
}

/** Events that the ledger has and that are not among the loaded segments. `damaged`: loading met damage. */
export function notLoaded(catalog: Catalog, damaged: boolean): number {
  let missing = 0;
  asFarAsReadable(() => {
    const last = [...catalog.segments.keys()].reduce((most, id) => Math.max(most, id), 0);
    const checked = hasTable(catalog.db, 'seg_check');
    const expected = checked ? (catalog.db.prepare<[number], number>('SELECT count(*) FROM seg_check WHERE id <= ?').pluck().get(last) ?? 0) : 0;
    // Of a sound case nothing is missing, even if more is being written.
    if (!damaged && expected <= catalog.segments.size + catalog.removed.size) return;
    missing = Math.max(0, (catalog.db.prepare<[], number>('SELECT coalesce(sum(stored), 0) FROM source').pluck().get() ?? 0) - archivedTotal(catalog.db) - catalog.events - catalog.removed.size);
  });
  return missing;
}

function newest(catalog: Catalog, table: string): number {
  let id = 0;
  asFarAsReadable(() => (id = catalog.db.prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get() ?? 0));
  return id;
}

function asFarAsReadable(work: () => void): void {
  try {
    work();
  } catch {
    // What is missing is counted when everything else is loaded.
  }
}
