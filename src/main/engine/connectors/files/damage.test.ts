import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { logText, packWith, tar, zip } from '../../../../../test/support/archives.ts';
import { readMembers, temporaryFolder } from '../../../../../test/support/read-members.ts';
import { InputError } from './input-error.ts';

const { write, remove } = temporaryFolder();
afterAll(remove);

const a = logText(9000, 1);
const b = logText(5000, 2);

/** Every kind of container around the same text; those whose tool is missing are left out, and named by the last test. */
async function containers(): Promise<{ name: string; packed: Buffer; whole: Buffer[] }[]> {
  const archive = await tar([{ header: { name: 'a.log' }, data: a }, { header: { name: 'b.log' }, data: b }]);
  const zipped = zip([{ name: 'a.log', data: a }, { name: 'b.log', data: b, method: 0 }, { name: 'c.log', data: a, descriptor: true }]);
  const all: [string, Buffer | null, Buffer[]][] = [
    ['gzip', gzipSync(a), [a]],
    ['bzip2', packWith('bzip2', ['-c'], a), [a]],
    ['xz', packWith('xz', ['-c'], a), [a]],
    ['zstd', packWith('zstd', ['-q', '-c', '--check'], a), [a]],
    ['two gzips', Buffer.concat([gzipSync(a), gzipSync(b)]), [Buffer.concat([a, b])]],
    ['tar', archive, [a, b]],
    ['tar.gz', gzipSync(archive), [a, b]],
    ['zip', zipped, [a, b, a]],
    ['zip in tar', await tar([{ header: { name: 'z.zip' }, data: zipped }]), [a, b, a]],
  ];
  return all.flatMap(([name, packed, whole]) => (packed === null ? [] : [{ name, packed, whole }]));
}

/** Everything given is the beginning of the truth; returns how many bytes that was. */
function honest(result: Awaited<ReturnType<typeof readMembers>>, whole: Buffer[], what: string): number {
  let bytes = 0;
  result.members.forEach((member, i) => {
    const truth = whole[i];
    // Less than a tar header came out of the compressed stream: it is given as what it may have been, a short text.
    if (member.suffix === '' && whole.length > 1 && member.bytes.length < 512) return;
    if (truth === undefined) throw new Error(`${what}: a member too many, ${member.suffix}`);
    if (!truth.subarray(0, member.bytes.length).equals(member.bytes)) throw new Error(`${what}: member ${i} has bytes that were never written`);
    if (member.error !== undefined && !(member.error instanceof InputError)) throw member.error;
    if (member.error === undefined && member.bytes.length < truth.length) throw new Error(`${what}: member ${i} ends early without an error`);
    bytes += member.bytes.length;
  });
  if (result.error !== undefined && !(result.error instanceof InputError)) throw result.error;
  return bytes;
}

describe('a file cut off', () => {
  it('gives what is before the cut and then says so, cut at every 97th byte', async () => {
    for (const { name, packed, whole } of await containers()) {
      let most = 0;
      for (let cut = 12; cut < packed.length; cut += 97) {
        // The last kilobyte and more of a tar is padding; an end mark cut in half is still one.
        if (name.includes('tar') && !name.endsWith('gz') && cut > packed.length - 1024) continue;
        if (name.includes('tar') && !name.endsWith('gz') && cut < 512) continue; // less than a header is not known for a tar
        const what = `${name} cut at ${cut}`;
        const result = await readMembers(write('cut', packed.subarray(0, cut)));
        const bytes = honest(result, whole, what);
        const error = result.error ?? result.members.at(-1)?.error;
        expect(error, what).toBeInstanceOf(InputError);
        if (error instanceof InputError && error.kind !== 'truncated' && !(name === 'zip' && error.kind === 'corrupt')) throw new Error(`${what}: ${error.kind}, ${error.message}`);
        expect(bytes, what).toBeGreaterThanOrEqual(most);
        most = bytes;
      }
      // A block of bzip2, xz and zstd is the whole text here, so only the others show that the cut is followed closely.
      if (!['bzip2', 'xz', 'zstd'].includes(name)) expect(most, name).toBeGreaterThan(a.length / 2);
    }
  });

  it('gives whole blocks before the cut for block formats', async (context) => {
    const large = logText(2_500_000);
    for (const [command, args] of [['bzip2', ['-c']], ['zstd', ['-q', '-c']], ['xz', ['-c', '-1']]] as const) {
      const packed = packWith(command, [...args], large);
      if (packed === null) return context.skip(`${command} is not installed`);
      const result = await readMembers(write('cut', packed.subarray(0, Math.floor(packed.length * 0.9))));
      expect(honest(result, [large], command)).toBeGreaterThan(1_700_000);
      expect(result.members[0].error).toMatchObject({ kind: 'truncated' });
    }
  });
});

