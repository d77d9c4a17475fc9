/**
 * Moves old events of a case into archive files, and back. Nothing is ever in neither: an archive is written, put on the disk and read back
 * before its events leave the case, all in one transaction; events that come back are taken off the list of archived ones in the
 * transaction that stores them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { retentionPolicy, type Applied, type Archive, type RetentionPolicy, type RetentionPreview, type RetentionProgress } from '../../../shared/contract/retention.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { nowMicros } from '../../../shared/time.ts';
import { RollupBuilder } from '../pipeline/rollup-builder.ts';
import { moveIn, moveOut, readArchives, segmentRows, type ArchivedSegment, type SegmentRow } from '../store/archives.ts';
import type { CaseStore, Committed, SegmentInfo } from '../store/case-store.ts';
import { partUnlike, type StoredSegment, type Sums } from '../store/checksums.ts';
import { settleTimes } from '../store/clocks.ts';
import { fileError, type Database } from '../store/database.ts';
import { unpackDicts } from '../store/dicts.ts';
import { readHits } from '../store/indicator-store.ts';
import { countSegment } from '../store/recount.ts';
import { beginRecount, pendingRecount } from '../store/recount-state.ts';
import { keepArchivedRollups, thinRollups } from '../store/retained-rollups.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { HOT, HOT_FIELDS, unpackCold, unpackHot } from '../store/segment.ts';
import { infoOfStored } from '../store/segment-check.ts';
import { sha256Of } from '../store/snapshots.ts';
import { syncFile, syncFolder } from '../store/sync-file.ts';
import { ArchiveWriter, readArchive } from './archive-file.ts';
import { planRetention, type Plan } from './plan.ts';

const POLICY = 'retention';
const SEGMENTS_AT_ONCE = 32;

export interface RetentionContext {
  store: CaseStore;
  /** path of the case */
  file: string;
  user: string;
  toolVersion: string;
  committed(what: Committed): void;
  changed(): void;
  tell(progress: RetentionProgress | null): void;
  /** rollups are to be counted anew */
  recount(): void;
}

