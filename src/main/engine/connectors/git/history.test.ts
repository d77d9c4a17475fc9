import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import git from 'isomorphic-git';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changes, readCommit, Trees, type Repository } from './history.ts';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-history-'));
const repository: Repository = { dir, gitdir: path.join(dir, '.git'), cache: {} };
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const commits: string[] = [];
beforeAll(async () => {
  await git.init({ fs, dir, defaultBranch: 'main' });
  for (let n = 0; n < 12; n++) {
    const file = `a/${n % 3}/b.txt`;
    fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), `${n}`);
    await git.add({ fs, dir, filepath: file });
    commits.push(await git.commit({ fs, dir, message: `${n}`, author: { name: 'a', email: 'a@b', timestamp: 1_790_000_000 + n } }));
  }
});

it('reads each tree of a history once, and says the same when it may hold none', async () => {
  let reads = 0;
  const counting = new Trees(repository, async (oid) => {
    reads++;
    return await git.readTree({ fs, dir, gitdir: repository.gitdir, oid });
  });
  const none = new Trees(repository, undefined, 0);
  for (const [n, oid] of commits.entries()) {
    const commit = await readCommit(repository, oid);
    const found = await changes(repository, counting, commit);
    expect(found).toEqual({ count: 1, paths: [`${n < 3 ? 'A' : 'M'} a/${n % 3}/b.txt`] });
    expect(await changes(repository, none, commit)).toEqual(found);
  }
  // Three new trees a commit: the root, a, and the one that holds the file.
  expect(reads).toBe(3 * commits.length);
});
