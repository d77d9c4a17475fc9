/**
 * BSD syslog as it lies in files (RFC 3164, and what rsyslog, syslog-ng, macOS, BusyBox and Cisco devices make of it):
 * [<PRI>] stamp host tag[pid]: message. Hot: no strings, no regular expressions on a record's way.
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { openWithEnd } from './lib/incomplete-times.ts';
import { decode, lineParser } from './lib/lines.ts';
import { attributeValue } from './lib/line-format.ts';
import { recogniseLines } from './lib/recognition.ts';
import { syslogSeverity, severityAt, SYSLOG_LEVELS } from './lib/severity.ts';
import { priorityEnd, reportPriority } from './lib/syslog-parts.ts';
import { isoTime, readTime, syslogTime, type Clock } from './lib/time.ts';

const BSD = /^(?:<\d{1,3}>)?(?:\d+: )?(?:\S+ \d+: )?[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d[^\]]/;
const ISO = /^(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) (?!\w+ \w+ - |(?:stdout|stderr) )[\w.:-]+ [\w./()@-]+(?:\[\d+\])?: /;

/** Where the header's stamp begins behind priority, sequence number and Cisco's mark of an unsure clock; -1 when it cannot. */
function stampStart(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  if (buf[p] === 60) {
    p = priorityEnd(buf, p, end);
    if (p < 0) return -1;
  }
  let q = p;
  while (q < end && q - p < 12 && buf[q] >= 48 && buf[q] <= 57) q++;
  if (q > p && q + 1 < end && buf[q] === 58 && buf[q + 1] === 32) p = q + 2;
  return buf[p] === 42 || (buf[p] === 46 && p > start) ? p + 1 : p;
}

/** us of the stamp at `p`, BSD or ISO with a T; NaN when there is none. */
function stampTime(buf: Uint8Array, p: number, end: number, clock: Clock): number {
  const c = buf[p];
  if (c >= 65 && c <= 90) return syslogTime(buf, p, end, clock);
  return c >= 48 && c <= 57 && buf[p + 10] === 84 ? isoTime(buf, p, end, clock) : NaN;
}

/**
 * Time of a line that another program wrote into the same file (several logs in one): it stands at the beginning or in the first
 * brackets. Such a line is an event of its own, not the continuation of the one before. NaN = the line has none.
 */
function foreignTime(buf: Uint8Array, start: number, end: number, clock: Clock): number {
  if (buf[start] <= 32) return NaN;
  // '-' stands for a value that is missing (BGL, access logs).
  if (buf[start] === 45 && buf[start + 1] === 32) start += 2;
  const us = readTime(buf, start, end, clock);
  if (us === us) return us;
  const bracket = buf.indexOf(91, start);
  return bracket < 0 || bracket >= Math.min(end, start + 100) ? NaN : readTime(buf, bracket + 1, end, clock);
}

function reader(clock: Clock) {
  return {
    starts(buf: Uint8Array, start: number, end: number): boolean {
      const p = stampStart(buf, start, end);
      const us = p < 0 ? NaN : stampTime(buf, p, end, clock);
      if (us === us) return true;
      const foreign = foreignTime(buf, start, end, clock);
      return foreign === foreign;
    },
    report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const at = stampStart(buf, start, lineEnd);
      const us = at < 0 ? NaN : stampTime(buf, at, lineEnd, clock);
      if (us === us) {
        if (buf[start] === 60) reportPriority(buf, start, priorityEnd(buf, start, lineEnd), sink);
        sink.time(us, at, clock.end, !clock.zoned);
        reportRest(buf, clock.end, lineEnd, end, sink);
      } else {
        const foreign = foreignTime(buf, start, lineEnd, clock);
        if (foreign === foreign) sink.time(foreign, clock.end, clock.end, !clock.zoned);
      }
      sink.end();
    },
  };
}

