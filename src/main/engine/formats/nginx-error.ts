/** nginx error logs: time [level] pid#tid: *connection message, client: ..., server: ..., request: "...". */
import { FIELD } from './format.ts';
import { lineFormat, timeFirst } from './lib/line-format.ts';

export const nginxError = lineFormat({
  id: 'nginx-error',
  title: 'nginx error log',
  description: 'Error logs of the nginx web server.',
  what: '"time [level] pid#tid: message" as nginx writes them',
  weight: 0.97,
  starts: timeFirst(),
  patterns: [
    /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(?<level>emerg|alert|crit|error|warn|notice|info|debug)\] (?<pid>\d+)#(?<tid>\d+): (?:\*(?<connection>\d+) )?(?<message>.*)/,
  ],
  also(text, sink) {
    const message = text('message');
    const at = message.lastIndexOf(', client: ');
    if (at < 0) return;
    for (const [, name, quoted, bare] of message.slice(at).matchAll(/, (client|server|request|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,]*))/g)) {
      const value = quoted ?? bare ?? '';
      if (name === 'client') sink.text(FIELD.ip, value);
      else if (name === 'request') {
        const url = value.split(' ')[1];
        if (url !== undefined) sink.text(FIELD.url, url);
      } else if (name === 'server' && value !== '_') sink.text(FIELD.service, value);
      sink.attribute(name, value);
    }
  },
  samples: [
    {
      record: '2026/05/01 12:00:00 [error] 31#32: *7 open() "/srv/x" failed (2: No such file or directory), client: 203.0.113.4, server: shop.example.com, request: "GET /x HTTP/1.1", host: "shop.example.com"',
      time: '2026-05-01T12:00:00.000000Z',
      severity: 'high',
      fields: { level: 'error', ip: '203.0.113.4', url: '/x', service: 'shop.example.com' },
      attributes: { pid: 31, tid: 32, connection: 7, request: 'GET /x HTTP/1.1', host: 'shop.example.com' },
    },
    { record: '2026/05/01 12:00:00 [notice] 1#1: nginx/1.27.0', severity: 'low', message: 'nginx/1.27.0' },
  ],
});
