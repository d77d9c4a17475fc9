/**
 * The error log of MySQL 5.7 and later (time, thread, [Priority] [code] [subsystem]), of MariaDB and of MySQL 5.6 (local time, thread, [Priority])
 * and of older ones (yymmdd).
 */
import { lineFormat, timeFirst } from './lib/line-format.ts';

/** System messages say what the server does: information. The others are levels that everyone knows. */
const CODES: Readonly<Record<number, number>> = { 69: 3, 87: 2, 78: 1, 83: 0 };

export const mysqlError = lineFormat({
  id: 'mysql-error',
  title: 'MySQL error log',
  description: 'Error logs of MySQL and MariaDB servers.',
  what: '"time thread [Priority] message" as MySQL and MariaDB write them',
  weight: 0.97,
  least: 0.05,
  starts: timeFirst(),
  severityAt: (buf, start) => CODES[buf[start]] ?? -1,
  patterns: [
    /^(?<time>\d{4}-\d\d-\d\d[T ][ \d]\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?) (?<thread>\d+|0x[\da-f]+) \[(?<level>System|Error|ERROR|Warning|Note)\](?: \[(?<code>[A-Z]{2,}-\d+)\] \[(?<service>\w+)\])? (?<message>.*)/,
    /^(?<time>\d{6} [ \d]\d:\d\d:\d\d) \[(?<level>ERROR|Error|Warning|Note)\] (?<message>.*)/,
    /^(?<time>\d{6} [ \d]\d:\d\d:\d\d) (?<message>mysqld_safe .*|InnoDB: .*|mysqld.*)/,
    /^(?<time>\d{4}-\d\d-\d\d[T ][ \d]\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?) (?<message>mysqld_safe .*)/,
  ],
  samples: [
    {
      record: "2026-08-06T14:25:02.936146Z 0 [Warning] [MY-010068] [Server] CA certificate /var/mysql/sslinfo/cacert.pem is self signed.",
      time: '2026-08-06T14:25:02.936146Z',
      severity: 'medium',
      message: 'CA certificate /var/mysql/sslinfo/cacert.pem is self signed.',
      fields: { level: 'Warning', service: 'Server' },
      attributes: { thread: 0, code: 'MY-010068' },
    },
    { record: '2026-08-06T14:25:03.109022Z 5 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: 8.4.2', severity: 'info', attributes: { thread: 5 } },
    { record: '2026-08-06T16:25:03.109022+02:00 0 [ERROR] [MY-012574] [InnoDB] Unable to lock ./ibdata1 error: 11', time: '2026-08-06T14:25:03.109022Z', severity: 'high', fields: { service: 'InnoDB' } },
    // MySQL 5.7
    { record: "2017-03-02T10:00:00.123456Z 12 [Note] Access denied for user 'root'@'10.0.0.7' (using password: YES)", time: '2017-03-02T10:00:00.123456Z', severity: 'low', message: "Access denied for user 'root'@'10.0.0.7' (using password: YES)" },
    // MariaDB, whose hours have no leading zero
    { record: '2026-05-01  9:08:07 3 [Warning] Aborted connection 3 to db: \'shop\' user: \'app\' host: \'10.0.0.7\' (Got timeout reading\n communication packets)', time: '2026-05-01T09:08:07.000000Z', severity: 'medium', message: 'Aborted connection 3 to db: \'shop\' user: \'app\' host: \'10.0.0.7\' (Got timeout reading\n communication packets)' },
    { record: '2026-05-01 12:08:07 0x7f21 [ERROR] InnoDB: Operating system error number 2 in a file operation.', time: '2026-05-01T12:08:07.000000Z', severity: 'high' },
    { record: '130103  9:04:05 [ERROR] Plugin \'InnoDB\' init function returned error.', time: '2013-01-03T09:04:05.000000Z', severity: 'high' },
    { record: '130103 19:04:05 mysqld_safe Starting mysqld daemon with databases from /var/lib/mysql', time: '2013-01-03T19:04:05.000000Z', message: 'mysqld_safe Starting mysqld daemon with databases from /var/lib/mysql' },
  ],
});
