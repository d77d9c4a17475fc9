/** Commits of a repository that are not known yet, and what they changed. */
import fs from 'node:fs';
import git from 'isomorphic-git';

export interface Repository {
  dir: string;
  gitdir: string;
  /** isomorphic-git keeps what it parsed of packs here */
  cache: object;
}
export interface Commit {
  oid: string;
  /** seconds UTC */
  time: number;
}
type CommitObject = Awaited<ReturnType<typeof git.readCommit>>['commit'];

/** Commits that are looked at before the thread is given back. */
const STEP = 200;

export async function readCommit({ dir, gitdir, cache }: Repository, oid: string): Promise<CommitObject> {
  return (await git.readCommit({ fs, dir, gitdir, cache, oid })).commit;
}

/**
 * Commits that can be reached from `tips` and not from `known`, not before `since` (seconds UTC), oldest first. Walks by date, newest first, painting what is known down
 * its parents (the way of `git rev-list tips --not known`), so a repository with few new commits is not walked through.
 * Commits that are missing (a shallow clone) end their line.
 */
export async function newCommits(repository: Repository, tips: readonly string[], known: readonly string[], since: number, signal: AbortSignal): Promise<Commit[]> {
  const queue = new DateQueue();
  const seen = new Map<string, { known: boolean; time: number }>();
  const meet = async (oid: string, isKnown: boolean): Promise<void> => {
    const before = seen.get(oid);
    if (before) {
      if (!isKnown || before.known) return;
      before.known = true;
      // It may have been walked already as new: its ancestors have to be painted too.
      queue.push({ oid, time: before.time });
      return;
    }
    let time: number;
    try {
      time = (await readCommit(repository, oid)).committer.timestamp;
    } catch (error) {
      if ((error as { code?: string }).code === 'NotFoundError') return;
      throw error;
    }
    // What is too old is as good as known, and so are its parents.
    seen.set(oid, { known: isKnown || time < since, time });
    queue.push({ oid, time });
  };
  for (const oid of known) await meet(oid, true);
  for (const oid of tips) await meet(oid, false);
  let steps = 0;
  // Ends when only known commits are left to walk from.
  while (queue.some(({ oid }) => seen.get(oid)?.known === false)) {
    signal.throwIfAborted();
    if (++steps % STEP === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    const next = queue.pop();
    if (!next) break;
    const isKnown = seen.get(next.oid)?.known ?? false;
    for (const parent of (await readCommit(repository, next.oid)).parent) await meet(parent, isKnown);
  }
  return [...seen].filter(([, { known: isKnown }]) => !isKnown).map(([oid, { time }]) => ({ oid, time })).sort((a, b) => a.time - b.time || (a.oid < b.oid ? -1 : 1));
}

/** A heap of commits, newest on top. */
class DateQueue {
  readonly #heap: Commit[] = [];

  /** Whether any commit in it is so. New commits are near the top, so this is quick while there are any. */
  some(test: (commit: Commit) => boolean): boolean {
    return this.#heap.some(test);
  }

  push(commit: Commit): void {
    const heap = this.#heap;
    let i = heap.push(commit) - 1;
    while (i > 0 && heap[(i - 1) >> 1].time < heap[i].time) {
      [heap[i], heap[(i - 1) >> 1]] = [heap[(i - 1) >> 1], heap[i]];
      i = (i - 1) >> 1;
    }
  }

  pop(): Commit | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return top;
    heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      if (left >= heap.length) return top;
      const child = left + 1 < heap.length && heap[left + 1].time > heap[left].time ? left + 1 : left;
      if (heap[child].time <= heap[i].time) return top;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
}

export interface Changes {
  /** at most MAX_PATHS of them, with the kind in front: A added, M modified, D deleted */
  paths: string[];
  /** all of them; counting stops at MAX_COUNTED */
  count: number;
}
const MAX_PATHS = 200;
const MAX_COUNTED = 20_000;

/** What a commit changed against its first parent: trees are compared, equal ones are passed over. */
export async function changes(repository: Repository, trees: Trees, commit: CommitObject): Promise<Changes> {
  const found: Changes = { paths: [], count: 0 };
  let before: string | undefined;
  try {
    before = commit.parent.length > 0 ? (await readCommit(repository, commit.parent[0])).tree : undefined;
  } catch (error) {
    // The border of a shallow clone: everything in it would look added.
    if ((error as { code?: string }).code === 'NotFoundError') return found;
    throw error;
  }
  await compare(trees, before, commit.tree, '', found, 0);
  return found;
}

interface Entry {
  oid: string;
  tree: boolean;
}
type Tree = ReadonlyMap<string, Entry>;
const EMPTY: Tree = new Map();

/** Trees that were read: the one after a commit is the one before the next, and taking one out of a pack is what costs. */
export class Trees {
  readonly #read: (oid: string) => ReturnType<typeof git.readTree>;
  readonly #most: number;
  readonly #held = new Map<string, Tree>();
  #entries = 0;

  constructor({ dir, gitdir, cache }: Repository, read = async (oid: string) => await git.readTree({ fs, dir, gitdir, cache, oid }), most = HELD_ENTRIES) {
    this.#read = read;
    this.#most = most;
  }

  async get(oid: string | undefined): Promise<Tree> {
    if (oid === undefined) return EMPTY;
    let tree = this.#held.get(oid);
    // Those used last stand at the end.
    if (tree) {
      this.#held.delete(oid);
    } else {
      tree = new Map((await this.#read(oid)).tree.map((entry) => [entry.path, { oid: entry.oid, tree: entry.type === 'tree' }]));
      this.#entries += tree.size + 1;
    }
    this.#held.set(oid, tree);
    for (const [oldest, { size }] of this.#held) {
      if (this.#entries <= this.#most || oldest === oid) break;
      this.#held.delete(oldest);
      this.#entries -= size + 1;
    }
    return tree;
  }
}
/** Some 40 MB. */
const HELD_ENTRIES = 200_000;

async function compare(trees: Trees, before: string | undefined, after: string | undefined, path: string, found: Changes, depth: number): Promise<void> {
  if (depth > 200 || found.count >= MAX_COUNTED) return;
  const [old, now] = [await trees.get(before), await trees.get(after)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(name);
    const is = now.get(name);
    if (was?.oid === is?.oid && was?.tree === is?.tree) continue;
    const full = `${path}${name}`;
    if (was?.tree || is?.tree) await compare(trees, was?.tree ? was.oid : undefined, is?.tree ? is.oid : undefined, `${full}/`, found, depth + 1);
    const blobs = [was && !was.tree, is && !is.tree];
    if (!blobs[0] && !blobs[1]) continue;
    found.count++;
    if (found.paths.length < MAX_PATHS) found.paths.push(`${blobs[0] ? (blobs[1] ? 'M' : 'D') : 'A'} ${full}`);
  }
}
