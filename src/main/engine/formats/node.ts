/** Node.js tools that write text: debug, npm, winston's simple format, log4js. Error stacks belong to their record. */
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { orMatches, pattern } from './lib/pattern-parts.ts';

const NPM = /^npm (?<level>ERR!|WARN|error|warn|notice|info|http|verb|sill)(?: (?<message>.*))?$/;
const NPM_FILE = /^(?<sequence>\d+) (?<level>silly|verbose|info|http|notice|warn|error|timing) (?<message>.*)/;
const WINSTON = /^(?<level>error|warn|info|http|verbose|debug|silly): (?<message>.*)/;
const LEVELS: Readonly<Record<string, number>> = { 'ERR!': 3, ERROR: 3, WARN: 2, NOTICE: 1 };

export const node = lineFormat({
  id: 'node',
  title: 'Node.js log',
  description: 'npm, debug, winston and log4js in plain text; error stacks are kept together.',
  what: 'lines of a Node.js tool (npm, debug, winston, log4js)',
  weight: 0.85,
  least: 0.02,
  starts: orMatches(timeFirst(), (c) => (c >= 97 && c <= 122) || (c >= 48 && c <= 57), [NPM, NPM_FILE, WINSTON]),
  severityAt(buf, start, end) {
    const word = String.fromCharCode(...buf.subarray(start, Math.min(end, start + 10))).toUpperCase();
    return LEVELS[word] ?? (word === 'FATAL' ? 4 : 0);
  },
  patterns: [
    pattern(String.raw`^(?<time>{ISO}) \[?(?<level>error|warn|info|http|verbose|debug|silly)\]?: (?<message>.*)`),
    pattern(String.raw`^\[(?<time>{ISO})\] \[(?<level>TRACE|DEBUG|INFO|WARN|ERROR|FATAL|MARK)\] (?<service>[\w.-]+) - (?<message>.*)`),
    pattern(String.raw`^(?<time>{ISO}|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT) (?<service>[a-z][\w-]*(?::[\w*-]+)+) (?<message>.*)`),
    NPM,
    NPM_FILE,
    WINSTON,
  ],
  samples: [
    { record: '2026-05-01T12:00:00.000Z [warn]: cache is cold', time: '2026-05-01T12:00:00.000000Z', severity: 'medium', message: 'cache is cold' },
    { record: '[2026-05-01T12:00:00.123] [ERROR] http - Error: boom\n    at Object.<anonymous> (/app/x.js:1:7)', severity: 'high', message: 'Error: boom\n    at Object.<anonymous> (/app/x.js:1:7)', fields: { service: 'http' } },
    { record: '2026-05-01T12:00:00.000Z express:router use / query', message: 'use / query', fields: { service: 'express:router' } },
    { record: 'npm ERR! code E404', time: null, severity: 'high', message: 'code E404' },
    { record: '12 verbose cli /usr/bin/node', time: null, severity: 'info', message: 'cli /usr/bin/node', attributes: { sequence: 12 } },
    { record: 'error: connect ECONNREFUSED', severity: 'high', message: 'connect ECONNREFUSED' },
  ],
});
