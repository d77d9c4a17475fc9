/**
 * Examples of the CEF and LEEF guides and of the Journal Export Format, with what each must give. (Those of the syslog RFCs and of CRI are
 * read in log-formats.test.ts.) They lie outside the repository: without them there is nothing to check.
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CollectingSink, type ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';

const file = fileURLToPath(new URL('../../../shared/data/log-formats/spec-vectors.json', import.meta.url));
const there = fs.existsSync(file);
if (!there) console.log('skipped: there is no ../shared/data/log-formats/spec-vectors.json beside the repository');

interface Vector {
  id: string;
  format: string;
  input: string;
  expect: Record<string, unknown>;
}
const IDS: Readonly<Record<string, string>> = { cef: 'cef', leef: 'leef', 'journald-export': 'journald' };
const vectors = there ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Vector[]).filter(({ format }) => format in IDS) : [];

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield await Promise.resolve(bytes);
}
async function read(input: string): Promise<{ id: string; records: ReadRecord[]; rejects: unknown[] }> {
  const raw = Buffer.from(input);
  const { format } = recognise(makeHead('vector', raw), formats);
  if (!format) throw new Error('not recognised');
  const parts: Uint8Array[] = [];
  for await (const part of format.decode?.(once(raw), { path: 'vector', modified: 0 }) ?? [raw]) parts.push(part);
  const buf = Buffer.concat(parts);
  const sink = new CollectingSink(buf, true);
  format.open({ path: 'vector', modified: Date.UTC(2026, 10, 21) * 1000, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return { id: format.id, records: sink.records, rejects: sink.rejects };
}
/** Everything a record says: attributes, and what columns show under the key that fills them. */
function values({ attributes, fields }: ReadRecord): Record<string, string | undefined> {
  const said: Record<string, string | undefined> = Object.fromEntries(attributes.map(({ name, value }) => [name, String(value)]));
  return { src: fields.ip, usrName: fields.user, ...said, product: fields.service, vendor: said['observer.vendor'], version: said['observer.version'], event_id: said['event.code'] };
}

describe.skipIf(!there)('examples of the specifications', () => {
  it('are there', () => {
    expect(new Set(vectors.map(({ format }) => format))).toEqual(new Set(Object.keys(IDS)));
  });

  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', async (_id, { format, input, expect: expected }) => {
    const { id, records, rejects } = await read(input);
    expect(id).toBe(IDS[format]);
    expect(rejects).toEqual([]);
    expect(records).toHaveLength(1);
    const [record] = records;
    const said = values(record);
    const asked = { ...(expected.ext as object | undefined), ...(expected.attrs as object | undefined) };
    for (const [name, value] of Object.entries(asked)) expect(said[name], name).toBe(value);
    for (const name of ['vendor', 'product', 'version', 'event_id']) if (expected[name] !== undefined) expect(said[name], name).toBe(expected[name]);
    if (expected.name !== undefined) expect(record.message).toBe(expected.name);
    if (expected.host !== undefined) expect(record.fields.host).toBe(expected.host);
    if (expected.identifier !== undefined) expect(record.fields.service).toBe(expected.identifier);
    if (expected.priority !== undefined) expect(record.fields.level).toBe(['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'][Number(expected.priority)]);
    if (typeof expected.timestamp === 'string') expect(`${new Date((record.time ?? 0) / 1000).toISOString().slice(0, -1)}${String((record.time ?? 0) % 1000).padStart(3, '0')}Z`).toBe(expected.timestamp);
  });
});
