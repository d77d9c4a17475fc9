/** Reads the history of a local repository: commits and merges of all branches, tags; each once, and later what is new. */
import fs from 'node:fs';
import path from 'node:path';
import git from 'isomorphic-git';
import { z } from 'zod';
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { changes, newCommits, readCommit, Trees, type Repository } from './history.ts';

const config = z.object({
  path: z.string().min(1).meta({ title: 'Folder', description: 'The folder of the repository, or one inside it.', format: 'folder' }),
  paths: z.boolean().default(true).meta({ title: 'Changed paths', description: 'Which files each commit changed. Takes longer on large repositories.' }),
  since: z.union([z.literal(''), z.iso.date()]).default('').meta({ title: 'Not before', description: 'A day, such as 2026-10-01: older commits are left out. Empty: the whole history.' }),
  every: z.number().int().min(0).max(86_400).default(0).meta({ title: 'Look again every (seconds)', description: '0: only when you start it.' }),
});
type Config = z.output<typeof config>;

/** Commits in one chunk. */
const CHUNK = 500;
const MAX_TEXT = 20_000;

const cursorSchema = z.object({
  /** tips whose commits are stored, tags that are */
  tips: z.array(z.string()),
  tags: z.array(z.string()),
  /** the tips that are being gone for, and how many of their commits are stored */
  goal: z.array(z.string()).default([]),
  done: z.number().default(0),
});
type Cursor = z.output<typeof cursorSchema>;

async function open(given: string): Promise<Repository> {
  let dir: string;
  try {
    dir = await git.findRoot({ fs, filepath: path.resolve(given) });
  } catch {
    // A bare repository has its objects where others have .git.
    if (fs.existsSync(path.join(given, 'objects')) && fs.existsSync(path.join(given, 'HEAD'))) return { dir: given, gitdir: given, cache: {} };
    throw new FatalError(`${given} is not in a git repository. Choose the folder that holds .git.`);
  }
  const dotGit = path.join(dir, '.git');
  // A worktree or submodule has a file there that names the place.
  const pointer = fs.statSync(dotGit).isFile() ? /^gitdir: (.+)$/m.exec(fs.readFileSync(dotGit, 'utf8'))?.[1] : undefined;
  const gitdir = pointer === undefined ? dotGit : path.resolve(dir, pointer.trim());
  const common = path.join(gitdir, 'commondir');
  return { dir, gitdir: fs.existsSync(common) ? path.resolve(gitdir, fs.readFileSync(common, 'utf8').trim()) : gitdir, cache: {} };
}

interface Refs {
  /** name -> commit */
  branches: Map<string, string>;
  tags: Map<string, string>;
}
async function refsOf({ dir, gitdir }: Repository): Promise<Refs> {
  const resolve = async (ref: string): Promise<string | undefined> => await git.resolveRef({ fs, dir, gitdir, ref }).catch(() => undefined);
  const branches = new Map<string, string>();
  for (const name of await git.listBranches({ fs, dir, gitdir })) {
    const oid = await resolve(`refs/heads/${name}`);
    if (oid) branches.set(name, oid);
  }
  for (const { remote } of await git.listRemotes({ fs, dir, gitdir })) {
    for (const name of await git.listBranches({ fs, dir, gitdir, remote })) {
      const oid = name === 'HEAD' ? undefined : await resolve(`refs/remotes/${remote}/${name}`);
      if (oid) branches.set(`${remote}/${name}`, oid);
    }
  }
  const head = await resolve('HEAD');
  if (head && ![...branches.values()].includes(head)) branches.set('HEAD', head);
  const tags = new Map<string, string>();
  for (const name of await git.listTags({ fs, dir, gitdir })) {
    const oid = await resolve(`refs/tags/${name}`);
    if (oid) tags.set(name, oid);
  }
  return { branches, tags };
}

function nameOf({ dir }: Repository): string {
  return path.basename(path.resolve(dir)).replace(/\.git$/, '');
}
function cursorOf(text: string): Cursor {
  return text === '' ? { tips: [], tags: [], goal: [], done: 0 } : cursorSchema.parse(JSON.parse(text));
}
/** Git keeps seconds and the minutes by which the author was behind UTC. */
function isoTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

