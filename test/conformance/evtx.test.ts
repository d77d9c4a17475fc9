/**
 * Real Windows event logs with known contents, decoded and read as the engine does it. They lie outside the repository, so without them there
 * is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { evtx } from '../../src/main/engine/formats/evtx.ts';
import { CollectingSink, type ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';

const folder = fileURLToPath(new URL('../../../shared/data/security', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/security beside the repository');
const regression = path.join(folder, 'sigma-regression');

interface Label {
  file: string;
  records: string;
  event_ids: string;
  channels: string;
  first_utc: string;
  last_utc: string;
}
interface Expected {
  rule: string;
  evtx: string;
  evtx_records: number;
  event_ids: Record<string, number>;
}
interface Decoded {
  lines: Record<string, unknown>[];
  records: ReadRecord[];
  rejects: string[];
}

async function decode(bytes: Uint8Array): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; at += 50_000) yield await Promise.resolve(bytes.subarray(at, at + 50_000));
  }
  const parts: Uint8Array[] = [];
  for await (const part of evtx.decode?.(pieces(), { path: 'x.evtx', modified: 0 }) ?? []) parts.push(part);
  return Buffer.concat(parts);
}
async function read(file: string): Promise<Decoded> {
  const bytes = fs.readFileSync(file);
  expect(recognise(makeHead('unknown', bytes), formats).format?.id, file).toBe('evtx');
  const buf = await decode(bytes);
  const sink = new CollectingSink(buf, true);
  evtx.open({ path: file, modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  const lines = buf.toString().split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, records: sink.records, rejects: sink.rejects.map(({ reason }) => reason) };
}
const attribute = (record: ReadRecord, name: string): string => String(record.attributes.find((candidate) => candidate.name === name)?.value);
function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** What the golden files leave out: blanks at the end of a text, and what of a time is finer than a microsecond. */
function asGolden(value: unknown): unknown {
  if (typeof value === 'string') return value.trimEnd().replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\dZ$/, '$1Z');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asGolden);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asGolden(item)]));
}
/** One object behind the other, printed over several lines. */
const objectsOf = (text: string): unknown[] => text.trim().split(/(?<=^\})\s*(?=^\{)/m).map((part) => JSON.parse(part) as unknown);

describe.skipIf(!there)('Windows event logs', () => {
  const expected = there ? (JSON.parse(fs.readFileSync(path.join(regression, 'expected.json'), 'utf8')) as Expected[]) : [];
  const labels: Label[] = there ? parse(fs.readFileSync(path.join(folder, 'evtx/labels.csv')), { columns: true }) : [];

  it('decodes the files of the Sigma regression data as their golden JSON has them', async () => {
    expect(expected).toHaveLength(27);
    for (const { rule, evtx: file, evtx_records: records, event_ids: ids } of expected) {
      const decoded = await read(path.join(regression, rule, file));
      const golden = objectsOf(fs.readFileSync(path.join(regression, rule, file.replace('.evtx', '.json')), 'utf8'));
      const events = decoded.lines.map(({ Event }) => ({ Event: asGolden(Event) }));
      expect(decoded.rejects, rule).toEqual([]);
      expect(decoded.records, rule).toHaveLength(records);
      expect(count(decoded.records.map((record) => attribute(record, 'EventID'))), rule).toEqual(ids);
      expect(events, rule).toEqual(golden);
    }
  });

  it.each(labels.map((label) => [label.file, label] as const))('reads %s as libevtx does', async (file, label) => {
    const { records, rejects } = await read(path.join(folder, 'evtx', file));
    expect(rejects).toEqual([]);
    if (file.startsWith('ID2003-4950')) {
      // libevtx reads none of its records: they were put together by another writer, without templates and with every value as text.
      expect(label.records).toBe('0');
      expect(count(records.map((record) => attribute(record, 'EventID')))).toEqual({ 2003: 3, 4950: 3 });
      return;
    }
    expect(records).toHaveLength(Number(label.records));
    expect(count(records.map((record) => attribute(record, 'EventID')))).toEqual(JSON.parse(label.event_ids));
    expect(count(records.map((record) => attribute(record, 'Channel')))).toEqual(JSON.parse(label.channels));
    const times = records.map((record) => attribute(record, 'TimeCreated_SystemTime').replace(/\.(\d+)Z$/, (_, digits: string) => `.${digits.padEnd(9, '0')}Z`)).toSorted();
    expect([times[0], times.at(-1)]).toEqual([label.first_utc, label.last_utc]);
    for (const { time, attributes } of records) {
      const text = String(attributes.find(({ name }) => name === 'TimeCreated_SystemTime')?.value);
      expect(time).toBe(Date.parse(text.replace(/(\.\d{3})\d*Z/, '$1Z')) * 1000 + Number(text.slice(23, 26)));
    }
  });

  it('finds the two logons that chainsaw finds in its sample', async () => {
    const { records } = await read(path.join(folder, 'evtx/chainsaw_security_sample.evtx'));
    const logons = records.filter((record) => attribute(record, 'EventID') === '4624');
    expect(logons.map((record) => [attribute(record, 'EventRecordID'), new Date((record.time ?? 0) / 1000).toISOString().slice(0, 19)])).toEqual([
      ['31794', '2022-10-11T19:26:52'],
      ['31799', '2022-10-11T19:26:56'],
    ]);
  });

  it('fills the columns of real records', async () => {
    for (const { file } of labels) {
      for (const { fields, message, time, attributes } of (await read(path.join(folder, 'evtx', file))).records) {
        expect(time, file).not.toBeNull();
        // The checksums of these files are right.
        expect(attributes.map(({ name }) => name), file).not.toContain('evtx.damage');
        expect(fields, file).toMatchObject({ service: expect.stringMatching(/\w/) as unknown, host: expect.stringMatching(/\w/) as unknown, level: expect.stringMatching(/^[a-z]+$/) as unknown });
        expect(message, file).toMatch(/^[\w -]+ \d+( [A-Za-z -]+)?(: |$)/);
        expect(message?.length, file).toBeLessThan(1600);
      }
    }
  });

  it('comes to an end with damaged files, and reads what is whole', async () => {
    // Every 997th byte of a real chunk turned over, one after the other: the rest of the records are still there.
    const file = fs.readFileSync(path.join(folder, 'evtx/DE_sysmon-3-rdp-tun.evtx'));
    for (let at = 4096 + 512; at < 4096 + 59_000; at += 997) {
      const damaged = Uint8Array.from(file);
      damaged[at] ^= 0xff;
      const lines = (await decode(damaged)).toString().split('\n').slice(0, -1);
      // A template is used by a third of the records at most; the other records do not depend on it.
      expect(lines.filter((line) => line.startsWith('{"Event"')).length, `byte ${at}`).toBeGreaterThan(20);
      for (const line of lines) JSON.parse(line);
    }
  });
});
