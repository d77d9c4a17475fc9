/**
 * Real log files with known contents, read as the engine reads them. The floors are what was reached; the files lie outside the
 * repository, so without them there is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CollectingSink, type ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { judgeLogFormats, totals, type Verdict } from '../support/log-formats.ts';
import { readLog } from '../support/read-log.ts';

const folder = fileURLToPath(new URL('../../../shared/data/log-formats', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/log-formats beside the repository');

interface Vector {
  id: string;
  format: string;
  input: string;
  expect: Record<string, unknown>;
}
const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'];
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

describe.skipIf(!there)('log formats', () => {
  const verdicts: Verdict[] = there ? judgeLogFormats(folder) : [];
  const of = (group: string): Verdict[] => verdicts.filter(({ file }) => file.startsWith(`${group}/`));
  const failing = (group: string, key: 'recordsMatch' | 'timesMatch' | 'levelsMatch'): string[] => of(group).filter((verdict) => verdict[key] === false).map(({ file }) => file);

  it('recognises every file', () => {
    expect(verdicts.filter(({ recognised }) => !recognised).map(({ file }) => file)).toEqual([]);
  });

  it('reads every file that lnav 0.11.1 reads with the same number of messages and the same times', () => {
    expect(totals(of('lnav')).peerRecognised).toBe(41);
    expect(failing('lnav', 'recordsMatch')).toEqual([]);
    expect(failing('lnav', 'timesMatch')).toEqual([]);
  });

  it('agrees with lnav on how many messages are errors, but where the two judge wordings differently', () => {
    expect(totals(of('lnav')).levelsMatch).toBeGreaterThanOrEqual(36);
  });

  it.each(['web', 'zeek', 'cloudtrail'])('reads %s as its ground truth has it', (group) => {
    expect(of(group).length).toBeGreaterThan(0);
    expect(failing(group, 'recordsMatch')).toEqual([]);
    expect(failing(group, 'timesMatch')).toEqual([]);
  });

  it('reads Zeek alike from its JSON and its own form', () => {
    for (const { file } of of('zeek').filter((verdict) => verdict.file.endsWith('.json.log.gz'))) {
      const [json, tsv] = [file, file.replace('.json.', '.tsv.')].map((name) => readLog(path.join(folder, name), 0).records.map(({ time, fields, numbers }) =>
        JSON.stringify([time, Object.entries(fields).toSorted(([a], [b]) => a.localeCompare(b)), numbers])));
      // Both files hold the same records, but not in the same order.
      expect(tsv.toSorted(), file).toEqual(json.toSorted());
    }
  });

  it('tells web server status codes and clients as counted', () => {
    const expected = JSON.parse(fs.readFileSync(path.join(folder, 'web/expected.json'), 'utf8')) as Record<string, { status: Record<string, number>; clients: number }>;
    for (const [file, { status, clients }] of Object.entries(expected)) {
      const { records } = readLog(path.join(folder, 'web', file), 0);
      const counts: Record<string, number> = {};
      for (const { numbers } of records) counts[String(numbers.status)] = (counts[String(numbers.status)] ?? 0) + 1;
      expect(counts).toEqual(status);
      expect(new Set(records.map(({ fields }) => fields.ip)).size).toBe(clients);
    }
  });

  it('decodes every field of audit records as go-libaudit does', () => {
    const files = fs.readdirSync(path.join(folder, 'auditd')).filter((name) => name.endsWith('.log.golden'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const golden = JSON.parse(fs.readFileSync(path.join(folder, 'auditd', file), 'utf8')) as AuditGolden[];
      const { records } = readLog(path.join(folder, 'auditd', file.replace(/\.golden$/, '')), 0);
      const found = records.map((record) => auditValues(record));
      expect(found, file).toHaveLength(golden.length);
      for (const { '@timestamp': time, record_type: type, sequence, data, keys } of golden) {
        const values = found.find((candidate) => candidate.serial === String(sequence) && candidate.type?.toLowerCase() === type) ?? {};
        const expected = { ...data, ...(keys && { key: keys.join(' ') }) };
        expect(Object.fromEntries(Object.keys(expected).map((name) => [name, values[name]])), `${file} ${type} ${sequence}`).toEqual(expected);
        expect(values.time).toBe(String(Date.parse(time) * 1000));
      }
    }
  });

  it('reads the examples of the specifications', () => {
    const vectors = (JSON.parse(fs.readFileSync(path.join(folder, 'spec-vectors.json'), 'utf8')) as Vector[]).filter(({ format }) => ['rfc5424', 'rfc3164', 'cri'].includes(format));
    expect(vectors.length).toBeGreaterThanOrEqual(5);
    for (const vector of vectors) checkVector(vector, read(vector.input));
  });
});

function read(input: string): { format: string; record: ReadRecord } {
  const buf = Buffer.from(`${input}\n`);
  const { format } = recognise(makeHead('vector', buf), formats);
  if (!format) throw new Error('not recognised');
  const sink = new CollectingSink(buf, true);
  format.open({ path: 'vector', modified: Date.UTC(2026, 10, 21) * 1000, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return { format: format.id, record: sink.records[0] };
}

interface AuditGolden {
  '@timestamp': string;
  record_type: string;
  sequence: number;
  data: Record<string, string>;
  keys?: string[];
}
/** What we say of an audit record under go-libaudit's names: it parts the SELinux context and calls success and res alike. */
function auditValues({ attributes, time }: ReadRecord): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = Object.fromEntries(attributes.map(({ name, value }) => [name, String(value)]));
  const [user, role, domain, level, category] = values.subj?.split(':') ?? [];
  const ended = values.success ?? values.res;
  const result = ended === undefined ? undefined : ['yes', 'success', '1'].includes(ended) ? 'success' : 'fail';
  return { ...values, time: String(time), result, subj_user: user, subj_role: role, subj_domain: domain, subj_level: level, subj_category: category };
}

