/** The git connector against repositories that are made here, commit by commit, and looked at by git itself where it is installed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import git from 'isomorphic-git';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
let dir: string;
beforeEach(async () => {
  one = await TempCase.create();
  dir = path.join(one.folder, 'shop');
  fs.mkdirSync(dir);
  await git.init({ fs, dir, defaultBranch: 'main' });
});
afterEach(async () => await one.remove());

const START = Date.UTC(2026, 9, 1) / 1000;
async function commit(files: Record<string, string | null>, message: string, minute: number): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(dir, name);
    if (text === null) {
      fs.rmSync(file);
      await git.remove({ fs, dir, filepath: name });
      continue;
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    await git.add({ fs, dir, filepath: name });
  }
  const who = { name: 'Ana Lima', email: 'ana@shop.example', timestamp: START + minute * 60, timezoneOffset: -120 };
  return await git.commit({ fs, dir, message, author: who, committer: who });
}
async function connect(config: Record<string, unknown> = {}): Promise<ConnectionStatus> {
  const { connectors } = one.engine.handlers;
  const { id } = await connectors.add({ connector: 'git', name: '', config: { path: dir, ...config } }, context);
  return await connectors.settled({ id }, context);
}
async function again(id: number): Promise<ConnectionStatus> {
  const { connectors } = one.engine.handlers;
  await connectors.start({ id }, context);
  return await connectors.settled({ id }, context);
}

describe('the git connector', () => {
  it('brings commits, merges and tags with times, authors and changed paths, once', async () => {
    await commit({ 'a.txt': '1', 'src/deep/b.ts': '1' }, 'Begin\n\nWith a body.', 0);
    await git.branch({ fs, dir, ref: 'feature', checkout: true });
    await commit({ 'src/deep/b.ts': '2' }, 'Change b', 1);
    await git.checkout({ fs, dir, ref: 'main' });
    await commit({ 'c.txt': '1', 'a.txt': null }, 'Add c, drop a', 2);
    const who = { name: 'Bo', email: 'bo@shop.example', timestamp: START + 180, timezoneOffset: 0 };
    await git.merge({ fs, dir, ours: 'main', theirs: 'feature', fastForward: false, author: who, committer: who, message: 'Merge feature' });
    await git.annotatedTag({ fs, dir, ref: 'v1', message: 'First', tagger: { ...who, timestamp: START + 240 } });

    const status = await connect();
    expect(status).toMatchObject({ state: 'stopped', error: '', read: 5, stored: 5, rejected: 0 });
    expect(await one.messages()).toEqual(['Begin', 'Change b', 'Add c, drop a', 'Merge feature', 'tag v1']);
    const { rows } = await one.page(everything());
    expect([...rows.time].map((time) => time / 1e6 - START)).toEqual([0, 60, 120, 180, 240]);
    const detail = await one.engine.handlers.events.get({ id: rows.id[2] }, context);
    expect(detail).toMatchObject({ service: 'shop', signal: 'git' });
    const attributes = Object.fromEntries(detail.attributes.map(({ name, value }) => [name, value]));
    expect(attributes).toMatchObject({ 'file.count': 2, 'git.event': 'commit' });
    expect(JSON.stringify(attributes)).toContain('A c.txt');
    expect(JSON.stringify(attributes)).toContain('D a.txt');
    expect(await one.messages('signal:git user:"Bo"')).toEqual(['Merge feature', 'tag v1']);

    // Nothing new, then a commit on a branch that forks from the past, and one on main; after closing and opening too.
    expect(await again(status.id)).toMatchObject({ stored: 5 });
    await git.checkout({ fs, dir, ref: 'feature' });
    await commit({ 'd.txt': '1' }, 'Late work on the branch', 5);
    expect(await again(status.id)).toMatchObject({ stored: 6 });
    await one.reopen();
    await git.checkout({ fs, dir, ref: 'main' });
    await commit({ 'e.txt': '1' }, 'On main again', 6);
    const [known] = await one.engine.handlers.connectors.list({}, context);
    expect(known).toMatchObject({ state: 'stopped', name: dir });
    expect(await again(known.id)).toMatchObject({ stored: 1, rejected: 0 });
    expect(await one.messages()).toEqual(['Begin', 'Change b', 'Add c, drop a', 'Merge feature', 'tag v1', 'Late work on the branch', 'On main again']);
    const [source] = await one.engine.handlers.events.sources({}, context);
    expect(source).toMatchObject({ signal: 'git', format: 'git', state: 'done', ledger: { read: 7, stored: 7, duplicates: 0, rejected: 0 } });
  });

  it('brings every commit of a longer history that git itself counts', async () => {
    for (let i = 0; i < 40; i++) await commit({ [`f${i % 5}.txt`]: String(i) }, `Commit ${i} <script>alert(1)</script>`, i);
    const { stored } = await connect({ paths: false });
    expect(stored).toBe(40);
    const counted = spawnSync('git', ['-C', dir, 'rev-list', '--all', '--count'], { encoding: 'utf8' });
    if (counted.status === 0) expect(Number(counted.stdout)).toBe(40);
    expect(await connect({ since: '2026-10-02' })).toMatchObject({ state: 'stopped', stored: 0 });
    await commit({ 'late.txt': '1' }, 'The day after', 24 * 60);
    expect(await connect({ since: '2026-10-02' })).toMatchObject({ stored: 1 });
  });

  it('says what is wrong with a folder that is no repository, and reads a repository without commits', async () => {
    const { connectors } = one.engine.handlers;
    const other = fs.mkdtempSync(path.join(one.folder, 'none-'));
    fs.rmSync(path.join(dir, '.git', 'HEAD'));
    expect(await connectors.test({ connector: 'git', config: { path: '/nowhere/at/all' } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('git repository') as string });
    await git.init({ fs, dir: other });
    expect(await connectors.test({ connector: 'git', config: { path: other } }, context)).toMatchObject({ ok: true });
    expect(await connectors.test({ connector: 'git', config: {} }, context)).toMatchObject({ ok: false, message: expect.stringContaining("'path'") as string });
    const { id } = await connectors.add({ connector: 'git', name: 'empty', config: { path: other } }, context);
    expect(await connectors.settled({ id }, context)).toMatchObject({ state: 'stopped', error: '', read: 0, name: 'empty' });
    await connectors.remove({ id }, context);
    expect(await connectors.list({}, context)).toEqual([]);
    await expect(Promise.resolve().then(() => connectors.add({ connector: 'nothing', name: '', config: {} }, context))).rejects.toThrow('There is no connector');
  });
});
