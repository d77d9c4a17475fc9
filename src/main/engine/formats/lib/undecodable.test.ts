import { describe, expect, it } from 'vitest';
import { CollectingSink } from './collect.ts';
import { decodedLines } from './decoded-lines.ts';
import { undecodable } from './undecodable.ts';

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
});
