/**
 * The Linux audit log: type=TYPE msg=audit(seconds.millis:serial): fields, with the enriched fields behind byte 0x1d. Records of one
 * event share the serial and stay separate events. Field encodings: linux-audit's "Audit Event Parsing Library Specifications".
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { attributeValue } from './lib/line-format.ts';
import { decode, lineParser } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { decodeHex, isHex, socketAddress } from './lib/audit-values.ts';
import { createClock, readTime, type Clock } from './lib/time.ts';

const HEADER = /^(?:node=\S+ )?(?:type=\S+ )?msg=audit\(\d{10}\.\d{3}:\d+\):/;
const MARK = new TextEncoder().encode('msg=audit(');
/** Fields that are written in hex when their text has blanks, quotes or control bytes. */
const ENCODED = new Set([
  'proctitle', 'comm', 'exe', 'name', 'cwd', 'path', 'cmd', 'acct', 'key', 'data', 'dir', 'file', 'watch', 'ocomm', 'vm', 'grp', 'new_group', 'old-ng', 'tty',
]);
/** auid of a process nobody logged in for */
const UNSET = new Set(['4294967295', '-1', 'unset', '?', '(null)', '']);

/** Position of 'msg=audit(' near the line's start, or -1. */
function markAt(buf: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end - MARK.length, start + 300);
  for (let p = start; p <= limit; p++) {
    if (buf[p] !== 109) continue;
    let i = 1;
    while (i < MARK.length && buf[p + i] === MARK[i]) i++;
    if (i === MARK.length) return p;
  }
  return -1;
}

interface Wanted {
  user: string;
  userRank: number;
  ip: string;
  program: string;
  failed: boolean;
  /** the record lists a command's arguments */
  isCommand: boolean;
}

/** Which of the names of a user says most: the one logged in, the account acted on, the login id, the id. */
const USER_RANK: Readonly<Record<string, number>> = { AUID: 5, acct: 4, auid: 3, UID: 2, uid: 1 };

function reader(clock: Clock) {
  return {
    report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const mark = markAt(buf, start, end);
      if (mark >= 0) {
        const stamp = mark + MARK.length;
        const us = readTime(buf, stamp, end, clock);
        if (us === us) {
          sink.time(us, stamp, clock.end, false);
          reportHeader(buf, start, mark, clock.end, end, sink);
        }
      }
      sink.end();
    },
  };
}

function reportHeader(buf: Uint8Array, start: number, mark: number, stampEnd: number, end: number, sink: Sink): void {
  let p = stampEnd;
  while (p < end && buf[p] !== 41) p++;
  const wanted: Wanted = { user: '', userRank: 0, ip: '', program: '', failed: false, isCommand: false };
  for (const [, name, value] of decode(buf, start, mark).matchAll(/(node|type)=(\S+)/g)) {
    if (name === 'node') sink.text(FIELD.host, value);
    else sink.attribute('type', value);
    if (name === 'type' && (value === 'AVC' || value.startsWith('ANOM_'))) wanted.failed = true;
  }
  if (sink.detail) sink.attribute('serial', attributeValue(decode(buf, stampEnd + 1, p)));
  reportFields(buf, p + 2, end, sink, wanted);
  if (wanted.user !== '') sink.text(FIELD.user, wanted.user);
  if (wanted.ip !== '') sink.text(FIELD.ip, wanted.ip);
  if (wanted.program !== '') sink.text(FIELD.service, wanted.program);
  if (wanted.failed) sink.severity(2);
}

/** The names that fill columns; the others only count when a record is read back. */
const COLUMN_NAMES = new Set([...Object.keys(USER_RANK), 'addr', 'comm', 'exe', 'res', 'success', 'saddr', 'msg', 'argc']);
const LONGEST_COLUMN_NAME = 7;

/**
 * name=value pairs of buf[p, end): "quoted", bare, in parentheses; msg='...' holds pairs of its own; byte 0x1d parts the enriched
 * ones. One pass: the body is hostile and may be long.
 */
