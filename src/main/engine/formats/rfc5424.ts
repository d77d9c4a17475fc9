/**
 * Syslog protocol messages (RFC 5424): <PRI>1 time host app procid msgid structured-data message, perhaps with an octet count
 * in front (RFC 6587). Hot: bytes only; structured data is only taken apart when one record is read back.
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { decode, lineParser } from './lib/lines.ts';
import { attributeValue } from './lib/line-format.ts';
import { recogniseLines } from './lib/recognition.ts';
import { priorityEnd, reportPriority } from './lib/syslog-parts.ts';
import { createClock, isoTime, type Clock } from './lib/time.ts';

/** Where <PRI> begins (behind an octet count), or -1; the version 1 and a blank must follow it. */
function priorityStart(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && p - start < 8 && buf[p] >= 48 && buf[p] <= 57) p++;
  if (p > start) {
    if (buf[p] !== 32) return -1;
    p++;
  }
  const q = priorityEnd(buf, p, end);
  return q >= 0 && q + 1 < end && buf[q] === 49 && buf[q + 1] === 32 ? p : -1;
}

/** Where the word at `p` ends. */
function wordEnd(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] !== 32) p++;
  return p;
}

function reader(clock: Clock) {
  return {
    starts: (buf: Uint8Array, start: number, end: number) => priorityStart(buf, start, end) >= 0,
    report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const priority = priorityStart(buf, start, lineEnd);
      if (priority >= 0) {
        const after = priorityEnd(buf, priority, lineEnd);
        reportPriority(buf, priority, after, sink);
        reportHeader(buf, after + 2, lineEnd, end, sink, clock);
      }
      sink.end();
    },
  };
}

/** Everything from the time stamp on. */
function reportHeader(buf: Uint8Array, p: number, lineEnd: number, end: number, sink: Sink, clock: Clock): void {
  const us = isoTime(buf, p, lineEnd, clock);
  let q = wordEnd(buf, p, lineEnd);
  if (us === us && clock.end === q) sink.time(us, p, q, !clock.zoned);
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  sink.field(FIELD.host, p, q);
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  sink.field(FIELD.service, p, q);
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  if (sink.detail && q > p && !(q === p + 1 && buf[p] === 45)) sink.attribute('procid', attributeValue(decode(buf, p, q)));
  p = q + 1;
  q = wordEnd(buf, p, lineEnd);
  if (sink.detail && q > p && !(q === p + 1 && buf[p] === 45)) sink.attribute('msgid', decode(buf, p, q));
  p = q + 1;
  if (p >= lineEnd) return;
  let message = p;
  let data = -1;
  if (buf[p] === 45 && (p + 1 >= lineEnd || buf[p + 1] === 32)) {
    message = p + 2;
  } else if (buf[p] === 91) {
    data = p;
    message = structuredData(buf, p, lineEnd, sink) + 1;
  }
  if (message + 2 < lineEnd && buf[message] === 0xef && buf[message + 1] === 0xbb && buf[message + 2] === 0xbf) message += 3;
  if (message < lineEnd) sink.message(message, end);
  else if (data >= 0) sink.message(data, end);
}

/** Passes over [id name="value" ...][...] and, when a record is read back, reports each value. Returns the byte behind it. */
function structuredData(buf: Uint8Array, p: number, end: number, sink: Sink): number {
  while (p < end && buf[p] === 91) {
    const idAt = ++p;
    while (p < end && buf[p] !== 32 && buf[p] !== 93) p++;
    const id = sink.detail ? decode(buf, idAt, p) : '';
    while (p < end && buf[p] === 32) {
      const nameAt = ++p;
      while (p < end && buf[p] !== 61 && buf[p] !== 93) p++;
      if (p >= end || buf[p] === 93) break;
      const nameEnd = p++;
      if (buf[p] !== 34) break;
      const valueAt = ++p;
      while (p < end && buf[p] !== 34) p += buf[p] === 92 ? 2 : 1;
      if (p > end) p = end;
      if (sink.detail) {
        const value = decode(buf, valueAt, p).replace(/\\(["\\\]])/g, '$1');
        sink.attribute(`${id}.${decode(buf, nameAt, nameEnd)}`, value);
      }
      p++;
    }
    if (p >= end || buf[p] !== 93) return Math.min(p, end);
    p++;
  }
  return p;
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
