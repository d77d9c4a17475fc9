import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { logText, packWith, tar, zip } from '../../../../../test/support/archives.ts';
import { readMembers, temporaryFolder } from '../../../../../test/support/read-members.ts';
import { members } from './members.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

const a = logText(300_000, 1);
const b = logText(70_000, 2);
const packers = {
  gzip: (data: Buffer) => gzipSync(data),
  bzip2: (data: Buffer) => packWith('bzip2', ['-c'], data),
  xz: (data: Buffer) => packWith('xz', ['-c', '-1'], data),
  zstd: (data: Buffer) => packWith('zstd', ['-q', '-c', '--check'], data),
};

/** Stands for bytes in comparisons: a failed one prints a line, not megabytes. */
function print(bytes: Buffer): string {
  return `${bytes.length} bytes ${createHash('sha1').update(bytes).digest('hex')}`;
}

/** Suffix and bytes of every member; fails on any error. */
async function read(path: string): Promise<[string, string][]> {
  const result = await readMembers(path);
  expect(result.error).toBeUndefined();
  return result.members.map((member) => {
    expect(member.error).toBeUndefined();
    return [member.suffix, print(member.bytes)];
  });
}

describe('single files', () => {
  it('gives a plain file as it is, with size and time', async () => {
    const result = await readMembers(write('plain.log.gz', a));
    expect(result.members).toHaveLength(1);
    expect(result.members[0]).toMatchObject({ suffix: '', size: a.length, error: undefined });
    expect(result.members[0].bytes.equals(a)).toBe(true);
    expect(Math.abs((result.members[0].modified ?? 0) / 1000 - Date.now())).toBeLessThan(600_000);
  });

  it('gives an empty file as a member without bytes', async () => {
    expect(await read(write('empty.log', ''))).toEqual([['', print(Buffer.alloc(0))]]);
  });

  for (const [name, packer] of Object.entries(packers)) {
    it(`decodes ${name}, one stream, several, and of nothing`, async (context) => {
      const one = packer(a);
      const two = packer(b);
      const none = packer(Buffer.alloc(0));
      if (one === null || two === null || none === null) return context.skip(`${name} is not installed`);
      expect(await read(write('one', one))).toEqual([['', print(a)]]);
      expect(await read(write('two', Buffer.concat([one, two, none, one])))).toEqual([['', print(Buffer.concat([a, b, a]))]]);
      expect(await read(write('none', none))).toEqual([['', print(Buffer.alloc(0))]]);
      expect(await read(write('large', packer(logText(5_000_000)) ?? none))).toEqual([['', print(logText(5_000_000))]]);
    });
  }

  it('decodes bytes that do not compress and bytes that compress without end', async (context) => {
    const noise = Buffer.alloc(1_200_000);
    for (let i = 0, state = 7; i < noise.length; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      noise[i] = state >>> 16;
    }
    const zeros = Buffer.alloc(3_000_000);
    for (const [name, packer] of Object.entries(packers)) {
      for (const data of [noise, zeros, Buffer.from('a'), Buffer.from('aaaa'), Buffer.from('aaaaaaaaab'.repeat(1000))]) {
        const packed = packer(data);
        if (packed === null) return context.skip(`${name} is not installed`);
        expect(await read(write('data', packed)), name).toEqual([['', print(data)]]);
      }
    }
  });

  it('ignores zeros after a gzip stream', async () => {
    expect(await read(write('padded.gz', Buffer.concat([gzipSync(b), Buffer.alloc(100_000)])))).toEqual([['', print(b)]]);
  });

  it('skips what a zstd file says is to be skipped', async (context) => {
    const packed = packers.zstd(b);
    if (packed === null) return context.skip('zstd is not installed');
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    expect(await read(write('skip.zst', Buffer.concat([skippable, packed, skippable, packed])))).toEqual([['', print(Buffer.concat([b, b]))]]);
  });
});