function reportFields(buf: Uint8Array, p: number, end: number, sink: Sink, wanted: Wanted): void {
  let nameAt = p;
  while (p < end) {
    const c = buf[p];
    if (c === 32 || c === 0x1d || c === 44) {
      nameAt = ++p;
      continue;
    }
    if (c !== 61) {
      p++;
      continue;
    }
    const nameEnd = p++;
    const mark = p < end ? buf[p] : 32;
    const closing = mark === 40 ? 41 : mark;
    const wrapped = mark === 34 || mark === 39 || mark === 40;
    const valueAt = p;
    if (wrapped) {
      p++;
      while (p < end && buf[p] !== closing) p++;
      if (p < end) p++;
    } else {
      while (p < end && buf[p] !== 32 && buf[p] !== 0x1d) p++;
    }
    if (mark === 39) {
      reportFields(buf, valueAt + 1, buf[p - 1] === 39 && p > valueAt + 1 ? p - 1 : p, sink, wanted);
    } else if (nameEnd > nameAt && (sink.detail || nameEnd - nameAt <= LONGEST_COLUMN_NAME)) {
      const name = decode(buf, nameAt, nameEnd);
      if (sink.detail || COLUMN_NAMES.has(name)) {
        const quoted = mark === 34;
        const value = quoted ? decode(buf, valueAt + 1, buf[p - 1] === 34 && p > valueAt + 1 ? p - 1 : p) : decode(buf, valueAt, p);
        reportField(name, value, quoted, sink, wanted);
      }
    }
    nameAt = p;
  }
}

function reportField(name: string, written: string, quoted: boolean, sink: Sink, wanted: Wanted): void {
  let value = written;
  if (name === 'argc') wanted.isCommand = true;
  // The arguments of a command (EXECVE) are texts; a0 to a3 of a system call are numbers in hex.
  if (!quoted && isHex(value) && (ENCODED.has(name) || (wanted.isCommand && value.length > 2 && /^a\d/.test(name)))) value = decodeHex(value);
  if (name === 'saddr' && isHex(value)) {
    const address = socketAddress(value);
    for (const [part, text] of Object.entries(address)) sink.attribute(`saddr.${part}`, text);
    if (typeof address.ip === 'string') wanted.ip ||= address.ip;
  }
  const rank = USER_RANK[name] ?? 0;
  if (rank > wanted.userRank && !UNSET.has(value)) {
    wanted.user = value;
    wanted.userRank = rank;
  }
  if (name === 'addr' && /^[\d.:a-fA-F]+$/.test(value)) wanted.ip = value;
  if (name === 'comm') wanted.program = value;
  if (name === 'exe' && wanted.program === '') wanted.program = value.slice(value.lastIndexOf('/') + 1);
  if ((name === 'res' && (value === 'failed' || value === '0')) || (name === 'success' && value === 'no')) wanted.failed = true;
  if (sink.detail) sink.attribute(name, quoted ? value : attributeValue(value));
}

export const auditd: Format = {
  id: 'auditd',
  title: 'Linux audit log',
  description: 'Records of the Linux audit daemon, hex fields and socket addresses decoded; plain and enriched.',
  signal: 'logs',
  parallel: true,
  samples: [
    {
      record: 'type=SYSCALL msg=audit(1490995752.404:20614537): arch=c000003e syscall=44 success=yes exit=464 items=0 ppid=1240 pid=1287 auid=4294967295 uid=0 tty=(none) comm="charon" exe=2F7573722F6C6962657865632F7374726F6E677377616E2F636861726F6E202864656C6574656429 key=(null)',
      time: '2017-03-31T21:29:12.404000Z',
      fields: { user: '0', service: 'charon' },
      attributes: { type: 'SYSCALL', serial: 20614537, exe: '/usr/libexec/strongswan/charon (deleted)', pid: 1287, tty: '(none)' },
    },
    {
      record: `node=web1 type=USER_LOGIN msg=audit(1488862769.030:19469538): pid=3027 uid=0 auid=700 ses=11988 msg='op=login acct="admin" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.7 terminal=sshd res=failed'\u001dUID="root" AUID="alice"`,
      severity: 'medium',
      fields: { host: 'web1', user: 'alice', ip: '203.0.113.7', service: 'sshd' },
      attributes: { op: 'login', acct: 'admin', res: 'failed', UID: 'root' },
    },
    {
      record: 'type=PROCTITLE msg=audit(1490995752.404:20614538): proctitle=6361740068656C6C6F',
      attributes: { proctitle: 'cat hello' },
    },
    {
      record: 'type=SOCKADDR msg=audit(1490995752.404:20614539): saddr=02000035CB0071090000000000000000',
      fields: { ip: '203.0.113.9' },
      attributes: { 'saddr.family': 'inet', 'saddr.ip': '203.0.113.9', 'saddr.port': 53 },
    },
    { record: 'type=EXECVE msg=audit(1490995752.404:20614540): argc=2 a0="ls" a1=2F746D702F612062', attributes: { a0: 'ls', a1: '/tmp/a b' } },
    { record: 'type=AVC msg=audit(1490995752.404:20614541): avc:  denied  { read } for  pid=7 comm="httpd" name="x"', severity: 'medium', fields: { service: 'httpd' } },
  ],
  recognise: (head) => recogniseLines(head, { matches: (line) => HEADER.test(line), weight: 0.99, what: 'records of the Linux audit daemon', least: 0.3 }),
  open: (context: SourceContext) => lineParser(reader(createClock(context))),
};
