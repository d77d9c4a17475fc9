import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from './input-error.ts';

/** A regular file to be read. */
export interface FoundFile {
  kind: 'file';
  path: string;
  /** bytes */
  size: number;
  /** microseconds UTC */
  modified: number;
  /** device and inode, decimal: text, because both may pass 2^53 */
  device: string;
  inode: string;
}

/** Something that will not be read, and why, in words for people. */
export interface FoundProblem {
  kind: 'problem';
  path: string;
  reason: 'missing' | 'unreadable' | 'special' | 'case_file' | 'limit';
  message: string;
}

export interface DiscoverOptions {
  signal?: AbortSignal;
  /** stops after this many files, with a problem that says so; default 100,000 */
  maxFiles?: number;
}

/** Our own case files and what SQLite keeps beside them. */
const OWN = /\.tidemark(?:-wal|-shm|-journal)?$/i;

/** Magic numbers (statfs(2)) of Linux file systems whose files are made up when read and may never end: proc, sysfs, debugfs, tracefs, securityfs, cgroup, cgroup2, bpf, configfs, efivarfs. */
const PSEUDO = new Set([0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673, 0x27e0eb, 0x63677270, 0xcafe4a11, 0x62656570, 0xde5e81e4]);

/**
 * The files under the given paths, folders searched to any depth. The order depends on the names alone: paths as given, then
 * names by code unit, a folder's content where its name stands. Links are followed; a file or folder reached twice is given once.
 * Never throws for what it finds on the way, only the signal's reason when cancelled.
 */
export async function* discover(paths: readonly string[], options: DiscoverOptions = {}): AsyncGenerator<FoundFile | FoundProblem, void, void> {
  const maxFiles = options.maxFiles ?? 100_000;
  const seen = new Set<string>();
  const pseudoDevices = new Map<bigint, boolean>();
  // The last is next. Given paths are told apart from found ones only for our own case files: asked for, they deserve an answer.
  const stack = paths.map((path) => ({ path, given: true })).reverse();
  let files = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    options.signal?.throwIfAborted();
    const { path, given } = next;
    if (OWN.test(basename(path))) {
      if (given) yield { kind: 'problem', path, reason: 'case_file', message: `${path} is a case file of this program: open it instead of reading it in.` };
      continue;
    }
    let stats: BigIntStats;
    try {
      stats = await stat(path, { bigint: true });
    } catch (error) {
      yield statProblem(path, error);
      continue;
    }
    const identity = `${stats.dev}:${stats.ino}`;
    if (stats.ino !== 0n) {
      if (seen.has(identity)) continue;
      seen.add(identity);
    }
    if (!stats.isFile() && !stats.isDirectory()) {
      yield { kind: 'problem', path, reason: 'special', message: `${path} is ${specialKind(stats)}, not a file.` };
    } else if (await isPseudo(path, stats, pseudoDevices)) {
      yield { kind: 'problem', path, reason: 'special', message: `${path} belongs to the system's own view of itself (such as /proc or /sys), not to a disk.` };
    } else if (stats.isDirectory()) {
      try {
        const names = (await readdir(path)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        for (let i = names.length - 1; i >= 0; i--) stack.push({ path: join(path, names[i]), given: false });
      } catch (error) {
        yield { kind: 'problem', path, reason: 'unreadable', message: `The folder ${path} cannot be opened: ${reasonOf(error)}` };
      }
    } else if (files >= maxFiles) {
      yield { kind: 'problem', path, reason: 'limit', message: `More than ${maxFiles} files: ${path} and what follows was left out. Choose a smaller folder or raise the limit.` };
      return;
    } else {
      try {
        await access(path, constants.R_OK);
      } catch (error) {
        yield { kind: 'problem', path, reason: 'unreadable', message: `${path} cannot be read: ${reasonOf(error)}` };
        continue;
      }
      files++;
      yield { kind: 'file', path, size: Number(stats.size), modified: Number(stats.mtimeNs / 1000n), device: String(stats.dev), inode: String(stats.ino) };
    }
  }
}

function statProblem(path: string, error: unknown): FoundProblem {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'problem', path, reason: 'missing', message: `${path} does not exist, or is a link to something that does not.` };
  if (code === 'ELOOP') return { kind: 'problem', path, reason: 'missing', message: `${path} is a link that leads back to itself.` };
  return { kind: 'problem', path, reason: 'unreadable', message: `${path} cannot be read: ${reasonOf(error)}` };
}

function specialKind(stats: BigIntStats): string {
  if (stats.isSocket()) return 'a socket';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'a device' : 'something special';
}

async function isPseudo(path: string, stats: BigIntStats, known: Map<bigint, boolean>): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  let pseudo = known.get(stats.dev);
  if (pseudo === undefined) {
    try {
      pseudo = PSEUDO.has((await statfs(stats.isDirectory() ? path : dirname(path))).type);
    } catch {
      // Not telling is no reason to leave a file out: reading it is bounded like any other.
      pseudo = false;
    }
    known.set(stats.dev, pseudo);
  }
  return pseudo;
}
