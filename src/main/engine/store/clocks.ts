/** Clocks of sources as they are set in a case (table clock), and what follows from them for the source's own row. */
import type { Database } from 'better-sqlite3';
import { movesTime, type Clock, type ClockSetting } from '../../../shared/clock.ts';
import { FLAG } from '../../../shared/event.ts';
import { Correction, sameTimes, type ClockedSource } from '../clocks/correction.ts';
import { beginRecount } from './recount-state.ts';
import { unpackHot } from './segment.ts';
import { hasTable } from './tables.ts';

export interface Clocks {
  /** number of the newest setting: grows with each */
  version: number;
  /** sources whose clock is corrected */
  corrections: ReadonlyMap<number, Correction>;
}

interface Raw extends ClockSetting {
  id: number;
  source: number;
  set_at: number;
  set_by: string;
}

const COLUMNS = 'id, source, offset, drift, reference, uncertainty, zone, note, set_at, set_by';
const NOTHING: ClockSetting = { offset: 0, drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' };

/** The corrections that are in force. */
export function readClocks(db: Database): Clocks {
  if (!known(db)) return { version: 0, corrections: new Map() };
  const corrections = new Map<number, Correction>();
  const source = db.prepare<[number], ClockedSource>('SELECT zone, modified, ingested_at AS ingestedAt FROM source WHERE id = ?');
  // Bare columns beside max() are those of its row.
  const newest = db.prepare<[], Raw & { newest: number }>(`SELECT ${COLUMNS}, max(id) AS newest FROM clock GROUP BY source`).all();
  for (const raw of newest) {
    const clock = toClock(raw);
    const of = source.get(raw.source);
    if (of && isSet(clock)) corrections.set(raw.source, new Correction(clock, of));
  }
  return { version: newest.reduce((most, { id }) => Math.max(most, id), 0), corrections };
}

/** A case of an older schema that is only looked at has no such table. */
function known(db: Database): boolean {
  return hasTable(db, 'clock');
}

/** Every setting of a source, oldest first. */
export function clockHistory(db: Database, source: number): Clock[] {
  return known(db) ? db.prepare<[number], Raw>(`SELECT ${COLUMNS} FROM clock WHERE source = ? ORDER BY id`).all(source).map(toClock) : [];
}

/**
 * Sets the clock of a source, null = as it was read. In one transaction with it: first and last times of the source, and, when events
 * move, the mark that rollups are to be counted anew.
 * @returns whether times have moved
 */
export function setClock(db: Database, source: number, setting: ClockSetting | null, by: string): boolean {
  return db.transaction(() => {
    const before = readClocks(db).corrections.get(source)?.clock;
    const { offset, drift, reference, uncertainty, zone, note } = setting ?? NOTHING;
    db.prepare('INSERT INTO clock (source, offset, drift, reference, uncertainty, zone, note, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(source, offset, drift, reference, uncertainty, zone, note, Date.now() * 1000, by);
    const after = readClocks(db).corrections.get(source)?.clock;
    if (sameTimes(before, after)) return false;
    settleTimes(db, source);
    if (db.prepare('SELECT 1 FROM seg WHERE source = ? LIMIT 1').get(source) !== undefined) beginRecount(db);
    return true;
  })();
}

/** Makes the first and last time of a source those of the clock it has now. */
export function settleTimes(db: Database, source: number): void {
  const correction = readClocks(db).corrections.get(source);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const take = (from: number | null, to: number | null): void => {
    if (from !== null && from < first) first = from;
    if (to !== null && to > last) last = to;
  };
  const hot = db.prepare<[number], Buffer>('SELECT hot FROM seg WHERE id = ?').pluck();
  const segments = db.prepare<[number], { id: number; t0: number; t1: number; b0: number | null; b1: number | null }>('SELECT id, t0, t1, b0, b1 FROM seg WHERE source = ?').all(source);
  for (const { id, t0, t1, b0, b1 } of segments) {
    if (!correction) {
      take(b0, b1);
      continue;
    }
    if (!correction.mayReorder && b0 === t0 && b1 === t1) {
      const [from, to] = [correction.time(b0, false), correction.time(b1, false)];
      if (correction.believed(from, b0, true) && correction.believed(to, b1, true)) {
        take(from, to);
        continue;
      }
    }
    const columns = correction.columns(unpackHot(hot.get(id) ?? Buffer.alloc(0)).hot);
    if (!Number.isNaN(columns.b0)) take(columns.b0, columns.b1);
  }
  const series = db.prepare<[number], { t0: number | null; t1: number | null }>('SELECT min(t0) AS t0, max(t1) AS t1 FROM series WHERE source = ?').get(source);
  const moved = (time: number | null | undefined): number | null => (time === null || time === undefined ? null : (correction?.time(time, false) ?? time));
  take(moved(series?.t0), moved(series?.t1));
  db.prepare('UPDATE source SET t0 = ?, t1 = ? WHERE id = ?').run(Number.isFinite(first) ? first : null, Number.isFinite(last) ? last : null, source);
}

/** Whether events of a source name no zone, so that one can be declared. Looks at the first segments only. */
export function namesNoZone(db: Database, source: number): boolean {
  const segments = db.prepare<[number], Buffer>('SELECT hot FROM seg WHERE source = ? ORDER BY id LIMIT 8').pluck().all(source);
  return segments.some((packed) => unpackHot(packed).hot.flags.some((flags) => (flags & FLAG.ZONE_ASSUMED) !== 0));
}

function isSet(clock: Clock): boolean {
  return movesTime(clock) || clock.uncertainty !== 0;
}
function toClock({ offset, drift, reference, uncertainty, zone, note, set_at, set_by }: Raw): Clock {
  return { offset, drift, reference, uncertainty, zone, note, setAt: set_at, setBy: set_by };
}
