/**
 * Lost parts of sources. After a salvage a source may lack records in the middle or at its end: the ledger says what is there, and
 * where the rest lay is kept (table hole, or an earlier checkpoint), so that it can be read again, each record exactly once.
 */
import type { SalvageAccount } from '../../../shared/contract/cases.ts';
import { loadDeclared } from '../formats/declared.ts';
import { formats } from '../formats/registry.ts';
import { archivedEvents, archivedStretches } from './archives.ts';
import type { Database } from './database.ts';
import { unpackCold } from './segment.ts';

/** A stretch [start, stop) of a source's stream. */
export interface Stretch {
  start: number;
  stop: number;
}
interface SourceState {
  id: number;
  path: string;
  suffix: string;
  format: string;
  declared: string | null;
  dedup_window: number;
  size: number;
  state: string;
  checkpoint: number;
  stored: number;
  duplicates: number;
  head_length: number;
}

/** Makes ledgers say what is there, and marks sources that lost events. Returns those. `knownLost`: events of lost segments by source. */
export function settleSources(db: Database, knownLost: ReadonlyMap<number, number>): SalvageAccount['sources'] {
  const damaged: SalvageAccount['sources'] = [];
  const keptOf = db.prepare<[number], number>('SELECT coalesce(sum(n), 0) FROM seg WHERE source = ?').pluck();
  const archived = archivedEvents(db);
  const settle = db.prepare(
    `UPDATE source SET stored = $kept, rejected = $rejected, read = $kept + duplicates + $rejected,
       t0 = (SELECT min(b0) FROM seg WHERE source = $id), t1 = (SELECT max(b1) FROM seg WHERE source = $id) WHERE id = $id`,
  );
  const rejected = db.prepare<[number], number>('SELECT count(*) FROM reject WHERE source = ?').pluck();
  for (const source of db.prepare<[], SourceState>('SELECT id, path, suffix, format, declared, dedup_window, size, state, checkpoint, stored, duplicates, head_length FROM source ORDER BY id').all()) {
    // What is in an archive is not lost.
    const kept = (keptOf.get(source.id) ?? 0) + (archived.get(source.id) ?? 0);
    const lost = Math.max(0, source.stored - kept, source.stored === 0 ? (knownLost.get(source.id) ?? 0) : 0);
    db.transaction(() => {
      if (lost > 0) damaged.push(mark(db, source, kept, lost));
      settle.run({ id: source.id, kept, rejected: rejected.get(source.id) ?? 0 });
    })();
  }
  return damaged;
}

function mark(db: Database, source: SourceState, kept: number, lost: number): SalvageAccount['sources'][number] {
  const { id, path } = source;
  // A source of which nothing but its number is known can neither be found again nor placed.
  const gaps = source.head_length < 0 ? [] : lostStretches(db, source);
  const last = gaps.at(-1);
  const tail = last?.stop === source.checkpoint ? last : undefined;
  const middle = tail ? gaps.slice(0, -1) : gaps;
  const readable = gaps.length > 0 && (middle.length === 0 || canReadBetween(source));
  db.prepare('DELETE FROM hole WHERE source = ?').run(id);
  const insert = db.prepare('INSERT INTO hole (source, start, stop) VALUES (?, ?, ?)');
  for (const { start, stop } of middle) insert.run(id, start, stop);
  if (tail) {
    // Reading simply goes on there. Rejects behind it will be met again.
    db.prepare('UPDATE source SET checkpoint = ? WHERE id = ?').run(tail.start, id);
    db.prepare('DELETE FROM reject WHERE source = ? AND offset >= ?').run(id, tail.start);
  }
  if (gaps.length === 0) insert.run(id, 0, 0);
  const events = `${lost} ${lost === 1 ? 'event was' : 'events were'} lost when the case file was damaged`;
  db.prepare('UPDATE source SET state = ?, error = ? WHERE id = ?').run(
    readable ? 'stopped' : 'failed',
    readable ? `${events}; continue to read the lost part again` : `${events}; that part cannot be read again by itself: read the file into a case of its own`,
    id,
  );
  return { id, path, kept, lost, ranges: gaps.map(({ start, stop }) => ({ from: start, to: stop })), readable };
}

