/**
 * JSON lines: one object per line, whoever wrote it. See lib/spellings.ts for the keys it knows, lib/structured.ts for the rules on
 * units. A prefix before the object (`name | {`, `[pod/name/container] {`) names the service. A line that is no object and does not
 * begin like one (a banner, a stack trace) is an event whose message is the line; one that begins like an object and is not
 * valid JSON is rejected with the column where it goes wrong.
 */
import type { Format, Head, Parser, Recognition, Sink, SourceContext } from './format.ts';
import { JSONL_SAMPLES } from './jsonl.samples.ts';
import { JsonRecord } from './lib/json-record.ts';
import { emitJson } from './lib/json-detail.ts';
import { InnerJson } from './lib/json-inner.ts';
import { decodeJsonString, decodeUtf8 } from './lib/json-text.ts';
import { MEANING } from './lib/spellings.ts';
import { Structured } from './lib/structured.ts';
import { createClock } from './lib/time.ts';
import { lineParser } from './lib/lines.ts';
import { plainLine } from './lib/recognition.ts';

/** rank of a service taken from a line's prefix: any key of the record is better */
const PREFIX_RANK = 200;
/** a prefix is never longer */
const PREFIX_LENGTH = 200;

export const jsonl: Format = {
  id: 'jsonl',
  title: 'JSON lines',
  description: 'One JSON object per line: ECS, OpenTelemetry, pino, bunyan, zap, logrus, Docker, Kubernetes, GELF, journald and other loggers.',
  signal: 'logs',
  samples: JSONL_SAMPLES,
  parallel: true,
  named: true,
  recognise,
  open: openParser,
};

function recognise(head: Head): Recognition | null {
  const lines = head.lines.slice(0, 200);
  if (lines.length === 0) return firstLongLine(head);
  let objects = 0;
  let like = 0;
  const encoder = new TextEncoder();
  for (const line of lines) {
    const bytes = encoder.encode(line);
    const at = objectStart(bytes, 0, bytes.length);
    if (at < 0) continue;
    like++;
    if (isObject(line.slice(line.indexOf('{')))) objects++;
  }
  if (objects === 0) return null;
  // Broken lines among whole ones are still this format: they belong among the rejects.
  const share = like / lines.length;
  return {
    confidence: 0.95 * share,
    reason: `${objects} of ${lines.length} lines are JSON objects${like > objects ? `, ${like - objects} more begin like one` : ''}`,
  };
}
/** A file whose first line does not end within the head. */
function firstLongLine(head: Head): Recognition | null {
  if (!/^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/.test(head.text)) return null;
  if (head.text.includes('\n')) return null;
  if (head.bytes.length < 65536 && !isObject(head.text.trim())) return null;
  return { confidence: 0.6, reason: 'the file begins with a JSON object on one long line' };
}
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * Where the object of a line begins: its first byte that is not blank, or behind a prefix that ends in `| ` or `] `.
 * Escape sequences of terminals before the prefix are passed over. -1 when the line has no object.
 */
function objectStart(buf: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (buf[i] === 32 || buf[i] === 9)) i++;
  if (i >= end) return -1;
  if (buf[i] === 123) return i;
  const limit = Math.min(end, i + PREFIX_LENGTH);
  if (buf[i] === 91) {
    while (i < limit && buf[i] !== 93) i++;
    i++;
  } else {
    while (i < limit && buf[i] !== 124) {
      if (buf[i] === 123) return -1;
      i++;
    }
    i++;
  }
  const behind = i;
  while (i < limit && buf[i] === 32) i++;
  return i < limit && i > behind && buf[i] === 123 ? i : -1;
}

function openParser(context: SourceContext): Parser {
  const clock = createClock(context);
  const out = new Structured(clock, decodeJsonString);
  const inner = new InnerJson(clock);
  const record = new JsonRecord(out);

  function report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
    const at = buf[start] === 123 ? start : objectStart(buf, start, end);
    if (at < 0) {
      sink.begin(start, end);
      sink.end();
      return;
    }
    let behind = record.scan(buf, at, end);
    if (behind >= 0 && behind < end) behind = record.nothingBehind(behind);
    if (behind < 0) {
      sink.reject(start, end, `Not valid JSON at column ${record.failedAt - start + 1}: ${record.failure}.`);
      return;
    }
    sink.begin(start, end);
    if (at > start) takePrefix(out, buf, start, at);
    emitJson(out, buf, at, sink, inner);
    sink.end();
  }
  return lineParser({ report });
}

function takePrefix(out: Structured, buf: Uint8Array, start: number, at: number): void {
  const text = plainLine(decodeUtf8(buf, start, at)).trim();
  const bracket = /^\[([^\]]+)\]$/.exec(text);
  const name = (bracket ? bracket[1].split('/').pop() : text.replace(/\s*\|$/, '')) ?? '';
  if (/^[\w.\-/]+$/.test(name)) out.putText(MEANING.service, PREFIX_RANK, 0, name);
}
