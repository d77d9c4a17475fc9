/**
 * What the engine makes of the log files of a data folder, beside what their expectations say. Used by the conformance test
 * and by the bench, so that both judge alike.
 *
 * Times: the first and last time of a file must be lnav's to the millisecond. Where the log writes no year only month, day and time are
 * compared (the year comes from the file's last change). lnav 0.11.1 shows the
 * wall clock of some records that name a zone: then the wall clock as written counts.
 * Levels: the number of records that lnav calls error or worse must be the number we call high or worse; for access logs it
 * calls every status from 400 an error, so there ours count from medium.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { readLog, severityCode, type ReadLog } from './read-log.ts';

/** the day lnav's expectations were taken on, in microseconds UTC: files without a year depend on it */
const REFERENCE = Date.UTC(2026, 10, 21, 9) * 1000;
/** Formats that only cut lines: a file read by one of them counts as not recognised. */
const PLAIN = new Set(['text']);

export interface Verdict {
  file: string;
  format: string;
  confidence: number;
  recognised: boolean;
  records: number;
  rejected: number;
  milliseconds: number;
  first: string;
  last: string;
  /** null = the peer does not read the file or says nothing */
  expected: { formats: string; records: number; first: string; last: string; errors: number } | null;
  recordsMatch: boolean | null;
  timesMatch: boolean | null;
  levelsMatch: boolean | null;
}

interface LnavExpectation {
  physical_lines: number;
  lnav_0_11_1: { messages: number; formats: string[]; levels: Record<string, number>; first_utc: string; last_utc: string } | null;
  lnav_test_expectations?: { mode: string; format: string; expect: string[] }[];
}

const readJson = (file: string): unknown => JSON.parse(fs.readFileSync(file, 'utf8'));
const stamp = (us: number): string => (Number.isNaN(us) ? '' : new Date(Math.floor(us / 1000)).toISOString().replace('T', ' ').replace('Z', ''));

/** First and last record by time, among those that write one. */
function span(records: readonly ReadRecord[]): { first: ReadRecord | null; last: ReadRecord | null } {
  let first: ReadRecord | null = null;
  let last: ReadRecord | null = null;
  for (const record of records) {
    if (record.time === null) continue;
    if (first?.time == null || record.time < first.time) first = record;
    if (last?.time == null || record.time > last.time) last = record;
  }
  return { first, last };
}

/** lnav shows the file's order where times run backwards, so first and last in the file count too. */
function spanIs(records: readonly ReadRecord[], from: string, to: string): boolean {
  const { first, last } = span(records);
  const timed = records.filter((record) => record.time !== null);
  return (sameTime(first, from) || sameTime(timed[0] ?? null, from)) && (sameTime(last, to) || sameTime(timed.at(-1) ?? null, to));
}

/**
 * What a stamp leaves out decides what can be compared: from the month on where it has no year (lnav takes that of the last change, also
 * for a later day), minutes and seconds where that is all there is. A missing date must be lnav's.
 */
function comparable(text: string): number {
  if (/^\d{2}:\d{2}[.,]\d/.test(text)) return 14;
  if (/^\d{2}:\d{2}:\d{2}/.test(text)) return 0;
  return /\d{4}|^\d{2}[-/]\d{2}[-/]\d{2}/.test(text.replace(/[.,]\d+/g, '')) ? 0 : 5;
}
function sameTime(record: ReadRecord | null, expected: string): boolean {
  if (!record || record.time === null) return false;
  const from = comparable(record.timeText);
  if (stamp(record.time).slice(from) === expected.slice(from)) return true;
  // A log without years that goes back more than lnav counts: it stops at 1970, whatever comes first there.
  if (from === 5 && expected.startsWith('1970-')) return true;
  const named = !record.zoneAssumed && record.timeText.includes(expected.slice(11, 19));
  return named && Math.abs(record.time / 1000 - Date.parse(`${expected.replace(' ', 'T')}Z`)) < 15 * 3600e3;
}

function base(file: string, log: ReadLog): Verdict {
  const { first, last } = span(log.records);
  const format = log.format?.id ?? '';
  return {
    file, format, confidence: log.confidence, recognised: format !== '' && !PLAIN.has(format),
    records: log.records.length, rejected: log.rejected, milliseconds: log.milliseconds,
    first: stamp(first?.time ?? NaN), last: stamp(last?.time ?? NaN),
    expected: null, recordsMatch: null, timesMatch: null, levelsMatch: null,
  };
}

