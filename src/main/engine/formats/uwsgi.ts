/** uWSGI's request log. */
import { lineFormat } from './lib/line-format.ts';
import { pattern } from './lib/pattern-parts.ts';

const REQUEST = String.raw`^\[pid: (?<pid>\d+)\|app: (?<app>-?\d+)\|req: (?<request>-?\d+/\d+)\] (?<ip>\S+) \((?<user>[^)]*)\) \{[^}]*\} \[(?<time>{CTIME})\] (?<message>(?<method>[A-Z]+) (?<url>\S+) => generated (?<bytes>\d+) bytes in `;

export const uwsgi = lineFormat({
  id: 'uwsgi',
  title: 'uWSGI request log',
  description: 'Requests served by uWSGI, with size, time taken and status.',
  what: 'requests as uWSGI logs them',
  weight: 0.97,
  starts: 'line',
  patterns: [
    pattern(`${REQUEST}${String.raw`(?<latency_ms>\d+) msecs(?: via \w+\(\))? \((?<protocol>HTTP/[\d.]+) (?<status>\d{3})\).*)`}`),
    pattern(`${REQUEST}${String.raw`(?<latency_us>\d+) micros(?: via \w+\(\))? \((?<protocol>HTTP/[\d.]+) (?<status>\d{3})\).*)`}`),
  ],
  samples: [
    { record: '[pid: 88185|app: 0|req: 1/1] 127.0.0.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 2016] POST /update_metrics => generated 47 bytes in 129 msecs (HTTP/1.1 200) 9 headers in 378 bytes (1 switches on core 3)', time: '2016-03-13T22:49:12.000000Z', fields: { ip: '127.0.0.1', url: '/update_metrics' }, numbers: { status: 200, latencyMs: 129 }, attributes: { pid: 88185, method: 'POST', bytes: 47 } },
    { record: '[pid: 1|app: 0|req: 3/3] 127.0.0.1 (bob) {34 vars in 617 bytes} [Sun Mar 13 22:49:15 2016] POST /e => generated 215 bytes in 500 micros (HTTP/1.1 500) 9 headers in 373 bytes (1 switches on core 8)', fields: { user: 'bob' }, numbers: { status: 500, latencyMs: 0.5 } },
  ],
});
