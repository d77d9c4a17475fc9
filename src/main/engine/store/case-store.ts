/**
 * The one writer of a case. A batch from a parse worker, its dead letters, its rollups and the checkpoint of its source are one
 * transaction: after a crash the case is as if the batch was never read, and reading goes on at the checkpoint.
 */
import type { Database } from './database.ts';
import type { Ledger, Signal, Source } from '../../../shared/event.ts';
import type { Correction } from '../clocks/correction.ts';
import type { BuiltBatch } from '../pipeline/batch.ts';
import { RollupBuilder } from '../pipeline/rollup-builder.ts';
import { archivedEvents, archivedTotal, highestSegment } from './archives.ts';
import { nameSum, writeSums } from './checksums.ts';
import { readClocks, type Clocks } from './clocks.ts';
import { pack } from './compression.ts';
import { packDicts } from './dicts.ts';
import { sourceHead, type SourceHead } from './source-head.ts';
import type { Hit } from '../enrich/watch.ts';
import { fillHole, holesOf, type Stretch } from './holes.ts';
import { countSegment } from './recount.ts';
import { pendingRecount } from './recount-state.ts';
import { writeHits } from './indicator-store.ts';
import { RollupStore } from './rollups.ts';
import { HOT, hotViews, type SegmentPayload } from './segment.ts';

/** What query workers hold of a segment. dicts carry ids of the case. */
export interface SegmentInfo {
  id: number;
  source: number;
  n: number;
  t0: number;
  t1: number;
  b0: number;
  b1: number;
  sorted: boolean;
  dicts: Uint32Array[];
  hotBuffer: SharedArrayBuffer;
  words: Uint32Array;
  wordStarts: Uint32Array;
  /** indicators that its events have; none where this is left out */
  hits?: readonly Hit[];
}
/** New or changed names: field per HOT_FIELDS. */
export interface NameChange {
  field: number;
  id: number;
  name: string;
}
export interface Committed {
  segments: SegmentInfo[];
  names: NameChange[];
  /** segments that are not what they were: to be taken out of answers before `segments` are put in */
  removed?: number[];
}

export interface NewSource {
  signal: Signal;
  path: string;
  diskPath: string;
  suffix: string;
  format: string;
  formatTitle: string;
  formatReason: string;
  declared: string | null;
  service: string;
  zone: string;
  dedupWindow: number;
  head: Uint8Array;
  headHash: string;
  headLength: number;
  sha256: string;
  size: number;
  modified: number;
  ingestedBy: string;
  toolVersion: string;
}

export interface SourceRow extends Source {
  diskPath: string;
  suffix: string;
  dedupWindow: number;
  headHash: string;
  headLength: number;
  checkpoint: number;
}

interface RawSource {
  id: number; signal: Signal; path: string; disk_path: string; suffix: string; format: string; format_title: string; format_reason: string; service: string; zone: string;
  dedup_window: number; head_hash: string; head_length: number; sha256: string; size: number; modified: number; ingested_at: number; ingested_by: string; tool_version: string;
  state: Source['state']; error: string; checkpoint: number; read: number; stored: number; duplicates: number; rejected: number; t0: number | null; t1: number | null;
}

/** Ids a parse worker uses, to ids of the case. */
export interface WorkerIds {
  fields: number[][];
}
export function newWorkerIds(): WorkerIds {
  return { fields: [[0], [0], [0], [0]] };
}

const SOURCE_COLUMNS =
  'id, signal, path, disk_path, suffix, format, format_title, format_reason, service, zone, dedup_window, head_hash, head_length, sha256, size, modified, ingested_at, ingested_by, tool_version, state, error, checkpoint, read, stored, duplicates, rejected, t0, t1';

export class CaseStore {
  readonly db: Database;
  readonly rollups: RollupStore;
  readonly #ids: Map<string, number>[] = [new Map(), new Map(), new Map(), new Map()];
  /** highest id of each field: a salvaged case may lack some */
  readonly #lastName = [0, 0, 0];
  readonly #nextTemplate: { id: number };
  #nextSegment: number;
  #clocks: Clocks;

  constructor(db: Database) {
    this.db = db;
    this.rollups = new RollupStore(db);
    this.#clocks = readClocks(db);
    for (const row of db.prepare<[], { field: number; id: number; name: string }>('SELECT field, id, name FROM dict').iterate()) {
      this.#ids[row.field].set(row.name, row.id);
      this.#lastName[row.field] = Math.max(this.#lastName[row.field], row.id);
    }
    for (const row of db.prepare<[], { id: number; pattern: string }>('SELECT id, pattern FROM template').iterate()) this.#ids[HOT.template].set(row.pattern, row.id);
    this.#nextTemplate = { id: (db.prepare('SELECT coalesce(max(id), 0) + 1 FROM template').pluck().get() as number) };
    this.#nextSegment = highestSegment(db) + 1;
  }

