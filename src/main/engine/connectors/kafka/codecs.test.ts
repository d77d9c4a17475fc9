import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { unlz4, unsnappy, unzstd } from './codecs.ts';

// What real producers write is tried in test/integration/kafka.test.ts; here what nobody should.
describe('compressed batches', () => {
  it('reads examples of the specifications', () => {
    // literal "abc", then a copy of six bytes from three back
    expect(unsnappy(Buffer.from([9, 0x08, 97, 98, 99, ((6 - 4) << 2) | 1, 3])).toString()).toBe('abcabcabc');
    const lz4 = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
    expect(unlz4(Buffer.from([...lz4, 6, 0, 0, 0, 0x32, 97, 98, 99, 3, 0, 0, 0, 0, 0])).toString()).toBe('abcabcabc');
    expect(unlz4(Buffer.from([...lz4, 2, 0, 0, 0x80, 104, 105, 0, 0, 0, 0])).toString()).toBe('hi');
  });
  it('says so when one is damaged', () => {
    expect(() => unsnappy(Buffer.from([9, 0x08, 97, 98]))).toThrow('ends too early');
    expect(() => unsnappy(Buffer.from([9, 1, 3]))).toThrow('not there');
    expect(() => unlz4(Buffer.from('nothing like it'))).toThrow('does not begin');
    expect(() => unzstd(Buffer.from('nothing like it'))).toThrow();
  });
  it('ends, and stays within bounds, on any bytes', () => {
    for (const read of [unsnappy, (data: Buffer) => unlz4(Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]), data])), unzstd]) {
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(read(Buffer.from(bytes)).length).toBeLessThanOrEqual(64 << 20);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }), { numRuns: 50 });
    }
  });
});