describe('tar', () => {
  const mtime = new Date('2025-05-06T07:08:09Z');

  it('gives the regular files in order, plain and packed', async (context) => {
    const archive = await tar([
      { header: { name: 'var/', type: 'directory', mtime } },
      { header: { name: 'var/log/a.log', mtime }, data: a },
      { header: { name: 'var/log/empty', mtime } },
      { header: { name: 'link', type: 'symlink', linkname: 'var/log/a.log', mtime } },
      { header: { name: `${'long/'.repeat(60)}ü.log`, mtime }, data: b },
    ]);
    const expected = [['!var/log/a.log', print(a)], ['!var/log/empty', print(Buffer.alloc(0))], [`!${'long/'.repeat(60)}ü.log`, print(b)]];
    expect(await read(write('x.tar', archive))).toEqual(expected);
    for (const [name, packer] of Object.entries(packers)) {
      const packed = packer(archive);
      if (packed === null) return context.skip(`${name} is not installed`);
      expect(await read(write('x', packed)), name).toEqual(expected);
    }
    const [member] = (await readMembers(write('x.tar', archive))).members;
    expect(member).toMatchObject({ size: a.length, modified: mtime.getTime() * 1000 });
  });

  it('reads what the tar command writes in each of its formats', async (context) => {
    const { folder, write: put, remove: drop } = temporaryFolder();
    try {
      put('a.log', a);
      put(`${'n'.repeat(90)}.log`, b);
      for (const format of ['v7', 'ustar', 'gnu', 'pax']) {
        const archive = packWith('tar', ['-C', folder, `--format=${format}`, '--sort=name', '-cf', '-', '.'], Buffer.alloc(0));
        if (archive === null) return context.skip('GNU tar is not installed');
        expect(await read(write('t', archive)), format).toEqual([['!./a.log', print(a)], [`!./${'n'.repeat(90)}.log`, print(b)]]);
      }
    } finally {
      drop();
    }
  });

  it('goes on after the end mark when another archive follows, and numbers equal names', async () => {
    const archive = await tar([{ header: { name: 'a.log', mtime }, data: a }]);
    expect(await read(write('two.tar', Buffer.concat([archive, archive])))).toEqual([['!a.log', print(a)], ['!a.log#2', print(a)]]);
  });

  it('takes size, name and time with microseconds from pax records', async () => {
    const archive = await tar([{ header: { name: 'x', mtime, pax: { path: 'renamed.log', mtime: '1700000000.123456789' } }, data: b }]);
    expect((await readMembers(write('pax.tar', archive))).members[0]).toMatchObject({ suffix: '!renamed.log', modified: 1_700_000_000_123_456 });
  });
});

describe('zip', () => {
  it('gives the files in order, whatever the writer chose', async () => {
    const archive = zip([
      { name: 'dir/', data: Buffer.alloc(0), method: 0 },
      { name: 'dir/a.log', data: a, unixSeconds: 1_700_000_000 },
      { name: 'stored.log', data: b, method: 0 },
      { name: 'streamed.log', data: a, descriptor: true },
      { name: 'link', data: Buffer.from('dir/a.log'), mode: 0o120777 },
      { name: Buffer.from([0x81, 0x2e, 0x6c]), data: b, flags: 0 },
      { name: 'empty', data: Buffer.alloc(0), method: 0 },
    ], 'a comment');
    const expected = [['!dir/a.log', print(a)], ['!stored.log', print(b)], ['!streamed.log', print(a)], ['!ü.l', print(b)], ['!empty', print(Buffer.alloc(0))]];
    expect(await read(write('x.zip', archive))).toEqual(expected);
    expect((await readMembers(write('x.zip', archive))).members[0]).toMatchObject({ size: a.length, modified: 1_700_000_000e6 });
  });

  it('gives an empty zip as nothing', async () => {
    expect(await read(write('none.zip', zip([])))).toEqual([]);
  });

  it('reads bzip2, xz and zstd inside a zip', async (context) => {
    const packed = { 12: packers.bzip2(a), 95: packers.xz(a), 93: packers.zstd(a) };
    const inputs = Object.entries(packed).flatMap(([method, bytes]) => (bytes === null ? [] : [{ name: method, data: a, method: Number(method), packed: bytes }]));
    if (inputs.length < 3) return context.skip('bzip2, xz or zstd is not installed');
    expect(await read(write('odd.zip', zip(inputs)))).toEqual([['!12', print(a)], ['!93', print(a)], ['!95', print(a)]]);
    expect(await read(write('nested.tar', await tar([{ header: { name: 'odd.zip' }, data: zip(inputs) }])))).toHaveLength(3);
  });

  it('agrees with the zip command, sought and streamed', async (context) => {
    const { folder, write: put, remove: drop } = temporaryFolder();
    try {
      put('a.log', a);
      put('b.log', b);
      const streamed = packWith('sh', ['-c', 'cd "$1" && zip -q -r - a.log b.log | cat', 'sh', folder], Buffer.alloc(0));
      if (streamed === null || streamed.length === 0) return context.skip('zip is not installed');
      expect(await read(write('z.zip', streamed))).toEqual([['!a.log', print(a)], ['!b.log', print(b)]]);
      const nested = await tar([{ header: { name: 'z.zip' }, data: streamed }]);
      expect(await read(write('z.tar', nested))).toEqual([['!z.zip!a.log', print(a)], ['!z.zip!b.log', print(b)]]);
    } finally {
      drop();
    }
  });
});

