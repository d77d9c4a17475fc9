/** The log of Redis and Valkey: pid:role time mark message; before version 3 [pid] time mark message. */
import { lineFormat } from './lib/line-format.ts';

const LEVELS: Readonly<Record<string, string>> = { '.': 'debug', '-': 'verbose', '*': 'notice', '#': 'warning' };
const CODES: Readonly<Record<number, number>> = { 46: 0, 45: 0, 42: 1, 35: 2 };
const ROLES: Readonly<Record<string, string>> = { M: 'master', S: 'replica', C: 'child', X: 'sentinel' };

export const redis = lineFormat({
  id: 'redis',
  title: 'Redis log',
  description: 'Server logs of Redis, Valkey and their sentinels.',
  what: '"pid:role time mark message" as Redis writes them',
  weight: 0.98,
  least: 0.05,
  severityAt: (buf, start) => CODES[buf[start]] ?? -1,
  levelText: (mark) => LEVELS[mark] ?? mark,
  asks: ['role_letter'],
  patterns: [
    /^(?<pid>\d+):(?<role_letter>[MSCX]) (?<time>\d{1,2} [A-Z][a-z]{2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?) (?<level>[.*#-]) (?<message>.*)/,
    /^\[(?<pid>\d+)\] (?<time>\d{1,2} [A-Z][a-z]{2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?) (?<level>[.*#-]) (?<message>.*)/,
    // before it has read its settings
    /^(?<pid>\d+):(?<role_letter>signal-handler) \((?<time>\d{10})\) (?<message>.*)/,
  ],
  also(text, sink) {
    const role = ROLES[text('role_letter')];
    if (role !== undefined) sink.attribute('role', role);
  },
  samples: [
    {
      record: '2361:M 21 Nov 2026 14:59:31.123 * Ready to accept connections tcp',
      time: '2026-11-21T14:59:31.123000Z',
      severity: 'low',
      message: 'Ready to accept connections tcp',
      fields: { level: 'notice' },
      attributes: { pid: 2361, role: 'master' },
    },
    { record: '2361:C 21 Nov 2026 14:59:30.001 # WARNING Memory overcommit must be enabled!', severity: 'medium', fields: { level: 'warning' }, attributes: { role: 'child' } },
    { record: '77:X 01 May 2026 09:00:00.500 - Accepted 10.0.0.7:40000', severity: 'info', fields: { level: 'verbose' }, attributes: { role: 'sentinel' } },
    { record: '[4018] 14 Nov 2013 07:01:22.119 * Background saving terminated with success\n(after a while)', time: '2013-11-14T07:01:22.119000Z', message: 'Background saving terminated with success\n(after a while)' },
    { record: '2361:signal-handler (1777636800) Received SIGTERM scheduling shutdown...', time: '2026-05-01T12:00:00.000000Z', message: 'Received SIGTERM scheduling shutdown...' },
  ],
});
