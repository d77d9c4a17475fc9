// A folder as responders are handed: a day of a small shop, written by four programs, with one failure in the middle.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const START = Date.UTC(2026, 10, 20, 9);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');
const address = (i: number): string => `10.20.${i % 7}.${(i * 37) % 250}`;
const clock = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
const lines = (count: number, seconds: number, line: (i: number, at: Date) => string): string =>
  Array.from({ length: count }, (_, i) => `${line(i, new Date(START + i * seconds * 1000))}\n`).join('');

/** What the failure says; it is in the folder once. */
export const FAILURE = 'order 617 failed: payment gateway timed out after 30000 ms';
/** Lines by file; none is the same as another. */
export const EVIDENCE = { 'checkout.jsonl': 1_000, 'auth.log': 1_000, 'access.log': 600, 'access.log.1.gz': 400 } as const;
export const EVIDENCE_LINES = Object.values(EVIDENCE).reduce((sum, count) => sum + count, 0);

/** Requests in the combined log format; a burst of 502 around the failure. */
function access(count: number, from: number): string {
  return lines(count, 6, (i, at) => {
    const n = i + from;
    const status = n > 300 && n < 340 ? 502 : n % 29 === 0 ? 404 : 200;
    const stamp = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${clock(at)} +0000`;
    return `${address(n)} - - [${stamp}] "${n % 3 ? 'GET' : 'POST'} /api/orders/${n} HTTP/1.1" ${status} ${500 + ((n * 97) % 4000)} "https://shop.example/cart" "Mozilla/5.0 (X11; Linux x86_64)"`;
  });
}

/** Writes the folder `evidence` into `parent` and says where it is. */
export function writeEvidence(parent: string): string {
  const folder = path.join(parent, 'evidence');
  mkdirSync(folder);
  const checkout = lines(EVIDENCE['checkout.jsonl'], 4, (i, at) => JSON.stringify({
    time: at.toISOString(), level: i === 617 ? 'error' : i % 50 === 0 ? 'warn' : 'info', service: 'checkout', host: `web-${1 + (i % 3)}`,
    message: i === 617 ? FAILURE : i % 50 === 0 ? `order ${i} paid after ${1 + (i % 3)} retries` : `order ${i} paid`, duration_ms: 40 + ((i * 31) % 400), customer: `c-${1000 + (i % 83)}`,
  }));
  const auth = lines(EVIDENCE['auth.log'], 4, (i, at) => {
    const said = i % 9 === 0 ? `Failed password for invalid user admin from ${address(i)} port ${40_000 + i} ssh2` : `Accepted publickey for deploy from ${address(i)} port ${40_000 + i} ssh2`;
    return `${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()} ${clock(at)} web-${1 + (i % 3)} sshd[${2000 + i}]: ${said}`;
  });
  writeFileSync(path.join(folder, 'checkout.jsonl'), checkout);
  writeFileSync(path.join(folder, 'auth.log'), auth);
  writeFileSync(path.join(folder, 'access.log'), access(EVIDENCE['access.log'], EVIDENCE['access.log.1.gz']));
  writeFileSync(path.join(folder, 'access.log.1.gz'), gzipSync(access(EVIDENCE['access.log.1.gz'], 0)));
  return folder;
}
