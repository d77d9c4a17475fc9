import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { logText, packWith } from '../../../../../test/support/archives.ts';
import { ByteReader } from './byte-reader.ts';
import { hasNativeZstd, scriptDecoder, unzstd } from './zstd.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function decode(packed: Uint8Array, decoder?: typeof scriptDecoder): Promise<Buffer> {
  const out: Uint8Array[] = [];
  for await (const chunk of unzstd(new ByteReader(once(packed)), 128 << 20, decoder)) out.push(chunk);
  return Buffer.concat(out);
}

describe('zstd', () => {
  const text = logText(1_500_000);

  it('decodes alike with the decoder in JavaScript and the one of the runtime', async (context) => {
    for (const args of [['-1'], ['-19'], ['--check'], ['--no-check'], ['--long=27'], ['--format=zstd', '-3', '--no-content-size']]) {
      for (const data of [text, Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(700_000)]) {
        const packed = packWith('zstd', ['-q', '-c', ...args], data);
        if (packed === null) return context.skip('zstd is not installed');
        const twice = Buffer.concat([packed, packed]);
        const expected = Buffer.concat([data, data]);
        expect((await decode(twice, scriptDecoder)).equals(expected), args.join(' ')).toBe(true);
        if (hasNativeZstd()) expect((await decode(twice)).equals(expected), args.join(' ')).toBe(true);
      }
    }
  });

  it('ends on a frame made to hang the decoder in JavaScript', async () => {
    // Literals with a Huffman table whose weights come from an FSE table of one symbol: a step takes no bits and never ends.
    const literals = [0x02, 0x01, 0x05, 4, 0xf0, 0x03, 0x00, 0x80, ...Array.from({ length: 15 }, () => 0x55)];
    const block = [...literals, 0];
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 1 | (2 << 1) | ((block.length << 3) & 0xff), block.length >> 5, 0, ...block]);
    const started = performance.now();
    await expect(decode(frame, () => scriptDecoder(100))).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('timed out') as string });
    expect(performance.now() - started).toBeLessThan(5000);
    if (hasNativeZstd()) await expect(decode(frame)).rejects.toMatchObject({ kind: 'corrupt' });
  });
});
