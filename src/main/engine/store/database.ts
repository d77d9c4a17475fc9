/** Opening case files: every pragma explicit (builds of SQLite differ), every failure with a code and something to do about it. */
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { DamagedCase } from './damaged-case.ts';
import { nativeBinding } from './native-binding.ts';
import { outlineProblem } from './outline.ts';
import { readHeader } from './page-file.ts';
import { APPLICATION_ID, MIGRATIONS, PAGE_SIZE, SCHEMA_VERSION } from './schema.ts';

export type { Database } from 'better-sqlite3';

function pragmas(db: Database.Database, readOnly: boolean): void {
  if (!readOnly) {
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('journal_size_limit = 67108864');
    db.pragma('foreign_keys = ON');
  }
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  db.pragma('mmap_size = 0');
  db.pragma('trusted_schema = OFF');
}

/** A read-only connection for query workers; the case is open elsewhere in this process. */
export function openReader(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, ...nativeBinding() });
  pragmas(db, true);
  return db;
}

/** Cases from before kept segments in an encoding that was never released. */
const OLDEST_SCHEMA = 2;

/** Looks at the first 100 bytes of a file. Throws not_a_case, and corrupt when the file is shorter than they say. */
function checkHeader(file: string): void {
  let size: number;
  const head = Buffer.alloc(100);
  // A write-ahead log may hold pages that the file does not have yet.
  const log = fs.existsSync(`${file}-wal`);
  try {
    size = fs.statSync(file).size;
    if (size === 0 && log) return;
    const fd = fs.openSync(file, 'r');
    try {
      fs.readSync(fd, head, 0, 100, 0);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw fileError(error, file);
  }
  if (size === 0) throw new TidemarkError('not_a_case', `${file} is empty. Restore a copy of it, or create a new case under another name.`);
  const header = readHeader(head);
  if (!header && looksLikeCase(file)) throw new TidemarkError('corrupt', `${file} is damaged: its first bytes are destroyed. Copy what can be read into a new case, or restore a copy.`);
  if (!header) throw new TidemarkError('not_a_case', `${file} is not a Tidemark case (it is not an SQLite file). To read it as evidence, create a case and add it there.`);
  if (header.applicationId !== APPLICATION_ID) throw new TidemarkError('not_a_case', `${file} is an SQLite file, but not a Tidemark case.`);
  if (header.userVersion > 0 && header.userVersion < OLDEST_SCHEMA) {
    throw new TidemarkError('not_a_case', `${file} was made by a Tidemark from before the first release, which kept events in another way. Create a new case and add the evidence again.`);
  }
  const whole = header.pages * header.pageSize;
  if (whole > size && !log) {
    throw new TidemarkError('corrupt', `${file} is cut short: ${size} bytes of ${whole}. Copy what can be read into a new case, or restore a copy.`);
  }
}

/** Whether a file whose first page is destroyed was a case: pages of the size of a case's, of which some are tables. */
function looksLikeCase(file: string): boolean {
  if (path.extname(file).toLowerCase() !== '.tidemark') return false;
  try {
    const damaged = new DamagedCase(file, { strays: false });
    try {
      return (damaged.found.get('meta')?.cells.length ?? 0) > 0 || (damaged.found.get('source')?.cells.length ?? 0) > 0;
    } finally {
      damaged.close();
    }
  } catch {
    // What cannot be read at all is no case.
    return false;
  }
}

/** Turns errors of SQLite and the file system into what a person can act on. */
export function fileError(error: unknown, file: string): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const code = (error as { code?: string }).code ?? '';
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'SQLITE_BUSY' || code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') return new TidemarkError('locked', `${file} is open in another window or program. Close it there, or open it read-only.`);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || text.includes('disk is full')) return new TidemarkError('disk_full', `There is no room left on the disk of ${file}. Everything committed so far is kept; free some space and continue.`);
  if (code === 'SQLITE_NOTADB') return new TidemarkError('not_a_case', `${file} is not a Tidemark case.`);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR_SHORT')) return new TidemarkError('corrupt', `${file} is damaged (${text}). Copy what can be read into a new case, or restore a copy.`);
  if (code === 'ENOENT' || code === 'SQLITE_CANTOPEN') return new TidemarkError('not_found', `${file} cannot be opened: it does not exist, or its folder cannot be read or written.`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'SQLITE_READONLY' || code.startsWith('SQLITE_PERM')) return new TidemarkError('permission', `${file} cannot be written: check its permissions, or open it read-only.`);
  if (code.startsWith('SQLITE_IOERR')) return new TidemarkError('disk_full', `Reading or writing ${file} failed (${code}: ${text}). Everything committed so far is kept; check the disk and continue.`);
  return new TidemarkError('internal', text);
}