/** Host, tag, pid and message from `p`, the byte behind the stamp. */
function reportRest(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink): void {
  if (buf[p] === 58) p++;
  while (p < lineEnd && buf[p] === 32) p++;
  if (p >= lineEnd) return;
  // macOS: '--- last message repeated 2 times ---'; Cisco without a host: '%SYS-5-CONFIG_I: ...'
  if (buf[p] === 45 && buf[p + 1] === 45) {
    sink.message(p, end);
    return;
  }
  if (buf[p] !== 37) {
    let q = p;
    while (q < lineEnd && buf[q] !== 32) q++;
    const last = buf[q - 1];
    // A word with a colon or a pid here is the tag: BusyBox and some embedded loggers write no host.
    if (last !== 58 && q < lineEnd) {
      sink.field(FIELD.host, p, q);
      p = q + 1;
      while (p < lineEnd && buf[p] === 32) p++;
      if (buf[p] === 58 && buf[p + 1] === 32) p += 2;
    }
  }
  reportTag(buf, p, lineEnd, end, sink);
}

/** tag[pid]: message */
function reportTag(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink): void {
  if (buf[p] === 37 && reportMnemonic(buf, p, lineEnd, sink)) {
    sink.message(p, end);
    return;
  }
  let q = p;
  while (q < lineEnd) {
    const c = buf[q];
    if (c === 58 || c === 91 || c === 32) break;
    q++;
  }
  const tagEnd = q;
  let message = -1;
  if (buf[q] === 91 && q < lineEnd && q > p) {
    const pid = q + 1;
    while (q < lineEnd && buf[q] !== 93 && buf[q] !== 32) q++;
    if (q < lineEnd && buf[q] === 93) {
      if (sink.detail) sink.attribute('pid', attributeValue(decode(buf, pid, q)));
      message = q + 1;
      if (buf[message] === 58) message++;
    }
  } else if (buf[q] === 58 && q < lineEnd && q > p) {
    // A colon in the middle of a word (an IPv6 address, a URL) ends no tag.
    if (q + 1 >= lineEnd || buf[q + 1] === 32 || buf[q + 1] === 9) message = q + 1;
  }
  if (message < 0) {
    sink.message(p, end);
    return;
  }
  sink.field(FIELD.service, p, tagEnd);
  while (message < lineEnd && buf[message] === 32) message++;
  sink.message(Math.min(message, end), end);
}

/** Cisco's %FACILITY-SEVERITY-MNEMONIC: (also %ASA-6-302013:). Reports the severity; false when it is something else. */
function reportMnemonic(buf: Uint8Array, p: number, end: number, sink: Sink): boolean {
  let q = p + 1;
  while (q < end && ((buf[q] >= 65 && buf[q] <= 90) || (buf[q] >= 48 && buf[q] <= 57) || buf[q] === 95)) q++;
  // Facilities may hold dashes of their own: the severity is the digit that stands between two.
  while (q < end && buf[q] === 45 && !(buf[q + 1] >= 48 && buf[q + 1] <= 55 && buf[q + 2] === 45)) {
    q++;
    while (q < end && ((buf[q] >= 65 && buf[q] <= 90) || buf[q] === 95)) q++;
  }
  if (q === p + 1 || q + 3 >= end || buf[q] !== 45) return false;
  const level = buf[q + 1] - 48;
  const nameAt = q + 3;
  let r = nameAt;
  while (r < end && buf[r] !== 58 && buf[r] !== 32) r++;
  if (r >= end || buf[r] !== 58) return false;
  sink.severity(syslogSeverity(level));
  sink.text(FIELD.level, SYSLOG_LEVELS[level]);
  if (sink.detail) {
    sink.attribute('cisco.facility', decode(buf, p + 1, q));
    sink.attribute('cisco.mnemonic', decode(buf, nameAt, r));
  }
  return true;
}

/** 'host' of a line that is another format's: '2026-..Z INFO app[1]: x' has its level there. */
function looksLikeLevel(line: string): boolean {
  const word = line.slice(line.indexOf(' ') + 1).split(' ', 1)[0];
  const bytes = new TextEncoder().encode(word);
  return severityAt(bytes, 0, bytes.length) >= 0;
}

