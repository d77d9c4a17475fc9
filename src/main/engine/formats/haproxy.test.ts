/** Logs of servers behind syslog and beside their look-alikes. */
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../../shared/event.ts';
import { haproxy } from './haproxy.ts';
import { readRecord } from './read-record.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const recognised = (lines: string): string | undefined => recognise(makeHead('x', bytes(lines)), formats).format?.id;
const http = (status: string, state: string): string => `Feb  6 12:14:14 lb haproxy[1]: 10.0.1.2:33317 [06/Feb/2026:12:14:14.655] in app/s1 1/0/3/6/10 ${status} 2750 - - ${state} 1/1/1/1/0 0/0 "GET /x HTTP/1.1"`;

describe('haproxy', () => {
  it('beats the syslog it comes behind', () => {
    expect(recognised(`${http('200', '----')}\n`.repeat(20))).toBe('haproxy');
    expect(recognised(`${http('200', '----')}\n`.repeat(20) + 'Feb  6 12:14:15 lb haproxy[1]: Proxy in started.\n')).toBe('haproxy');
    expect(recognised('Feb  6 12:14:15 lb haproxy[1]: Proxy in started.\n'.repeat(20))).toBe('rfc3164');
  });

  it.each([
    ['200', '----', null], ['200', 'CD--', 'low'], ['200', 'SD--', 'high'], ['200', 'cD--', 'low'],
    // what the status says counts for more
    ['403', 'PR--', null], ['503', 'SC--', null],
  ])('status %s ended as %s is %s', (status, state, severity) => {
    const line = bytes(http(status, state));
    const record = readRecord(haproxy, { path: 'x', modified: Date.UTC(2026, 5, 15) * 1000, zone: 'UTC', head: line }, line);
    expect(record?.severity === null || record === null ? null : SEVERITIES[record.severity]).toBe(severity);
    expect(record?.numbers).toEqual({ status: Number(status), latencyMs: 10 });
  });
});

describe('server logs', () => {
  it.each([
    ['redis', '77:M 21 Nov 2026 14:59:31.123 * Ready to accept connections\n'],
    ['mysql-error', '2026-08-06T14:25:02.936146Z 0 [Warning] [MY-010068] [Server] CA certificate is self signed.\n'],
    ['mysql-error', '2026-05-01  9:08:07 3 [Note] InnoDB: Buffer pool(s) load completed\n'],
    ['mysql-slow', '# Time: 2021-01-26T23:45:57.678222Z\n# User@Host: a[a] @ db1 [10.0.0.5]  Id:     2\n# Query_time: 0.01  Lock_time: 0.01 Rows_sent: 2  Rows_examined: 2\nSELECT 1;\n'],
    ['postgres', '2026-05-01 12:00:00.123 CEST [12345] LOG:  starting\n'],
    ['java', '2026-05-01 12:00:00,123 [main] ERROR com.x.Y - no\n'],
  ])('recognises %s', (id, line) => {
    expect(recognised(line.repeat(10))).toBe(id);
  });
});