  /** Names of hot fields, for query workers that start. */
  names(): NameChange[] {
    return this.#ids.flatMap((map, field) => [...map].map(([name, id]) => ({ field, id, name })));
  }

  /** Clocks of sources as they are set. */
  get clocks(): Clocks {
    return this.#clocks;
  }
  /** To be called when one was set: what is stored from now on goes by it. */
  reloadClocks(): void {
    this.#clocks = readClocks(this.db);
  }

  addSource(source: NewSource): number {
    const result = this.db
      .prepare(
        `INSERT INTO source (signal, path, disk_path, suffix, format, format_title, format_reason, declared, service, zone, dedup_window, head, head_hash, head_length, sha256, size, modified, ingested_at, ingested_by, tool_version, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
      )
      .run(
        source.signal, source.path, source.diskPath, source.suffix, source.format, source.formatTitle, source.formatReason, source.declared, source.service, source.zone, source.dedupWindow,
        pack(source.head), source.headHash, source.headLength, source.sha256, Math.trunc(source.size), Math.trunc(source.modified), Date.now() * 1000, source.ingestedBy, source.toolVersion,
      );
    return Number(result.lastInsertRowid);
  }

  setState(source: number, state: Source['state'], error = ''): void {
    this.db.prepare('UPDATE source SET state = ?, error = ? WHERE id = ?').run(state, error, source);
  }

  setHash(source: number, sha256: string, size: number): void {
    this.db.prepare('UPDATE source SET sha256 = ?, size = ? WHERE id = ?').run(sha256, size, source);
  }

  /** Records of an earlier reading that were met again. */
  countDuplicates(source: number, records: number): void {
    this.db.prepare('UPDATE source SET read = read + ?, duplicates = duplicates + ? WHERE id = ?').run(records, records, source);
  }

  sources(): SourceRow[] {
    const archived = archivedEvents(this.db);
    return this.db.prepare<[], RawSource>(`SELECT ${SOURCE_COLUMNS} FROM source ORDER BY id`).all().map((row) => toSource(row, archived.get(row.id)));
  }

  source(id: number): SourceRow | undefined {
    const row = this.db.prepare<[number], RawSource>(`SELECT ${SOURCE_COLUMNS} FROM source WHERE id = ?`).get(id);
    return row && toSource(row, archivedEvents(this.db).get(id));
  }

  /** First bytes of a source's stream, as its format saw them, and the declared format it was read with. */
  sourceHead(id: number): SourceHead {
    return sourceHead(this.db, id);
  }

  headLengths(): number[] {
    return this.db.prepare<[], number>('SELECT DISTINCT head_length FROM source').pluck().all();
  }

  /** Sources that began with these bytes, newest first. */
  sourcesByHead(headLength: number, headHash: string): SourceRow[] {
    return this.db.prepare<[number, string], RawSource>(`SELECT ${SOURCE_COLUMNS} FROM source WHERE head_length = ? AND head_hash = ? ORDER BY id DESC`).all(headLength, headHash).map((row) => toSource(row));
  }

  /** Sources whose reading was cut short, by a crash too. */
  interrupted(): SourceRow[] {
    return this.sources().filter((source) => source.state === 'stopped' || source.state === 'waiting');
  }

  /** After a start: nothing is being read, so what says so was interrupted. */
  settleStates(): void {
    this.db.prepare(`UPDATE source SET state = 'stopped', error = 'reading was interrupted; continue to read the rest' WHERE state IN ('reading', 'paused', 'waiting')`).run();
  }

  ledger(): Ledger {
    const ledger = this.db.prepare<[], Ledger>('SELECT coalesce(sum(read), 0) AS read, coalesce(sum(stored), 0) AS stored, coalesce(sum(duplicates), 0) AS duplicates, coalesce(sum(rejected), 0) AS rejected FROM source').get() ?? { read: 0, stored: 0, duplicates: 0, rejected: 0 };
    const archived = archivedTotal(this.db);
    return archived > 0 ? { ...ledger, archived } : ledger;
  }

  /** Lost stretches of a source that are to be read again (store/holes.ts). */
  holes(source: number): Stretch[] {
    return holesOf(this.db, source);
  }

  /** Commits a batch read out of a lost stretch, up to `to`. */
  commitHole(source: number, ids: WorkerIds, batch: BuiltBatch, hole: Stretch, to: number): Committed {
    return this.db.transaction(() => {
      fillHole(this.db, source, hole, to);
      return this.commit(source, ids, batch, null);
    })();
  }

  /**
   * Commits a batch. `checkpoint` = stream offset up to which everything is in; null leaves it (dead letters tried again). `extended`: the
   * segment whose events the first of the batch carries on; their ids stay.
   * Throws what SQLite throws (disk full among it), with nothing of the batch stored.
   */
  commit(source: number, ids: WorkerIds, batch: BuiltBatch, checkpoint: number | null, extended = 0): Committed {
    const added: { field: number; name: string }[] = [];
    try {
      return this.db.transaction(() => this.#write(source, ids, batch, checkpoint, extended, added))();
    } catch (error) {
      // The dictionaries in memory must not know ids that the file does not.
      for (const { field, name } of added) this.#ids[field].delete(name);
      for (const name of batch.names) ids.fields[name.field].length = Math.min(ids.fields[name.field].length, name.id);
      throw error;
    }
  }

  #write(source: number, ids: WorkerIds, batch: BuiltBatch, checkpoint: number | null, extended: number, added: { field: number; name: string }[]): Committed {
    const names: NameChange[] = [];
    const insertName = this.db.prepare('INSERT INTO dict (field, id, name, sum) VALUES (?, ?, ?, ?)');
    for (const { field, id, name } of batch.names) {
      let global = this.#ids[field].get(name);
      if (global === undefined) {
        global = ++this.#lastName[field];
        this.#ids[field].set(name, global);
        added.push({ field, name });
        insertName.run(field, global, name, nameSum(field, global, name));
        names.push({ field, id: global, name });
      }
      ids.fields[field][id] = global;
    }
    this.#writeTemplates(ids, batch, names, added);

    const insert = this.db.prepare('INSERT OR REPLACE INTO seg (id, source, n, t0, t1, b0, b1, sorted, text_bytes, dict, hot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const texts = (['seg_cold', 'seg_msg', 'seg_rest'] as const).map((table) => this.db.prepare(`INSERT OR REPLACE INTO ${table} (id, data) VALUES (?, ?)`));
    const words = this.db.prepare('INSERT OR REPLACE INTO seg_words (id, starts, data) VALUES (?, ?, ?)');
    const unmatched = this.db.prepare('DELETE FROM sigma_matched WHERE seg = ?');
    const segments: SegmentInfo[] = [];
    let stored = 0;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    let next = this.#nextSegment;
    const correction = this.#clocks.corrections.get(source);
    for (const segment of batch.segments) {
      const id = segment.carried > 0 ? extended : next++;
      const dicts = segment.dicts.map((dict, field) => mapIds(dict, ids.fields[field]));
      insert.run(id, source, segment.n, segment.t0, segment.t1, orNull(segment.b0), orNull(segment.b1), segment.sorted ? 1 : 0, segment.textBytes, packDicts(dicts), segment.hot);
      texts[0].run(id, segment.cold);
      texts[1].run(id, segment.msg);
      texts[2].run(id, segment.rest);
      words.run(id, bytesOf(segment.wordStarts), bytesOf(segment.words));
      // A segment that goes on, or was corrected, has to be compared with rules again.
      unmatched.run(id);
      if (segment.generation > 0) writeHits(this.db, id, segment.generation, segment.hits, hotViews(segment.hotBuffer, segment.n, segment.sorted).time);
      writeSums(this.db, {
        id, source, n: segment.n, t0: segment.t0, t1: segment.t1, b0: orNull(segment.b0), b1: orNull(segment.b1), sorted: segment.sorted ? 1 : 0, text_bytes: segment.textBytes,
        dict: packDicts(dicts), hot: segment.hot, cold: segment.cold, msg: segment.msg, rest: segment.rest, starts: bytesOf(segment.wordStarts), words: bytesOf(segment.words),
      });
      stored += segment.n - segment.carried;
      const { b0, b1 } = correction?.columns(hotViews(segment.hotBuffer, segment.n, segment.sorted)) ?? segment;
      if (b0 < first) first = b0;
      if (b1 > last) last = b1;
      segments.push(infoOf(id, source, segment, dicts));
    }
    this.#writeRollups(correction, ids, batch, extended);

    const insertReject = this.db.prepare('INSERT INTO reject (source, offset, length, reason, at, attempts, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)');
    const now = Date.now() * 1000;
    for (const { offset, length, reason, attempts = 1, bytes } of batch.rejects) insertReject.run(source, offset, length, reason, now, attempts, pack(bytes));

    this.db
      .prepare(
        `UPDATE source SET checkpoint = coalesce(?, checkpoint), read = read + ?, stored = stored + ?, duplicates = duplicates + ?, rejected = rejected + ?,
           t0 = min(coalesce(t0, ?), coalesce(?, t0)), t1 = max(coalesce(t1, ?), coalesce(?, t1)) WHERE id = ?`,
      )
      .run(
        checkpoint, batch.read, stored, batch.duplicates, batch.rejects.length,
        finite(first), finite(first), finite(last), finite(last), source,
      );
    this.#nextSegment = next;
    return { segments, names };
  }

  /** Rollups are made by the parse worker, but where times are corrected or the rollups are being counted anew. */
  #writeRollups(correction: Correction | undefined, ids: WorkerIds, batch: BuiltBatch, extended: number): void {
    const services = ids.fields[HOT.service];
    const pending = pendingRecount(this.db);
    if (!correction && (!pending || batch.rollups.end.length === 0)) {
      this.rollups.write(batch.rollups, services);
      return;
    }
    const builder = new RollupBuilder();
    for (const segment of batch.segments) {
      // One that goes on and is still to be counted is counted whole.
      if (pending && segment.carried > 0 && extended > pending.done && extended <= pending.last) continue;
      countSegment(builder, { hot: hotViews(segment.hotBuffer, segment.n, segment.sorted), cold: segment.cold, serviceIds: segment.dicts[HOT.service], from: segment.carried }, correction);
    }
    (pending ? new RollupStore(this.db, 'rollup_next') : this.rollups).write(builder.take(), services);
  }

  /** Workers mine on their own; the same pattern from two of them is one template of the case. */
  #writeTemplates(ids: WorkerIds, batch: BuiltBatch, names: NameChange[], added: { field: number; name: string }[]): void {
    const known = this.#ids[HOT.template];
    const map = ids.fields[HOT.template];
    const insert = this.db.prepare('INSERT INTO template (id, pattern) VALUES (?, ?)');
    const update = this.db.prepare('UPDATE template SET pattern = ? WHERE id = ?');
    for (const { id, pattern } of batch.templates) {
      // Code 0 of a dictionary means absent, so worker ids are kept one higher.
      const mine = map[id + 1];
      if (mine !== undefined) {
        update.run(pattern, mine);
        if (!known.has(pattern)) {
          known.set(pattern, mine);
          added.push({ field: HOT.template, name: pattern });
        }
        names.push({ field: HOT.template, id: mine, name: pattern });
        continue;
      }
      let global = known.get(pattern);
      if (global === undefined) {
        global = this.#nextTemplate.id++;
        insert.run(global, pattern);
        known.set(pattern, global);
        added.push({ field: HOT.template, name: pattern });
        names.push({ field: HOT.template, id: global, name: pattern });
      }
      map[id + 1] = global;
    }
  }
}

function mapIds(dict: Uint32Array, ids: number[]): Uint32Array {
  const mapped = new Uint32Array(dict.length);
  for (let code = 1; code < dict.length; code++) mapped[code] = ids[dict[code]] ?? 0;
  return mapped;
}

function infoOf(id: number, source: number, segment: SegmentPayload, dicts: Uint32Array[]): SegmentInfo {
  const { n, t0, t1, b0, b1, sorted, hotBuffer, words, wordStarts, hits } = segment;
  return { id, source, n, t0, t1, b0, b1, sorted, dicts, hotBuffer, words, wordStarts, hits };
}

function toSource(row: RawSource, archived = 0): SourceRow {
  return {
    id: row.id, signal: row.signal, path: row.path, diskPath: row.disk_path, suffix: row.suffix, format: row.format, formatTitle: row.format_title, formatReason: row.format_reason,
    service: row.service, zone: row.zone, dedupWindow: row.dedup_window, headHash: row.head_hash, headLength: row.head_length, sha256: row.sha256, size: row.size, modified: row.modified,
    ingestedAt: row.ingested_at, ingestedBy: row.ingested_by, toolVersion: row.tool_version, state: row.state, error: row.error, bytesRead: row.checkpoint, checkpoint: row.checkpoint,
    ledger: { read: row.read, stored: row.stored, duplicates: row.duplicates, rejected: row.rejected, ...(archived > 0 ? { archived } : {}) }, from: row.t0, to: row.t1,
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