function lnavVerdict(folder: string, file: string, expectation: LnavExpectation): Verdict {
  const log = readLog(path.join(folder, file), REFERENCE);
  const verdict = base(`lnav/${file}`, log);
  const peer = expectation.lnav_0_11_1;
  if (!peer) return verdict;
  const errors = ['error', 'critical', 'fatal'].reduce((sum, level) => sum + (peer.levels[level] ?? 0), 0);
  const threshold = log.records.some((record) => record.numbers.status !== undefined) ? 2 : 3;
  return {
    ...verdict,
    expected: { formats: peer.formats.join(' '), records: peer.messages, first: peer.first_utc, last: peer.last_utc, errors },
    recordsMatch: log.records.length + log.rejected === peer.messages,
    timesMatch: spanIs(log.records, peer.first_utc, peer.last_utc),
    levelsMatch: log.records.filter((record) => severityCode(record) >= threshold).length === errors,
  };
}

interface CountExpectation {
  records: number;
  first: string;
  last: string;
  /** first and last are those of the first and the last line */
  inFileOrder?: boolean;
}
/** The same to the precision that is expected. */
function near(stamped: string, expected: string): boolean {
  return stamped !== '' && stamped.startsWith(expected);
}
/** A file of which only the number of records and the first and last time are known (ISO or epoch seconds). */
function countVerdict(folder: string, file: string, expectation: CountExpectation): Verdict {
  const log = readLog(path.join(folder, file), REFERENCE);
  const verdict = base(`${path.basename(folder)}/${file}`, log);
  if (expectation.inFileOrder) {
    verdict.first = stamp(log.records[0]?.time ?? NaN);
    verdict.last = stamp(log.records.at(-1)?.time ?? NaN);
  }
  return {
    ...verdict,
    expected: { formats: '', records: expectation.records, first: expectation.first, last: expectation.last, errors: 0 },
    recordsMatch: log.records.length === expectation.records,
    timesMatch: near(verdict.first, expectation.first) && near(verdict.last, expectation.last),
  };
}

/** Every file of `dir` (a folder laid out like log-formats/), judged. */
export function judgeLogFormats(dir: string): Verdict[] {
  const verdicts: Verdict[] = [];
  const has = (name: string): boolean => fs.existsSync(path.join(dir, name));
  if (has('lnav/expected.json')) {
    const folder = path.join(dir, 'lnav');
    for (const [file, expectation] of Object.entries(readJson(path.join(folder, 'expected.json')) as Record<string, LnavExpectation>)) verdicts.push(lnavVerdict(folder, file, expectation));
  }
  if (has('web/expected.json')) {
    const clf = (text: string): string => stamp(Date.parse(text.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')) * 1000);
    const folder = path.join(dir, 'web');
    for (const [file, { lines, first, last }] of Object.entries(readJson(path.join(folder, 'expected.json')) as Record<string, { lines: number; first: string; last: string }>)) {
      verdicts.push(countVerdict(folder, file, { records: lines, first: clf(first), last: clf(last), inFileOrder: true }));
    }
  }
  if (has('zeek/expected.json')) {
    const folder = path.join(dir, 'zeek');
    for (const [name, { json_records, first_ts, last_ts }] of Object.entries(readJson(path.join(folder, 'expected.json')) as Record<string, { json_records: number; first_ts: number; last_ts: number }>)) {
      for (const kind of ['json', 'tsv']) {
        verdicts.push(countVerdict(folder, `${name}.${kind}.log.gz`, { records: json_records, first: stamp(first_ts * 1e6), last: stamp(last_ts * 1e6) }));
      }
    }
  }
  if (has('cloudtrail/expected.json')) {
    const folder = path.join(dir, 'cloudtrail');
    const plain = (text: string): string => text.replace('T', ' ').replace('Z', '');
    for (const [file, { records, first, last }] of Object.entries(readJson(path.join(folder, 'expected.json')) as Record<string, CountExpectation>)) {
      verdicts.push(countVerdict(folder, file, { records, first: plain(first), last: plain(last) }));
    }
  }
  if (has('auditd')) {
    const folder = path.join(dir, 'auditd');
    for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.log')).toSorted()) verdicts.push(base(`auditd/${file}`, readLog(path.join(folder, file), REFERENCE)));
  }
  return verdicts;
}

export interface Totals {
  files: number;
  recognised: number;
  records: number;
  recordsMatch: number;
  timesMatch: number;
  levelsMatch: number;
  compared: number;
  peerRecognised: number;
}
/** Sums over verdicts; `compared` counts the files with an expectation. */
export function totals(verdicts: readonly Verdict[]): Totals {
  const count = (test: (verdict: Verdict) => boolean): number => verdicts.filter(test).length;
  return {
    files: verdicts.length,
    recognised: count((verdict) => verdict.recognised),
    records: verdicts.reduce((sum, verdict) => sum + verdict.records, 0),
    compared: count((verdict) => verdict.expected !== null),
    peerRecognised: count((verdict) => (verdict.expected?.formats ?? '') !== ''),
    recordsMatch: count((verdict) => verdict.recordsMatch === true),
    timesMatch: count((verdict) => verdict.timesMatch === true),
    levelsMatch: count((verdict) => verdict.levelsMatch === true),
  };
}
