/**
 * Any text log whose records begin with a time stamp: level and name are taken where they can be told, lines without a stamp
 * belong to the record before. Bytes only.
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { findLevel, findName, isSeparator, type Found } from './lib/free-text.ts';
import { openWithEnd } from './lib/incomplete-times.ts';
import { timeFirst } from './lib/line-format.ts';
import { lineParser, skipAnsi } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { isDigit } from './lib/time-parts.ts';
import { createClock, readTime, type Clock } from './lib/time.ts';

/** The stamp's first byte: behind colour codes, one bracket, and a dash or angle bracket that some loggers put there. */
function stampAt(buf: Uint8Array, start: number, end: number): number {
  const p = skipAnsi(buf, start, end);
  return buf[p] === 91 || buf[p] === 60 ? skipAnsi(buf, p + 1, end) : p;
}

function skipSeparators(buf: Uint8Array, p: number, end: number): number {
  while (p < end) {
    if (buf[p] === 27) p = skipAnsi(buf, p, end);
    else if (isSeparator(buf[p]) && buf[p] !== 91) p++;
    else break;
  }
  return p;
}

/** [bracketed] and plain numbers (process, thread) before the level or the name. */
function skipDetails(buf: Uint8Array, p: number, end: number): number {
  for (;;) {
    p = skipSeparators(buf, p, end);
    let q = p;
    if (buf[p] === 91) {
      while (q < end && q - p < 120 && buf[q] !== 93) q++;
      if (q >= end || buf[q] !== 93) return p;
      p = q + 1;
    } else if (isDigit(buf[p])) {
      while (q < end && isDigit(buf[q])) q++;
      if (q < end && !isSeparator(buf[q])) return p;
      p = q;
    } else {
      return p;
    }
  }
}

function reader(clock: Clock) {
  const level: Found = { start: 0, end: 0, code: 0 };
  const name: Found = { start: 0, end: 0, code: 0 };
  return {
    starts: timeFirst(),
    report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const at = stampAt(buf, start, lineEnd);
      const us = readTime(buf, at, lineEnd, clock);
      const dated = us === us;
      if (dated) sink.time(us, at, clock.end, !clock.zoned);
      let message = dated ? skipSeparators(buf, clock.end, lineEnd) : start;
      const levelled = findLevel(buf, message, lineEnd, level);
      if (levelled) {
        sink.severity(level.code);
        sink.field(FIELD.level, level.start, level.end);
      }
      if (dated) {
        // What stands before the level is part of the message unless it is only numbers and brackets.
        const details = skipDetails(buf, message, lineEnd);
        if (levelled && level.start <= details + 1) {
          message = skipSeparators(buf, Math.max(level.end, details), lineEnd);
          if (details > level.end) message = skipSeparators(buf, level.end, lineEnd);
        }
        const nameAt = skipDetails(buf, message, lineEnd);
        const behind = findName(buf, nameAt, lineEnd, name);
        if (behind >= 0) {
          sink.field(FIELD.service, name.start, name.end);
          message = behind;
          if (!levelled && findLevel(buf, behind, lineEnd, level)) {
            sink.severity(level.code);
            sink.field(FIELD.level, level.start, level.end);
          }
        }
      }
      if (message < end) sink.message(message, end);
      sink.end();
    },
  };
}

export const generic: Format = {
  id: 'generic',
  title: 'Text log with time stamps',
  description: 'Any text log whose records begin with a time stamp; lines without one belong to the record before.',
  signal: 'logs',
  parallel: true,
  samples: [
    {
      record: '2015-04-24T21:09:29.296 25376]INFO:somemodule:Something very informative.',
      time: '2015-04-24T21:09:29.296000Z',
      severity: 'info',
      message: 'Something very informative.',
      fields: { level: 'INFO', service: 'somemodule' },
    },
    {
      record: '081109 203615 148 WARN dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38 terminating',
      time: '2008-11-09T20:36:15.000000Z',
      severity: 'medium',
      message: 'PacketResponder 1 for block blk_38 terminating',
      fields: { level: 'WARN', service: 'dfs.DataNode$PacketResponder' },
    },
    { record: '20141008.165638,344:ERROR:foo bar baz', time: '2014-10-08T16:56:38.344000Z', severity: 'high', message: 'foo bar baz' },
    { record: '[10.30 16:49:06] chrome.exe - proxy.example.org:5070 open', message: 'proxy.example.org:5070 open', fields: { service: 'chrome.exe' } },
    { record: '2020-08-06T14:25:02.936146Z 0 [WARN] [core] CA certificate is self signed.', severity: 'medium', fields: { level: 'WARN' } },
    { record: '1428634687123 Hello, World!', time: '2015-04-10T02:58:07.123000Z', message: 'Hello, World!' },
    { record: '2022-06-22T10:20:33 \u001b[0;31mExample\u001b[0m foo', time: '2022-06-22T10:20:33.000000Z' },
    { record: '\u001b[2m2022-06-22T10:20:33Z\u001b[0m \u001b[31mERROR\u001b[0m app::db: lost', time: '2022-06-22T10:20:33.000000Z', severity: 'high' },
    { record: '2026-10-01 12:00:00 the pump had an error in it', time: '2026-10-01T12:00:00.000000Z', message: 'the pump had an error in it' },
    { record: '00:00:01.250 foo DEBUG  some message', time: '2026-06-15T00:00:01.250000Z', severity: 'info', fields: { level: 'DEBUG' } },
    {
      record: '[2020-12-10 06:56:41,092] DEBUG [connect.client:69] Full request text:\n<?xml?>\n\n<a-request>',
      time: '2020-12-10T06:56:41.092000Z',
      message: '[connect.client:69] Full request text:\n<?xml?>\n\n<a-request>',
    },
  ],
  recognise(head) {
    const clock = createClock({ zone: 'UTC', modified: Date.UTC(2026, 0, 1) * 1000 });
    const encoder = new TextEncoder();
    return recogniseLines(head, {
      matches: (line) => {
        const bytes = encoder.encode(line.slice(0, 80));
        const us = readTime(bytes, stampAt(bytes, 0, bytes.length), bytes.length, clock);
        return us === us;
      },
      multiline: true,
      weight: 0.5,
      what: 'lines that begin with a time stamp',
      least: 0.02,
    });
  },
  open: (context: SourceContext) => openWithEnd(context, (clock) => lineParser(reader(clock))),
};
