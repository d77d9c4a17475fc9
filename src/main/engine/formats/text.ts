/**
 * Anything else: every line is an event, with the time, if any, found in its first 200 bytes. Indented lines and stack frames
 * belong to the line before.
 */
import { FIELD, type Format, type Sink, type SourceContext } from './format.ts';
import { findLevel, findTime, type Found } from './lib/free-text.ts';
import { openWithEnd } from './lib/incomplete-times.ts';
import { lineParser, skipAnsi } from './lib/lines.ts';
import type { Clock } from './lib/time.ts';

const FRAMES = ['at ', 'Caused by:', '... '].map((word) => new TextEncoder().encode(word));

function beginsWith(buf: Uint8Array, p: number, end: number, word: Uint8Array): boolean {
  if (p + word.length > end) return false;
  for (let i = 0; i < word.length; i++) if (buf[p + i] !== word[i]) return false;
  return true;
}

function reader(clock: Clock) {
  const level: Found = { start: 0, end: 0, code: 0 };
  const time: Found = { start: 0, end: 0, code: 0 };
  return {
    starts(buf: Uint8Array, start: number, end: number): boolean {
      const c = buf[start];
      if (c === 32 || c === 9) return false;
      return !FRAMES.some((word) => beginsWith(buf, start, end, word));
    },
    report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const first = skipAnsi(buf, start, lineEnd);
      const us = findTime(buf, first, lineEnd, clock, time);
      if (us === us) sink.time(us, time.start, clock.end, !clock.zoned);
      if (findLevel(buf, first, lineEnd, level)) {
        sink.severity(level.code);
        sink.field(FIELD.level, level.start, level.end);
      }
      sink.end();
    },
  };
}

export const text: Format = {
  id: 'text',
  title: 'Plain text',
  description: 'Text of no known format: every line is an event, stack traces are kept together.',
  signal: 'logs',
  parallel: true,
  samples: [
    { record: 'hello world', time: null, message: 'hello world' },
    { record: 'ERROR: disk is full', time: null, severity: 'high', fields: { level: 'ERROR' } },
    { record: '[pid: 88185|app: 0] 127.0.0.1 () [Sun Mar 13 22:49:12 2016] POST /x', time: '2016-03-13T22:49:12.000000Z' },
    { record: 'job 7 done at 2026-05-01 10:00:00 after 3 tries', time: '2026-05-01T10:00:00.000000Z' },
    { record: 'version 10:20:30 of 5.6.7.8', time: null },
    { record: 'java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x\n\t... 3 more', message: 'java.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x\n\t... 3 more' },
  ],
  recognise: (head) => (head.lines.length === 0 ? null : { confidence: 0.01, reason: 'no other format explains its lines' }),
  open: (context: SourceContext) => openWithEnd(context, (clock) => lineParser(reader(clock))),
};
