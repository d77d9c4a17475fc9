import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeWhole } from '../../../../../../test/support/decode-whole.ts';
import { evtx } from '../../evtx.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { crc32 } from './crc32.ts';
import { sampleLog } from './document.ts';

const LOG = Buffer.from(sampleLog([
  { id: 4625, recordId: 1, level: 0, time: Date.UTC(2026, 9, 1), computer: 'dc01', user: 'ada', address: '192.0.2.7' },
  { id: 4624, recordId: 2, level: 0, time: Date.UTC(2026, 9, 1), computer: 'dc01', user: 'bob', address: '-' },
]));
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const chunkOf = (): Buffer => Buffer.concat([LOG.subarray(4096), Buffer.alloc(CHUNK_BYTES)]).subarray(0, CHUNK_BYTES);

describe('templates of several chunks', () => {
  it('are told apart by a single letter of a name', async () => {
    const other = chunkOf();
    const at = other.indexOf(utf16('Computer'));
    expect(at).toBeGreaterThan(512);
    utf16('Komputer').copy(other, at);
    const text = (await decodeWhole(evtx, Buffer.concat([LOG.subarray(0, 4096), chunkOf(), other, chunkOf(), other]))).toString();
    const names = text.split('\n').filter((line) => line.startsWith('{"Event"')).map((line) => /"([CK]omputer)":"dc01"/.exec(line)?.[1]);
    expect(names).toEqual(['Computer', 'Computer', 'Komputer', 'Komputer', 'Computer', 'Computer', 'Komputer', 'Komputer']);
  });

  it('have checksums as zlib makes them', () => {
    for (let length = 0; length < 70; length++) expect(crc32(LOG, 4100 + length, 4100 + 2 * length)).toBe(zlib.crc32(LOG.subarray(4100 + length, 4100 + 2 * length)));
    expect(crc32(LOG, 128, 512, crc32(LOG, 0, 120))).toBe(zlib.crc32(Buffer.concat([LOG.subarray(0, 120), LOG.subarray(128, 512)])));
  });
});