export interface OpenedCase {
  db: Database.Database;
  readOnly: boolean;
  readOnlyReason: string;
  release(): void;
}

/**
 * One writer per case: an exclusive lock on a small file beside it, which the system gives back even when the process is killed.
 * Null when the place cannot be written at all (then the case is read-only).
 */
function lock(file: string): (() => void) | null {
  let db: Database.Database;
  const beside = `${file}-lock`;
  try {
    db = new Database(beside, { timeout: 0, ...nativeBinding() });
  } catch {
    return null;
  }
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw fileError(error, file);
  }
  return () => {
    db.close();
    fs.rmSync(beside, { force: true });
    fs.rmSync(`${beside}-journal`, { force: true });
  };
}

export function createCase(file: string): OpenedCase {
  if (fs.existsSync(file)) throw new TidemarkError('invalid_input', `${file} exists already. Open it, or choose another name.`);
  if (!fs.existsSync(path.dirname(file))) throw new TidemarkError('not_found', `The folder ${path.dirname(file)} does not exist.`);
  const release = lock(file);
  if (!release) throw new TidemarkError('permission', `${path.dirname(file)} cannot be written. Choose another folder.`);
  try {
    const db = new Database(file, { timeout: 5000, ...nativeBinding() });
    pragmas(db, false);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db);
    // Into the file itself: after a crash the next opening looks at its first bytes, before SQLite has read the log.
    db.pragma('wal_checkpoint(TRUNCATE)');
    return { db, readOnly: false, readOnlyReason: '', release };
  } catch (error) {
    release();
    throw fileError(error, file);
  }
}

export function openCase(file: string, readOnly: boolean): OpenedCase {
  checkHeader(file);
  if (readOnly) return openReadOnly(file, 'opened read-only');
  const release = lock(file);
  if (!release) return openReadOnly(file, 'its folder cannot be written');
  let db: Database.Database | undefined;
  // A log beside the file means that it was not closed: the process or the machine died.
  const crashed = fs.existsSync(`${file}-wal`);
  try {
    fs.accessSync(file, fs.constants.W_OK);
  } catch {
    release();
    return openReadOnly(file, 'the file is write-protected');
  }
  try {
    db = new Database(file, { timeout: 5000, fileMustExist: true, ...nativeBinding() });
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > SCHEMA_VERSION) {
      db.close();
      release();
      return openReadOnly(file, `it was written by a newer Tidemark (schema ${version}, this one knows ${SCHEMA_VERSION})`);
    }
    pragmas(db, false);
    checkPages(db, file, crashed);
    const problem = outlineProblem(db);
    if (problem) throw new TidemarkError('corrupt', `${file} is damaged (${problem}). Copy what can be read into a new case, or restore a copy.`);
    migrate(db);
    return { db, readOnly: false, readOnlyReason: '', release };
  } catch (error) {
    db?.close();
    release();
    throw fileError(error, file);
  }
}

/** Above this a case that was closed cleanly is not read through when it is opened: that would take longer than reopening may. */
const CHECKED_BYTES = 64 << 20;

/** Looks through all pages of small cases, and of any that was not closed properly. Throws corrupt. */
function checkPages(db: Database.Database, file: string, crashed: boolean): void {
  if (!crashed && fs.statSync(file).size > CHECKED_BYTES) return;
  const found = db.pragma('quick_check(1)', { simple: true }) as string;
  if (found !== 'ok') throw new TidemarkError('corrupt', `${file} is damaged (${found}). Copy what can be read into a new case, or restore a copy.`);
}

function openReadOnly(file: string, reason: string): OpenedCase {
  try {
    const db = openReader(file);
    // Fails here rather than later when the file is damaged so much that nothing can be shown, or its log cannot be read.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    const problem = outlineProblem(db);
    return { db, readOnly: true, readOnlyReason: problem ? `${reason}; it is damaged: ${problem}` : reason, release: () => undefined };
  } catch (error) {
    throw fileError(error, file);
  }
}

function migrate(db: Database.Database): void {
  for (let version = db.pragma('user_version', { simple: true }) as number; version < SCHEMA_VERSION; version++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version]);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

/** Closes so that the case is one ordinary file again: no write-ahead log left beside it. */
export function closeCase(opened: OpenedCase): void {
  try {
    if (!opened.readOnly && opened.db.open) {
      opened.db.pragma('wal_checkpoint(TRUNCATE)');
      opened.db.pragma('journal_mode = DELETE');
    }
  } catch {
    // No room to tidy up (a full disk): the write-ahead log stays beside the file and has everything; the next open reads it.
  } finally {
    opened.db.close();
    opened.release();
  }
}
