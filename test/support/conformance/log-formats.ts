/** log-formats/: web, zeek and cloudtrail by their expected.json, the rest by the files beside it. */
import fs from 'node:fs';
import path from 'node:path';
import type { ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { readLog, type ReadLog } from '../read-log.ts';
import { judgeAudit } from './audit.ts';
import type { Ledger } from './ledger.ts';
import { judgeLnav } from './lnav.ts';
import { isoOf, readJson, REFERENCE, spanOf, stampOf } from './log-times.ts';
import { judgeVectors } from './spec-vectors.ts';

export async function judgeLogFormats(folder: string, ledger: Ledger): Promise<void> {
  const families: Readonly<Record<string, [string, (folder: string, ledger: Ledger) => Promise<void>]>> = {
    lnav: ['lnav/expected.json', judgeLnav], web: ['web/expected.json', judgeWeb], zeek: ['zeek/expected.json', judgeZeek],
    cloudtrail: ['cloudtrail/expected.json', judgeCloudTrail], auditd: ['auditd', judgeAudit], 'spec-vectors.json': ['spec-vectors.json', judgeVectors],
  };
  for (const [family, [needed, judge]] of Object.entries(families)) {
    if (fs.existsSync(path.join(folder, needed))) await judge(path.join(folder, family), ledger);
    else ledger.absent.push(needed);
  }
}

/** The file, read; lines of text would be no recognition. */
function opened(folder: string, name: string, ledger: Ledger): ReadLog {
  const log = readLog(path.join(folder, name), REFERENCE);
  const id = log.format?.id ?? 'nothing';
  ledger.add(`${path.basename(folder)}/${name}`, 'recognised', 'more than text', id, !['nothing', 'text'].includes(id));
  return log;
}
function attribute(record: ReadRecord, name: string): unknown {
  return record.attributes.find((one) => one.name === name)?.value;
}
function counted(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

async function judgeWeb(folder: string, ledger: Ledger): Promise<void> {
  const clf = (text: string): string => stampOf(Date.parse(text.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')) * 1000);
  const all = readJson(path.join(folder, 'expected.json')) as Record<string, { lines: number; matched_combined: number; status: Record<string, number>; clients: number; first: string; last: string }>;
  for (const [name, { lines, matched_combined: matched, status, clients, first, last }] of Object.entries(all)) {
    const file = `web/${name}`;
    await ledger.file(file, () => {
      const { records, rejected } = opened(folder, name, ledger);
      ledger.compare(file, 'records', lines, records.length + rejected);
      ledger.compare(file, 'read as combined', matched, records.filter(({ numbers }) => numbers.status !== undefined).length);
      // Its first and last line: they do not stand in the order of their times.
      ledger.compare(file, 'times', [clf(first), clf(last)], [isoOf(records[0]), isoOf(records.at(-1))]);
      ledger.compare(file, 'status codes', status, counted(records.flatMap(({ numbers }) => numbers.status ?? [])));
      ledger.compare(file, 'clients', clients, new Set(records.map(({ fields }) => fields.ip)).size);
    });
  }
}

async function judgeZeek(folder: string, ledger: Ledger): Promise<void> {
  const all = readJson(path.join(folder, 'expected.json')) as Record<string, { tsv_records: number; json_records: number; fields: string[]; first_ts: number; last_ts: number }>;
  for (const [name, { tsv_records: tsv, json_records: json, fields, first_ts: first, last_ts: last }] of Object.entries(all)) {
    const read: string[][] = [];
    for (const [kind, count] of [['json', json], ['tsv', tsv]] as const) {
      const file = `zeek/${name}.${kind}.log.gz`;
      await ledger.file(file, () => {
        const log = opened(folder, `${name}.${kind}.log.gz`, ledger);
        const { records } = log;
        ledger.compare(file, 'records', count, records.length);
        ledger.compare(file, 'times', [stampOf(first * 1e6), stampOf(last * 1e6)], spanOf(records).map(isoOf));
        if (kind === 'tsv') ledger.compare(file, 'fields', fields, fields.filter((field) => tells(log, field)));
        read.push(records.map(({ time, fields: columns, numbers }) => JSON.stringify([time, Object.entries(columns).toSorted(([a], [b]) => a.localeCompare(b)), numbers])).toSorted());
      });
    }
    if (read.length === 2) ledger.compare(`zeek/${name}`, 'TSV and JSON alike', read[0], read[1]);
  }
}
/** Whether each record tells the field's value of its line: as an attribute, in a column, as its time or in its message. */
function tells({ buffer, records }: ReadLog, field: string): boolean {
  const lines = Buffer.from(buffer).toString('utf8').split('\n');
  const column = (lines.find((line) => line.startsWith('#fields\t'))?.split('\t').indexOf(field) ?? 0) - 1;
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return column >= 0 && rows.length === records.length && rows.every((line, i) => {
    const value = line.split('\t')[column].replaceAll('\\\\', '\\');
    const { fields, numbers, message, timeText } = records[i];
    return ['-', '(empty)'].includes(value) || attribute(records[i], field) !== undefined || timeText === value || message.includes(value)
      || Object.values(fields).includes(value) || Object.values(numbers).includes(Number(value));
  });
}

async function judgeCloudTrail(folder: string, ledger: Ledger): Promise<void> {
  const all = readJson(path.join(folder, 'expected.json')) as Record<string, { records: number; first: string; last: string; errors: number; events: Record<string, number> }>;
  for (const [name, { records: count, first, last, errors, events }] of Object.entries(all)) {
    const file = `cloudtrail/${name}`;
    await ledger.file(file, () => {
      const { records } = opened(folder, name, ledger);
      ledger.compare(file, 'records', count, records.length);
      const stamp = (record: ReadRecord | undefined): string => `${isoOf(record).slice(0, 19).replace(' ', 'T')}Z`;
      ledger.compare(file, 'times', [first, last], spanOf(records).map(stamp));
      ledger.compare(file, 'error events', errors, records.filter((record) => attribute(record, 'errorCode') !== undefined).length);
      ledger.compare(file, 'event names', events, counted(records.map((record) => attribute(record, 'eventName'))), {
        holds: isMostFrequent(events, counted(records.map((record) => attribute(record, 'eventName')))), reason: `the ground truth names the ${Object.keys(events).length} most frequent ones only`,
      });
    });
  }
}
/** Whether `some` are counts of `all`, and none that is left out is larger. */
function isMostFrequent(some: Readonly<Record<string, number>>, all: Readonly<Record<string, number>>): boolean {
  const least = Math.min(...Object.values(some));
  return Object.entries(some).every(([name, count]) => all[name] === count) && Object.entries(all).every(([name, count]) => name in some || count <= least);
}
