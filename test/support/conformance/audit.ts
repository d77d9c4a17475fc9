/**
 * auditd/: go-libaudit's test data. NAME.log.golden has each record decoded, NAME.json.golden what the events of NAME.yaml come to. We keep the
 * records of an event apart, under its serial: so of an event its serial, its time and its values are looked for in the records of it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { CollectingSink, type ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { auditd } from '../../../src/main/engine/formats/auditd.ts';
import { readLog, type ReadLog } from '../read-log.ts';
import type { Ledger } from './ledger.ts';
import { readJson, REFERENCE } from './log-times.ts';

type Values = Record<string, string | undefined>;
interface Decoded {
  '@timestamp': string;
  record_type: string;
  sequence: number;
  data: Record<string, string>;
  keys?: string[];
}
interface Joined {
  test_name: string;
  event: { '@timestamp': string; sequence: number; data?: Record<string, string> };
}

export async function judgeAudit(folder: string, ledger: Ledger): Promise<void> {
  const names = fs.readdirSync(folder).toSorted();
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    const file = `auditd/${name}`;
    await ledger.file(file, () => {
      const log = readLog(path.join(folder, name), REFERENCE);
      ledger.add(file, 'recognised', 'auditd', log.format?.id ?? 'nothing', log.format?.id === 'auditd');
      if (names.includes(`${name}.golden`)) decoded(file, log, readJson(path.join(folder, `${name}.golden`)) as Decoded[], ledger);
      else serials(file, log, ledger);
    });
  }
  for (const name of names.filter((one) => one.endsWith('.json.golden'))) {
    const file = `auditd/${name.replace('.json.golden', '.yaml')}`;
    await ledger.file(file, () => joined(file, fs.readFileSync(path.join(folder, path.basename(file)), 'utf8'), readJson(path.join(folder, name)) as Joined[], ledger));
  }
}

function decoded(file: string, { records }: ReadLog, golden: readonly Decoded[], ledger: Ledger): void {
  const found = records.map(valuesOf);
  ledger.compare(file, 'records', golden.length, found.length);
  const told = golden.map(({ '@timestamp': time, record_type: type, sequence, data, keys }) => ({ ...data, ...(keys && { key: keys.join(' ') }), serial: String(sequence), type, time: String(Date.parse(time) * 1000) }));
  const ours = told.map((expected) => {
    const values = found.find(({ serial, type }) => serial === expected.serial && type?.toLowerCase() === expected.type) ?? {};
    return Object.fromEntries(Object.keys(expected).map((key) => [key, key === 'type' ? values.type?.toLowerCase() : values[key]]));
  });
  ledger.compare(file, 'every field decoded', told, ours);
}

/** What belongs together says so: each line has its own serial, the lines of an event the same. */
function serials(file: string, { buffer, records }: ReadLog, ledger: Ledger): void {
  const written = [...Buffer.from(buffer).toString('utf8').matchAll(/^.*?msg=audit\([\d.]+:(\d+)\):/gm)].map(([, serial]) => serial);
  ledger.compare(file, 'events joined by serial', events(written), events(records.map((record) => valuesOf(record).serial ?? '')));
}
function events(list: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const serial of list) counts[serial] = (counts[serial] ?? 0) + 1;
  return counts;
}

function joined(file: string, yaml: string, golden: readonly Joined[], ledger: Ledger): void {
  const blocks = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of yaml.split('\n')) {
    const [, name] = /^ {2}([^\s#][^:]*): [|>]-?\s*$/.exec(line) ?? [];
    if (name !== undefined) blocks.set(name.replace(/^(["'])(.*)\1$/, '$2'), (lines = []));
    else if (/^ {4}\S/.test(line)) lines.push(line.trim());
  }
  ledger.compare(file, 'events', golden.map(({ test_name: name }) => name).toSorted(), [...blocks.keys()].toSorted());
  const differing: string[] = [];
  const excused: string[] = [];
  let values = 0;
  for (const { test_name: name, event } of golden) {
    const buf = Buffer.from(`${(blocks.get(name) ?? []).join('\n')}\n`);
    const sink = new CollectingSink(buf, true);
    auditd.open({ path: 'audit.log', modified: REFERENCE, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
    const records = sink.records.map(valuesOf).filter(({ serial }) => serial === String(event.sequence));
    const time = String(Date.parse(event['@timestamp']) * 1000);
    if (records.length === 0 || records.some((record) => record.time !== time)) differing.push(`${name}: serial or time`);
    for (const [key, value] of Object.entries(event.data ?? {})) {
      values++;
      if (records.some((record) => record[key] === value)) continue;
      const ours = records.find((record) => record[key] !== undefined)?.[key] ?? 'nothing';
      differing.push(`${name}: ${key} ${ours}, not ${value}`);
      if ((key === 'exit' && /^-\d+$/.test(ours) && /^E\w+$/.test(value)) || (ours === 'unset' && value === '4294967295')) excused.push(name);
    }
  }
  ledger.add(file, 'serial, time and values of its events', `${golden.length} events, ${values} values`, differing.length === 0 ? 'all alike' : `${differing.length} differ: ${differing.join(', ')}`, differing.length === 0, {
    holds: excused.length === differing.length, reason: 'we keep the number of a failed call (exit=-115), and read 4294967295 as "unset" in every id of a session or login',
  });
}

/** What we say of an audit record under go-libaudit's names: it parts the SELinux context and calls success and res alike. */
function valuesOf({ attributes, time }: ReadRecord): Values {
  const values: Values = Object.fromEntries(attributes.map(({ name, value }) => [name, String(value)]));
  const [user, role, domain, level, category] = values.subj?.split(':') ?? [];
  const ended = values.success ?? values.res;
  const result = ended === undefined ? undefined : ['yes', 'success', '1'].includes(ended) ? 'success' : 'fail';
  const socket = { socket_addr: values['saddr.ip'], socket_port: values['saddr.port'], socket_family: values['saddr.family']?.replace(/^inet(6?)$/, (_, six: string) => (six ? 'ipv6' : 'ipv4')) };
  return { ...socket, ...values, time: String(time), result, subj_user: user, subj_role: role, subj_domain: domain, subj_level: level, subj_category: category };
}
