/**
 * What the syslog connector writes: `TIME ADDRESS MESSAGE`, when and from where a message came, one blank, and the message as it was sent. A
 * line break inside a message is followed by a tab that is not the sender's, so that no sender can write a line of its own.
 *
 * A message that begins with <PRI>1 and a blank is read as RFC 5424, every other as RFC 3164 as far as it goes. A message without a time
 * happened when it came; one without a year in the year that is next to it.
 */
import { FIELD, type Format, type Parser, type Sink, type SourceContext } from './format.ts';
import { decode, lineParser } from './lib/lines.ts';
import { reportBsd, reportTag } from './lib/syslog-bsd.ts';
import { priorityEnd, reportPriority } from './lib/syslog-parts.ts';
import { priorityStart, reportProtocol } from './lib/syslog-protocol.ts';
import { createClock, isoTime } from './lib/time.ts';

/** us: for so long a clock's idea of the year serves */
const DAY_US = 86_400e6;

/** Where the message begins behind time and address; -1 when this is no line of the connector. */
function messageStart(buf: Uint8Array, start: number, end: number): number {
  // 2026-11-21T11:40:00.123Z, a blank, and an address, which has a dot or a colon before it is through.
  if (start + 27 > end || buf[start + 10] !== 84 || buf[start + 23] !== 90 || buf[start + 24] !== 32) return -1;
  for (let p = start + 25; p < end; p++) {
    const c = buf[p];
    if (c === 32) return p > start + 25 ? p + 1 : -1;
    // Digits, letters, and . : % of addresses with a zone
    if (!((c >= 48 && c <= 58) || (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 46 || c === 37)) return -1;
  }
  return -1;
}

function open(context: SourceContext): Parser {
  let clock = createClock(context);
  let clockOf = -Infinity;
  const received = createClock({ zone: 'UTC', modified: 0 });

  function report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
    sink.begin(start, end);
    const at = messageStart(buf, start, lineEnd);
    const came = at < 0 ? NaN : isoTime(buf, start, start + 24, received);
    if (came === came) {
      // Every day (and back) a clock for messages that name no year.
      if (Math.abs(came - clockOf) > DAY_US) {
        clockOf = came;
        clock = createClock({ zone: context.zone, modified: came });
      }
      sink.field(FIELD.ip, start + 25, at - 1);
      if (sink.detail) sink.attribute('event.created', decode(buf, start, start + 24));
      if (!reportMessage(buf, at, lineEnd, end, sink)) sink.time(came, start, start + 24, false, true);
    }
    sink.end();
  }

  /** @returns whether it told a time */
  function reportMessage(buf: Uint8Array, at: number, lineEnd: number, end: number, sink: Sink): boolean {
    if (priorityStart(buf, at, lineEnd) === at) return reportProtocol(buf, at, lineEnd, end, sink, clock);
    if (reportBsd(buf, at, lineEnd, end, sink, clock)) return true;
    const after = priorityEnd(buf, at, lineEnd);
    if (after > 0) reportPriority(buf, at, after, sink);
    reportTag(buf, after > 0 ? after : at, lineEnd, end, sink);
    return false;
  }

  return lineParser({ starts: (buf, start, end) => messageStart(buf, start, end) >= 0, report });
}

export const syslog: Format = {
  id: 'syslog',
  title: 'Syslog as received',
  description: 'Messages that the syslog connector received (RFC 5424, RFC 3164), with time and address of their arrival in front.',
  signal: 'logs',
  parallel: false,
  fromConnector: true,
  samples: [
    {
      record: '2026-11-21T11:40:00.123Z 192.0.2.7 <165>1 2026-11-21T05:14:15.000003-07:00 web-1 myproc 8710 ID47 [a@1 b="c"] It is time.',
      time: '2026-11-21T12:14:15.000003Z',
      severity: 'low',
      message: 'It is time.',
      fields: { ip: '192.0.2.7', host: 'web-1', service: 'myproc', level: 'notice' },
      attributes: { procid: 8710, msgid: 'ID47', 'a@1.b': 'c', 'event.created': '2026-11-21T11:40:00.123Z' },
    },
    {
      record: "2026-10-11T22:14:16.000Z ::1 <34>Oct 11 22:14:15 mymachine su[7]: 'su root' failed for lonvick on /dev/pts/8",
      time: '2026-10-11T22:14:15.000000Z',
      severity: 'critical',
      message: "'su root' failed for lonvick on /dev/pts/8",
      fields: { ip: '::1', host: 'mymachine', service: 'su' },
      attributes: { pid: 7, facility: 'auth' },
    },
    { record: '2027-01-01T00:00:03.000Z 10.0.0.1 <13>Dec 31 23:59:59 box app: late', time: '2026-12-31T23:59:59.000000Z', message: 'late' },
    { record: '2026-11-21T11:40:00.500Z 10.0.0.1 <11>app[12]: no time', time: '2026-11-21T11:40:00.500000Z', severity: 'high', message: 'no time', fields: { service: 'app', ip: '10.0.0.1' } },
    { record: '2026-11-21T11:40:00.500Z 10.0.0.1 <14>1 - - - - - - nothing known', time: '2026-11-21T11:40:00.500000Z', severity: 'info', message: 'nothing known' },
    { record: '2026-11-21T11:40:00.500Z 10.0.0.1 just words', time: '2026-11-21T11:40:00.500000Z', message: 'just words', fields: { ip: '10.0.0.1' } },
    { record: '2026-11-21T11:40:00.500Z 10.0.0.1 <11>1 2026-05-01T00:00:00Z h app 1 - - Traceback\n\t  File "x"\n\t2026-11-21T11:40:00.500Z 10.6.6.6 <8>forged', message: 'Traceback\n\t  File "x"\n\t2026-11-21T11:40:00.500Z 10.6.6.6 <8>forged', fields: { ip: '10.0.0.1' } },
  ],
  recognise: () => null,
  open,
};
