/** PostgreSQL's server log with the usual prefixes ('%m [%p] ', '%t [%p]: user=%u,db=%d ', '%m [%p] %q%u@%d '). */
import { NUMBER } from './format.ts';
import { lineFormat, timeFirst } from './lib/line-format.ts';

/** Severity codes of PANIC, FATAL, ERROR, WARNING and NOTICE by their first bytes; the rest (LOG, DETAIL, HINT, STATEMENT ...) is information. */
const CODES: Readonly<Record<number, number>> = { 80: 4, 70: 4, 69: 3, 87: 2, 78: 1 };

export const postgres = lineFormat({
  id: 'postgres',
  title: 'PostgreSQL log',
  description: 'The server log of PostgreSQL.',
  what: '"time [pid] LEVEL:  message" as PostgreSQL writes them',
  weight: 0.96,
  least: 0.05,
  starts: timeFirst(),
  severityAt: (buf, start) => CODES[buf[start]] ?? 0,
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{2,5}|[+-]\d\d(?:\d\d)?)) \[(?<pid>\d+)(?:-(?<line>\d+))?\]:? (?:\[\d+-\d+\] )?(?:(?:user=)?(?<user>[^@,\s]*)(?:@|,db=)(?<database>[^,\s]*)(?:,app=(?<application>[^,]*?))?(?:,client=(?<ip>[^,\s]*))? +)?(?<level>LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): +(?<message>.*)/,
    // '%t:%r:%u@%d:[%p]:', which Amazon RDS and Aurora prescribe
    /^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{2,5}|[+-]\d\d(?:\d\d)?)):(?<ip>[^(\s]*?)(?:\((?<port>\d+)\))?:(?<user>[^@\s:]*)@(?<database>[^\s:]*):\[(?<pid>\d+)\]:(?<level>LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION): +(?<message>.*)/,
  ],
  also(text, sink) {
    const duration = /^duration: ([\d.]+) ms/.exec(text('message'));
    if (duration) sink.number(NUMBER.latencyMs, Number(duration[1]));
  },
  samples: [
    { record: '2026-05-01 12:00:00 UTC:10.0.0.7(50412):app@shop:[4711]:FATAL:  password authentication failed for user "app"', time: '2026-05-01T12:00:00.000000Z', severity: 'critical', message: 'password authentication failed for user "app"', fields: { ip: '10.0.0.7', user: 'app', level: 'FATAL' }, attributes: { database: 'shop', pid: 4711, port: 50412 } },
    { record: '2025-08-13 01:45:01.123 PDT [12345] LOG:  starting PostgreSQL 15.4', time: '2025-08-13T08:45:01.123000Z', severity: 'info', message: 'starting PostgreSQL 15.4', fields: { level: 'LOG' }, attributes: { pid: 12345 } },
    { record: '2025-08-13 01:46:12.212 UTC [12389] app@shop ERROR:  relation "x" does not exist at character 15', severity: 'high', fields: { user: 'app' }, attributes: { database: 'shop' } },
    { record: '2025-08-13 01:46:12 CEST [7]: user=app,db=shop,app=psql,client=10.0.0.7 LOG:  duration: 12.5 ms  statement: SELECT 1\n\tFROM x', time: '2025-08-12T23:46:12.000000Z', message: 'duration: 12.5 ms  statement: SELECT 1\n\tFROM x', fields: { user: 'app', ip: '10.0.0.7' }, numbers: { latencyMs: 12.5 } },
  ],
});
