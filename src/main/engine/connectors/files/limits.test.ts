import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { logText, packWith, tar, zip } from '../../../../../test/support/archives.ts';
import { readMembers, temporaryFolder } from '../../../../../test/support/read-members.ts';
import { InputError } from './input-error.ts';
import { members } from './members.ts';

const { folder, write, remove } = temporaryFolder();
afterAll(remove);

const text = logText(20_000);

/** Reads without keeping; returns how many bytes came and the first error. */
async function drain(path: string, limits = {}): Promise<{ bytes: number; error: unknown }> {
  let bytes = 0;
  try {
    for await (const member of members(path, { limits })) for await (const chunk of member.chunks) bytes += chunk.length;
  } catch (error) {
    return { bytes, error };
  }
  return { bytes, error: undefined };
}

describe('bombs', () => {
  it('stops a stream of zeros by its ratio, after what is allowed', async () => {
    // 200 MB of zeros in a bzip2 of a few hundred bytes; gzip reaches 1030:1.
    const packed = packWith('sh', ['-c', 'head -c 200000000 /dev/zero | bzip2 -c'], Buffer.alloc(0)) ?? gzipSync(Buffer.alloc(200_000_000), { level: 9 });
    const result = await drain(write('zeros', packed));
    expect(result.error).toMatchObject({ kind: 'limit', limit: 'ratio' });
    expect(result.bytes).toBeGreaterThan(60 << 20);
    expect(result.bytes).toBeLessThan(70 << 20);
    expect(String(result.error)).toContain('raise "ratio"');
    expect((await drain(write('zeros', packed), { ratio: 1e9 })).bytes).toBe(200_000_000);
  });

  it('stops at the number of decoded bytes', async () => {
    const result = await drain(write('total.gz', gzipSync(logText(3_000_000))), { totalBytes: 1_000_000 });
    expect(result.error).toMatchObject({ kind: 'limit', limit: 'totalBytes' });
    expect(result.bytes).toBeLessThanOrEqual(1_000_000);
    expect(result.bytes).toBeGreaterThan(400_000);
  });

  it('stops zips in zips in zips, each sixteenfold', async () => {
    let inner: Buffer<ArrayBufferLike> = Buffer.alloc(20 << 20);
    inner = zip([{ name: 'zeros', data: inner }]);
    for (let level = 0; level < 2; level++) inner = zip(Array.from({ length: 16 }, (_, i) => ({ name: `${i}.zip`, data: inner })));
    const result = await drain(write('42.zip', inner));
    expect(result.error).toMatchObject({ kind: 'limit', limit: 'ratio' });
    expect(result.bytes).toBeLessThan(80 << 20);
  });

  it('stops entries of a zip that share their bytes', async () => {
    const data = Buffer.alloc(8 << 20);
    const packed = zip([{ name: '0', data }, ...Array.from({ length: 30 }, (_, i) => ({ name: String(i + 1), data, packed: Buffer.alloc(0), method: 8 }))]);
    // Every entry after the first points at the first one's bytes.
    const size = zip([{ name: '0', data }]).length - 46 - 1 - 22 - 31;
    for (let at = packed.indexOf(Buffer.from('PK\x01\x02')); at >= 0; at = packed.indexOf(Buffer.from('PK\x01\x02'), at + 1)) {
      packed.writeUInt32LE(size, at + 20);
      packed.writeUInt32LE(0, at + 42);
    }
    expect((await drain(write('shared.zip', packed), { ratio: 1e9 })).bytes).toBe(31 * data.length);
    const result = await drain(write('shared.zip', packed));
    expect(result.error).toMatchObject({ kind: 'limit', limit: 'ratio' });
  });

  it('opens archives only so deep, and says so beside the rest', async () => {
    let packed = text;
    for (let level = 0; level < 5; level++) packed = zip([{ name: `${level}.zip`, data: packed, method: 0 }, { name: 'beside', data: text }]);
    const result = await readMembers(write('deep.zip', packed));
    expect(result.error).toBeUndefined();
    expect(result.members.map((member) => [member.suffix, member.error instanceof InputError ? member.error.limit : 'read'])).toEqual([
      ['!4.zip!3.zip!2.zip', 'depth'], ['!4.zip!3.zip!beside', 'read'], ['!4.zip!beside', 'read'], ['!beside', 'read'],
    ]);
    expect((await readMembers(write('deep.zip', packed), { limits: { depth: 9 } })).members).toHaveLength(6);
    let gz = text;
    for (let level = 0; level < 6; level++) gz = gzipSync(gz);
    expect((await drain(write('deep.gz', gz))).error).toMatchObject({ kind: 'limit', limit: 'depth' });
  });

  it('stops at the number of entries', async () => {
    const path = write('many.tar', await tar(Array.from({ length: 50 }, (_, i) => ({ header: { name: `f${i}` } }))));
    const result = await readMembers(path, { limits: { members: 20 } });
    expect(result.members).toHaveLength(20);
    expect(result.error).toMatchObject({ kind: 'limit', limit: 'members' });
  });

  it('does not give a zstd frame the memory it asks for', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0, 1, 0, 0]);
    expect((await drain(write('window.zst', frame))).error).toMatchObject({ kind: 'limit', limit: 'windowBytes' });
  });
});

describe('hostile names', () => {
  it('shows them as text and writes nothing', async () => {
    const names = ['../../etc/passwd', '/etc/shadow', 'C:\\windows\\x', 'a\u0000b', 'red\u001b[31m', '..', 'n\nn', ''];
    const before = readdirSync(folder).length;
    const result = await readMembers(write('names.zip', zip(names.map((name) => ({ name, data: text })))));
    expect(result.error).toBeUndefined();
    expect(result.members.map((member) => member.suffix)).toEqual(['!../../etc/passwd', '!/etc/shadow', '!C:/windows/x', '!a\\x00b', '!red\\x1b[31m', '!..', '!n\\x0an', '!']);
    expect(result.members.every((member) => member.bytes.equals(text))).toBe(true);
    const tarred = await readMembers(write('names.tar', await tar([{ header: { name: '../up' }, data: text }, { header: { name: '/root' }, data: text }])));
    expect(tarred.members.map((member) => member.suffix)).toEqual(['!../up', '!/root']);
    expect(readdirSync(folder)).toHaveLength(before + 2);
    expect(existsSync(`${folder}/../up`)).toBe(false);
  });

  it('cuts a name that is too long, leaves its entry out and goes on', async () => {
    const result = await readMembers(write('long.tar', await tar([{ header: { name: 'x'.repeat(5000) }, data: text }, { header: { name: 'y' }, data: text }])));
    expect(result.members[0].suffix).toHaveLength(4097);
    expect(result.members[0].error).toMatchObject({ kind: 'limit', limit: 'pathLength' });
    expect(result.members[1]).toMatchObject({ suffix: '!y', error: undefined });
  });
});