async function commitLine(repository: Repository, trees: Trees | null, oid: string, refs: Refs): Promise<string> {
  const commit = await readCommit(repository, oid);
  const [subject, ...body] = commit.message.slice(0, MAX_TEXT).trim().split('\n');
  const changed = trees && (await changes(repository, trees, commit));
  const named = [...refs.branches].filter(([, tip]) => tip === oid).map(([name]) => name);
  return `${JSON.stringify({
    timestamp: isoTime(commit.committer.timestamp),
    message: subject,
    'service.name': nameOf(repository),
    'user.name': commit.author.name,
    'user.email': commit.author.email,
    'git.event': commit.parent.length > 1 ? 'merge' : 'commit',
    'vcs.ref.head.revision': oid,
    ...(named.length > 0 ? { 'vcs.ref.head.name': named } : {}),
    'git.parents': commit.parent,
    'git.authored': isoTime(commit.author.timestamp),
    ...(commit.committer.name !== commit.author.name ? { 'git.committer': commit.committer.name } : {}),
    ...(body.join('\n').trim() === '' ? {} : { 'git.body': body.join('\n').trim() }),
    ...(changed ? { 'file.count': changed.count, 'file.path': changed.paths } : {}),
  })}\n`;
}

async function tagLine(repository: Repository, name: string, oid: string): Promise<string> {
  const { dir, gitdir, cache } = repository;
  const { object, type } = await git.readObject({ fs, dir, gitdir, cache, oid, format: 'parsed' });
  const tagged = { timestamp: 0, by: '', email: '', text: '', target: oid };
  if (type === 'tag') {
    const tag = (await git.readTag({ fs, dir, gitdir, cache, oid })).tag;
    Object.assign(tagged, { timestamp: tag.tagger?.timestamp ?? 0, by: tag.tagger?.name ?? '', email: tag.tagger?.email ?? '', text: tag.message.slice(0, MAX_TEXT).trim(), target: tag.object });
  } else if (type === 'commit') {
    // A light tag has no time of its own: that of its commit.
    const { committer } = object as { committer: { timestamp: number; name: string; email: string } };
    Object.assign(tagged, { timestamp: committer.timestamp, by: committer.name, email: committer.email });
  }
  return `${JSON.stringify({
    timestamp: isoTime(tagged.timestamp), message: `tag ${name}`, 'service.name': nameOf(repository), 'user.name': tagged.by, 'user.email': tagged.email, 'git.event': 'tag', 'vcs.ref.head.name': name,
    'vcs.ref.type': 'tag', 'vcs.ref.head.revision': tagged.target, ...(tagged.text === '' ? {} : { 'git.body': tagged.text }),
  })}\n`;
}

async function* read({ path: given, paths, since }: Config, { signal, cursor: text, idle }: ReadContext): AsyncGenerator<Chunk, void, void> {
  const repository = await open(given);
  const refs = await refsOf(repository);
  const trees = paths ? new Trees(repository) : null;
  let cursor = cursorOf(text);
  const tips = [...new Set(refs.branches.values())].sort();
  // A goal that was not reached is gone for first, so that what is stored of it can be told from what is not.
  for (const goal of [...(cursor.goal.length > 0 ? [cursor.goal] : []), tips]) {
    if (goal.every((tip) => cursor.tips.includes(tip)) && cursor.goal.length === 0) continue;
    const commits = await newCommits(repository, goal, cursor.tips, since === '' ? Number.NEGATIVE_INFINITY : Date.parse(since) / 1000, signal);
    for (let at = cursor.goal.length > 0 ? cursor.done : 0; at < commits.length; at += CHUNK) {
      let lines = '';
      for (const { oid } of commits.slice(at, at + CHUNK)) {
        signal.throwIfAborted();
        lines += await commitLine(repository, trees, oid, refs);
        idle();
      }
      cursor = { ...cursor, goal, done: Math.min(commits.length, at + CHUNK) };
      yield { lines: Buffer.from(lines), cursor: JSON.stringify(cursor) };
    }
    cursor = { ...cursor, tips: goal, goal: [], done: 0 };
    yield { lines: new Uint8Array(0), cursor: JSON.stringify(cursor) };
  }
  const fresh = [...refs.tags].filter(([name, oid]) => !cursor.tags.includes(`${name} ${oid}`));
  if (fresh.length === 0) {
    idle();
    return;
  }
  let lines = '';
  for (const [name, oid] of fresh) lines += await tagLine(repository, name, oid);
  yield { lines: Buffer.from(lines), cursor: JSON.stringify({ ...cursor, tags: [...refs.tags].map(([name, oid]) => `${name} ${oid}`) }) };
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

export const gitConnector = connector({
  id: 'git',
  title: 'Git repository',
  description: 'Commits, merges and tags of a repository on this machine, with the paths they changed. What is new later is added when it is started again.',
  signal: 'git',
  format: 'git',
  mode: 'pull',
  config,
  target: ({ path: given }) => path.resolve(given),
  every: ({ every }) => every,
  async test({ path: given }) {
    const repository = await open(given);
    const refs = await refsOf(repository);
    return `${nameOf(repository)}: ${counted(refs.branches.size, 'branch', 'branches')} and ${counted(refs.tags.size, 'tag', 'tags')} can be read.`;
  },
  read,
});
