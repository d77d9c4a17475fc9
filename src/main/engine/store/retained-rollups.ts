/** Counts of events that were archived, and counts that old events do not need any more. Everything in the caller's transaction. */
import type { Database } from './database.ts';
import { mergeCoarse, mergeSeconds, type RollupRows } from './rollup-rows.ts';

/** Counts of an archive, to be added when the rollups are counted anew from the segments that are left. */
export function keepArchivedRollups(db: Database, archive: number, { resolution, bucket, end, data }: RollupRows): void {
  const read = db.prepare<[number, number, number], Buffer>('SELECT data FROM rollup_archived WHERE archive = ? AND resolution = ? AND bucket = ?').pluck();
  const write = db.prepare('INSERT OR REPLACE INTO rollup_archived (archive, resolution, bucket, data) VALUES (?, ?, ?, ?)');
  for (let i = 0, start = 0; i < end.length; start = end[i++]) {
    const row = data.subarray(start, end[i]);
    const held = read.get(archive, resolution[i], bucket[i]);
    write.run(archive, resolution[i], bucket[i], held ? merged(resolution[i], held, row) : row);
  }
}

/** Adds the counts of all archives to rollups that were counted anew (table rollup_next). */
export function addArchivedRollups(db: Database): void {
  const read = db.prepare<[number, number], Buffer>('SELECT data FROM rollup_next WHERE resolution = ? AND bucket = ?').pluck();
  const write = db.prepare('INSERT OR REPLACE INTO rollup_next (resolution, bucket, data) VALUES (?, ?, ?)');
  for (const { resolution, bucket, data } of db.prepare<[], { resolution: number; bucket: number; data: Buffer }>('SELECT resolution, bucket, data FROM rollup_archived').all()) {
    const held = read.get(resolution, bucket);
    write.run(resolution, bucket, held ? merged(resolution, held, data) : data);
  }
}

function merged(resolution: number, a: Uint8Array, b: Uint8Array): Uint8Array {
  return resolution === 1 ? mergeSeconds(a, b) : mergeCoarse(a, b);
}

/** From when back which counts go: of every second of what is not hot, of every minute and five minutes of what is archived. */
export const THINNED: readonly { resolution: number; from: 'warm' | 'archive' }[] = [{ resolution: 1, from: 'warm' }, { resolution: 60, from: 'archive' }, { resolution: 300, from: 'archive' }];

/** First bucket that is kept of a resolution. Seconds of one minute are one row. */
export function bucketOf(time: number, resolution: number): number {
  return Math.floor(time / 1e6 / (resolution === 1 ? 60 : resolution));
}

/** Takes them away, here and among those that are kept of archives. Gives the number of rows. */
export function thinRollups(db: Database, bounds: { warm: number; archive: number }): number {
  if (!Number.isFinite(bounds.warm)) return 0;
  let rows = 0;
  for (const { resolution, from } of THINNED) {
    const bucket = bucketOf(bounds[from], resolution);
    rows += db.prepare('DELETE FROM rollup WHERE resolution = ? AND bucket < ?').run(resolution, bucket).changes;
    db.prepare('DELETE FROM rollup_archived WHERE resolution = ? AND bucket < ?').run(resolution, bucket);
  }
  return rows;
}
