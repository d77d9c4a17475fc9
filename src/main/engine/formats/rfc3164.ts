/**
 * BSD syslog as it lies in files (RFC 3164, and what rsyslog, syslog-ng, macOS, BusyBox and Cisco devices make of it):
 * [<PRI>] stamp host tag[pid]: message. See lib/syslog-bsd.ts.
 */
import type { Format, Sink, SourceContext } from './format.ts';
import { openWithEnd } from './lib/incomplete-times.ts';
import { lineParser } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { severityAt } from './lib/severity.ts';
import { reportBsd, stampStart, stampTime } from './lib/syslog-bsd.ts';
import { readTime, type Clock } from './lib/time.ts';

const BSD = /^(?:<\d{1,3}>)?(?:\d+: )?(?:\S+ \d+: )?[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d[^\]]/;
const ISO = /^(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d) (?!\w+ \w+ - |(?:stdout|stderr) )[\w.:-]+ [\w./()@-]+(?:\[\d+\])?: /;

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
      if (!reportBsd(buf, start, lineEnd, end, sink, clock)) {
        const foreign = foreignTime(buf, start, lineEnd, clock);
        if (foreign === foreign) sink.time(foreign, clock.end, clock.end, !clock.zoned);
      }
      sink.end();
    },
  };
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