describe('a file with damage', () => {
  it('never gives an unknown error, whichever byte is changed', async () => {
    for (const { name, packed } of await containers()) {
      for (let at = 0; at < packed.length; at += 61) {
        const changed = Buffer.from(packed);
        changed[at] ^= 0x41;
        const result = await readMembers(write('changed', changed));
        for (const error of [result.error, ...result.members.map((member) => member.error)]) {
          if (error !== undefined && !(error instanceof InputError)) throw new Error(`${name} with byte ${at} changed`, { cause: error });
        }
      }
    }
  });

  it('survives random bytes behind every magic', async () => {
    const magics = [
      [0x1f, 0x8b, 8, 0], [0x28, 0xb5, 0x2f, 0xfd], [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0xff], [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0x05], [0x50, 0x2a, 0x4d, 0x18],
      [...Buffer.from('BZh9'), 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4, 0xe6, 0xd6, 0xb4, 0x46], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6],
    ];
    let state = 99;
    for (let round = 0; round < 40; round++) {
      for (const magic of magics) {
        const bytes = Buffer.alloc(64 + round * 97);
        for (let i = 0; i < bytes.length; i++) {
          state = (Math.imul(state, 1103515245) + 12345) >>> 0;
          bytes[i] = state >>> 16;
        }
        Buffer.from(magic).copy(bytes);
        // A directory at the end makes a zip worth looking into.
        const end = zip([{ name: 'x', data: a }]).subarray(-22);
        const data = magic[0] === 0x50 && round % 2 === 0 ? Buffer.concat([bytes, end]) : bytes;
        const result = await readMembers(write('noise', data));
        for (const error of [result.error, ...result.members.map((member) => member.error)]) {
          if (error !== undefined && !(error instanceof InputError)) throw new Error(`round ${round}, magic ${magic.join(' ')}`, { cause: error });
        }
      }
    }
  });

  it('keeps the rest of a zip readable when one entry is damaged', async () => {
    const packed = zip([{ name: '1', data: a }, { name: '2', data: b, declaredCrc: 1 }, { name: '3', data: a, localSignature: 0x12345678 }, { name: '4', data: b, declaredSize: 7 }, { name: '5', data: b, declaredSize: 70_000 }, { name: '6', data: a, method: 99 }, { name: '7', data: a, flags: 1 }, { name: '8', data: a, offset: 4_000_000_000 }, { name: '9', data: b, localName: 'another.name' }]);
    const result = await readMembers(write('part.zip', packed));
    expect(result.error).toBeUndefined();
    expect(result.members.map((member) => [member.suffix, (member.error as InputError | undefined)?.kind, member.bytes.length])).toEqual([
      ['!1', undefined, a.length], ['!2', 'corrupt', b.length], ['!3', 'corrupt', 0], ['!4', 'corrupt', b.length], ['!5', 'truncated', b.length],
      ['!6', 'unsupported', 0], ['!7', 'encrypted', 0], ['!8', 'corrupt', 0], ['!9', undefined, b.length],
    ]);
    expect(String(result.members[6].error)).toContain('password');
  });

  it('reads a zip from the front when its directory is gone or followed by something', async () => {
    const whole = zip([{ name: 'a', data: a }, { name: 'b', data: b, descriptor: true }]);
    const gone = await readMembers(write('gone.zip', whole.subarray(0, -22)));
    expect(honest(gone, [a, b], 'no directory')).toBe(a.length + b.length);
    expect(gone.error).toMatchObject({ kind: 'truncated' });
    const followed = await readMembers(write('followed.zip', Buffer.concat([whole, Buffer.from('something else')])));
    expect(honest(followed, [a, b], 'followed')).toBe(a.length + b.length);
    expect(followed.error).toMatchObject({ kind: 'corrupt' });
  });

  it('names what follows the end of a stream or an archive', async () => {
    for (const packed of [gzipSync(a), await tar([{ header: { name: 'a' }, data: a }])]) {
      const result = await readMembers(write('tail', Buffer.concat([packed, Buffer.alloc(512, 'x')])));
      expect(result.members[0].bytes.equals(a)).toBe(true);
      expect(result.error ?? result.members[0].error).toMatchObject({ kind: 'corrupt' });
    }
  });

  it('reports a bad checksum of a zstd frame or a bzip2 block where the decoder checks it', async (context) => {
    const packed = packWith('bzip2', ['-c'], a);
    if (packed === null) return context.skip('bzip2 is not installed');
    packed[12] ^= 1; // the block's checksum
    const result = await readMembers(write('crc.bz2', packed));
    expect(result.members[0].error).toMatchObject({ kind: 'corrupt' });
    expect(String(result.members[0].error)).toContain('checksum');
  });

  it('was tried on every container', async (context) => {
    const missing = 9 - (await containers()).length;
    if (missing > 0) context.skip(`${missing} of bzip2, xz and zstd are not installed`);
  });
});
