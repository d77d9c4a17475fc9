/** The Journal Export Format: text and counted fields, and what becomes of damage. */
import { describe, expect, it } from 'vitest';
import { journald } from './journald.ts';
import { CollectingSink } from './lib/collect.ts';

const text = (value: string): Buffer => Buffer.from(value, 'utf8');
function counted(name: string, value: Buffer, length = value.length): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([text(`${name}\n`), size, value, text('\n')]);
}
const entry = (n: number, ...more: Buffer[]): Buffer => Buffer.concat([text(`__CURSOR=c${n}\n__REALTIME_TIMESTAMP=177763680000000${n}\n`), ...more, text('\n')]);

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}
async function read(bytes: Buffer): Promise<CollectingSink> {
  const parts: Uint8Array[] = [];
  for await (const part of journald.decode?.(once(bytes), { path: 'x', modified: 0 }) ?? []) parts.push(part);
  const lines = Buffer.concat(parts);
  const sink = new CollectingSink(lines, true);
  journald.open({ path: 'x', modified: 0, zone: 'UTC', head: lines }).parse(lines, 0, lines.length, lines.length, true, sink);
  return sink;
}
const messages = ({ records }: CollectingSink): string[] => records.map(({ message }) => message);

describe('journald', () => {
  it('reads text and counted fields, also such as hold what ends an entry', async () => {
    const sink = await read(Buffer.concat([
      entry(1, text('MESSAGE=a = b\nPRIORITY=3\n_HOSTNAME=h\n')),
      entry(2, counted('MESSAGE', text('two\n\n__CURSOR=x')), counted('BLOB', Buffer.from([0, 255, 10]))),
    ]));
    expect(messages(sink)).toEqual(['a = b', 'two\n\n__CURSOR=x']);
    expect(sink.rejects).toEqual([]);
    expect(sink.records[0]).toMatchObject({ time: 1777636800000001, fields: { level: 'err', host: 'h' } });
    expect(sink.records[1].attributes).toContainEqual({ name: 'log.offset', value: 88 });
    expect(sink.records[1].attributes).toContainEqual({ name: 'BLOB', value: '\0\ufffd\n' });
  });

  it('reads a last entry that no blank line ends', async () => {
    expect(messages(await read(text('__CURSOR=c\n__REALTIME_TIMESTAMP=1777636800000001\nMESSAGE=last')))).toEqual(['last']);
  });

  it.each([
    ['a line that is no field', text('what is this\n'), 'This is no field of a journal entry. (at byte 65 of the file)'],
    ['a length that cannot be', counted('BLOB', text('x'), 2 ** 40), 'The field BLOB says it has 1099511627776 bytes, which cannot be. (at byte 65 of the file)'],
    ['a length that ends elsewhere', counted('BLOB', text('12345'), 3), 'The field BLOB does not end where its length says. (at byte 65 of the file)'],
  ])('tells %s, keeps what stood before it and goes on with the next entry', async (_name, damage, reason) => {
    const sink = await read(Buffer.concat([entry(1, text('MESSAGE=before\n'), damage, text('MESSAGE=lost\n')), entry(2, text('MESSAGE=next\n'))]));
    expect(messages(sink)).toEqual(['before', 'next']);
    expect(sink.rejects.map((reject) => reject.reason)).toEqual([reason]);
  });

  it('says where a file is cut off', async () => {
    const sink = await read(entry(1, text('MESSAGE=m\n'), counted('BLOB', text('abc'))).subarray(0, -3));
    expect(messages(sink)).toEqual(['m']);
    expect(sink.rejects[0].reason).toContain('The file ends in the field BLOB: 2 of its 3 bytes are there.');
  });

  it('cuts what is too long to keep and says so', async () => {
    const sink = await read(Buffer.concat([entry(1, text('MESSAGE=m\n'), counted('COREDUMP', Buffer.alloc(3 << 20, 'x')), text(`LONG=${'y'.repeat(2 << 20)}\n`)), entry(2, text('MESSAGE=next\n'))]));
    expect(messages(sink)).toEqual(['m', 'next']);
    expect(sink.records[0].end - sink.records[0].start).toBeLessThan(1_000_000);
    expect(sink.records[0].attributes.find(({ name }) => name === 'record.cut')?.value).toContain('2097152 bytes');
  });

  it('keeps at most 4 MiB of an entry', async () => {
    const fields = Array.from({ length: 100 }, (_, i) => counted(`F${i}`, Buffer.alloc(256 << 10, 'x')));
    const sink = await read(Buffer.concat([entry(1, text('MESSAGE=m\n'), ...fields), entry(2, text('MESSAGE=next\n'))]));
    expect(messages(sink)).toEqual(['m', 'next']);
  });
});