/** Whether the middle of a source can be read without what comes before: a plain file of a format that can be entered anywhere. */
function canReadBetween({ suffix, format, declared, dedup_window, state, size, checkpoint }: SourceState): boolean {
  const parallel = declared === null ? formats.find((candidate) => candidate.id === format)?.parallel : loadDeclared(JSON.parse(declared), format).parallel;
  // Of a plain file that was read whole the stream is the file.
  return parallel === true && suffix === '' && dedup_window === 0 && (state !== 'done' || size === checkpoint);
}

/** Stretches up to the checkpoint in which no event of the source lies, and no rejects that would explain it. */
function lostStretches(db: Database, source: SourceState): Stretch[] {
  const covered: { start: number; stop: number; ending: number }[] = [];
  for (const data of db.prepare<[number], Buffer>('SELECT data FROM seg_cold JOIN seg USING (id) WHERE seg.source = ? ORDER BY id').pluck().iterate(source.id)) {
    const { n, offset, length } = unpackCold(data);
    let bytes = 0;
    let ending = n > 1 ? Number.POSITIVE_INFINITY : 1;
    for (let i = 0; i < n; i++) {
      bytes += length[i];
      if (i > 0 && offset[i] >= offset[i - 1] + length[i - 1]) ending = Math.min(ending, offset[i] - offset[i - 1] - length[i - 1]);
    }
    if (!Number.isFinite(ending)) ending = 1;
    const stop = offset[n - 1] + length[n - 1];
    // Rejects that were replayed make segments of records from all over a file; between those lie other segments' records.
    if (bytes * 2 >= stop - offset[0]) covered.push({ start: offset[0], stop, ending });
    else for (let i = 0; i < n; i++) covered.push({ start: offset[i], stop: offset[i] + length[i], ending: 1 });
  }
  for (const stretch of archivedStretches(db, source.id)) covered.push({ ...stretch, ending: 1 });
  covered.sort((a, b) => a.start - b.start);
  const rejects = db.prepare<[number, number, number], { n: number; bytes: number }>('SELECT count(*) AS n, coalesce(sum(length), 0) AS bytes FROM reject WHERE source = ? AND offset >= ? AND offset < ?');
  const gaps: Stretch[] = [];
  const look = (start: number, stop: number): void => {
    if (stop - start <= 2) return;
    const between = rejects.get(source.id, start, stop) ?? { n: 0, bytes: 0 };
    if (between.n === 0 || between.bytes + between.n * 2 < stop - start) gaps.push({ start, stop });
  };
  let at = 0;
  for (const { start, stop, ending } of covered) {
    look(at, start);
    at = Math.max(at, stop + ending);
  }
  look(at, source.checkpoint);
  return gaps;
}

/** The lost stretches of a source that are still to be read, in the order of the file; stop 0 = it is not known where. */
export function holesOf(db: Database, source: number): Stretch[] {
  return db.prepare<[number], Stretch>('SELECT start, stop FROM hole WHERE source = ? ORDER BY start').all(source);
}

/** A hole is filled up to `to`: what was rejected there has been met again. In the caller's transaction, before the batch is stored. */
export function fillHole(db: Database, source: number, hole: Stretch, to: number): void {
  const { changes } = db.prepare('DELETE FROM reject WHERE source = ? AND offset >= ? AND offset < ?').run(source, hole.start, to);
  db.prepare('UPDATE source SET read = read - ?, rejected = rejected - ? WHERE id = ?').run(changes, changes, source);
  db.prepare('DELETE FROM hole WHERE source = ? AND start = ?').run(source, hole.start);
  if (to < hole.stop) db.prepare('INSERT INTO hole (source, start, stop) VALUES (?, ?, ?)').run(source, to, hole.stop);
}
