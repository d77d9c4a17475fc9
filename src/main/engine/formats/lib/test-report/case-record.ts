/**
 * One record for each test case, and one for each suite that ran cases itself: what all test-report formats have in common.
 *
 * Severity: a failed case is high, a skipped one low, a passed one info; a suite with failures is medium, so that high counts exactly the
 * failed tests. Cases carry test.case.result.status (pass, fail, skip, unknown), suites do not.
 */
import type { DecodedRecord } from '../decoded-record.ts';
import { firstLine } from '../json-access.ts';

export type CaseStatus = 'pass' | 'fail' | 'skip' | 'unknown';

export interface TestCase {
  /** what wrote the report: junit, trx, nunit, mocha, … */
  tool: string;
  name: string;
  /** the innermost suite, and the suites around it, outermost first */
  suite?: string;
  path?: readonly string[];
  className?: string;
  status: CaseStatus;
  /** as the report writes it, or worked out from its suite's; undefined: the report names none */
  time?: string;
  seconds?: number;
  /** what failed, or why it was skipped */
  message?: string;
  type?: string;
  /** stack traces and whatever else the report has to say about a failure */
  details?: string;
  output?: string;
  file?: string;
  line?: string;
  host?: string;
  service?: string;
  /** where it stands in the report */
  place: Readonly<Record<string, number>>;
  /** everything else, under the tool's name */
  more?: Readonly<Record<string, unknown>>;
}

const WORDS: Readonly<Record<CaseStatus, string>> = { pass: 'passed', fail: 'failed', skip: 'skipped', unknown: 'without a result' };
const LEVELS: Readonly<Record<CaseStatus, string>> = { pass: 'info', fail: 'error', skip: 'notice', unknown: 'warning' };
const OUTCOMES: Readonly<Record<CaseStatus, string>> = { pass: 'success', fail: 'failure', skip: 'unknown', unknown: 'unknown' };

export function caseRecord(test: TestCase): DecodedRecord {
  const { tool, name, className, status, message, details, more } = test;
  const around = className ?? test.suite;
  const said = firstLine(message) || firstLine(details);
  return {
    '@timestamp': test.time,
    'event.duration': nanoseconds(test.seconds),
    message: `${around === undefined || name.includes(around) ? '' : `${around} `}${name}: ${WORDS[status]}${said === '' || status === 'pass' ? '' : `: ${said}`}`,
    'log.level': LEVELS[status],
    'event.dataset': `${tool}.case`,
    'event.outcome': OUTCOMES[status],
    'service.name': test.service,
    'host.name': test.host,
    'test.case.name': name,
    'test.case.result.status': status,
    'test.suite.name': test.suite,
    'test.suite.path': test.path !== undefined && test.path.length > 1 ? test.path.join(' / ') : undefined,
    'code.namespace': className,
    'code.file.path': test.file,
    'code.line.number': test.line,
    'error.type': status === 'fail' ? test.type : undefined,
    // With the status, 'message' is told already; both names together would tell it twice.
    [status === 'fail' ? 'exception.message' : 'test.case.reason']: message,
    'exception.stacktrace': details,
    'test.case.output': test.output,
    ...test.place,
    [tool]: more !== undefined && Object.values(more).some((value) => value !== undefined) ? more : undefined,
  };
}

export interface Counts {
  pass: number;
  fail: number;
  skip: number;
  unknown: number;
}
export function noCounts(): Counts {
  return { pass: 0, fail: 0, skip: 0, unknown: 0 };
}
export interface TestSuite {
  tool: string;
  name: string;
  path?: readonly string[];
  /** counted, not as the report claims */
  counts: Counts;
  time?: string;
  seconds?: number;
  host?: string;
  service?: string;
  message?: string;
  output?: string;
  place: Readonly<Record<string, number>>;
  more?: Readonly<Record<string, unknown>>;
}

export function suiteRecord(suite: TestSuite): DecodedRecord {
  const { tool, name, counts } = suite;
  const total = counts.pass + counts.fail + counts.skip + counts.unknown;
  const parts = [`${counts.pass} passed`, counts.fail > 0 ? `${counts.fail} failed` : '', counts.skip > 0 ? `${counts.skip} skipped` : '', counts.unknown > 0 ? `${counts.unknown} without a result` : ''];
  const bad = counts.fail > 0 || (suite.message ?? '') !== '';
  return {
    '@timestamp': suite.time,
    'event.duration': nanoseconds(suite.seconds),
    message: `Test suite ${name}: ${parts.filter((part) => part !== '').join(', ')} of ${total}${suite.message ? `: ${firstLine(suite.message)}` : ''}`,
    'log.level': bad ? 'warning' : 'info',
    'event.dataset': `${tool}.suite`,
    'event.outcome': bad ? 'failure' : 'success',
    'service.name': suite.service,
    'host.name': suite.host,
    'test.suite.name': name,
    'test.suite.path': suite.path !== undefined && suite.path.length > 1 ? suite.path.join(' / ') : undefined,
    'test.suite.run.status': bad ? 'failure' : total > 0 && counts.skip === total ? 'skipped' : 'success',
    'test.suite.count.total': total,
    'test.suite.count.passed': counts.pass,
    'test.suite.count.failed': counts.fail,
    'test.suite.count.skipped': counts.skip,
    'test.suite.output': suite.output,
    ...suite.place,
    [tool]: suite.more,
  };
}

function nanoseconds(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds < 1e9 ? Math.round(seconds * 1e9) : undefined;
}

/** Seconds as reports write them: '1.5', '1,234.5' (thousands), '0,25' (a decimal comma). undefined for anything else. */
export function secondsOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  let plain = trimmed;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(trimmed)) plain = trimmed.startsWith('0,') ? trimmed.replace(',', '.') : trimmed.replaceAll(',', '');
  else if (/^\d*,\d+$/.test(trimmed)) plain = trimmed.replace(',', '.');
  const number = Number(plain);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
