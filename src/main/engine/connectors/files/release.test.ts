import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logText, packWith, tar, zip } from '../../../../../test/support/archives.ts';
import { temporaryFolder } from '../../../../../test/support/read-members.ts';
import { members } from './members.ts';

const { folder, write, remove } = temporaryFolder();
afterAll(remove);

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(() => void process.off('unhandledRejection', note));

/** Files of the test folder this process has open. */
function open(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(join('/proc/self/fd', fd));
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return []; // the descriptor readdir itself used
    }
  });
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

const text = logText(4_000_000);
const xz = packWith('xz', ['-c', '-0'], text);
const files: Record<string, Buffer | null> = {
  plain: text,
  gzip: gzipSync(text),
  zstd: packWith('zstd', ['-q', '-c'], text),
  bzip2: packWith('bzip2', ['-c'], text),
  xz,
  zip: zip([{ name: 'a', data: text }, { name: 'b', data: text }]),
  'tar.gz': gzipSync(await tar([{ header: { name: 'a' }, data: text }, { header: { name: 'b' }, data: text }])),
  'xz in zip in tar': xz === null ? null : await tar([{ header: { name: 'z' }, data: zip([{ name: 'x', data: xz, method: 0 }]) }]),
};

describe.skipIf(process.platform !== 'linux')('letting go', () => {
  for (const [name, data] of Object.entries(files)) {
    it.skipIf(data === null)(`closes ${name} however its reader stops`, async () => {
      const path = write('file', data ?? '');
      for await (const member of members(path)) if (member.suffix !== 'never') break;
      expect(open()).toEqual([]);
      for await (const member of members(path)) {
        for await (const chunk of member.chunks) if (chunk.length > 0) break;
        break;
      }
      expect(open()).toEqual([]);
      const boom = new Error('boom');
      await expect(async () => {
        for await (const member of members(path)) for await (const chunk of member.chunks) if (chunk.length > 0) throw boom;
      }).rejects.toBe(boom);
      expect(open()).toEqual([]);
      // Left while a chunk is on its way.
      const iterator = members(path);
      const { value } = await iterator.next();
      const chunks = value?.chunks[Symbol.asyncIterator]();
      await chunks?.next();
      const late = chunks?.next().catch(() => undefined);
      await iterator.return();
      await late;
      await settle();
      expect(open()).toEqual([]);
      expect(unhandled).toEqual([]);
    });

    it.skipIf(data === null)(`closes ${name} on cancel and throws the signal's reason`, async () => {
      const path = write('file', data ?? '');
      const reason = new Error('cancelled by the user');
      const controller = new AbortController();
      let bytes = 0;
      await expect(async () => {
        for await (const member of members(path, { signal: controller.signal })) {
          for await (const chunk of member.chunks) {
            bytes += chunk.length;
            if (bytes > 500_000) controller.abort(reason);
          }
        }
      }).rejects.toBe(reason);
      expect(bytes).toBeLessThan(3_000_000);
      await settle();
      expect(open()).toEqual([]);
      // Cancelled while nobody asks for anything.
      const second = new AbortController();
      const idle = members(path, { signal: second.signal });
      await idle.next();
      expect(open()).toHaveLength(1);
      second.abort(reason);
      await settle();
      expect(open()).toEqual([]);
      await idle.return();
      expect(unhandled).toEqual([]);
    });
  }

  it('throws at once for a signal that is already aborted, a missing file, a folder and a pipe', async () => {
    const reason = new Error('too late');
    await expect(members(write('f', 'x'), { signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason);
    await expect(members(join(folder, 'missing')).next()).rejects.toMatchObject({ kind: 'unreadable', code: 'permission' });
    await expect(members(folder).next()).rejects.toMatchObject({ kind: 'unreadable' });
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    await expect(members(join(folder, 'fifo')).next()).rejects.toMatchObject({ kind: 'unreadable' });
    expect(open()).toEqual([]);
  });

  it('holds a few chunks of a large file, not the file', async () => {
    const part = gzipSync(Buffer.alloc(10 << 20, 'a line of log\n'), { level: 1 });
    const path = write('large.gz', Buffer.concat(Array.from({ length: 30 }, () => part)));
    let peak = 0;
    let bytes = 0;
    for await (const member of members(path)) {
      for await (const chunk of member.chunks) {
        bytes += chunk.length;
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
      }
    }
    expect(bytes).toBe(300 << 20);
    expect(peak).toBeLessThan(150 << 20);
  });
});
