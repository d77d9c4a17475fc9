/**
 * Snapshots lie in a folder beside the case: ID.tidemark, an ordinary case file, and ID.json, which says what it is and its SHA-256. The
 * manifest is written last, so a copy that was cut short is none.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { snapshotId, type Snapshot, type SnapshotProgress } from '../../../shared/contract/snapshots.ts';
import { nowMicros } from '../../../shared/time.ts';
import { archivedTotal } from './archives.ts';
import { fileError, openReader } from './database.ts';
import { nativeBinding } from './native-binding.ts';
import { syncFile, syncFolder } from './sync-file.ts';

/** Pages that are copied before others get the thread: 4 MiB. */
const PAGES_AT_ONCE = 256;
/** More than any file has: all in one step. */
const ALL_PAGES = 0x7fff_ffff;
/** What was not touched for so long is not being made any more. */
const LEFT_MS = 3_600_000;

const manifest = z.object({
  id: snapshotId, name: z.string(), description: z.string(), takenAt: z.number(), takenBy: z.string(), toolVersion: z.string(), reason: z.enum(['asked', 'before-restore']), bytes: z.number(), sha256: z.string(),
  events: z.number(), sources: z.number(), pins: z.number(), notes: z.number(), investigations: z.number(), reading: z.boolean(),
});
export type Manifest = z.infer<typeof manifest>;
export interface Taking {
  name: string;
  description: string;
  reason: Manifest['reason'];
  by: string;
  toolVersion: string;
  tell(progress: SnapshotProgress): void;
}

/** /cases/outage.tidemark -> /cases/outage.snapshots */
export function snapshotFolder(file: string): string {
  return path.join(path.dirname(file), `${path.basename(file).replace(/\.tidemark$/i, '')}.snapshots`);
}

export class Snapshots {
  readonly #folder: string;
  readonly #case: string;

  constructor(file: string) {
    this.#case = file;
    this.#folder = snapshotFolder(file);
  }

