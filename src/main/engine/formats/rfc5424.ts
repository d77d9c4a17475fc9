/**
 * Syslog protocol messages (RFC 5424): <PRI>1 time host app procid msgid structured-data message, perhaps with an octet count
 * in front (RFC 6587). See lib/syslog-protocol.ts.
 */
import type { Format, Sink, SourceContext } from './format.ts';
import { lineParser } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { priorityStart, reportProtocol } from './lib/syslog-protocol.ts';
import { createClock, type Clock } from './lib/time.ts';

function reader(clock: Clock) {
  return {
    starts: (buf: Uint8Array, start: number, end: number) => priorityStart(buf, start, end) >= 0,
    report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const priority = priorityStart(buf, start, lineEnd);
      if (priority >= 0) reportProtocol(buf, priority, lineEnd, end, sink, clock);
      sink.end();
    },
  };
}

export const rfc5424: Format = {
  id: 'rfc5424',
  title: 'Syslog (RFC 5424)',
  description: 'Syslog protocol messages with priority, host, application and structured data (RFC 5424).',
  signal: 'logs',
  parallel: true,
  samples: [
    {
      record: "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
      time: '2003-10-11T22:14:15.003000Z',
      severity: 'critical',
      message: "'su root' failed for lonvick on /dev/pts/8",
      fields: { host: 'mymachine.example.com', service: 'su', level: 'crit' },
      attributes: { msgid: 'ID47', facility: 'auth', priority: 34 },
    },
    {
      record: '<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It\'s time to make the do-nuts.',
      time: '2003-08-24T12:14:15.000003Z',
      severity: 'low',
      message: "%% It's time to make the do-nuts.",
      attributes: { procid: 8710 },
    },
    {
      record: '<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="App \\"x\\" \\\\ \\]" eventID="1011"][b@1 c="d"] \ufeffAn event',
      message: 'An event',
      attributes: {
        'exampleSDID@32473.iut': '3', 'exampleSDID@32473.eventSource': 'App "x" \\ ]', 'exampleSDID@32473.eventID': '1011', 'b@1.c': 'd',
      },
    },
    {
      record: '<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut="3"]',
      message: '[exampleSDID@32473 iut="3"]',
      attributes: { 'exampleSDID@32473.iut': '3' },
    },
    { record: '<14>1 - - - - - -', time: null, severity: 'info' },
    { record: '63 <14>1 2026-05-01T00:00:00Z h app 1 - - counted', time: '2026-05-01T00:00:00.000000Z', message: 'counted', fields: { service: 'app' } },
    { record: '<11>1 2026-05-01T00:00:00Z h app 1 - - Traceback\n  File "x", line 1', severity: 'high', message: 'Traceback\n  File "x", line 1' },
  ],
  recognise: (head) => recogniseLines(head, {
    matches: (line) => /^(?:\d+ )?<\d{1,3}>1 (?:-|\d{4}-\d\d-\d\dT\S+) \S+ \S+ \S+ \S+ (?:-|\[)/.test(line),
    multiline: true,
    weight: 0.99,
    what: 'RFC 5424 syslog messages',
  }),
  open: (context: SourceContext) => lineParser(reader(createClock(context))),
};
