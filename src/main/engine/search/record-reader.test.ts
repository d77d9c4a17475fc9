import { describe, expect, it } from 'vitest';
import { decodeWhole } from '../../../../test/support/decode-whole.ts';
import { readRecord } from '../formats/read-record.ts';
import { formats } from '../formats/registry.ts';

/** What RecordReader relies on when it keeps one parser for all records of a source. */
describe('a parser of decoded lines', () => {
  for (const format of formats.filter(({ decode, document }) => decode && document)) {
    it(`keeps nothing from record to record: ${format.id}`, async () => {
      const document = format.document?.() ?? new Uint8Array(0);
      const lines = Buffer.from(await decodeWhole(format, document, { size: Math.max(1, document.length), path: 'document' }));
      const context = { path: 'document', modified: 0, zone: 'UTC', head: lines.subarray(0, 65536) };
      const samples = format.samples.map(({ record }) => record);
      const records = [...lines.toString('latin1').split('\n').filter((line) => line !== ''), ...samples].map((line) => Buffer.from(line, 'latin1'));
      expect(records.length).toBeGreaterThan(0);
      const shared = format.open(context);
      for (const record of [...records, ...records.toReversed()]) expect(readRecord(format, context, record, shared)).toEqual(readRecord(format, context, record));
    });
  }
});
