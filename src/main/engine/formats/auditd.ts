/**
 * The Linux audit log: type=TYPE msg=audit(seconds.millis:serial): fields, with the enriched fields behind byte 0x1d. Records of one
 * event share the serial and stay separate events. Field encodings: linux-audit's "Audit Event Parsing Library Specifications".
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { attributeValue } from './lib/line-format.ts';
import { decode, lineParser } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { AuditColumns, nameWord, NODE, TYPE } from './lib/audit-columns.ts';
import { signalName, systemCall } from './lib/audit-names.ts';
import { decodeHex, isHex, socketAddress } from './lib/audit-values.ts';
import { createClock, readTime, type Clock } from './lib/time.ts';

const HEADER = /^(?:node=\S+ )?(?:type=\S+ )?msg=audit\(\d{10}\.\d{3}:\d+\):/;
const MARK = new TextEncoder().encode('msg=audit(');
/** Fields that are written in hex when their text has blanks, quotes or control bytes. */
const ENCODED = new Set([
  'proctitle', 'comm', 'exe', 'name', 'cwd', 'path', 'cmd', 'acct', 'key', 'data', 'dir', 'file', 'watch', 'ocomm', 'vm', 'grp', 'new_group', 'old-ng', 'tty',
]);
/** Ids that are all ones when nobody logged in. */
const LOGIN_IDS = new Set(['auid', 'ses', 'oauid', 'old-auid', 'old-ses']);
/** AUDIT_ARCH_ numbers of linux/audit.h: the ELF machine with bits for 64 bit and little-endian. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  c000003e: 'x86_64', 40000003: 'i386', c00000b7: 'aarch64', 40000028: 'arm', c0000015: 'ppc64le', 80000015: 'ppc64', 80000016: 's390x', 16: 's390', c00000f3: 'riscv64',
};

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

function reader(clock: Clock) {
  const columns = new AuditColumns();
  return {
    report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const mark = markAt(buf, start, end);
      if (mark >= 0) {
        const stamp = mark + MARK.length;
        const us = readTime(buf, stamp, end, clock);
        if (us === us) {
          sink.time(us, stamp, clock.end, false);
          columns.clear(buf);
          const isCommand = reportHeader(buf, start, mark, sink, columns);
          let p = clock.end;
          while (p < end && buf[p] !== 41) p++;
          if (sink.detail) sink.attribute('serial', attributeValue(decode(buf, clock.end + 1, p)));
          reportFields(buf, p + 2, end, sink, columns, { isCommand, architecture: '' });
          columns.emit(sink);
        }
      }
      sink.end();
    },
  };
}

/** node=NAME type=TYPE before the mark. Returns whether the record lists the arguments of a command. */
function reportHeader(buf: Uint8Array, start: number, mark: number, sink: Sink, columns: AuditColumns): boolean {
  let isCommand = false;
  for (let p = start; p < mark; ) {
    let q = p;
    while (q < mark && buf[q] !== 32) q++;
    if (q - p > 5 && buf[p + 4] === 61) {
      const name = nameWord(buf, p, p + 4);
      if (name === NODE) sink.field(FIELD.host, p + 5, q);
      if (name === TYPE) {
        // AVC and ANOM_...
        const denied = (buf[p + 5] === 65 && buf[p + 6] === 86 && buf[p + 7] === 67 && q === p + 8) || (buf[p + 5] === 65 && buf[p + 6] === 78 && buf[p + 7] === 79 && buf[p + 8] === 77 && buf[p + 9] === 95);
        if (denied) columns.failed = true;
        isCommand = buf[p + 5] === 69 && buf[p + 6] === 88 && buf[p + 7] === 69 && buf[p + 8] === 67;
        if (sink.detail) sink.attribute('type', decode(buf, p + 5, q));
      }
    }
    p = q + 1;
  }
  return isCommand;
}

/** What the fields of a record so far say about those behind. */
interface Context {
  /** it lists the arguments of a command */
  isCommand: boolean;
  /** as ARCHITECTURES has it, '' = not written */
  architecture: string;
}

/**
 * name=value pairs of buf[p, end): "quoted", bare, in parentheses; msg='...' holds pairs of its own; byte 0x1d parts the enriched
 * ones. One pass: the body is hostile and may be long.
 */
function reportFields(buf: Uint8Array, p: number, end: number, sink: Sink, columns: AuditColumns, record: Context): void {
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
    const valueAt = p;
    if (mark === 34 || mark === 39 || mark === 40) {
      const closing = mark === 40 ? 41 : mark;
      p++;
      while (p < end && buf[p] !== closing) p++;
      if (p < end) p++;
    } else {
      while (p < end && buf[p] !== 32 && buf[p] !== 0x1d) p++;
    }
    const inner = p > valueAt + 1 && buf[p - 1] === mark ? p - 1 : p;
    if (mark === 39) {
      reportFields(buf, valueAt + 1, inner, sink, columns, record);
    } else if (nameEnd > nameAt) {
      const quoted = mark === 34;
      const from = quoted ? valueAt + 1 : valueAt;
      const to = quoted ? inner : p;
      columns.take(buf, nameAt, nameEnd, from, to, quoted);
      if (sink.detail) reportAttribute(decode(buf, nameAt, nameEnd), decode(buf, from, to), quoted, sink, record);
    }
    nameAt = p;
  }
}

function reportAttribute(name: string, written: string, quoted: boolean, sink: Sink, record: Context): void {
  if (name === 'argc') record.isCommand = true;
  if (quoted) {
    sink.attribute(name, written);
    return;
  }
  if (name === 'saddr' && isHex(written)) for (const [part, value] of Object.entries(socketAddress(written))) sink.attribute(`saddr.${part}`, value);
  sink.attribute(name, meaningOf(name, written, record));
}

/** What a bare value stands for. */
function meaningOf(name: string, written: string, record: Context): string | number {
  // The arguments of a command (EXECVE) are texts; a0 to a3 of a system call are numbers in hex.
  if (ENCODED.has(name) || (record.isCommand && written.length > 2 && /^a\d/.test(name))) {
    // Some kernels end the hex of several keys with a quote; the keys are parted by byte 1.
    const hex = name === 'key' ? written.replace(/"$/, '') : written;
    if (isHex(hex)) return name === 'key' ? decodeHex(hex).replaceAll('\u0001', ' ') : decodeHex(hex);
  }
  if (LOGIN_IDS.has(name) && (written === '4294967295' || written === '-1')) return 'unset';
  if (name === 'arch') return (record.architecture = ARCHITECTURES[written.toLowerCase()] ?? written);
  if (name === 'syscall') return attributeValue(systemCall(record.architecture, written));
  if (name === 'sig') return attributeValue(signalName(written));
  return attributeValue(written);
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
      attributes: { type: 'SYSCALL', serial: 20614537, arch: 'x86_64', syscall: 'sendto', auid: 'unset', exe: '/usr/libexec/strongswan/charon (deleted)', pid: 1287, tty: '(none)' },
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