describe('nesting', () => {
  it('opens archives in archives, read front to back', async () => {
    const inner = zip([{ name: 'a.log', data: a }, { name: 's.log', data: b, descriptor: true }, { name: 'b.log.gz', data: gzipSync(b), method: 0 }]);
    const middle = await tar([{ header: { name: 'inner.zip' }, data: inner }, { header: { name: 'after.log' }, data: b }]);
    const outer = zip([{ name: 'middle.tar.gz', data: gzipSync(middle), method: 0 }, { name: 'last.log', data: a }]);
    expect(await read(write('outer.zip', outer))).toEqual([
      ['!middle.tar.gz!inner.zip!a.log', print(a)],
      ['!middle.tar.gz!inner.zip!s.log', print(b)],
      ['!middle.tar.gz!inner.zip!b.log.gz', print(b)],
      ['!middle.tar.gz!after.log', print(b)],
      ['!last.log', print(a)],
    ]);
  });

  it('opens an xz inside a tar.xz', async (context) => {
    const packed = packers.xz(b);
    if (packed === null) return context.skip('xz is not installed');
    const archive = packers.xz(await tar([{ header: { name: '1.xz' }, data: packed }, { header: { name: '2.xz' }, data: packed }]));
    expect(await read(write('x.tar.xz', archive ?? packed))).toEqual([['!1.xz', print(b)], ['!2.xz', print(b)]]);
  });

  it('lets members be skipped or read in part', async () => {
    const inner = zip([{ name: '1', data: a, descriptor: true }, { name: '2', data: a }, { name: '3', data: b }]);
    const archives = [
      write('skip.zip', inner),
      write('skip.tar.gz', gzipSync(await tar([{ header: { name: '1' }, data: a }, { header: { name: '2' }, data: a }, { header: { name: '3' }, data: b }]))),
      write('skip.tar', await tar([{ header: { name: 'z' }, data: inner }])),
    ];
    for (const path of archives) {
      let count = 0;
      for await (const member of members(path)) {
        count++;
        if (count === 2) for await (const chunk of member.chunks) if (chunk.length > 0) break;
        if (count < 3) continue;
        const chunks: Uint8Array[] = [];
        for await (const chunk of member.chunks) chunks.push(chunk);
        expect(Buffer.concat(chunks).equals(b)).toBe(true);
      }
      expect(count).toBe(3);
    }
  });

  it('refuses to read a member after the next was asked for, rather than give wrong bytes', async () => {
    const path = write('order.tar', await tar([{ header: { name: '1' }, data: a }, { header: { name: '2' }, data: b }]));
    const all = [];
    for await (const member of members(path)) all.push(member);
    await expect(all[0].chunks[Symbol.asyncIterator]().next()).rejects.toThrow('in order');
  });

  it('does not mistake text for an archive', async () => {
    for (const text of ['PK: primary key violated\n', 'BZh9 is not enough\n', 'BZh91AY is still not\n', '\u001f\u008b']) {
      expect(await read(write('text.log', text))).toEqual([['', print(Buffer.from(text))]]);
    }
  });
});
