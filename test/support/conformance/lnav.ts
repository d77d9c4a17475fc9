/**
 * lnav's own test files, judged by lnav 0.11.1's reading of them (lnav/expected.json).
 *
 * Times: the first and last time of a file must be lnav's to the millisecond, and so must each that lnav's tests name. Where the log
 * writes no year only month, day and time are compared (lnav takes the year from the file's last change), where it writes no date minutes and
 * seconds. lnav shows the wall clock of some records that name a zone: then the wall clock as written counts.
 * Levels: the number of records that lnav calls error or worse must be the number we call high or worse; for access logs it
 * calls every status from 400 an error, so there ours count from medium.
 */
import path from 'node:path';
import type { ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';
import { severityOf } from '../../../src/main/engine/formats/lib/severity.ts';
import { readLog, severityCode, type ReadLog } from '../read-log.ts';
import type { Excuse, Ledger } from './ledger.ts';
import { comparable, isoOf, readJson, REFERENCE, spanOf } from './log-times.ts';

interface Expectation {
  physical_lines: number;
  lnav_0_11_1: { messages: number; formats: string[]; levels: Record<string, number>; first_utc: string; last_utc: string } | null;
  lnav_test_expectations?: { mode: string; expect: string[] }[];
}
/** Formats that only cut lines: a file read by one of them counts as not recognised. */
const PLAIN = new Set(['', 'text']);
const ERRORS = new Set(['error', 'critical', 'fatal']);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export async function judgeLnav(folder: string, ledger: Ledger): Promise<void> {
  for (const [name, expectation] of Object.entries(readJson(path.join(folder, 'expected.json')) as Record<string, Expectation>)) {
    const file = `lnav/${name}`;
    await ledger.file(file, () => judge(file, readLog(path.join(folder, name), REFERENCE), expectation, ledger));
  }
}

function judge(file: string, log: ReadLog, { physical_lines: lines, lnav_0_11_1: peer, lnav_test_expectations: tests = [] }: Expectation, ledger: Ledger): void {
  const format = log.format?.id ?? '';
  const read = log.records.length + log.rejected;
  const recognised = !PLAIN.has(format) && log.records.length > 0;
  const whole = lines === 0 ? read === 0 : read > 0 && read <= lines;
  ledger.add(file, 'recognised', peer?.formats.join(' ') ?? 'not by lnav 0.11.1', format || 'nothing', recognised, {
    holds: peer === null && whole, reason: 'lnav 0.11.1 does not take it for a log either; its lines are read as text, none is lost',
  });
  if (peer) {
    ledger.compare(file, 'records', peer.messages, read);
    const ok = spanIs(log.records, peer.first_utc, peer.last_utc);
    const [first, last] = spanOf(log.records);
    ledger.add(file, 'times', `${peer.first_utc} to ${peer.last_utc}`, `${isoOf(first)} to ${isoOf(last)}`, ok);
    const errors = [...ERRORS].reduce((sum, level) => sum + (peer.levels[level] ?? 0), 0);
    const ours = log.records.filter((record) => isError(record, log.records)).length;
    ledger.compare(file, 'levels (errors)', errors, ours, unstated(log.records, Math.abs(ours - errors), (peer.levels.unknown ?? 0) + (peer.levels.invalid ?? 0)));
  } else {
    ledger.add(file, 'no line lost', `1 to ${lines} records`, String(read), whole);
  }
  const continued = tests.find(({ mode }) => mode === 'levels')?.expect.map((level) => level.endsWith(' 0x80'));
  for (const { mode, expect } of tests) {
    const expected = perRecord(expect, log, continued);
    if (!expected) ledger.compare(file, `${mode} of its lines`, expect.length, log.records.length);
    else if (mode === 'times') lineTimes(file, log.records, expected, ledger);
    else if (mode === 'levels') lineLevels(file, log.records, expected, ledger);
  }
}

/** lnav's tests say something of each message, or of each line of it: what they say of each record of ours; undefined when they do not fit. */
function perRecord(expect: readonly string[], { buffer, records }: ReadLog, continued: readonly boolean[] | undefined): string[] | undefined {
  if (expect.length === records.length) return [...expect];
  if (continued?.length === expect.length) {
    const begun = expect.filter((_, line) => !continued[line]);
    if (begun.length === records.length) return begun;
  }
  const text = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const lineOf = (at: number): number => text.subarray(0, at).reduce((sum, c) => sum + (c === 10 ? 1 : 0), 0);
  const found = records.map(({ start }) => expect[lineOf(start)]);
  return found.every((one) => one !== undefined) ? found : undefined;
}

function lineTimes(file: string, records: readonly ReadRecord[], expected: readonly string[], ledger: Ledger): void {
  let latest = -Infinity;
  const wrong: { stamp: string; record: ReadRecord; backwards: boolean }[] = [];
  for (const [i, text] of expected.entries()) {
    const record = records[i];
    const [, month, day, clock, year, milliseconds] = /^(\w{3}) (\d\d) (\d\d:\d\d:\d\d) (\d{4}) -- (\d{3})$/.exec(text) ?? [];
    const stamp = `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day} ${clock}.${milliseconds}`;
    // The day of a line without one is that of lnav's run.
    const dateless = /^\d{2}:\d{2}:\d{2}/.test(record.timeText) && isoOf(record).slice(11) === stamp.slice(11);
    if (!dateless && !sameTime(record, stamp)) wrong.push({ stamp, record, backwards: (record.time ?? Infinity) < latest });
    latest = Math.max(latest, record.time ?? -Infinity);
  }
  const shown = wrong.length === 0 ? [`${expected.length} times`, `${expected.length} alike`] : [wrong[0].stamp, isoOf(wrong[0].record)];
  ledger.add(file, 'times of its lines', shown[0], shown[1], wrong.length === 0, {
    holds: wrong.every(({ backwards }) => backwards), reason: `${wrong.length} times run backwards: lnav raises them to that of the line before, we keep what is written`,
  });
}
function lineLevels(file: string, records: readonly ReadRecord[], expected: readonly string[], ledger: Ledger): void {
  const wrong = records.filter((record, i) => ERRORS.has(expected[i].split(' ')[0]) !== isError(record, records));
  ledger.add(file, 'levels of its lines', `${expected.length} levels`, `${expected.length - wrong.length} alike`, wrong.length === 0, unstated(wrong, wrong.length, 0));
}

function isError(record: ReadRecord, all: readonly ReadRecord[]): boolean {
  // The level as written counts too: strace calls every failed call an error, of which we make little.
  return severityOf(record.fields.level ?? '') >= 3 || severityCode(record) >= (all.some(({ numbers }) => numbers.status !== undefined) ? 2 : 3);
}
/** Where the log does not say how bad a record is, each program judges its wording by rules of its own. */
function unstated(records: readonly ReadRecord[], differences: number, unknown: number): Excuse {
  const silent = records.filter(({ severity, fields, numbers }) => severity === null && fields.level === undefined && numbers.status === undefined).length;
  return {
    holds: differences <= silent + unknown,
    reason: `${silent} records write no level and lnav 0.11.1 makes nothing of ${unknown}: there wording decides, which the two judge by rules of their own`,
  };
}

/** lnav shows the file's order where times run backwards, so first and last in the file count too. */
function spanIs(records: readonly ReadRecord[], from: string, to: string): boolean {
  const [first, last] = spanOf(records);
  const timed = records.filter((record) => record.time !== null);
  return (sameTime(first, from) || sameTime(timed[0], from)) && (sameTime(last, to) || sameTime(timed.at(-1), to));
}
function sameTime(record: ReadRecord | undefined, expected: string): boolean {
  if (!record || record.time === null) return false;
  const from = comparable(record.timeText);
  if (isoOf(record).slice(from) === expected.slice(from)) return true;
  // A log without years that goes back more than lnav counts: it stops at 1970, whatever comes first there.
  if (from === 5 && expected.startsWith('1970-')) return true;
  const named = !record.zoneAssumed && record.timeText.includes(expected.slice(11, 19));
  return named && Math.abs(record.time / 1000 - Date.parse(`${expected.replace(' ', 'T')}Z`)) < 15 * 3600e3;
}