function checkVector({ id, format, expect: expected }: Vector, { format: found, record }: ReturnType<typeof read>): void {
  const attributes = Object.fromEntries(record.attributes.map(({ name, value }) => [name, value]));
  expect(found, id).toBe(format);
  if (typeof expected.facility === 'number') expect(attributes.facility, id).toBe(FACILITIES[expected.facility]);
  if (typeof expected.severity === 'number') expect(record.fields.level, id).toBe(LEVELS[expected.severity]);
  if (expected.host !== undefined) expect(record.fields.host, id).toBe(expected.host);
  if (expected.app !== undefined) expect(record.fields.service, id).toBe(expected.app);
  if (expected.msg !== undefined) expect(record.message, id).toBe(expected.msg);
  if (expected.stream !== undefined) expect(attributes.stream, id).toBe(expected.stream);
  if (expected.msgid !== undefined) expect(attributes.msgid, id).toBe(expected.msgid);
  if (typeof expected.timestamp === 'string') expect(record.time, id).toBe(Date.parse(expected.timestamp.replace(/(\.\d{3})\d+Z/, '$1Z')) * 1000 + Number((/\.\d{3}(\d{3})/.exec(expected.timestamp) ?? [])[1] ?? 0));
  if (typeof expected.time === 'string') expect(new Date((record.time ?? 0) / 1000).toISOString().slice(5, 19), id).toBe(`${expected.month}-${expected.day}T${expected.time}`);
  for (const [element, parameters] of Object.entries((expected.sd ?? {}) as Record<string, Record<string, string>>)) {
    for (const [name, value] of Object.entries(parameters)) expect(String(attributes[`${element}.${name}`]), id).toBe(value);
  }
  if (id === 'rfc3164-06') {
    // 05:34 Central Standard Time
    expect(record.time, id).toBe(Date.UTC(1987, 7, 24, 11, 34) * 1000);
    expect(record.fields, id).toMatchObject({ host: 'mymachine', service: 'myproc' });
  }
}