  file(id: string): string {
    return path.join(this.#folder, `${snapshotId.parse(id)}.tidemark`);
  }

  /** Newest first. */
  list(): Snapshot[] {
    let names: string[];
    try {
      names = fs.readdirSync(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw fileError(error, this.#folder);
    }
    return names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .toReversed()
      .flatMap((name) => {
        const read = this.#manifest(name.slice(0, -'.json'.length));
        return read ? [this.#stateOf(read)] : [];
      });
  }

  get(id: string): Snapshot {
    const read = this.#manifest(id);
    if (!read) throw new TidemarkError('not_found', `There is no snapshot ${id} of this case.`);
    return this.#stateOf(read);
  }

  #manifest(id: string): Manifest | null {
    if (!snapshotId.safeParse(id).success) return null;
    try {
      const read = manifest.safeParse(JSON.parse(fs.readFileSync(path.join(this.#folder, `${id}.json`), 'utf8')));
      return read.success && read.data.id === id ? read.data : null;
    } catch {
      // Not there, or not ours.
      return null;
    }
  }
  #stateOf(read: Manifest): Snapshot {
    const stat = fs.statSync(this.file(read.id), { throwIfNoEntry: false });
    return { ...read, state: stat === undefined ? 'missing' : stat.size === read.bytes ? 'kept' : 'changed' };
  }

  /**
   * Copies the case as it is through its open connection. What that connection writes meanwhile is in the copy too; of a case that another
   * program writes (`alone` false) all is copied in one step, or it might never end.
   */
  async take(db: Database.Database, alone: boolean, taking: Taking): Promise<Snapshot> {
    const { name, description, reason, by, toolVersion, tell } = taking;
    let part = '';
    try {
      fs.mkdirSync(this.#folder, { recursive: true });
      this.#tidy();
      const { id, takenAt } = this.#newId();
      part = path.join(this.#folder, `${id}.part`);
      await db.backup(part, {
        progress({ totalPages, remainingPages }) {
          tell({ what: 'copying the case', share: 0.8 * (1 - remainingPages / Math.max(1, totalPages)) });
          return alone ? PAGES_AT_ONCE : ALL_PAGES;
        },
      });
      const counts = settled(part);
      syncFile(part);
      const bytes = fs.statSync(part).size;
      const sha256 = await sha256Of(part, (share) => tell({ what: 'computing its checksum', share: 0.8 + 0.2 * share }));
      // It is evidence of a moment: who opens it as a case can only look at it.
      fs.chmodSync(part, 0o444);
      fs.renameSync(part, this.file(id));
      const written: Manifest = { id, name: name || `Snapshot of ${new Date(takenAt / 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`, description, takenAt, takenBy: by, toolVersion, reason, bytes, sha256, ...counts };
      this.#write(written);
      return { ...written, state: 'kept' };
    } catch (error) {
      if (part !== '') fs.rmSync(part, { force: true });
      throw fileError(error, this.#folder);
    }
  }

  #newId(): { id: string; takenAt: number } {
    for (let takenAt = nowMicros(); ; takenAt += 1000) {
      const id = new Date(takenAt / 1000).toISOString().replaceAll(/[-:.]/g, '');
      if (!fs.existsSync(this.file(id)) && !fs.existsSync(path.join(this.#folder, `${id}.json`))) return { id, takenAt };
    }
  }
  #write(read: Manifest): void {
    const file = path.join(this.#folder, `${read.id}.json`);
    fs.writeFileSync(`${file}.part`, `${JSON.stringify(read, null, 2)}\n`);
    syncFile(`${file}.part`);
    fs.renameSync(`${file}.part`, file);
    syncFolder(this.#folder);
  }

  /** Takes away what is left of copies that were cut short; what is young may be one that another program makes. */
  #tidy(): void {
    for (const name of fs.readdirSync(this.#folder)) {
      const orphan = /^(\d{8}T\d{9}Z)\.tidemark$/.exec(name);
      const file = path.join(this.#folder, name);
      if (!/\.part(-journal|-wal|-shm)?$/.test(name) && !(orphan && !fs.existsSync(path.join(this.#folder, `${orphan[1]}.json`)))) continue;
      if ((fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) < Date.now() - LEFT_MS) fs.rmSync(file, { force: true });
    }
  }

  /** Throws corrupt when the file of a snapshot is not what was written, not_found when it is gone. */
  async verify(id: string, tell: (progress: SnapshotProgress) => void): Promise<Snapshot> {
    const found = this.get(id);
    if (found.state === 'missing') throw new TidemarkError('not_found', `The file of the snapshot "${found.name}" is gone: ${this.file(id)}.`);
    const sha256 = found.state === 'changed' ? '' : await sha256Of(this.file(id), (share) => tell({ what: 'checking the snapshot', share }));
    if (sha256 !== found.sha256) throw new TidemarkError('corrupt', `The snapshot "${found.name}" is not what was written (its SHA-256 differs). The case was left as it is.`);
    return found;
  }

  /** Lays a copy of a snapshot beside the case, under a name that puts it in place with one rename. */
  stage(id: string): string {
    const staged = `${this.#case}.restore.part`;
    try {
      fs.rmSync(staged, { force: true });
      fs.copyFileSync(this.file(id), staged, fs.constants.COPYFILE_FICLONE);
      fs.chmodSync(staged, fs.statSync(this.#case).mode & 0o777);
      syncFile(staged);
      return staged;
    } catch (error) {
      fs.rmSync(staged, { force: true });
      throw fileError(error, this.#case);
    }
  }

  /** Puts a staged copy in the place of the closed case: at once, and for good only when it is on the disk. */
  replace(staged: string): void {
    // A log that was left would be taken for one of the file that comes.
    if (fs.existsSync(`${this.#case}-wal`)) throw new TidemarkError('disk_full', `${this.#case} could not be closed whole: its log is still there. Free some space on its disk and try again; nothing was changed.`);
    fs.renameSync(staged, this.#case);
    syncFolder(path.dirname(this.#case));
  }

  remove(id: string): void {
    this.get(id);
    try {
      // Without its manifest it is none.
      fs.rmSync(path.join(this.#folder, `${id}.json`));
      // Windows removes nothing that is write-protected.
      if (fs.existsSync(this.file(id))) fs.chmodSync(this.file(id), 0o644);
      fs.rmSync(this.file(id), { force: true });
      if (fs.readdirSync(this.#folder).length === 0) fs.rmdirSync(this.#folder);
    } catch (error) {
      throw fileError(error, this.#folder);
    }
  }

  /** The snapshot as a case that can only be read; to be closed. */
  open(id: string): Database.Database {
    this.get(id);
    try {
      return openReader(this.file(id));
    } catch (error) {
      throw fileError(error, this.file(id));
    }
  }
}

/** Makes a copy one file without a log, and says what is in it. */
function settled(file: string): Pick<Manifest, 'events' | 'sources' | 'pins' | 'notes' | 'investigations' | 'reading'> {
  const db = new Database(file, { ...nativeBinding() });
  try {
    db.pragma('journal_mode = DELETE');
    const n = (sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;
    return {
      events: n('SELECT coalesce(sum(stored), 0) FROM source') - archivedTotal(db), sources: n('SELECT count(*) FROM source'), pins: n('SELECT count(*) FROM pin WHERE removed_at IS NULL'), notes: n('SELECT count(*) FROM note WHERE removed_at IS NULL'),
      investigations: n('SELECT count(*) FROM investigation WHERE removed_at IS NULL'), reading: n("SELECT count(*) FROM source WHERE state IN ('reading', 'paused', 'waiting')") > 0,
    };
  } finally {
    db.close();
  }
}

/** Hex. */
export async function sha256Of(file: string, tell: (share: number) => void): Promise<string> {
  const hash = createHash('sha256');
  const size = Math.max(1, fs.statSync(file).size);
  let read = 0;
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    read += chunk.length;
    tell(read / size);
  }
  return hash.digest('hex');
}