export const rfc3164: Format = {
  id: 'rfc3164',
  title: 'Syslog (BSD)',
  description: 'Syslog files as rsyslog, syslog-ng, macOS and network devices write them: stamp, host, program, message (RFC 3164).',
  signal: 'logs',
  parallel: true,
  samples: [
    {
      record: "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
      time: '2025-10-11T22:14:15.000000Z',
      severity: 'critical',
      message: "'su root' failed for lonvick on /dev/pts/8",
      fields: { host: 'mymachine', service: 'su', level: 'crit' },
      attributes: { facility: 'auth', priority: 34 },
    },
    {
      record: "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time to make the do-nuts.  %%  Ingredients: Mix=OK",
      time: '1987-08-24T11:34:00.000000Z',
      severity: 'low',
      message: "%% It's time to make the do-nuts.  %%  Ingredients: Mix=OK",
      fields: { host: 'mymachine', service: 'myproc' },
      attributes: { pid: 10, facility: 'local4' },
    },
    {
      record: 'Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0',
      time: '2026-06-14T15:16:01.000000Z',
      message: 'authentication failure; logname= uid=0',
      fields: { host: 'combo', service: 'sshd(pam_unix)' },
      attributes: { pid: 19939 },
    },
    {
      record: '2026-05-01T12:30:15.250000+02:00 web-1 systemd[1]: Started Session 4 of user root.',
      time: '2026-05-01T10:30:15.250000Z',
      message: 'Started Session 4 of user root.',
      fields: { host: 'web-1', service: 'systemd' },
    },
    {
      record: 'Mar  3 04:05:06 box kernel: [12345.678901] Out of memory: Killed process 99 (java)',
      time: '2026-03-03T04:05:06.000000Z',
      message: '[12345.678901] Out of memory: Killed process 99 (java)',
      fields: { host: 'box', service: 'kernel' },
    },
    {
      record: '<189>29: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured from console by vty2 (10.34.195.36)',
      time: '2026-03-01T18:46:11.123000Z',
      severity: 'low',
      message: '%SYS-5-CONFIG_I: Configured from console by vty2 (10.34.195.36)',
      attributes: { 'cisco.facility': 'SYS', 'cisco.mnemonic': 'CONFIG_I' },
    },
    {
      record: 'Nov 21 2025 01:02:03 fw1 : %ASA-3-302013: Built outbound TCP connection',
      time: '2025-11-21T01:02:03.000000Z',
      severity: 'high',
      message: '%ASA-3-302013: Built outbound TCP connection',
      fields: { host: 'fw1', level: 'err' },
    },
    {
      record: 'Mar 24 14:26:01 --- last message repeated 2 times ---',
      time: '2026-03-24T14:26:01.000000Z',
      message: '--- last message repeated 2 times ---',
    },
    {
      record: 'Mar 24 14:26:01 mail last message repeated 5 times',
      message: 'last message repeated 5 times',
      fields: { host: 'mail' },
    },
    {
      record: 'Jan  2 00:00:05 syslogd: BusyBox v1.36',
      message: 'BusyBox v1.36',
      fields: { service: 'syslogd' },
    },
    {
      record: 'Feb 16 00:32:15 air syslogd[314]: Configuration Notice:\n\tASL Module "x" claims selected messages.\n\tThey may not appear.',
      message: 'Configuration Notice:\n\tASL Module "x" claims selected messages.\n\tThey may not appear.',
      fields: { host: 'air', service: 'syslogd' },
    },
  ],
  recognise: (head) => recogniseLines(head, {
    matches: (line) => BSD.test(line) || (ISO.test(line) && !looksLikeLevel(line)),
    multiline: true,
    weight: 0.92,
    what: 'syslog lines: stamp, host, program, message',
    least: 0.2,
  }),
  open: (context: SourceContext) => openWithEnd(context, (clock) => lineParser(reader(clock))),
};
