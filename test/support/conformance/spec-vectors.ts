/** spec-vectors.json: examples of the specifications, with what each must give. */
import path from 'node:path';
import { CollectingSink, type ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { makeHead, recognise } from '../../../src/main/engine/formats/recognise.ts';
import { formats } from '../../../src/main/engine/formats/registry.ts';
import { decodeWhole } from '../decode-whole.ts';
import type { Ledger } from './ledger.ts';
import { readJson, REFERENCE } from './log-times.ts';

interface Vector {
  id: string;
  format: string;
  input: string;
  expect: Record<string, unknown>;
}
const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'];
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
/** Formats whose name in the file is not ours. */
const IDS: Readonly<Record<string, string>> = { 'journald-export': 'journald' };

export async function judgeVectors(file: string, ledger: Ledger): Promise<void> {
  for (const { id, format, input, expect } of readJson(file) as Vector[]) {
    const name = `${path.basename(file)} ${id}`;
    await ledger.file(name, async () => {
      const { found, records } = await read(input);
      ledger.compare(name, 'recognised', IDS[format] ?? format, found);
      ledger.compare(name, 'records', 1, records.length);
      if (records.length === 1) ledger.compare(name, 'what it says', ...said(expect, records[0]));
    });
  }
}

async function read(input: string): Promise<{ found: string; records: ReadRecord[] }> {
  const raw = Buffer.from(`${input}${input.endsWith('\n') ? '' : '\n'}`);
  const { format } = recognise(makeHead('vector', raw), formats);
  if (!format) return { found: 'nothing', records: [] };
  const buf = await decodeWhole(format, raw);
  const sink = new CollectingSink(buf, true);
  format.open({ path: 'vector', modified: REFERENCE, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return { found: format.id, records: sink.records };
}

/** What the vector expects that a record can say, and what ours says of the same. */
function said(expected: Readonly<Record<string, unknown>>, record: ReadRecord): [Record<string, unknown>, Record<string, unknown>] {
  const { fields, message, time } = record;
  const attributes: Record<string, unknown> = Object.fromEntries(record.attributes.map(({ name, value }) => [name, String(value)]));
  const asked: Record<string, unknown> = {};
  const ours: Record<string, unknown> = {};
  const ask = (name: string, value: unknown, own: unknown): void => {
    if (expected[name] === undefined || expected[name] === null) return;
    asked[name] = value;
    ours[name] = own;
  };
  ask('facility', FACILITIES[Number(expected.facility)], attributes.facility);
  ask('severity', LEVELS[Number(expected.severity)], fields.level);
  ask('priority', LEVELS[Number(expected.priority)], fields.level);
  ask('host', expected.host, fields.host);
  for (const name of ['app', 'identifier', 'product']) ask(name, expected[name], fields.service);
  for (const name of ['msg', 'name']) ask(name, expected[name], message);
  for (const name of ['stream', 'msgid']) ask(name, expected[name], attributes[name]);
  ask('vendor', expected.vendor, attributes['observer.vendor']);
  if (expected.vendor !== undefined) ask('version', expected.version, attributes['observer.version']);
  ask('event_id', expected.event_id, attributes['event.code']);
  // Nanoseconds are cut to the microseconds that a case keeps.
  ask('timestamp', microseconds(String(expected.timestamp)), time);
  ask('time', `${String(expected.month).padStart(2, '0')}-${String(expected.day).padStart(2, '0')}T${String(expected.time)}`, time === null ? null : new Date(time / 1000).toISOString().slice(5, 19));
  const columns = { src: fields.ip, usrName: fields.user };
  for (const group of ['ext', 'attrs']) {
    for (const [name, value] of Object.entries((expected[group] ?? {}) as Record<string, unknown>)) {
      asked[name] = value;
      ours[name] = attributes[name] ?? columns[name as keyof typeof columns];
    }
  }
  for (const [element, parameters] of Object.entries((expected.sd ?? {}) as Record<string, Record<string, string>>)) {
    for (const [name, value] of Object.entries(parameters)) {
      asked[`${element}.${name}`] = value;
      ours[`${element}.${name}`] = attributes[`${element}.${name}`];
    }
  }
  return [asked, ours];
}
function microseconds(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1')) * 1000 + Number(/\.\d{3}(\d{1,3})/.exec(text)?.[1].padEnd(3, '0') ?? 0);
}
