/**
 * logfmt: key=value pairs separated by blanks, as logrus, Go's slog, Grafana, Heroku and others write them. Values with blanks stand in
 * double quotes with Go's escapes; a key without '=' is true. Keys mean what lib/spellings.ts says.
 */
import type { Format, Head, Parser, Recognition, Sink, SourceContext } from './format.ts';
import { LOGFMT_SAMPLES } from './logfmt.samples.ts';
import { pairValue } from './lib/json-detail.ts';
import { decodeUtf8 } from './lib/json-text.ts';
import { lineParser } from './lib/lines.ts';
import { plainLine } from './lib/recognition.ts';
import { meaningOf, type KeyMeaning } from './lib/spellings.ts';
import { KIND, Structured } from './lib/structured.ts';
import { createClock } from './lib/time.ts';

export const logfmt: Format = {
  id: 'logfmt',
  title: 'logfmt',
  description: 'key=value pairs on each line, as logrus, slog, Grafana, Loki and many Go programs write.',
  signal: 'logs',
  samples: LOGFMT_SAMPLES,
  parallel: true,
  recognise,
  open: openParser,
};

const TOP = { path: '', wrapped: false };
const PAIR = /(?:^|\s)([A-Za-z_@][\w.@/-]*)=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/g;
const KNOWN = /^(?:time|ts|t|timestamp|@timestamp|level|lvl|severity|msg|message|at|event|logger|caller)$/;

/** Whether a line is key=value from end to end (bare words allowed where pairs rule) with keys that loggers write. */
function isLogfmtLine(line: string): boolean {
  if (!/^\s*[A-Za-z_@][\w.@/-]*=/.test(line)) return false;
  let known = 0;
  let pairs = 0;
  let covered = 0;
  for (const match of line.slice(0, 4000).matchAll(PAIR)) {
    pairs++;
    covered += match[0].length;
    if (KNOWN.test(match[1])) known++;
  }
  return pairs >= 2 && known >= 1 && covered >= 0.8 * Math.min(4000, line.length);
}

function recognise(head: Head): Recognition | null {
  const { lines } = head;
  const matched = lines.filter((line) => isLogfmtLine(plainLine(line))).length;
  if (matched === 0 || matched / lines.length < 0.5) return null;
  return { confidence: (0.85 * matched) / lines.length, reason: `${matched} of ${lines.length} lines are key=value pairs with a level, time or message` };
}

/** Known keys, so that a key's meaning is looked up once. Bounded: sources may make keys up. */
const MAX_KEYS = 4096;

function openParser(context: SourceContext): Parser {
  const out = new Structured(createClock(context), unquote);
  const meanings = new Map<string, KeyMeaning>();

  function report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
    out.clear();
    let pairs = 0;
    eachPair(buf, start, end, (keyStart, keyEnd, valueStart, valueEnd, kind) => {
      if (valueStart < 0) return;
      pairs++;
      const key = decodeUtf8(buf, keyStart, keyEnd);
      let meaning = meanings.get(key);
      if (!meaning) {
        meaning = meaningOf(key, TOP);
        if (meanings.size < MAX_KEYS) meanings.set(key, meaning);
      }
      out.marks |= meaning.marks;
      const { spelling } = meaning;
      if (spelling && valueEnd > valueStart) out.put(spelling.meaning, spelling.rank, spelling.parameter, kind, valueStart, valueEnd);
    });
    sink.begin(start, end);
    if (pairs > 0) {
      if (!out.emit(buf, sink)) {
        const rest = summarise(buf, start, end);
        if (rest !== '') sink.messageText(rest);
      }
      if (sink.detail) attributes(buf, start, end, sink);
    }
    sink.end();
  }

  function summarise(buf: Uint8Array, start: number, end: number): string {
    const parts: string[] = [];
    eachPair(buf, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
      if (parts.length >= 16 || valueStart === valueEnd || (valueStart >= 0 && out.isShown(valueStart))) return;
      const key = decodeUtf8(buf, keyStart, keyEnd);
      parts.push(valueStart < 0 ? key : `${key}=${pairValue(unquote(buf, valueStart, valueEnd))}`);
    });
    return parts.join(' ');
  }
  function attributes(buf: Uint8Array, start: number, end: number, sink: Sink): void {
    eachPair(buf, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
      const key = decodeUtf8(buf, keyStart, keyEnd);
      if (valueStart < 0) sink.attribute(key, true);
      else if (valueEnd === valueStart || !out.isShown(valueStart)) sink.attribute(key, scalar(unquote(buf, valueStart, valueEnd)));
    });
  }
  return lineParser({ report });
}

/** valueStart is -1 for a key without a value. */
type VisitPair = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number, kind: 0 | 1) => void;

function eachPair(buf: Uint8Array, start: number, end: number, visit: VisitPair): void {
  let i = start;
  while (i < end) {
    while (i < end && buf[i] <= 32) i++;
    const keyStart = i;
    while (i < end && buf[i] > 32 && buf[i] !== 61) i++;
    const keyEnd = i;
    if (i >= end || buf[i] !== 61) {
      if (keyEnd > keyStart) visit(keyStart, keyEnd, -1, -1, KIND.plain);
      continue;
    }
    i++;
    if (keyEnd === keyStart) continue;
    if (i < end && buf[i] === 34) {
      const valueStart = ++i;
      let kind: 0 | 1 = KIND.plain;
      while (i < end && buf[i] !== 34) {
        if (buf[i] === 92 && i + 1 < end) {
          kind = KIND.escaped;
          i++;
        }
        i++;
      }
      visit(keyStart, keyEnd, valueStart, Math.min(i, end), kind);
      i++;
    } else {
      const valueStart = i;
      while (i < end && buf[i] > 32) i++;
      visit(keyStart, keyEnd, valueStart, i, KIND.plain);
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v', 0: '\0' };
/** Go's strconv.Unquote, leniently: an unknown escape stands for the character behind the backslash. */
function unquote(buf: Uint8Array, start: number, end: number): string {
  const text = decodeUtf8(buf, start, end);
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/gs, (_all, four: string, eight: string, two: string, one: string) => {
    const hex = four ?? eight ?? two;
    if (hex === undefined) return ESCAPES[one] ?? one;
    const code = parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
  });
}
function scalar(text: string): string | number | boolean {
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}
