/**
 * Test reports that are one JSON object: mocha (--reporter json), RSpec (--format json), Jest and Vitest (--json). One event for each case;
 * Jest's files are suites. RSpec's cases have no time; mocha's and Jest's have the start of the run or file and what ran before them.
 */
import type { DecodedRecord } from '../decoded-record.ts';
import { hasAll, isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json-access.ts';
import { caseRecord, noCounts, suiteRecord, type CaseStatus } from './case-record.ts';
import { RunningTime } from './running-time.ts';

export type ReportKind = 'mocha' | 'rspec' | 'jest';

/** null for what is none of these. Also of an object that is not complete. */
export function reportKind(o: JsonObject): ReportKind | null {
  if (hasAll(objectAt(o, 'stats'), 'suites', 'tests', 'passes', 'failures')) return 'mocha';
  if (Array.isArray(o.examples) && (hasAll(o, 'version') || hasAll(o, 'summary'))) return 'rspec';
  return hasAll(o, 'numTotalTests', 'numFailedTests') || (Array.isArray(o.testResults) && listAt(o, 'testResults').some((file) => hasAll(file, 'assertionResults'))) ? 'jest' : null;
}

/** The events of a report; offset: of its first byte in the file. */
export function* reportRecords(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  const kind = reportKind(o);
  if (kind === 'mocha') yield* mocha(o, offset);
  else if (kind === 'rspec') yield* rspec(o, offset);
  else if (kind === 'jest') yield* jest(o, offset);
  else yield { message: 'This part of the file is no test report that is known', 'log.level': 'notice', 'event.dataset': 'test-report.other', 'document.offset': offset, report: o };
}

/** The lists passes, failures and pending decide; tests only gives the order. Hooks that failed stand in failures alone. */
function* mocha(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  const stats = objectAt(o, 'stats');
  const results = new Map<string, { status: CaseStatus; test: JsonObject }[]>();
  const lists = [['passes', 'pass'], ['failures', 'fail'], ['pending', 'skip']] as const;
  for (const [list, status] of lists) {
    for (const test of listAt(o, list)) {
      const same = results.get(mochaKey(test));
      if (same) same.push({ status, test });
      else results.set(mochaKey(test), [{ status, test }]);
    }
  }
  const clock = new RunningTime(textAt(stats, 'start'));
  let number = 0;
  const record = (test: JsonObject, status: CaseStatus): DecodedRecord => {
    const title = textAt(test, 'title') ?? 'test';
    const full = textAt(test, 'fullTitle');
    const error = objectAt(test, 'err');
    const milliseconds = numberAt(test, 'duration');
    const { title: _title, fullTitle: _full, duration: _duration, err: _err, file: _file, ...more } = test;
    const seconds = milliseconds === undefined ? undefined : milliseconds / 1000;
    return caseRecord({
      tool: 'mocha', name: full ?? title, suite: full?.endsWith(title) ? full.slice(0, -title.length).trim() || undefined : undefined, status, time: clock.next(seconds), seconds,
      message: textAt(error, 'message'), type: textAt(error, 'name', 'code'), details: textAt(error, 'stack'), file: textAt(test, 'file'), place: { 'document.record': ++number }, more,
    });
  };
  for (const test of listAt(o, 'tests')) {
    const found = results.get(mochaKey(test))?.shift();
    yield record(test, found?.status ?? (Object.keys(objectAt(test, 'err')).length > 0 ? 'fail' : 'pass'));
  }
  for (const left of results.values()) for (const { status, test } of left) yield record(test, status);
  const counts = { pass: numberAt(stats, 'passes') ?? 0, fail: numberAt(stats, 'failures') ?? 0, skip: numberAt(stats, 'pending') ?? 0, unknown: 0 };
  yield suiteRecord({ tool: 'mocha', name: 'run', counts, time: clock.began, seconds: (numberAt(stats, 'duration') ?? 0) / 1000, place: { 'document.offset': offset }, more: { stats } });
}
function mochaKey(test: JsonObject): string {
  return `${textAt(test, 'file') ?? ''}\n${textAt(test, 'fullTitle') ?? textAt(test, 'title') ?? ''}`;
}

function* rspec(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  const { examples: _examples, ...rest } = o;
  const summary = objectAt(o, 'summary');
  const counts = noCounts();
  let number = 0;
  for (const example of listAt(o, 'examples')) {
    const said = textAt(example, 'status');
    const status: CaseStatus = said === 'passed' ? 'pass' : said === 'failed' ? 'fail' : said === 'pending' ? 'skip' : 'unknown';
    counts[status]++;
    const error = objectAt(example, 'exception');
    const { description: _description, full_description: _full, run_time: _time, exception: _exception, pending_message: _pending, file_path: _file, line_number: _line, ...more } = example;
    const name = textAt(example, 'full_description', 'description') ?? 'example';
    const own = textAt(example, 'description');
    yield caseRecord({
      tool: 'rspec', name, status, suite: own !== undefined && name.endsWith(own) ? name.slice(0, -own.length).trim() || undefined : undefined, seconds: numberAt(example, 'run_time'),
      message: status === 'skip' ? textAt(example, 'pending_message') : textAt(error, 'message')?.trim(), type: textAt(error, 'class'),
      details: Array.isArray(error.backtrace) ? error.backtrace.map(String).join('\n') : undefined,
      file: textAt(example, 'file_path'), line: textAt(example, 'line_number'), place: { 'document.record': ++number }, more,
    });
  }
  const outside = numberAt(summary, 'errors_outside_of_examples_count') ?? 0;
  const messages = Array.isArray(o.messages) ? o.messages.map(String).join('\n') : '';
  yield suiteRecord({
    tool: 'rspec', name: 'run', counts, seconds: numberAt(summary, 'duration'), place: { 'document.offset': offset }, more: rest,
    message: outside > 0 ? `${outside} errors outside of examples${messages === '' ? '' : `: ${messages}`}` : undefined,
  });
}

function* jest(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  let number = 0;
  for (const file of listAt(o, 'testResults')) {
    const path = textAt(file, 'name', 'testFilePath');
    const began = numberAt(file, 'startTime');
    const ended = numberAt(file, 'endTime');
    const clock = new RunningTime(millisecondsText(began));
    const counts = noCounts();
    const suite = path?.split(/[\\/]/).at(-1);
    for (const test of listAt(file, 'assertionResults')) {
      const status = jestStatus(textAt(test, 'status'));
      counts[status]++;
      const milliseconds = numberAt(test, 'duration');
      const seconds = milliseconds === undefined ? undefined : milliseconds / 1000;
      const failures = Array.isArray(test.failureMessages) ? test.failureMessages.map(String).join('\n') : undefined;
      const { fullName: _name, title: _title, duration: _duration, failureMessages: _failures, location, ...more } = test;
      yield caseRecord({
        tool: 'jest', name: textAt(test, 'fullName', 'title') ?? 'test', suite, status, seconds, time: clock.next(seconds, millisecondsText(numberAt(test, 'startAt'))), details: failures || undefined,
        file: path, line: isObject(location) ? textAt(location, 'line') : undefined, place: { 'document.record': ++number }, more,
      });
    }
    const { assertionResults: _results, message, ...more } = file;
    const total = counts.pass + counts.fail + counts.skip + counts.unknown;
    yield suiteRecord({
      tool: 'jest', name: suite ?? 'file', counts, time: clock.began, seconds: began !== undefined && ended !== undefined ? (ended - began) / 1000 : undefined,
      // The file itself did not load: there are no cases to say so.
      message: total === 0 && textAt(file, 'status') === 'failed' ? (typeof message === 'string' && message !== '' ? message : 'the file failed') : undefined,
      place: { 'document.offset': offset }, more: { ...more, message },
    });
  }
}
function jestStatus(word: string | undefined): CaseStatus {
  if (word === 'passed') return 'pass';
  if (word === 'failed') return 'fail';
  return word === 'pending' || word === 'skipped' || word === 'todo' || word === 'disabled' ? 'skip' : 'unknown';
}
function millisecondsText(ms: number | undefined): string | undefined {
  if (ms === undefined || ms <= 0) return undefined;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