export class Retention {
  readonly #context: RetentionContext;
  /** one after the other */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: RetentionContext) {
    this.#context = context;
  }

  policy(): RetentionPolicy {
    const text = this.#context.store.db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(POLICY);
    try {
      const read = retentionPolicy.safeParse(JSON.parse(text ?? '{}'));
      if (read.success) return read.data;
    } catch {
      // Only a damaged case holds what is no JSON: then nothing happens by itself.
    }
    return retentionPolicy.parse({});
  }
  setPolicy(policy: RetentionPolicy): void {
    this.#context.store.db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(POLICY, JSON.stringify(policy));
    this.#context.changed();
  }

  preview(policy: RetentionPolicy): RetentionPreview {
    return { policy, folder: this.#folder(policy), ...planRetention(this.#context.store.db, policy).preview };
  }
  #folder({ folder }: RetentionPolicy): string {
    const { file } = this.#context;
    return folder === '' ? path.join(path.dirname(file), `${path.basename(file).replace(/\.tidemark$/i, '')}.archive`) : path.resolve(path.dirname(file), folder);
  }

  archives(): Archive[] {
    return readArchives(this.#context.store.db).map(stateOf);
  }

  async #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(work).finally(() => this.#context.tell(null));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }
  /** Resolves when what was begun has ended. */
  async settled(): Promise<void> {
    await this.#last;
  }

  apply(policy: RetentionPolicy, { evenOpen, compact }: { evenOpen: boolean; compact: boolean }, signal: AbortSignal): Promise<Applied> {
    return this.#inTurn(async () => {
      const { store, tell, committed, changed } = this.#context;
      const { db } = store;
      const plan = planRetention(db, policy);
      const { open } = plan.preview;
      if (open.length > 0 && !evenOpen) throw new TidemarkError('busy', `${open.length === 1 ? 'An investigation is' : `${open.length} investigations are`} open (${open.slice(0, 3).map(({ title }) => title).join(', ')}${open.length > 3 ? ', ...' : ''}): nothing was taken out of the case. Resolve ${open.length === 1 ? 'it' : 'them'} first, or say explicitly that it is to be done all the same.`);
      if (pendingRecount(db)) throw new TidemarkError('busy', 'Rollups are being counted anew. Try again in a moment.');
      let applied: Applied;
      let removed: number[] = [];
      if (plan.segments.length === 0) {
        applied = { archive: null, events: 0, counts: db.transaction(() => thinRollups(db, plan.bounds))() };
      } else {
        const written = await this.#write(plan, this.#folder(policy), signal);
        ({ applied, removed } = this.#moveOut(policy, plan, written));
      }
      if (removed.length > 0) committed({ segments: [], names: [], removed });
      changed();
      if (compact) {
        tell({ what: 'giving the room back to the disk', share: 0.98 });
        try {
          db.exec('VACUUM');
        } catch (error) {
          throw fileError(error, this.#context.file);
        }
      }
      return applied;
    });
  }

  /** Writes the archive of a plan and reads it back. Nothing of it is left when that fails. */
  async #write(plan: Plan, folder: string, signal: AbortSignal): Promise<Written> {
    const { store, user, toolVersion, tell } = this.#context;
    const { db } = store;
    const at = nowMicros();
    const file = path.join(folder, `${new Date(at / 1000).toISOString().replaceAll(/[-:.]/g, '')}.tidemark-archive`);
    const part = `${file}.part`;
    let writer: ArchiveWriter | null = null;
    try {
      fs.mkdirSync(folder, { recursive: true });
      writer = new ArchiveWriter(part);
      const written: Written = { file, sha256: '', bytes: 0, at, segments: [], stamps: new Map(), rollups: new RollupBuilder(), clocks: store.clocks.version };
      const sums = new Map<number, number>();
      const names = HOT_FIELDS.map(() => new Set<number>());
      const rowsOf = segmentRows(db);
      const stampOf = stamps(db);
      const created = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'created_at'").pluck().get() ?? '';
      await writer.head({ case: created, createdAt: at, by: user, toolVersion, schema: SCHEMA_VERSION });
      for (const [i, { id }] of plan.segments.entries()) {
        if (signal.aborted) throw new TidemarkError('cancelled', 'Archiving was cancelled; nothing was taken out of the case.');
        tell({ what: 'writing the archive', share: (0.6 * i) / plan.segments.length });
        const rows = rowsOf(id);
        const segment = rows && storedOf(rows);
        // What is damaged stays where it is, and is told by every check.
        if (!rows || !segment || !isSound(segment, rows)) continue;
        sums.set(id, await writer.segment(id, rows));
        written.stamps.set(id, stampOf(id));
        const { offset, length } = unpackCold(segment.cold);
        let start = Number.POSITIVE_INFINITY;
        let stop = 0;
        for (let k = 0; k < segment.n; k++) {
          start = Math.min(start, offset[k]);
          stop = Math.max(stop, offset[k] + length[k]);
        }
        written.segments.push({ id, source: segment.source, n: segment.n, t0: segment.b0, t1: segment.b1, start, stop });
        const dicts = unpackDicts(segment.dict);
        dicts.forEach((dict, field) => dict.forEach((name) => name > 0 && names[field].add(name)));
        countSegment(written.rollups, { hot: unpackHot(segment.hot).hot, cold: segment.cold, serviceIds: dicts[HOT.service], from: 0 }, store.clocks.corrections.get(segment.source));
      }
      await writer.names(this.#names(written.segments, names));
      await writer.end({ segments: written.segments.length, events: written.segments.reduce((sum, { n }) => sum + n, 0) });
      syncFile(part);
      await readBack(part, sums, (share) => tell({ what: 'reading the archive back', share: 0.6 + 0.2 * share }));
      written.sha256 = await sha256Of(part, (share) => tell({ what: 'computing its checksum', share: 0.8 + 0.15 * share }));
      written.bytes = fs.statSync(part).size;
      const { segments } = written;
      fs.writeFileSync(`${file}.json`, `${JSON.stringify({ case: this.#context.file, createdAt: new Date(at / 1000).toISOString(), by: user, toolVersion, sha256: written.sha256, bytes: written.bytes, segments: segments.length, events: segments.reduce((sum, { n }) => sum + n, 0) }, null, 2)}\n`);
      syncFile(`${file}.json`);
      fs.renameSync(part, file);
      syncFolder(folder);
      return written;
    } catch (error) {
      await writer?.abandon();
      for (const left of [part, file, `${file}.json`]) fs.rmSync(left, { force: true });
      throw fileError(error, folder);
    }
  }

  #names(segments: readonly ArchivedSegment[], names: readonly Set<number>[]): Parameters<ArchiveWriter['names']>[0] {
    const { db } = this.#context.store;
    const source = db.prepare<[number], Record<string, unknown>>('SELECT id, signal, path, suffix, format, declared, service, zone, sha256, size, modified, ingested_at, ingested_by, tool_version FROM source WHERE id = ?');
    const name = db.prepare<[number, number], string>('SELECT name FROM dict WHERE field = ? AND id = ?').pluck();
    const template = db.prepare<[number], string>('SELECT pattern FROM template WHERE id = ?').pluck();
    return {
      sources: [...new Set(segments.map((segment) => segment.source))].map((id) => source.get(id) ?? { id }),
      names: names.slice(0, HOT.template).flatMap((ids, field) => [...ids].map((id) => ({ field, id, name: name.get(field, id) ?? '' }))),
      templates: [...names[HOT.template]].map((id) => ({ id, pattern: template.get(id) ?? '' })),
    };
  }

  /** One transaction. Throws busy, and takes the archive away again, when the case is not what was archived any more. */
  #moveOut(policy: RetentionPolicy, plan: Plan, written: Written): { applied: Applied; removed: number[] } {
    const { store, user, toolVersion } = this.#context;
    const { db } = store;
    const { segments, file, sha256, bytes, at } = written;
    const stampOf = stamps(db);
    try {
      return db.transaction(() => {
        const changed = store.clocks.version !== written.clocks || pendingRecount(db) !== null || segments.some(({ id }) => stampOf(id) !== written.stamps.get(id));
        // Somebody pinned one of these events, or noted something about it.
        const still = new Set(planRetention(db, policy).segments.map(({ id }) => id));
        if (changed || segments.some(({ id }) => !still.has(id))) throw new TidemarkError('busy', 'The case changed while the archive was written: nothing was taken out. Try again.');
        const id = moveOut(db, { path: file, sha256, bytes, t0: plan.preview.goes.from, t1: plan.preview.goes.to, by: user, toolVersion, at }, segments);
        keepArchivedRollups(db, id, written.rollups.take());
        const counts = thinRollups(db, plan.bounds);
        for (const source of new Set(segments.map((segment) => segment.source))) settleTimes(db, source);
        const archive = readArchives(db).find((one) => one.id === id);
        if (!archive) throw new Error('the archive was not stored');
        return { applied: { archive: { ...archive, state: 'kept' as const }, events: archive.events, counts }, removed: segments.map((segment) => segment.id) };
      })();
    } catch (error) {
      for (const left of [file, `${file}.json`]) fs.rmSync(left, { force: true });
      throw fileError(error, this.#context.file);
    }
  }

  /** Puts the events of an archive back. What a crash cut short is gone on with when it is asked for again. */
  restore(wanted: { id: number | null; path: string }, signal: AbortSignal): Promise<{ events: number; archive: Archive }> {
    return this.#inTurn(async () => {
      const { store, tell, committed, changed, recount } = this.#context;
      const { db } = store;
      const archive = await this.#find(wanted);
      const file = wanted.path === '' ? archive.path : wanted.path;
      if (archive.archived === 0) throw new TidemarkError('invalid_input', 'All events of this archive are in the case.');
      if (!fs.existsSync(file)) throw new TidemarkError('not_found', `${file} is not there. Say where the archive is now.`);
      if ((await sha256Of(file, (share) => tell({ what: 'checking the archive', share: 0.4 * share }))) !== archive.sha256) throw new TidemarkError('corrupt', `${file} is not what was written (its SHA-256 differs). Nothing was restored; look for another copy of it.`);
      let events = 0;
      let batch: { id: number; rows: Map<string, SegmentRow>; info: SegmentInfo }[] = [];
      const flush = (): void => {
        if (batch.length === 0) return;
        const infos = db.transaction(() => {
          const back = batch.filter(({ id, rows }) => moveIn(db, id, rows));
          for (const source of new Set(back.map(({ info }) => info.source))) settleTimes(db, source);
          return back.map(({ info }) => info);
        })();
        batch = [];
        if (infos.length === 0) return;
        events += infos.reduce((sum, { n }) => sum + n, 0);
        committed({ segments: infos.map((info) => ({ ...info, hits: readHits(db, info.id, info.id).get(info.id) ?? [] })), names: [] });
      };
      try {
        for await (const frame of readArchive(file, (read) => tell({ what: 'restoring events', share: 0.4 + (0.55 * read) / archive.bytes }))) {
          if (signal.aborted) throw new TidemarkError('cancelled', `Restoring was cancelled after ${events} events: they are in the case, the others in the archive. Restore it again to go on.`);
          if (frame.kind !== 'S') continue;
          const segment = storedOf(frame.rows);
          if (!segment || !isSound(segment, frame.rows)) throw new TidemarkError('corrupt', `Segment ${frame.id} of ${file} is not what was written.`);
          batch.push({ id: frame.id, rows: frame.rows, info: infoOfStored(segment) });
          if (batch.length >= SEGMENTS_AT_ONCE) flush();
        }
        flush();
        db.transaction(() => {
          db.prepare('UPDATE archive SET restored_at = ? WHERE id = ?').run(nowMicros(), archive.id);
          db.prepare('DELETE FROM rollup_archived WHERE archive = ?').run(archive.id);
          // Counts that were thinned come back with the events.
          beginRecount(db);
        })();
      } catch (error) {
        throw fileError(error, this.#context.file);
      } finally {
        changed();
      }
      recount();
      return { events, archive: this.archives().find(({ id }) => id === archive.id) ?? archive };
    });
  }

  async #find({ id, path: file }: { id: number | null; path: string }): Promise<Archive> {
    const all = this.archives();
    if (id !== null) {
      const found = all.find((archive) => archive.id === id);
      if (!found) throw new TidemarkError('not_found', `There is no archive ${id} of this case.`);
      return found;
    }
    if (file === '' || !fs.existsSync(file)) throw new TidemarkError('not_found', file === '' ? 'Say which archive is to be restored.' : `${file} does not exist.`);
    const sha256 = await sha256Of(file, (share) => this.#context.tell({ what: 'checking the archive', share: 0.2 * share }));
    const found = all.find((archive) => archive.sha256 === sha256);
    if (!found) throw new TidemarkError('invalid_input', `${file} is not an archive of this case, or not what was written: none has its SHA-256.`);
    return found;
  }
}

