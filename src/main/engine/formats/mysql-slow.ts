/** The slow query log of MySQL and MariaDB: one record a statement. */
import { lineFormat } from './lib/line-format.ts';

const TIME = new TextEncoder().encode('# Time: ');

export const mysqlSlow = lineFormat({
  id: 'mysql-slow',
  title: 'MySQL slow query log',
  description: 'Slow statements of MySQL and MariaDB, with times and row counts.',
  what: 'statements with their times as MySQL writes them',
  weight: 1,
  least: 0.02,
  spans: 24,
  starts: (buf, start, end) => end - start > TIME.length && TIME.every((c, i) => buf[start + i] === c),
  patterns: [
    /^# Time: +(?<time>[^\r\n]+)\r?\n# User@Host: (?<user>[^[\s]*)\[[^\]]*\] @ +(?<client>[^[\s]*) *\[(?<ip>[^\]]*)\][^\n]*\n(?:#(?! Query_time)[^\n]*\n)*# Query_time: (?<latency_s>[\d.]+) +Lock_time: (?<lock_time>[\d.]+) +Rows_sent: (?<rows_sent>\d+) +Rows_examined: (?<rows_examined>\d+)[^\n]*\n(?:#[^\n]*\n)*(?:use (?<database>[^;\n]*);\r?\n)?(?:SET timestamp=\d+;\r?\n)?(?<message>[\s\S]*)/,
    /^# Time: +(?<time>[^\r\n]+)/,
  ],
  samples: [
    {
      record: '# Time: 2021-01-26T23:45:57.678222Z\n# User@Host: owncloud[owncloud] @ db1 [10.0.0.5]  Id:     2\n# Schema: owncloud  Last_errno: 0  Killed: 0\n# Query_time: 0.011853  Lock_time: 0.011542  Rows_sent: 268  Rows_examined: 269  Rows_affected: 0\n# Bytes_sent: 10121\nuse owncloud;\nSET timestamp=1611704757;\nSELECT *\n  FROM `oc_appconfig`;',
      time: '2021-01-26T23:45:57.678222Z',
      message: 'SELECT *\n  FROM `oc_appconfig`;',
      fields: { user: 'owncloud', ip: '10.0.0.5' },
      numbers: { latencyMs: 11.853 },
      attributes: { client: 'db1', rows_examined: 269, database: 'owncloud' },
    },
    { record: '# Time: 160102  3:04:05\n# something else', time: '2016-01-02T03:04:05.000000Z' },
  ],
});
