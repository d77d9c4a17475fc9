/** Apache httpd error logs, 2.2 ([time] [level] [client]) and 2.4 ([time] [module:level] [pid:tid] [client:port]). */
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';

export const apacheError = lineFormat({
  id: 'apache-error',
  title: 'Apache error log',
  description: 'Error logs of the Apache web server, 2.2 and 2.4.',
  what: '"[time] [module:level] message" as Apache writes them',
  weight: 0.96,
  starts: timeFirst(),
  patterns: [
    pattern(String.raw`^\[(?<time>{CTIME})\] \[(?:(?<service>[\w-]*):)?(?<level>emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]?)\](?: \[pid (?<pid>\d+)(?::tid (?<tid>\d+))?\])?(?: \[(?:remote|client) (?<ip>[0-9a-fA-F.:]*?[0-9a-fA-F])(?::(?<port>\d+))?\])? (?:(?<code>AH\d+): )?(?<message>.*)`),
  ],
  samples: [
    {
      record: '[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6',
      time: '2005-12-04T04:47:44.000000Z',
      severity: 'high',
      message: 'mod_jk child workerEnv in error state 6',
      fields: { level: 'error' },
    },
    {
      record: '[Wed Oct 11 14:32:52.123456 2023] [core:warn] [pid 35708:tid 4328636416] [client 72.15.99.187:61000] AH00128: File does not exist: /x',
      time: '2023-10-11T14:32:52.123456Z',
      severity: 'medium',
      message: 'File does not exist: /x',
      fields: { service: 'core', level: 'warn', ip: '72.15.99.187' },
      attributes: { pid: 35708, tid: 4328636416, port: 61000, code: 'AH00128' },
    },
    { record: '[Sun Dec 04 05:15:09 2005] [error] [client 222.166.160.184] Directory index forbidden', fields: { ip: '222.166.160.184' }, message: 'Directory index forbidden' },
  ],
});
