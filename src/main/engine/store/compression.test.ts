import { describe, expect, it } from 'vitest';
import { pack, unpack } from './compression.ts';

describe('unpack', () => {
  it.each([['what packs', new Uint8Array(1000).fill(7)], ['what does not', Uint8Array.of(1, 2, 3, 4)]])('gives back %s as bytes whose slice is a copy', (_name, bytes) => {
    const packed = pack(bytes);
    // As it comes out of a database: a Buffer.
    const back = unpack(Buffer.from(packed));
    expect(Buffer.from(back).equals(bytes)).toBe(true);
    expect(back.slice(1, 3).buffer.byteLength).toBe(2);
  });
});
