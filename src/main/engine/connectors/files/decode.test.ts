import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUtf8 } from './decode.ts';

async function* inPieces(bytes: Buffer, sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : sizes[i % sizes.length];
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function decode(bytes: Buffer, sizes: number[] = []): Promise<Buffer> {
  const out: Uint8Array[] = [];
  for await (const chunk of toUtf8(inPieces(bytes, sizes))) out.push(chunk);
  return Buffer.concat(out);
}

function utf16(text: string, order: 'le' | 'be', bom: boolean): Buffer {
  const bytes = Buffer.from((bom ? '\ufeff' : '') + text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe('toUtf8', () => {
  it('turns UTF-16 with a BOM into UTF-8, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.constantFrom('le' as const, 'be' as const), sizes, async (text, order, cut) => {
        // U+0000 first would read as UTF-32, which nobody logs in.
        fc.pre(!text.startsWith('\0'));
        expect((await decode(utf16(text, order, true), cut)).toString()).toBe(text);
      }),
    );
  });

  it('knows UTF-16 without a BOM by its NUL bytes, however it is cut', async () => {
    const text = '2026-03-04 05:06:07 Grüße 日本 😀 done\r\n'.repeat(300);
    for (const order of ['le', 'be'] as const) {
      for (const cut of [[], [1], [3, 1, 4], [4095], [4097]]) expect((await decode(utf16(text, order, false), cut)).toString()).toBe(text);
      expect((await decode(utf16('short line\n', order, false), [1])).toString()).toBe('short line\n');
    }
  });

  it('passes everything else through, the very same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), sizes, async (bytes, cut) => {
        const input = Buffer.from(bytes);
        fc.pre(!input.includes(0) && input[0] !== 0xff && input[0] !== 0xfe);
        expect((await decode(input, cut)).equals(input)).toBe(true);
      }),
    );
    const chunk = Buffer.from('plain text, long enough to be sure\n');
    for await (const out of toUtf8(inPieces(chunk, []))) expect(out.buffer).toBe(chunk.buffer);
  });

  it('keeps a UTF-8 BOM, leaves UTF-32 and binary alone', async () => {
    for (const hex of ['efbbbf6162', 'fffe000061000000', '7f454c4602010100', '0000000000000000', '61000000', '00', 'ff', '']) {
      expect((await decode(Buffer.from(hex, 'hex'), [1])).toString('hex')).toBe(hex);
    }
  });

  it('shows a lone surrogate and a half character at the end as U+FFFD', async () => {
    expect((await decode(Buffer.from('fffe610000d86200', 'hex'), [3])).toString()).toBe('a\ufffdb');
    expect((await decode(Buffer.from('fffe61003dd8', 'hex'), [1])).toString()).toBe('a\ufffd');
    expect((await decode(Buffer.from('fffe610062', 'hex'))).toString()).toBe('a\ufffd');
  });
});
