/**
 * security/: Windows event logs. sigma-regression/ has a golden decode of each file, evtx/labels.csv what libevtx's evtxexport counts in it.
 * Which rules fire is judged by bench:accuracy.
 */
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';
import { CollectingSink, type ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { evtx } from '../../../src/main/engine/formats/evtx.ts';
import { makeHead, recognise } from '../../../src/main/engine/formats/recognise.ts';
import { formats } from '../../../src/main/engine/formats/registry.ts';
import { decodeWhole } from '../decode-whole.ts';
import type { Excuse, Ledger } from './ledger.ts';
import { readJson } from './log-times.ts';

interface Label {
  file: string;
  ids_in_name: string;
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
export interface EventLog {
  /** '' when it is not recognised */
  format: string;
  lines: Record<string, unknown>[];
  records: ReadRecord[];
  rejects: string[];
}

export async function judgeSecurity(folder: string, ledger: Ledger): Promise<void> {
  const regression = path.join(folder, 'sigma-regression/expected.json');
  if (fs.existsSync(regression)) {
    const all = readJson(regression) as Expected[];
    let exact = 0;
    for (const expected of all) {
      const file = `sigma-regression/${expected.rule}/${expected.evtx}`;
      await ledger.file(file, async () => void (exact += (await judgeGolden(file, path.join(folder, file), expected, ledger)) ? 1 : 0));
    }
    ledger.compare('sigma-regression', 'golden JSON to the last blank and digit', all.length, exact, {
      holds: true, reason: 'the golden JSON leaves out blanks at the end of a text and what of a time is finer than a microsecond; we keep both, and all else is equal',
    });
  } else {
    ledger.absent.push('sigma-regression/expected.json');
  }
  const labels = path.join(folder, 'evtx/labels.csv');
  if (fs.existsSync(labels)) {
    for (const label of parse(fs.readFileSync(labels), { columns: true }) as Label[]) {
      const file = `evtx/${label.file}`;
      await ledger.file(file, async () => await judgeLabel(file, path.join(folder, file), label, ledger));
    }
  } else {
    ledger.absent.push('evtx/labels.csv');
  }
}

/** The event log in `file` as the engine reads it, recognised by what it holds, in pieces that fit nothing in it. */
export async function readEventLog(file: string): Promise<EventLog> {
  const bytes = fs.readFileSync(file);
  const buf = await decodeWhole(evtx, bytes, { size: 50_000 });
  const sink = new CollectingSink(buf, true);
  evtx.open({ path: file, modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  const lines = buf.toString().split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  return { format: recognise(makeHead('unknown', bytes), formats).format?.id ?? '', lines, records: sink.records, rejects: sink.rejects.map(({ reason }) => reason) };
}
function eventAttribute(record: ReadRecord, name: string): string {
  return String(record.attributes.find((candidate) => candidate.name === name)?.value);
}
function count(records: readonly ReadRecord[], name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) counts[eventAttribute(record, name)] = (counts[eventAttribute(record, name)] ?? 0) + 1;
  return counts;
}

/** Whether the golden JSON is equal to the last blank and digit, too. */
async function judgeGolden(file: string, full: string, { evtx_records: records, event_ids: ids }: Expected, ledger: Ledger): Promise<boolean> {
  const log = await readEventLog(full);
  ledger.compare(file, 'recognised', 'evtx', log.format);
  ledger.compare(file, 'records', records, log.records.length);
  ledger.compare(file, 'undecodable', [], log.rejects);
  ledger.compare(file, 'event ids', ids, count(log.records, 'EventID'));
  const golden = objectsOf(fs.readFileSync(full.replace(/\.evtx$/, '.json'), 'utf8'));
  const events: unknown[] = log.lines.map(({ Event }) => ({ Event }));
  // Where it holds only the events that the rule is about, each must be among ours.
  const ours = golden.length === events.length ? events : golden.map((event) => events.find((one) => isDeepStrictEqual(asGolden(one), event)) ?? 'not among ours');
  const same = isDeepStrictEqual(ours.map(asGolden), golden);
  ledger.compare(file, 'golden JSON', golden, same ? golden : ours);
  return isDeepStrictEqual(ours, golden);
}
/** One object behind the other, printed over several lines. */
function objectsOf(text: string): unknown[] {
  return text.trim().split(/(?<=^\})\s*(?=^\{)/m).map((part) => JSON.parse(part) as unknown);
}
/** Without what the golden files leave out: blanks at the end of a text, and what of a time is finer than a microsecond. */
function asGolden(value: unknown): unknown {
  if (typeof value === 'string') return value.trimEnd().replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\dZ$/, '$1Z');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asGolden);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asGolden(item)]));
}

async function judgeLabel(file: string, full: string, label: Label, ledger: Ledger): Promise<void> {
  const { format, records, rejects } = await readEventLog(full);
  ledger.compare(file, 'recognised', 'evtx', format);
  ledger.compare(file, 'undecodable', [], rejects);
  const theirs = Number(label.records);
  const excuse = recovered(full, theirs, records.length);
  ledger.compare(file, 'records', theirs, records.length, excuse);
  ledger.compare(file, 'event ids', JSON.parse(label.event_ids), count(records, 'EventID'), excuse);
  ledger.compare(file, 'channels', JSON.parse(label.channels), count(records, 'Channel'), excuse);
  const times = records.map((record) => eventAttribute(record, 'TimeCreated_SystemTime').replace(/\.(\d+)Z$/, (_, digits: string) => `.${digits.padEnd(9, '0')}Z`)).toSorted();
  ledger.compare(file, 'times', [label.first_utc, label.last_utc], [times[0] ?? '', times.at(-1) ?? ''], excuse);
  const wrong = records.filter((record) => record.time !== microseconds(eventAttribute(record, 'TimeCreated_SystemTime')));
  ledger.compare(file, 'each time as written', 0, wrong.length);
  // What its authors publish: "4624 x2 (EventRecordID 31794, 31799)".
  const [, id, times2, numbers] = /^(\d+) x(\d+) \(EventRecordID ([\d, ]+)\)$/.exec(label.ids_in_name) ?? [];
  if (id !== undefined) ledger.compare(file, `events ${id}`, { count: Number(times2), records: numbers.split(', ') }, events(records, id));
}
function events(records: readonly ReadRecord[], id: string): unknown {
  const found = records.filter((record) => eventAttribute(record, 'EventID') === id);
  return { count: found.length, records: found.map((record) => eventAttribute(record, 'EventRecordID')) };
}
function microseconds(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d*Z/, '$1Z')) * 1000 + Number(text.slice(23, 26));
}

/** When evtxexport may count otherwise. */
function recovered(full: string, theirs: number, ours: number): Excuse {
  const header = fs.readFileSync(full).subarray(0, 4096);
  const dirty = (header.readUInt32LE(120) & 1) === 1 || header.readUInt16LE(42) > 1;
  if (theirs === 0 && ours > 0) return { holds: true, reason: 'libevtx reads none of its records: another writer put them together, without templates and with every value as text; we read them' };
  return { holds: dirty && theirs !== ours, reason: 'the file was not closed or holds several chunks, of which evtxexport recovers records that were overwritten (its README: a question, not a failure)' };
}