interface Written {
  file: string;
  sha256: string;
  bytes: number;
  at: number;
  segments: ArchivedSegment[];
  /** what each segment was when it was written */
  stamps: Map<number, string>;
  rollups: RollupBuilder;
  /** version of the clocks that they were counted with */
  clocks: number;
}

function stateOf(archive: Omit<Archive, 'state'>): Archive {
  const stat = fs.statSync(archive.path, { throwIfNoEntry: false });
  return { ...archive, state: stat === undefined ? 'missing' : stat.size === archive.bytes ? 'kept' : 'changed' };
}

/** Says of a segment what is other for every change of it; '' when it is not there. */
function stamps(db: Database): (id: number) => string {
  const statement = db.prepare<[number], { n: number; source: number; hot: number; own: number | null }>('SELECT n, source, length(hot) AS hot, own FROM seg LEFT JOIN seg_check USING (id) WHERE seg.id = ?');
  return (id) => {
    const row = statement.get(id);
    return row ? JSON.stringify(row) : '';
  };
}

/** A segment out of its rows; null when one is not there or has another shape. */
function storedOf(rows: ReadonlyMap<string, SegmentRow>): StoredSegment | null {
  const [seg, cold, msg, rest, words] = ['seg', 'seg_cold', 'seg_msg', 'seg_rest', 'seg_words'].map((table) => rows.get(table));
  if (!seg || !cold || !msg || !rest || !words) return null;
  const bytes = [seg.dict, seg.hot, cold.data, msg.data, rest.data, words.starts, words.data];
  if (!bytes.every((value) => value instanceof Uint8Array)) return null;
  const [dict, hot, coldData, msgData, restData, starts, data] = bytes;
  const orNull = (value: SegmentRow[string]): number | null => (value === null ? null : Number(value));
  return {
    id: Number(seg.id), source: Number(seg.source), n: Number(seg.n), t0: Number(seg.t0), t1: Number(seg.t1), b0: orNull(seg.b0), b1: orNull(seg.b1), sorted: Number(seg.sorted), text_bytes: Number(seg.text_bytes),
    dict, hot, cold: coldData, msg: msgData, rest: restData, starts, words: data,
  };
}

/** Whether a segment is what was stored, by its checksums; those from before there were any have to unpack. */
function isSound(segment: StoredSegment, rows: ReadonlyMap<string, SegmentRow>): boolean {
  const check = rows.get('seg_check');
  if (check) return partUnlike(segment, check as unknown as Sums) === null;
  try {
    infoOfStored(segment);
    return true;
  } catch {
    // It stays where it is.
    return false;
  }
}

/** Throws when an archive does not read back as it was written, every segment of it. */
async function readBack(file: string, sums: ReadonlyMap<number, number>, tell: (share: number) => void): Promise<void> {
  const size = fs.statSync(file).size;
  let segments = 0;
  for await (const frame of readArchive(file, (read) => tell(read / size))) {
    if (frame.kind === 'S' && sums.get(frame.id) === frame.sum) segments++;
    if (frame.kind === 'E' && frame.end.segments !== sums.size) throw new TidemarkError('disk_full', `${file} does not read back as it was written. Nothing was taken out of the case; check the disk.`);
  }
  if (segments !== sums.size) throw new TidemarkError('disk_full', `${file} does not read back as it was written. Nothing was taken out of the case; check the disk.`);
}
