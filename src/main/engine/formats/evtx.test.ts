import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evtx } from './evtx.ts';
import { CollectingSink } from './lib/collect.ts';
import { TOKEN } from './lib/evtx/compile.ts';
import { ByteWriter, eventLog, sampleLog, writeRecord } from './lib/evtx/document.ts';
import { TYPE } from './lib/evtx/values.ts';

const CHUNK_AT = 4096;
const [first, second] = [1, 2].map((recordId) => ({ id: 4624, recordId, level: 0, time: Date.UTC(2026, 9, 1) + recordId, computer: 'dc01', user: `user${recordId}`, address: '::1' }));

async function decode(...pieces: Uint8Array[]): Promise<Record<string, unknown>[]> {
  const parts: Uint8Array[] = [];
  for await (const part of evtx.decode?.(each(pieces), { path: 'x.evtx', modified: 0 }) ?? []) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
async function* each(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
const eventOf = (line: Record<string, unknown>): unknown => line.Event ?? line.undecodable;
/** One record around what `body` writes. */
function logOf(body: (chunk: ByteWriter) => void): Uint8Array {
  return eventLog(1, (chunk) => {
    writeRecord(chunk, 1, 0n, () => body(chunk));
    return 512;
  });
}
/** A template with one hole in <Event><a>, and a value for it. */
function logOfValue(type: number, value: readonly number[]): Uint8Array {
  return logOf((chunk) => {
    chunk.u8(TOKEN.instance, 1).u32(1).u32(chunk.at + 4).u32(0).u64(0n).u64(0n);
    const sizeAt = chunk.at;
    chunk.u32(0).u8(TOKEN.header, 1, 1, 0).open('Event').u8(TOKEN.closeStart).leaf('a', 0, type).u8(TOKEN.closeElement, TOKEN.end);
    chunk.view.setUint32(sizeAt, chunk.at - sizeAt - 4, true);
    chunk.u32(1).u16(value.length).u8(type, 0, ...value);
  });
}
const wide = (text: string): number[] => [...Buffer.from(text, 'utf16le')];
const rejectsOf = (lines: readonly Record<string, unknown>[]): string[] => {
  const buf = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const sink = new CollectingSink(buf, false);
  evtx.open({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return sink.rejects.map(({ reason }) => reason);
};

describe('evtx', () => {
  it('says what the records say, and where they stand', async () => {
    const [one, two] = await decode(sampleLog([first, second]));
    expect(one).toEqual({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: { '#attributes': { Name: 'Microsoft-Windows-Security-Auditing' } },
          EventID: 4624, Level: 0, TimeCreated: { '#attributes': { SystemTime: '2026-10-01T00:00:00.001000Z' } }, EventRecordID: 1, Channel: 'Security', Computer: 'dc01',
        },
        EventData: { TargetUserName: 'user1', IpAddress: '::1' },
      },
      evtx: { record: 1, written: '2026-10-01T00:00:00.001000Z', offset: CHUNK_AT + 512 },
    });
    expect(two).toMatchObject({ Event: { EventData: { TargetUserName: 'user2' } }, evtx: { record: 2 } });
  });

  it.each<[string, number, number[], unknown]>([
    ['nothing', TYPE.null, [], null],
    ['text', TYPE.string, wide('a"\\\n\u0001ß€\u{1f511}\ud800'), 'a"\\\n\u0001ß€\u{1f511}\ufffd'],
    ['an empty text', TYPE.string, [], ''],
    ['text with the NUL that ends it', TYPE.string, wide('ab\0'), 'ab'],
    ['an ANSI text', TYPE.ansi, [0x61, 0x22, 0xe4, 0], 'a"ä'],
    ['int8', TYPE.int8, [0xff], -1],
    ['uint8', TYPE.uint8, [0xff], 255],
    ['int16', TYPE.int16, [0x00, 0x80], -32768],
    ['uint16', TYPE.uint16, [0xff, 0xff], 65535],
    ['int32', TYPE.int32, [0, 0, 0, 0x80], -2147483648],
    ['uint32', TYPE.uint32, [0xff, 0xff, 0xff, 0xff], 4294967295],
    ['int64', TYPE.int64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], -1],
    ['uint64', TYPE.uint64, [0, 0, 0, 0, 1, 0, 0, 0], 4294967296],
    ['float', TYPE.float, [...new Uint8Array(new Float32Array([0.1]).buffer)], 0.1],
    ['double', TYPE.double, [...new Uint8Array(new Float64Array([1e300]).buffer)], 1e300],
    ['infinity', TYPE.double, [...new Uint8Array(new Float64Array([-Infinity]).buffer)], '-INF'],
    ['bool', TYPE.bool, [1, 0, 0, 0], true],
    ['binary', TYPE.binary, [0xde, 0xad, 0x01], 'DEAD01'],
    ['a GUID', TYPE.guid, [0x5f, 0x38, 0x70, 0x57, 0x2a, 0xc2, 0xe0, 0x43, 0xbf, 0x4c, 6, 0xf5, 0x69, 0x8f, 0xfb, 0xd9], '5770385F-C22A-43E0-BF4C-06F5698FFBD9'],
    ['a size of 4 bytes', TYPE.size, [0x78, 3, 0, 0], '0x378'],
    ['a size of 8 bytes', TYPE.size, [0, 0, 0, 0, 1, 0, 0, 0], '0x100000000'],
    ['a FILETIME', TYPE.filetime, [...new Uint8Array(new BigUint64Array([132_000_000_001_234_567n]).buffer)], '2019-04-17T18:40:00.1234567Z'],
    ['the first FILETIME', TYPE.filetime, [0, 0, 0, 0, 0, 0, 0, 0], '1601-01-01T00:00:00.000000Z'],
    ['a SYSTEMTIME', TYPE.systemtime, [...new Uint8Array(new Uint16Array([2026, 2, 0, 28, 23, 59, 58, 7]).buffer)], '2026-02-28T23:59:58.007000Z'],
    ['a SID', TYPE.sid, [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0], 'S-1-5-32-544'],
    ['hex32', TYPE.hex32, [0xef, 0, 0, 0x80], '0x800000ef'],
    ['hex64', TYPE.hex64, [0, 0, 0, 0, 0, 0, 0x20, 0x80], '0x8020000000000000'],
    ['texts', 0x80 | TYPE.string, wide('a\0\0b c\0'), { '#text': ['a', '', 'b c'] }],
    ['numbers', 0x80 | TYPE.uint16, [1, 0, 2, 0], { '#text': [1, 2] }],
    ['a number of the wrong size, as its bytes', TYPE.uint32, [1, 2], '0102'],
    ['a SID that is cut off, as its bytes', TYPE.sid, [1, 9, 0, 0, 0, 0, 0, 5], '0109000000000005'],
    ['a type nobody knows, as its bytes', 0x55, [1, 2], '0102'],
  ])('reads %s', async (_name, type, value, expected) => {
    const [line] = await decode(logOfValue(type, value));
    expect(eventOf(line)).toEqual({ a: expected });
  });

  it('keeps every digit of large numbers', async () => {
    const parts: Uint8Array[] = [];
    for await (const part of evtx.decode?.(each([logOfValue(TYPE.uint64, new Array<number>(8).fill(255))]), { path: 'x', modified: 0 }) ?? []) parts.push(part);
    const line = Buffer.concat(parts).toString();
    expect(line).toContain('"a":18446744073709551615');
    const sink = new CollectingSink(Buffer.from(line), true);
    evtx.open({ path: 'x', modified: 0, zone: 'UTC', head: new Uint8Array(0) }).parse(Buffer.from(line), 0, line.length, line.length, true, sink);
    expect(sink.records[0].attributes).toContainEqual({ name: 'a', value: '18446744073709551615' });
  });

  it('agrees with Date on any FILETIME', async () => {
    await fc.assert(fc.asyncProperty(fc.bigInt(0n, 2_650_467_743_999_999n), async (tenMicros) => {
      const [line] = await decode(logOfValue(TYPE.filetime, [...new Uint8Array(new BigUint64Array([tenMicros * 1000n + 7n]).buffer)]));
      const expected = new Date(Number(tenMicros / 10n) - 11_644_473_600_000).toISOString().slice(0, -1);
      expect(eventOf(line)).toEqual({ a: `${expected}${tenMicros % 10n}007Z` });
    }), { numRuns: 100 });
  });

  it('reads XML that stands in no template, with references, CDATA, an instruction and repeated names', async () => {
    const [line] = await decode(logOf((chunk) => {
      const open = (name: string, attributes = false): ByteWriter => {
        chunk.u8(TOKEN.open | (attributes ? 0x40 : 0)).u32(0).name(name);
        return attributes ? chunk.u32(0) : chunk;
      };
      open('Event').u8(TOKEN.closeStart);
      open('a', true).attribute('b').text('x').u8(TOKEN.closeStart).text('1 ').u8(TOKEN.entity).name('lt').u8(TOKEN.character).u16(0x20ac).u8(TOKEN.cdata).u16(2).utf16('&"').u8(TOKEN.closeElement);
      open('a').u8(TOKEN.closeEmpty);
      open('EventData').u8(TOKEN.closeStart);
      for (const value of ['one', 'two']) open('Data').u8(TOKEN.closeStart).text(value).u8(TOKEN.closeElement);
      chunk.u8(TOKEN.target).name('pi').u8(TOKEN.instruction).u16(2).utf16('go').u8(TOKEN.closeElement, TOKEN.closeElement, TOKEN.end);
    }));
    expect(eventOf(line)).toEqual({ a: { '#attributes': { b: 'x' }, '#text': '1 <€&"' }, a_1: null, EventData: { Data: { '#text': ['one', 'two'] }, '?pi': 'go' } });
  });

  it('reads XML in values', async () => {
    // The value follows its descriptor: an element without a dependency id, its name right behind.
    const [line] = await decode(logOf((chunk) => {
      chunk.u8(TOKEN.instance, 1).u32(1).u32(chunk.at + 4).u32(0).u64(0n).u64(0n);
      const sizeAt = chunk.at;
      chunk.u32(0).u8(TOKEN.header, 1, 1, 0).open('Event').u8(TOKEN.closeStart).hole(0, TYPE.binxml).u8(TOKEN.closeElement, TOKEN.end);
      chunk.view.setUint32(sizeAt, chunk.at - sizeAt - 4, true);
      const descriptor = chunk.u32(1).at;
      chunk.u16(0).u8(TYPE.binxml, 0);
      const start = chunk.at;
      chunk.u8(TOKEN.header, 1, 1, 0).u8(TOKEN.open).u32(0).name('UserData').u8(TOKEN.closeStart).text('in').u8(TOKEN.closeElement, TOKEN.end);
      chunk.view.setUint16(descriptor, chunk.at - start, true);
    }));
    expect(eventOf(line)).toEqual({ UserData: 'in' });
  });

  it('reads records written after the header of their chunk, and says when its checksum is wrong', async () => {
    const log = sampleLog([first, second]);
    const view = new DataView(log.buffer, CHUNK_AT);
    const size = view.getUint32(512 + 4, true);
    view.setUint32(48, 512 + size, true);
    const lines = await decode(log);
    expect(lines.map((line) => line.evtx)).toEqual([
      expect.objectContaining({ record: 1, damage: 'the checksum of the chunk is wrong' }),
      expect.objectContaining({ record: 2, damage: 'the checksum of the chunk is wrong' }),
    ]);
  });

  it('does not read what is left of older records', async () => {
    const log = sampleLog([first, { ...second, recordId: 9 }]);
    const view = new DataView(log.buffer, CHUNK_AT);
    view.setUint32(48, 512 + view.getUint32(512 + 4, true), true);
    expect(await decode(log)).toHaveLength(1);
  });

  it('reads chunks past the number its header says, a chunk alone, and passes over space set aside', async () => {
    const log = sampleLog([first]);
    const chunk = log.subarray(CHUNK_AT);
    const lines = await decode(log, new Uint8Array(65536), sampleLog([second]).subarray(CHUNK_AT));
    expect(lines.map((line) => line.evtx)).toMatchObject([{ record: 1, offset: 4608 }, { record: 2, offset: 4608 + 2 * 65536 }]);
    expect(await decode(chunk)).toMatchObject([{ evtx: { record: 1, offset: 512 } }]);
  });

  it('finds the next chunk behind garbage', async () => {
    const lines = await decode(sampleLog([first]), Buffer.from('garbage!'.repeat(9000)), sampleLog([second]).subarray(CHUNK_AT));
    expect(lines.filter((line) => line.evtx)).toHaveLength(2);
    expect(rejectsOf(lines)).toEqual(['72000 bytes are no chunk of an event log. (at byte 69632 of the file)']);
  });

  it('goes on behind a damaged record', async () => {
    const log = sampleLog([first, second]);
    log[CHUNK_AT + 512] = 0;
    const lines = await decode(log);
    // The template stood in the damaged record, whose bytes are still there.
    expect(lines.map(eventOf)).toEqual(['No record begins where one should.', expect.objectContaining({ System: expect.anything() as unknown })]);
    expect(lines[0]).toMatchObject({ offset: 4608 });
  });

  it('says where a file ends in the middle', async () => {
    const log = sampleLog([first, second]);
    const end = new DataView(log.buffer, CHUNK_AT).getUint32(48, true);
    const lines = await decode(log.subarray(0, CHUNK_AT + end - 10));
    expect(lines.map(eventOf)).toEqual([expect.anything(), 'The file ends in the middle of a record.']);
    expect(await decode(log.subarray(0, CHUNK_AT + end))).toHaveLength(2);
    const size = new DataView(log.buffer, CHUNK_AT).getUint32(512 + 4, true);
    const one = await decode(log.subarray(0, CHUNK_AT + 512 + size));
    expect(one.map(eventOf)).toEqual([expect.anything(), 'The file ends before the last records of this chunk.']);
    expect(one[1]).toMatchObject({ offset: CHUNK_AT + 512 + size });
    expect(rejectsOf(await decode(log.subarray(0, CHUNK_AT + 100)))).toEqual(['The file ends before the last records of this chunk. (at byte 4196 of the file)']);
    expect(rejectsOf(await decode(log.subarray(0, CHUNK_AT)))).toEqual(['The header of the event log names 1 chunks of records, of which 0 are here. (at byte 4096 of the file)']);
  });

  it('refuses what is no event log, and says so', async () => {
    await expect(decode(Buffer.from('hello'))).rejects.toThrow('does not begin with "ElfFile"');
    await expect(decode(sampleLog([first]).subarray(0, 100))).rejects.toThrow('only 100 bytes of its header');
  });

  it('stops templates that repeat themselves beyond measure', async () => {
    // A value of 30 KB, 100 times in one element: 3 MB from one record.
    const large = logOf((chunk) => {
      chunk.u8(TOKEN.instance, 1).u32(1).u32(chunk.at + 4).u32(0).u64(0n).u64(0n);
      const sizeAt = chunk.at;
      chunk.u32(0).u8(TOKEN.header, 1, 1, 0).open('Event').u8(TOKEN.closeStart);
      for (let i = 0; i < 100; i++) chunk.hole(0, TYPE.string);
      chunk.u8(TOKEN.closeElement, TOKEN.end);
      chunk.view.setUint32(sizeAt, chunk.at - sizeAt - 4, true);
      chunk.u32(1).u16(30_000).u8(TYPE.string, 0).utf16('x'.repeat(15_000));
    });
    expect(rejectsOf(await decode(large))).toEqual([expect.stringContaining('too long')]);
  });

  it('stops XML in values that repeats itself beyond measure, in time', async () => {
    // Each value instantiates the template again, which shows its value 50 times: 50^n elements for n levels.
    const started = performance.now();
    const lines = await decode(logOf((chunk) => {
      chunk.u8(TOKEN.instance, 1).u32(1);
      const definition = chunk.at + 4;
      chunk.u32(definition).u32(0).u64(0n).u64(0n);
      const sizeAt = chunk.at;
      chunk.u32(0).u8(TOKEN.header, 1, 1, 0).open('Event').u8(TOKEN.closeStart);
      for (let i = 0; i < 50; i++) chunk.hole(0, TYPE.binxml);
      chunk.u8(TOKEN.closeElement, TOKEN.end);
      chunk.view.setUint32(sizeAt, chunk.at - sizeAt - 4, true);
      const levels = 14;
      for (let level = levels; level > 0; level--) chunk.u32(1).u16(level * 22 - 4).u8(TYPE.binxml, 0).u8(TOKEN.header, 1, 1, 0, TOKEN.instance, 1).u32(1).u32(definition);
      chunk.u32(0);
    }));
    expect(rejectsOf(lines)).toEqual([expect.stringMatching(/too long|beyond measure/)]);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
