import { describe, expect, it } from 'vitest';
import { CollectingSink } from './collect.ts';
import { decodedLines } from './decoded-lines.ts';
import { originalOf, undecodable } from './undecodable.ts';

describe('what a decoder could not decode', () => {
  it('is rejected with its reason and place, between records that are fine', () => {
    const line = undecodable('The chunk has a wrong "checksum".', 4096, Uint8Array.of(0, 255, 10));
    const buf = Buffer.from(`{"message":"a"}\n${line}{"message":"b"}\n`);
    const sink = new CollectingSink(buf, false);
    decodedLines({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
    expect(sink.records.map((record) => record.message)).toEqual(['a', 'b']);
    expect(sink.rejects).toMatchObject([{ reason: 'The chunk has a wrong "checksum". (at byte 4096 of the file)' }]);
    expect(line).toContain('"hex":"00ff0a"');
  });

  it('is never a record, whatever the line holds', () => {
    for (const text of ['{"undecodable":1}\n', '{"undecodable":"\\ud800', 'no json\n', '{"undecodable":"a\n']) {
      const buf = Buffer.from(text);
      const sink = new CollectingSink(buf, false);
      decodedLines({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
      expect(sink.records).toEqual([]);
      expect(sink.rejects).toHaveLength(1);
    }
  });

  it('gives the original back, and only for the reason it was rejected with', () => {
    const bytes = Uint8Array.of(0, 255, 10);
    const at = 'Wrong "checksum". (at byte 4096 of the file)';
    const line = Buffer.from(undecodable('Wrong "checksum".', 4096, bytes));
    expect(originalOf(line, at)).toEqual({ bytes, offset: 4096, length: 3 });
    expect(originalOf(line, 'Not valid JSON.')).toBeNull();
    expect(originalOf(Buffer.from(undecodable('Refused.', NaN, bytes)), 'Refused.')).toEqual({ bytes, offset: null, length: 3 });
    const long = originalOf(Buffer.from(undecodable('Too long.', 0, new Uint8Array(100_000))), 'Too long. (at byte 0 of the file)');
    expect([long?.bytes.length, long?.length]).toEqual([65_536, 100_000]);
    expect(originalOf(Buffer.from('{"undecodable":"x"} and more'), 'x')).toBeNull();
  });
});
