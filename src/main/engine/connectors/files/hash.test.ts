import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { logText, zip } from '../../../../../test/support/archives.ts';
import { temporaryFolder } from '../../../../../test/support/read-members.ts';
import { identify, prefixHash } from './fingerprint.ts';
import { HashingPass, fileSha256 } from './hash.ts';
import { members } from './members.ts';

const { write, folder, remove } = temporaryFolder();
afterAll(remove);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const text = logText(3_000_000);

describe('custody hash', () => {
  it('is of the bytes on disk, whatever is read and how', async () => {
    const files = { plain: text, gzip: gzipSync(text), zip: zip([{ name: 'a', data: text }, { name: 'b', data: text, method: 0 }]), empty: Buffer.alloc(0) };
    for (const [name, data] of Object.entries(files)) {
      const path = write(name, data);
      for (const stopAt of [0, 1000, Infinity]) {
        const pass = new HashingPass();
        let bytes = 0;
        for await (const member of members(path, { onRead: pass.see })) {
          for await (const chunk of member.chunks) if ((bytes += chunk.length) > stopAt) break;
          if (bytes > stopAt) break;
        }
        if (stopAt === Infinity && name !== 'zip') expect(pass.position, 'no second read').toBe(data.length);
        expect(await pass.finish(path), name).toEqual({ sha256: sha256(data), bytes: data.length });
      }
      expect(await fileSha256(path)).toBe(sha256(data));
    }
  });

  it('throws the reason of the signal, and names a missing file', async () => {
    const reason = new Error('stop');
    await expect(fileSha256(write('f', text), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(fileSha256(`${folder}/none`)).rejects.toMatchObject({ kind: 'unreadable' });
  });
});

describe('identity for reading again', () => {
  it('shows whether a file only grew', async () => {
    const path = write('grows.log', text.subarray(0, 5000));
    const before = await identify(path);
    const prefix = await prefixHash(path, 5000);
    expect(before).toEqual({ size: 5000, headLength: 4096, headHash: sha256(text.subarray(0, 4096)) });
    expect(prefix).toBe(sha256(text.subarray(0, 5000)));
    appendFileSync(path, text.subarray(5000));
    const after = await identify(path);
    expect([after.size, after.headHash]).toEqual([text.length, before.headHash]);
    expect(await prefixHash(path, 5000)).toBe(prefix);
    writeFileSync(path, Buffer.concat([text.subarray(0, 4500), Buffer.from('rewritten'.repeat(200))]));
    expect((await identify(path)).headHash).toBe(before.headHash);
    expect(await prefixHash(path, 5000)).not.toBe(prefix);
  });

  it('handles short, empty and shrunken files', async () => {
    expect(await identify(write('short', 'abc'))).toEqual({ size: 3, headLength: 3, headHash: sha256(Buffer.from('abc')) });
    expect(await identify(write('empty', ''))).toEqual({ size: 0, headLength: 0, headHash: sha256(Buffer.alloc(0)) });
    expect(await prefixHash(write('short', 'abc'), 4)).toBeNull();
    expect(await prefixHash(write('short', 'abc'), 0)).toBe(sha256(Buffer.alloc(0)));
  });
});
