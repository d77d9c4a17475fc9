/**
 * Container logs as Kubernetes' container runtimes write them: time stream tag content. Lines tagged P are parts of a line that the
 * line tagged F ends; they become one event. https://github.com/kubernetes/design-proposals-archive "CRI: Log management".
 */
import { FIELD, type Format, type Parser, type Sink, type SourceContext } from './format.ts';
import { findLevel, type Found } from './lib/free-text.ts';
import { decode, isBlank, MAX_RECORD_BYTES, MAX_RECORD_LINES, nextLine, skipMark, trimLine } from './lib/lines.ts';
import { recogniseLines } from './lib/recognition.ts';
import { createClock, isoTime, type Clock } from './lib/time.ts';

/** Where the content begins behind 'stdout F ' or 'stderr P ' when that stands at `p`, else -1. */
function contentAt(buf: Uint8Array, p: number, end: number): number {
  // s t d o u t / s t d e r r, both six bytes, then blank, tag, blank
  if (p + 8 > end || buf[p] !== 115 || buf[p + 1] !== 116 || buf[p + 2] !== 100 || buf[p + 6] !== 32) return -1;
  const tag = buf[p + 7];
  if (tag !== 70 && tag !== 80) return -1;
  let q = p + 8;
  // More tags may follow after colons: none is defined yet.
  while (q < end && buf[q] !== 32) q++;
  return Math.min(q + 1, end);
}

/** The line's stream tag position (behind the time and one blank); -1 when this is no CRI line. Sets the clock. */
function streamAt(buf: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && p - start < 40 && buf[p] !== 32) p++;
  return p < end && buf[p] === 32 && contentAt(buf, p + 1, end) >= 0 ? p + 1 : -1;
}
function isPartial(buf: Uint8Array, start: number, end: number): boolean {
  const stream = streamAt(buf, start, end);
  return stream >= 0 && buf[stream + 7] === 80;
}

function report(buf: Uint8Array, start: number, lineEnd: number, end: number, sink: Sink, clock: Clock, level: Found): void {
  sink.begin(start, end);
  const stream = streamAt(buf, start, lineEnd);
  const us = stream < 0 ? NaN : isoTime(buf, start, lineEnd, clock);
  if (us === us) {
    sink.time(us, start, clock.end, !clock.zoned);
    if (sink.detail) sink.attribute('stream', decode(buf, stream, stream + 6));
    const content = contentAt(buf, stream, lineEnd);
    if (findLevel(buf, content, lineEnd, level)) {
      sink.severity(level.code);
      sink.field(FIELD.level, level.start, level.end);
    }
    if (end > lineEnd) sink.messageText(joined(buf, start, end));
    else if (content < end) sink.message(content, end);
    else sink.messageText('');
  }
  sink.end();
}

/** The contents of a record's lines put together. */
function joined(buf: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; ) {
    let newline = buf.indexOf(10, at);
    if (newline < 0 || newline > end) newline = end;
    const lineEnd = trimLine(buf, at, newline);
    const stream = streamAt(buf, at, lineEnd);
    text += decode(buf, stream < 0 ? at : contentAt(buf, stream, lineEnd), lineEnd);
    at = newline + 1;
  }
  return text;
}

function open(context: SourceContext): Required<Parser> {
  const clock = createClock(context);
  const level: Found = { start: 0, end: 0, code: 0 };
  return {
    parse(buf, start, end, stopAt, final, sink) {
      let at = start;
      while (at < end && at < stopAt) {
        let next = at;
        let recordEnd = at;
        let firstEnd = -1;
        let first = at;
        let lines = 0;
        let open = true;
        while (open) {
          let newline = next < end ? buf.indexOf(10, next) : -1;
          if (newline < 0 || newline >= end) {
            if (!final) return at;
            newline = end;
          }
          const lineStart = skipMark(buf, Math.min(next, end), newline);
          const lineEnd = trimLine(buf, lineStart, newline);
          next = Math.min(newline + 1, end);
          if (isBlank(buf, lineStart, lineEnd)) {
            open = firstEnd >= 0 && next < end;
            if (firstEnd < 0) break;
            continue;
          }
          if (firstEnd < 0) {
            first = lineStart;
            firstEnd = lineEnd;
          }
          recordEnd = lineEnd;
          lines++;
          open = isPartial(buf, lineStart, lineEnd) && lines < MAX_RECORD_LINES && lineEnd - first < MAX_RECORD_BYTES && (next < end || !final);
        }
        if (firstEnd >= 0) report(buf, first, firstEnd, recordEnd, sink, clock, level);
        at = next;
      }
      return at;
    },
    // Behind a line that ends its record a new one starts for sure.
    sync(buf, from, end) {
      let at = nextLine(buf, from, end);
      while (at >= 0 && at < end) {
        const newline = buf.indexOf(10, at);
        if (newline < 0 || newline + 1 >= end) return -1;
        if (!isPartial(buf, at, trimLine(buf, at, newline))) return newline + 1;
        at = newline + 1;
      }
      return -1;
    },
  };
}

export const cri: Format = {
  id: 'cri',
  title: 'Kubernetes container log (CRI)',
  description: 'Container logs as containerd and CRI-O write them under /var/log/pods; split lines are put together.',
  signal: 'logs',
  parallel: true,
  samples: [
    { record: '2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1', time: '2016-10-06T00:17:09.669794Z', message: 'The content of the log entry 1', attributes: { stream: 'stdout' } },
    { record: '2016-10-06T00:17:10.113242941Z stderr P ERROR: one \n2016-10-06T00:17:10.113242941Z stderr P and two \n2016-10-06T00:17:10.2Z stderr F and three', time: '2016-10-06T00:17:10.113242Z', severity: 'high', message: 'ERROR: one and two and three', attributes: { stream: 'stderr' } },
    { record: '2016-10-06T02:17:10+02:00 stdout F', time: '2016-10-06T00:17:10.000000Z', message: '' },
  ],
  recognise: (head) => recogniseLines(head, {
    matches: (line) => /^\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [FP](?: |$|:)/.test(line),
    weight: 0.99,
    what: '"time stdout|stderr F|P content" of container runtimes',
  }),
  open,
};
