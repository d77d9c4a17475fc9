import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/read-members.ts';
import { discover, type DiscoverOptions, type FoundFile, type FoundProblem } from './discover.ts';

let box: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  box = temporaryFolder();
});
afterEach(() => box.remove());

function put(name: string, data = name): string {
  const path = join(box.folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, data);
  return path;
}

async function find(paths: string[], options?: DiscoverOptions): Promise<(FoundFile | FoundProblem)[]> {
  const found = [];
  for await (const item of discover(paths, options)) found.push(item);
  return found;
}

/** Paths within the folder, problems with their reason. */
function short(found: (FoundFile | FoundProblem)[]): string[] {
  return found.map((item) => item.path.slice(box.folder.length + 1) + (item.kind === 'problem' ? ` (${item.reason})` : ''));
}

describe('discover', () => {
  it('finds files in folders, in the order of their names, with what is known of them', async () => {
    for (const name of ['b/2', 'b/10', 'a', 'b/deep/er/x', 'B', 'ü', 'c']) put(name);
    const found = await find([box.folder]);
    expect(short(found)).toEqual(['B', 'a', 'b/10', 'b/2', 'b/deep/er/x', 'c', 'ü']);
    expect(await find([box.folder])).toEqual(found);
    const stats = statSync(join(box.folder, 'a'), { bigint: true });
    expect(found[1]).toEqual({ kind: 'file', path: join(box.folder, 'a'), size: 1, modified: Number(stats.mtimeNs / 1000n), device: String(stats.dev), inode: String(stats.ino) });
  });

  it('keeps the order of what was given and gives nothing twice', async () => {
    put('x/1');
    put('y');
    linkSync(join(box.folder, 'y'), join(box.folder, 'x/hard'));
    expect(short(await find([join(box.folder, 'y'), join(box.folder, 'x'), box.folder]))).toEqual(['y', 'x/1']);
  });

  it('finds empty files', async () => {
    put('empty', '');
    expect(short(await find([box.folder]))).toEqual(['empty']);
  });

  it('follows links, but not in circles', async () => {
    put('real/file');
    symlinkSync('..', join(box.folder, 'real/up'));
    symlinkSync('real', join(box.folder, 'again'));
    symlinkSync('self', join(box.folder, 'self'));
    symlinkSync('nowhere', join(box.folder, 'dangling'));
    expect(short(await find([box.folder]))).toEqual(['again/file', 'dangling (missing)', 'self (missing)']);
  });

  it('leaves out its own case files, and says so only when asked for one', async () => {
    for (const name of ['case.tidemark', 'case.tidemark-wal', 'case.tidemark-shm', 'log']) put(name);
    expect(short(await find([box.folder]))).toEqual(['log']);
    expect(short(await find([join(box.folder, 'case.tidemark')]))).toEqual(['case.tidemark (case_file)']);
  });

  it('names what is missing or not to be opened', async () => {
    put('closed/file');
    put('secret');
    chmodSync(join(box.folder, 'closed'), 0);
    chmodSync(join(box.folder, 'secret'), 0);
    const found = short(await find([join(box.folder, 'gone'), box.folder]));
    chmodSync(join(box.folder, 'closed'), 0o755);
    const asRoot = process.getuid?.() === 0; // root may open everything
    expect(found).toEqual(asRoot ? ['gone (missing)', 'closed/file', 'secret'] : ['gone (missing)', 'closed (unreadable)', 'secret (unreadable)']);
  });

  it.skipIf(process.platform !== 'linux')('does not touch pipes, sockets, devices and the files of /proc and /sys', async () => {
    execFileSync('mkfifo', [join(box.folder, 'fifo')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(box.folder, 'socket'), resolve));
    try {
      expect(short(await find([box.folder]))).toEqual(['fifo (special)', 'socket (special)']);
      const system = ['/dev/null', '/proc/self/status', '/proc', '/sys/kernel'].filter((path) => existsSync(path));
      for (const item of await find(system)) expect(item).toMatchObject({ kind: 'problem', reason: 'special' });
    } finally {
      server.close();
    }
  });

  it('stops at the number of files, and says so', async () => {
    for (let i = 0; i < 5; i++) put(`f${i}`);
    expect(short(await find([box.folder], { maxFiles: 3 }))).toEqual(['f0', 'f1', 'f2', 'f3 (limit)']);
    expect(short(await find([box.folder], { maxFiles: 5 }))).toHaveLength(5);
  });

  it('throws the reason of the signal', async () => {
    for (let i = 0; i < 5; i++) put(`f${i}`);
    const controller = new AbortController();
    const reason = new Error('stop');
    await expect(async () => {
      for await (const item of discover([box.folder], { signal: controller.signal })) if (item.kind === 'file') controller.abort(reason);
    }).rejects.toBe(reason);
  });
});
